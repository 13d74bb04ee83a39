package dev.tutti.server.api;

import dev.tutti.Goal;
import dev.tutti.Planned;
import dev.tutti.Refusal;
import dev.tutti.Tutti;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Workflow;
import dev.tutti.server.http.Caller;
import dev.tutti.server.http.Problem;
import dev.tutti.server.http.Right;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.concurrent.Semaphore;

/// Has planners make their first plans, in runs of the store that is served: their calls wait for
/// its quotas and places as all others do, and what they cost is on record. Nothing of a plan is
/// begun; its run is cancelled. Only those may ask who may begin runs, and few are asked at once.
public final class FirstPlans {
    /// So long a planner is waited for.
    private static final Duration WITHIN = Duration.ofMinutes(2);

    private static final int AT_ONCE = 2;

    private final Tutti tutti;
    private final Semaphore places = new Semaphore(AT_ONCE);

    public FirstPlans(Tutti tutti) {
        this.tutti = tutti;
    }

    /// The first plan for a goal.
    ///
    /// @throws Problem `no_right`, `busy`, or `no_plan` with the reason
    Planned of(Context request, dev.tutti.Team team, Workflow workflow, Value.Struct inputs)
            throws InterruptedException {
        if (!Caller.of(request).may(Right.OPERATE)) {
            throw new Problem(
                    403,
                    "no_right",
                    "`"
                            + workflow.name()
                            + "` is a goal, and asking its planner costs what it costs: your role"
                            + " may look, and begin nothing");
        }
        if (!places.tryAcquire()) {
            throw new Problem(
                    429, "busy", AT_ONCE + " planners are asked already; ask again in a moment");
        }
        try {
            return tutti.inTheNameOf(Caller.of(request).name())
                    .plan(new Goal(team, workflow.name(), inputs), WITHIN);
        } catch (Refusal e) {
            throw new Problem(422, "no_plan", String.valueOf(e.getMessage()));
        } finally {
            places.release();
        }
    }
}
