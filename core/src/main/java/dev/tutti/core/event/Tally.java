package dev.tutti.core.event;

import java.util.ArrayList;
import java.util.List;

/// How many attempts, tasks and runs: what can be counted of a run and of the runs within it. Never
/// negative.
///
/// @param attempts made
/// @param tasks begun, items of fan-outs each
/// @param runs within, at any depth
public record Tally(int attempts, int tasks, int runs) {
    public static final Tally NONE = new Tally(0, 0, 0);

    public Tally {
        if (attempts < 0 || tasks < 0 || runs < 0) {
            throw new IllegalArgumentException("a negative number of attempts, tasks or runs");
        }
    }

    public Tally plus(Tally other) {
        return new Tally(
                Math.addExact(attempts, other.attempts),
                Math.addExact(tasks, other.tasks),
                Math.addExact(runs, other.runs));
    }

    /// What is left of each after `other`, none where that is more.
    public Tally minus(Tally other) {
        return new Tally(
                Math.max(0, attempts - other.attempts),
                Math.max(0, tasks - other.tasks),
                Math.max(0, runs - other.runs));
    }

    public boolean isNone() {
        return equals(NONE);
    }

    @Override
    public String toString() {
        var words = new ArrayList<String>();
        say(words, attempts, "attempt");
        say(words, tasks, "task");
        say(words, runs, "run");
        return words.isEmpty() ? "nothing" : String.join(", ", words);
    }

    private static void say(List<String> words, int count, String noun) {
        if (count > 0) {
            words.add(count + " " + noun + (count == 1 ? "" : "s"));
        }
    }
}
