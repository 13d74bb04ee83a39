package dev.tutti.telemetry;

import java.time.Duration;

/// How long to rest between two looks at the journal, so that runs hardly notice being looked at.
///
/// While runs write, what is behind can wait: the journal keeps it. Once they write little, it is
/// caught up with. Work is measured by the clock and not by the processor, so that on a machine
/// with too much to do the rests grow with it.
final class Pace {
    /// Between two looks when there is nothing to do.
    static final Duration LOOK = Duration.ofMillis(200);

    /// While runs write, it works one part of the time in so many.
    static final int BUSY = 20;

    /// While they do not, one in so many.
    static final int QUIET = 2;

    /// Entries a second, above which runs are said to write.
    static final int FEW = 500;

    private static final double SECOND = 1e9;

    private long position;
    private long at;

    /// @param position of the last entry of the journal
    /// @param now in nanoseconds, as [System#nanoTime] counts them
    Pace(long position, long now) {
        this.position = position;
        at = now;
    }

    /// The rest after a piece of work, when more is waiting.
    ///
    /// @param worked in nanoseconds, up to now
    Duration rest(long worked, long position, long now) {
        double written = position - this.position;
        boolean busy = written * SECOND > (double) FEW * (now - at);
        this.position = position;
        at = now;
        return Duration.ofNanos(worked * ((busy ? BUSY : QUIET) - 1));
    }
}
