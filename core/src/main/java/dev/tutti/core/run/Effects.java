package dev.tutti.core.run;

import dev.tutti.core.event.Event.EffectIntended;
import dev.tutti.core.event.Event.EffectRecorded;
import dev.tutti.core.event.Event.EffectWithdrawn;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Usage;
import dev.tutti.core.run.Decision.Refusal;
import org.jspecify.annotations.Nullable;

/// What attempts do outside: intended before, recorded after, and once recorded never done again.
public final class Effects {
    private Effects() {}

    /// Whether an effect was done before, as the attempt that wants to do it is told.
    ///
    /// @param task of the attempt
    /// @param name as the attempt says it
    /// @return its record in `state`, or null when it was never intended
    public static RunState.@Nullable Effect find(RunState state, TaskId task, String name) {
        return state.effectsOf(task).get(full(state, task, name));
    }

    /// Every iteration of a loop has effects of its own.
    private static String full(RunState state, TaskId task, String name) {
        var known = state.tasks().get(task);
        int iterations = known == null ? 0 : known.course().iterations();
        return iterations == 0 ? name : name + "#" + iterations;
    }

    static void intend(Draft draft, Command.Intend intend) {
        var state = draft.state();
        var task = state.attempt(intend.token()).task();
        if (!state.wants(task.name())) {
            throw new Refusal("the run no longer wants this attempt");
        }
        var name = full(state, task, intend.name());
        var known = state.effectsOf(task).get(name);
        if (known != null && (known.outcome() != null || known.token() == intend.token())) {
            return;
        }
        var agent = state.attempt(intend.token()).agent();
        if (known != null && Remedies.effects(draft, task, agent) == Task.Effects.AT_MOST_ONCE) {
            var why = "an earlier attempt may have done `" + name + "`, and must not do it twice";
            Remedies.attemptEnded(
                    draft,
                    intend.token(),
                    new Failure.Transient("unknown_effect", why),
                    Usage.NONE);
            return;
        }
        var key = known != null ? known.key() : state.asked().keys() + "/" + task + "/" + name;
        draft.emit(new EffectIntended(task, intend.token(), name, key));
    }

    /// What an effect came to is worth knowing even if the attempt is over by now.
    static void record(Draft draft, Command.NoteEffect recorded) {
        for (var task : draft.state().effects().entrySet()) {
            for (var effect : task.getValue().entrySet()) {
                if (effect.getValue().token() == recorded.token()
                        && effect.getValue().outcome() == null
                        && isCalled(effect.getKey(), recorded.name())) {
                    draft.emit(
                            new EffectRecorded(task.getKey(), effect.getKey(), recorded.outcome()));
                    return;
                }
            }
        }
    }

    /// An attempt is certain of itself only: where an earlier one may have done the effect, that is
    /// not known as before.
    static void withdraw(Draft draft, Command.Withdraw withdrawn) {
        for (var task : draft.state().effects().entrySet()) {
            for (var effect : task.getValue().entrySet()) {
                if (effect.getValue().token() == withdrawn.token()
                        && effect.getValue().outcome() == null
                        && !effect.getValue().doubtful()
                        && isCalled(effect.getKey(), withdrawn.name())) {
                    draft.emit(
                            new EffectWithdrawn(
                                    task.getKey(), effect.getKey(), withdrawn.reason()));
                    return;
                }
            }
        }
    }

    private static boolean isCalled(String full, String name) {
        return full.equals(name) || full.startsWith(name + "#");
    }
}
