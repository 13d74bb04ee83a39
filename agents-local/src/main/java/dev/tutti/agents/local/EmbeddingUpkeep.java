package dev.tutti.agents.local;

import dev.tutti.runtime.agent.Upkeep;
import java.io.IOException;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Computes the embeddings of passages that have none yet.
///
/// @param folders those that were asked for so far
record EmbeddingUpkeep(Supplier<List<IndexedFolder>> folders) implements Upkeep {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddingUpkeep.class);

    @Override
    public String title() {
        return "embedding passages";
    }

    @Override
    public boolean pending() {
        if (!Embeddings.working()) {
            return false;
        }
        try {
            for (var folder : folders.get()) {
                if (folder.coverage().missing() > 0) {
                    return true;
                }
            }
        } catch (IOException unreadable) {
            LOG.warn("embeddings cannot be read: {}", unreadable.toString());
        }
        return false;
    }

    @Override
    public void run(Progress progress, BooleanSupplier stop)
            throws IOException, InterruptedException {
        for (var folder : folders.get()) {
            folder.embed(progress, stop);
        }
    }
}
