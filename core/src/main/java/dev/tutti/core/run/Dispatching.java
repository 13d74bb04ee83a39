package dev.tutti.core.run;

import dev.tutti.core.agent.TaskState;
import dev.tutti.core.dispatch.Offer;
import dev.tutti.core.event.Agent;
import dev.tutti.core.event.Event.Assigned;
import dev.tutti.core.event.Event.ChildStarted;
import dev.tutti.core.event.Event.TimerSet;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Task.Performer;
import dev.tutti.core.event.Task.Timeouts;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Timer;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Inputs;
import dev.tutti.core.goal.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Gives ready tasks to those who have a place for them.
final class Dispatching {
    /// How deep runs may be within runs.
    static final int DEEPEST = 32;

    private Dispatching() {}

    static void assign(Draft draft, Offer offer) {
        var state = draft.state();
        var task = state.tasks().get(offer.task());
        if (task == null
                || task.phase() != TaskState.Phase.READY
                || state.paused()
                || !state.wants(offer.task().name())) {
            return;
        }
        var agent = offer.agent();
        if (Budgets.endsNow(draft)) {
            return;
        }
        if (agent != null && state.candidates(offer.task(), List.of(agent)).isEmpty()) {
            // People have given the task to another while this place was waited for.
            return;
        }
        if (agent != null && agent.workflow() != null) {
            toChild(draft, offer.task(), agent.workflow(), agent);
        } else if (agent != null) {
            toAgent(draft, offer, task, agent);
        } else if (state.performer(offer.task()) instanceof Performer.ByWorkflow(var workflow)) {
            toChild(draft, offer.task(), workflow, null);
        }
    }

    private static void toAgent(Draft draft, Offer offer, TaskState task, Agent agent) {
        var id = offer.task();
        var timeouts = draft.state().declaration(id).policy().timeouts();
        var reserved = Budgets.reserve(draft, offer, agent);
        if (reserved == null) {
            return;
        }
        var now = task.assigned(draft.nextSequence(), agent.id()).continuation();
        boolean goesOn = now.since() != draft.nextSequence();
        if (!agent.isHuman() && !Blackboard.give(draft, id, agent.id(), goesOn)) {
            Remedies.giveUp(draft, id, tooLong(draft, id));
            return;
        }
        long token = draft.nextSequence();
        var silent = first(timeouts.idle(), agent.limits().idle());
        var idle = agent.isHuman() ? null : first(silent, Auctioning.lease(draft, id));
        draft.emit(
                new Assigned(
                        id,
                        token,
                        agent.id(),
                        task.attempts() + 1,
                        offer.candidates(),
                        after(draft, first(timeouts.run(), agent.limits().timeout())),
                        idle,
                        reserved,
                        offer.choosing().with(draft.state().performer(id).standsFor())));
        if (agent.isHuman()) {
            Questions.task(draft, id, token, agent);
        } else if (idle != null) {
            draft.emit(new TimerSet(new Timer.IdleDue(token), draft.now().plus(idle)));
        }
    }

    private static Failure tooLong(Draft draft, TaskId id) {
        return new Failure.Permanent(
                "limit_exceeded",
                "the input cannot be made to fit into "
                        + draft.state().declaration(id).sharing().giving().first()
                        + " tokens: give `context` more, or the task less");
    }

    private static void toChild(Draft draft, TaskId id, String name, @Nullable Agent agent) {
        var state = draft.state();
        var workflow = draft.facts().team().workflow(name);
        if (workflow.isEmpty()) {
            Remedies.giveUp(
                    draft,
                    id,
                    new Failure.Permanent("unknown", "the team has no workflow `" + name + "`"));
            return;
        }
        if (state.asked().depth() >= DEEPEST) {
            Remedies.giveUp(
                    draft,
                    id,
                    new Failure.Permanent(
                            "limit_exceeded", "runs within runs more than " + DEEPEST + " deep"));
            return;
        }
        var bound = Inputs.bind(workflow.get().input(), given(draft, id, workflow.get(), agent));
        if (!bound.faults().isEmpty()) {
            Remedies.giveUp(
                    draft,
                    id,
                    new Failure.Permanent(
                            "bad_input",
                            "workflow `"
                                    + name
                                    + "` cannot begin: "
                                    + bound.faults().getFirst().message()));
            return;
        }
        var budget = Carving.carve(draft, id, workflow.get());
        if (budget == null) {
            return;
        }
        long token = draft.nextSequence();
        Timeouts timeouts = state.declaration(id).policy().timeouts();
        draft.emit(
                new ChildStarted(
                        id,
                        token,
                        state.asked().run().child(token),
                        name,
                        bound.values(),
                        after(
                                draft,
                                first(
                                        timeouts.run(),
                                        agent == null ? null : agent.limits().timeout())),
                        agent == null ? null : agent.id(),
                        budget,
                        state.ledger().countAside(budget),
                        after(draft, budget.time())));
    }

    /// A workflow that declares it is told how the task came to it.
    private static Value.Struct given(
            Draft draft, TaskId id, Workflow workflow, @Nullable Agent agent) {
        var input = draft.state().task(id).input();
        if (agent == null) {
            return input;
        }
        var fields = new LinkedHashMap<>(input.fields());
        Passed.given(draft.state(), id, agent.id())
                .fields()
                .forEach((name, value) -> {
                    if (workflow.input().fields().containsKey(name)) {
                        fields.putIfAbsent(name, value);
                    }
                });
        return new Value.Struct(fields);
    }

    private static @Nullable Duration first(@Nullable Duration task, @Nullable Duration agent) {
        return task != null ? task : agent;
    }

    private static @Nullable Instant after(Draft draft, @Nullable Duration time) {
        return time == null ? null : draft.now().plus(time);
    }
}
