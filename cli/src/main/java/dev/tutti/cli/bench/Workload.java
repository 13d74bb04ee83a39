package dev.tutti.cli.bench;

import dev.tutti.core.event.Value;
import java.nio.file.Path;

/// What can be measured.
public enum Workload {
    /// A chain.
    W1,
    /// Many runs at once.
    W2,
    /// A fan-out.
    W3,
    /// From nothing to the first result.
    W4,
    /// Messages of a topic: see [TopicLoad].
    W5;

    /// The widest fan-out that a run may have, with a task on either side.
    public static final int WIDEST = 99_998;

    /// Measures it.
    ///
    /// @param folder of the store; made if there is none
    /// @param rounds of warm-up
    /// @param width of the fan-out
    public Measured measure(Path folder, int rounds, int width) throws Exception {
        return switch (this) {
            case W1, W2, W3 -> new Rounds(folder, plan(width), runs()).measure(name(), rounds);
            case W4 -> ColdStart.measure(folder);
            case W5 -> throw new IllegalArgumentException("W5 is measured by itself");
        };
    }

    /// Measures what it costs to be looked at, and gives the line that is printed: see [Turns].
    ///
    /// @param folder of the stores
    /// @param rounds of warm-up
    /// @param width of the fan-out
    public Value.Struct measureTurns(Path folder, int rounds, int width, int turns)
            throws Exception {
        return Turns.measure(name(), folder, plan(width), runs(), rounds, turns);
    }

    /// Whether it is done in rounds.
    public boolean inRounds() {
        return this != W4 && this != W5;
    }

    private Plans plan(int width) {
        return switch (this) {
            case W1 -> Plans.chain(1_000);
            case W2 -> Plans.chain(10);
            case W3 -> Plans.fanOut(width);
            case W4, W5 -> throw new IllegalArgumentException(this + " is not done in rounds");
        };
    }

    private int runs() {
        return this == W2 ? 1_000 : 1;
    }
}
