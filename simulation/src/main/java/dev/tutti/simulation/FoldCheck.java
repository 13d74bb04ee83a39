package dev.tutti.simulation;

import dev.tutti.core.run.Digest;
import dev.tutti.core.run.RunState;
import dev.tutti.runtime.journal.EventCodec;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// I5: every payload is written again byte for byte, and what was written again folds to the same
/// digest.
final class FoldCheck extends Check {
    private @Nullable RunState read = RunState.EMPTY;
    private @Nullable RunState again = RunState.EMPTY;
    private RunState latest = RunState.EMPTY;

    @Override
    void see(Step step) {
        var stored = step.entry().event();
        var encoded = EventCodec.encode(step.event());
        if (stored.version() == encoded.version()
                && !Arrays.equals(stored.payload(), encoded.payload())) {
            report("I5", step, "the payload of a " + stored.type() + " is not written again alike");
        }
        if (read == null || again == null) {
            return;
        }
        try {
            read = read.evolve(step.event());
            latest = read;
            again =
                    again.evolve(
                            EventCodec.decode(
                                    encoded.type(), encoded.version(), encoded.payload()));
        } catch (RuntimeException e) {
            report("I5", step, "the journal cannot be folded beyond here: " + e.getMessage());
            read = null;
            again = null;
        }
    }

    /// What was read so far, folded; what it was before the entry that could not be.
    RunState state() {
        return latest;
    }

    @Override
    void end(Step last) {
        if (read != null && again != null && !Digest.of(read).equals(Digest.of(again))) {
            report("I5", last, "what was written again folds to another digest");
        }
    }
}
