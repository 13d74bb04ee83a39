package dev.tutti.simulation.world;

import dev.tutti.core.event.Sharing;
import dev.tutti.core.event.Value;
import dev.tutti.core.run.Command;
import dev.tutti.runtime.agent.Attempt;
import dev.tutti.runtime.engine.Deed;
import java.util.List;
import java.util.SplittableRandom;

/// The notes that an attempt writes while it works: it looks at each, and writes it on condition
/// that nobody came first, or whatever is there. Every attempt at a task makes the same writes.
final class Noting {
    private final Deed.Perform deed;
    private final SplittableRandom dice;
    private final List<String> keys;
    private boolean looked;
    private int next;
    private int seen;
    private String awaited = "";

    Noting(Deed.Perform deed, SplittableRandom dice) {
        this.deed = deed;
        this.dice = dice;
        keys =
                deed.attempt().sharing().writes().stream()
                        .filter(write -> write.value() == null)
                        .map(Sharing.Write::key)
                        .toList();
    }

    boolean goesOn() {
        return awaited.isEmpty() && next < keys.size();
    }

    /// What it tells the engine next.
    Command tells() {
        var key = keys.get(next);
        long token = deed.attempt().token();
        if (!looked) {
            awaited = Attempt.reading(key);
            return new Command.ReadNote(token, key);
        }
        var name = "w" + next;
        awaited = Attempt.writing(name);
        return new Command.WriteNote(
                token, name, key, Value.of(dice.nextInt(9)), dice.nextBoolean() ? seen : null);
    }

    boolean isAbout(Deed.Allow allow) {
        return !awaited.isEmpty() && allow.name().equals(awaited);
    }

    /// What the engine said to that.
    void told(Deed.Permission permission) {
        if (permission instanceof Deed.Permission.Told told) {
            seen = told.version();
        }
        next += looked ? 1 : 0;
        looked = !looked;
        awaited = "";
    }
}
