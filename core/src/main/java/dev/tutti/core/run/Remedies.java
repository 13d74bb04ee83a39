package dev.tutti.core.run;

import dev.tutti.core.agent.Retries;
import dev.tutti.core.dispatch.Match;
import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Event.AttemptEnded;
import dev.tutti.core.event.Event.Rerouted;
import dev.tutti.core.event.Event.TaskFailed;
import dev.tutti.core.event.Event.TaskSkipped;
import dev.tutti.core.event.Event.TimerSet;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Passing;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Timer;
import dev.tutti.core.event.Usage;
import org.jspecify.annotations.Nullable;

/// What follows when an attempt did not succeed: another attempt, another agent, a person, or the
/// end.
final class Remedies {
    private Remedies() {}

    static void attemptEnded(Draft draft, long token, Failure failure, Usage usage) {
        var id = draft.state().attempt(token).task();
        var agent = draft.state().attempt(token).agent();
        Questions.withdraw(draft, token, "the attempt ended");
        draft.emit(new AttemptEnded(id, token, failure, usage));
        if (!draft.state().wants(id.name())) {
            return;
        }
        var task = draft.state().task(id);
        if (isUnknown(draft, id, agent, failure)) {
            Questions.unknown(draft, id, failure.message());
            return;
        }
        if (failure instanceof Failure.Crashed && task.course().crashes() >= Retries.MOST_CRASHES) {
            Questions.remedy(draft, id, new Failure.Quarantined(task.course().crashes()));
            return;
        }
        var pause =
                Retries.next(draft.state().declaration(id).retry(), task.spent(), failure, token);
        if (pause.isPresent()) {
            draft.emit(new TimerSet(new Timer.RetryDue(id), draft.now().plus(pause.get())));
        } else {
            giveUp(draft, id, failure);
        }
    }

    /// Whether the attempt may have done what must not be done twice. Nobody knows of an effect
    /// that was intended and not recorded.
    private static boolean isUnknown(
            Draft draft, TaskId id, @Nullable AgentId agent, Failure failure) {
        if (failure instanceof Failure.Cancelled) {
            return false;
        }
        return isUnknown(draft, id, agent);
    }

    /// Whether something is not known of what must not be done twice.
    static boolean isUnknown(Draft draft, TaskId id, @Nullable AgentId agent) {
        return effects(draft, id, agent) == Task.Effects.AT_MOST_ONCE
                && draft.state().effectsOf(id).values().stream()
                        .anyMatch(effect -> effect.outcome() == null);
    }

    /// What the task and its agent say of repetitions: the stricter holds.
    static Task.Effects effects(Draft draft, TaskId id, @Nullable AgentId agent) {
        var declared = draft.state().declaration(id).policy().effects();
        boolean strict =
                declared == Task.Effects.AT_MOST_ONCE
                        || draft.facts()
                                .team()
                                .agent(agent)
                                .filter(one -> one.effects() == Task.Effects.AT_MOST_ONCE)
                                .isPresent();
        return strict ? Task.Effects.AT_MOST_ONCE : Task.Effects.IDEMPOTENT;
    }

    /// No attempt is left: goes on along the ladder of the task.
    static void giveUp(Draft draft, TaskId id, Failure failure) {
        if (draft.state().decides(id)) {
            draft.emit(new TaskSkipped(id, "no decision: " + failure.message()));
            return;
        }
        var declared = draft.state().declaration(id);
        var ladder = declared.policy().ladder();
        var task = draft.state().tasks().get(id);
        for (int rung = task == null ? 0 : task.course().rung(); rung < ladder.size(); rung++) {
            switch (ladder.get(rung)) {
                case REROUTE -> {
                    if (task != null
                            && !(declared.passing() instanceof Passing.Group)
                            && !(declared.passing() instanceof Passing.Ensemble)
                            && task.agent() != null
                            && !isOver(failure)
                            && others(draft, id)) {
                        draft.emit(new Rerouted(id, task.agent(), rung + 1));
                        Planning.present(draft, id, task.input());
                        return;
                    }
                }
                case ASK -> {
                    if (task != null) {
                        Questions.remedy(draft, id, failure);
                        return;
                    }
                }
                case ESCALATE -> {
                    var to = declared.policy().escalation();
                    if (task != null && to != null) {
                        Questions.escalate(draft, id, to, failure);
                        return;
                    }
                }
                case REPLAN -> {
                    if (Replanning.mayReplan(draft, id) && !Replanning.isExhausted(draft.state())) {
                        fail(draft, id, failure);
                        return;
                    }
                }
                case SKIP -> {
                    draft.emit(new TaskSkipped(id, failure.message()));
                    return;
                }
                case FAIL -> {
                    fail(draft, id, failure);
                    return;
                }
            }
        }
        if (declared.passing() instanceof Passing.Ensemble && id.item() != TaskId.WHOLE) {
            draft.emit(new TaskSkipped(id, failure.message()));
            return;
        }
        boolean alone =
                Replanning.isExhausted(draft.state())
                        && draft.state().asked().onStall() == Task.Remedy.ASK;
        if ((declared.undoes() != null || alone) && task != null) {
            Questions.remedy(draft, id, failure);
        } else {
            fail(draft, id, failure);
        }
    }

    /// Whether the time for all attempts is over, whoever would make them.
    private static boolean isOver(Failure failure) {
        return failure instanceof Failure.TimedOut(var limit, _) && limit == Failure.Limit.OVERALL;
    }

    /// Whether another agent can do the task that has not had its attempts yet, and may.
    private static boolean others(Draft draft, TaskId id) {
        var task = draft.state().task(id);
        var rules = draft.state().declaration(id).policy().rules();
        return Match.capable(draft.facts().team().agents(), draft.state().performer(id)).stream()
                .map(Agent::id)
                .filter(agent -> !Rules.isDenied(rules, task.course().ruling(), agent))
                .anyMatch(agent ->
                        !agent.equals(task.agent()) && !task.course().excluded().contains(agent));
    }

    /// A person wants the planner to find a way without the task.
    static void replan(Draft draft, TaskId id, String by) {
        var failure = new Failure.Permanent("given_up", by + " wants it planned anew");
        if (Replanning.mayReplan(draft, id)) {
            draft.emit(new TaskFailed(id, failure));
            Replanning.without(draft, id, failure, true);
        } else {
            fail(draft, id, failure);
        }
    }

    static void fail(Draft draft, TaskId id, Failure failure) {
        var undone = draft.state().declaration(id).undoes();
        if (undone != null) {
            draft.emit(new TaskSkipped(id, undone + " was not taken back: " + failure.message()));
            return;
        }
        var fanIn = draft.state().fanIns().get(id.name());
        if (fanIn != null && fanIn.joined()) {
            draft.emit(new TaskSkipped(id, "not needed any more: " + failure.message()));
            return;
        }
        if (Choreographing.lost(draft, id, failure)) {
            return;
        }
        draft.emit(new TaskFailed(id, failure));
        if (Replanning.afterFailure(draft, id, failure)) {
            return;
        }
        Endings.close(
                draft, Status.FAILED, "task " + id + " failed: " + failure.message(), failure);
    }
}
