package dev.tutti.simulation.world;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.run.RunState;
import dev.tutti.runtime.journal.StreamId;
import java.util.HashMap;
import java.util.Map;

/// What agents do to the world beyond the store: it keeps count, and cannot be taken back.
final class Outside {
    private final World world;
    private final Map<String, Integer> done = new HashMap<>();
    private final Map<String, Integer> pending = new HashMap<>();
    private final Map<String, Integer> allowedAgain = new HashMap<>();

    Outside(World world) {
        this.world = world;
    }

    /// A person who asks for effects to be done again may have them once more.
    void see(RunState before, Event event) {
        if (event instanceof Event.EffectWithdrawn(TaskId task, var name, var reason)
                && reason.startsWith("to be done again")) {
            var effect = before.effectsOf(task).get(name);
            if (effect != null) {
                allowedAgain.merge(effect.key(), 1, Integer::sum);
            }
        }
    }

    /// I2: an attempt was told that it may do something, and so it is on disk that it wants to, and
    /// not that it was done.
    void allowed(StreamId run, TaskId task, String key) {
        pending.merge(key, 1, Integer::sum);
        var known =
                world.state(run).effectsOf(task).values().stream()
                        .filter(effect -> effect.key().equals(key))
                        .findFirst();
        if (known.isEmpty()) {
            world.violated("I2", run, "an attempt may do " + key + ", which is not on record");
        } else if (known.get().outcome() != null) {
            world.violated("I2", run, "an attempt may do " + key + ", which is done");
        }
    }

    /// An attempt that may do something will not, any more.
    void drop(String key) {
        pending.merge(key, -1, Integer::sum);
    }

    /// I2: what must be done at most once is not done twice.
    void fire(StreamId run, String key, boolean strict) {
        drop(key);
        int times = done.merge(key, 1, Integer::sum);
        if (strict && times > 1 + allowedAgain.getOrDefault(key, 0)) {
            world.violated("I2", run, key + " is done " + times + " times, of at most once");
        }
    }

    /// Whether it was done, or may be at any moment.
    boolean isDone(String key) {
        return done.getOrDefault(key, 0) > 0 || pending.getOrDefault(key, 0) > 0;
    }
}
