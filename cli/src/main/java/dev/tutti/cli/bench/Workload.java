package dev.tutti.cli.bench;

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
            case W1 -> new Rounds(folder, Plans.chain(1_000), 1).measure(name(), rounds);
            case W2 -> new Rounds(folder, Plans.chain(10), 1_000).measure(name(), rounds);
            case W3 -> new Rounds(folder, Plans.fanOut(width), 1).measure(name(), rounds);
            case W4 -> ColdStart.measure(folder);
            case W5 -> throw new IllegalArgumentException("W5 is measured by itself");
        };
    }
}
