package dev.tutti.server.view;

import dev.tutti.runtime.evidence.Evidence;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What is known of agents, for pages that are asked for again and again: it is learned from the
/// newest runs, which takes up to a second, and a few seconds later is as good as new.
final class Learned {
    private static final long FRESH = Duration.ofSeconds(10).toNanos();

    private @Nullable Evidence known;
    private long since;

    /// @param learn reads it from the journal
    synchronized Evidence get(Supplier<Evidence> learn) {
        var evidence = known;
        if (evidence == null || System.nanoTime() - since > FRESH) {
            evidence = learn.get();
            known = evidence;
            since = System.nanoTime();
        }
        return evidence;
    }
}
