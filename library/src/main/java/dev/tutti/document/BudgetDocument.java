package dev.tutti.document;

import dev.tutti.Run;
import dev.tutti.Tutti;
import dev.tutti.core.budget.Ledger;
import dev.tutti.core.event.Budget;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Spend;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Team;
import dev.tutti.core.run.RunState;
import dev.tutti.core.run.ToFinish;
import dev.tutti.runtime.evidence.Evidence;
import dev.tutti.runtime.journal.EventCodec;
import dev.tutti.view.RunDocument;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Optional;

/// What a run may spend, has spent, and has set aside: what `tutti budget --json` prints.
public final class BudgetDocument {
    private BudgetDocument() {}

    /// The same, with what it would take to finish.
    public static Value.Struct of(RunId run, RunState state, Instant now, ToFinish left) {
        return of(run, state, now)
                .with(
                        "to_finish",
                        Value.struct("tasks", Value.of(left.tasks()))
                                .with("at_least", Value.of(left.atLeast()))
                                .with("likely", spend(left.likely()))
                                .with("more", spend(left.more()))
                                .with("more_attempts", Value.of(left.counted().attempts()))
                                .with("more_tasks", Value.of(left.counted().tasks()))
                                .with("more_runs", Value.of(left.counted().runs()))
                                .with("unknown", Value.from(left.unknown()))
                                .with("why", Value.text(left.sentence(state))));
    }

    /// What it would take to finish a run that has a budget and has not ended, by what is known of
    /// its agents; empty for others.
    public static Optional<ToFinish> left(Tutti tutti, Run run, RunState state) {
        return isLimited(state)
                ? Optional.of(left(state, tutti.team(run), tutti.evidence()))
                : Optional.empty();
    }

    /// Whether a run has a budget and has not ended.
    public static boolean isLimited(RunState state) {
        return state.started()
                && !state.status().isFinal()
                && !state.ledger().cap().equals(Budget.NONE);
    }

    /// What it would take to finish a run, by what is known of its agents.
    public static ToFinish left(RunState state, Team team, Evidence evidence) {
        return ToFinish.of(
                state,
                team,
                (agent, performer) ->
                        team.agent(agent).flatMap(one -> evidence.expected(one, performer)));
    }

    /// The budget of a run as it stands.
    ///
    /// @param now when it is looked at, for the time that is left
    public static Value.Struct of(RunId run, RunState state, Instant now) {
        var ledger = state.ledger();
        var waiting = new LinkedHashMap<String, Value>();
        ledger.waiting().forEach((task, need) -> waiting.put(task.toString(), spend(need)));
        return Value.struct(
                "format",
                RunDocument.FORMAT,
                "run",
                Value.text(run.value()),
                "budget",
                limits(ledger),
                "spent",
                spend(ledger.spent()),
                "set_aside",
                spend(ledger.held()),
                "alarm",
                Value.of(ledger.alarm()),
                "attempts",
                Value.of(ledger.attempts()),
                "tasks",
                Value.of(state.tasks().size()),
                "runs",
                Value.of(ledger.parts().begun()),
                "within",
                Value.struct(
                        "used", EventCodec.tally(ledger.parts().used()),
                        "set_aside", EventCodec.tally(ledger.parts().held())),
                "waiting",
                new Value.Struct(waiting),
                "time",
                time(state, now),
                "alarms",
                Value.from(ledger.alarms()));
    }

    /// What a run has used of its time, and what is left; empty where nobody limits it or the run
    /// has ended.
    public static Optional<Timing> timing(RunState state, Instant now) {
        var cap = state.ledger().cap().time();
        return cap == null
                ? Optional.empty()
                : state.timeLeft(now).map(left -> new Timing(cap.minus(left), left));
    }

    /// What a run has used of its time, and what is left.
    public record Timing(Duration used, Duration left) {
        public Timing {
            used = used.isNegative() ? Duration.ZERO : used;
        }
    }

    private static Value time(RunState state, Instant now) {
        return timing(state, now)
                .<Value>map(timing ->
                        Value.struct(
                                "used_seconds",
                                seconds(timing.used()),
                                "left_seconds",
                                seconds(timing.left()),
                                "deadline",
                                state.paused()
                                        ? Value.NULL
                                        : state.deadline()
                                                .<Value>map(due -> Value.text(due.toString()))
                                                .orElse(Value.NULL)))
                .orElse(Value.NULL);
    }

    private static Value seconds(Duration time) {
        return new Value.Real(time.toMillis() / 1e3);
    }

    private static Value limits(Ledger ledger) {
        var limits = EventCodec.budget(ledger.cap());
        return limits == null ? Value.Struct.EMPTY : limits;
    }

    private static Value spend(Spend spend) {
        return Value.struct(
                "usd", Value.text(spend.usd().toString()), "tokens", Value.of(spend.tokens()));
    }
}
