package dev.tutti.simulation.world;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.run.RunState;
import dev.tutti.runtime.journal.StreamId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// What agents do to the world beyond the store: it keeps count, and cannot be taken back.
final class Outside {
    private final World world;
    private final Set<Claim> claimed = new HashSet<>();
    private final Map<String, Integer> done = new HashMap<>();
    private final Map<String, Integer> pending = new HashMap<>();
    private final Map<String, Integer> allowedAgain = new HashMap<>();

    private record Claim(StreamId run, long token) {}

    Outside(World world) {
        this.world = world;
    }

    /// Looks at an event on its way to the disk. A person who asks for effects to be done again may
    /// have them once more.
    void see(StreamId run, RunState before, Event event) {
        switch (event) {
            case Event.ResultAccepted e -> accepted(run, before, e.token());
            case Event.ResultProposed e -> accepted(run, before, e.token());
            case Event.Iterated e -> accepted(run, before, e.token());
            case Event.HandedOver e -> accepted(run, before, e.token());
            default -> {}
        }
        if (event instanceof Event.EffectWithdrawn(TaskId task, var name, var reason)
                && reason.startsWith("to be done again")) {
            var effect = before.effectsOf(task).get(name);
            if (effect != null) {
                allowedAgain.merge(effect.key(), 1, Integer::sum);
            }
        }
    }

    /// An agent says that this attempt has succeeded.
    void claimed(StreamId run, long token) {
        claimed.add(new Claim(run, token));
    }

    /// I2: the result of an attempt is one that it gave itself.
    private void accepted(StreamId run, RunState before, long token) {
        var open = before.open().get(token);
        if (open != null
                && open.doer() instanceof RunState.Doer.Agent
                && !claimed.contains(new Claim(run, token))) {
            world.violated("I2", run, "attempt " + token + " has a result that it never gave");
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
