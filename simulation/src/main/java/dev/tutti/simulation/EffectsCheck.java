package dev.tutti.simulation;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TaskId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// I2, outside: an effect that is on record is not begun again, its key is the same in every
/// attempt, and what must be done at most once is not begun a second time before a person said that
/// it was not done.
final class EffectsCheck extends Check {
    private final Map<Effect, String> keys = new HashMap<>();
    private final Set<Effect> begun = new HashSet<>();
    private final Set<Effect> recorded = new HashSet<>();
    private final Set<String> strict = new HashSet<>();

    private record Effect(TaskId task, String name) {}

    @Override
    void see(Step step) {
        if (step.event() instanceof Event.PlanAmended e) {
            e.tasks().stream()
                    .filter(task -> task.policy().effects() == Task.Effects.AT_MOST_ONCE)
                    .forEach(task -> strict.add(task.name()));
        } else if (step.event() instanceof Event.EffectIntended e) {
            intended(step, e, new Effect(e.task(), e.name()));
        } else if (step.event() instanceof Event.EffectRecorded e) {
            recorded.add(new Effect(e.task(), e.name()));
        } else if (step.event() instanceof Event.EffectWithdrawn e) {
            var effect = new Effect(e.task(), e.name());
            begun.remove(effect);
            recorded.remove(effect);
        }
    }

    private void intended(Step step, Event.EffectIntended e, Effect effect) {
        if (step.copied()) {
            begun.add(effect);
            return;
        }
        if (recorded.contains(effect)) {
            report("I2", step, e.name() + " of " + e.task() + " begins though it is on record");
        }
        if (!begun.add(effect) && strict.contains(e.task().name())) {
            report("I2", step, e.name() + " of " + e.task() + " begins twice, of at most once");
        }
        var key = keys.putIfAbsent(effect, e.key());
        if (key != null && !key.equals(e.key())) {
            report("I2", step, e.name() + " of " + e.task() + " changes its key to " + e.key());
        }
    }
}
