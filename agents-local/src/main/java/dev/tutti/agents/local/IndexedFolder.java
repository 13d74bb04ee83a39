package dev.tutti.agents.local;

import dev.tutti.agents.local.FolderSearch.Hit;
import dev.tutti.runtime.agent.Upkeep;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.apache.lucene.util.BytesRef;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A folder that can be asked: its index, and the vectors of its passages as far as there are any.
final class IndexedFolder implements Closeable {
    /// The share of the passages whose vectors must be there before meaning counts.
    private static final double MOSTLY = 0.9;

    /// Vectors that are computed before they are written.
    private static final int BATCH = 32;

    private static final Logger LOG = LoggerFactory.getLogger(IndexedFolder.class);

    /// What was found.
    ///
    /// @param hybrid whether meaning counted, or words alone
    record Found(List<Hit> hits, boolean hybrid) {}

    private final Path folder;
    private final FolderIndex index;
    private final VectorFile vectors;
    private final Weights weights;

    /// @param home where index and vectors are kept
    IndexedFolder(Path folder, Path home, Weights weights) throws IOException {
        this.folder = folder;
        this.index = new FolderIndex(folder, home.resolve("words"));
        this.vectors = new VectorFile(home.resolve("vectors"));
        this.weights = weights;
    }

    Path folder() {
        return folder;
    }

    /// Brings the index up to date.
    ///
    /// @return how many passages there are
    int refresh(FolderScan scan, FolderIndex.Watcher watcher)
            throws IOException, InterruptedException {
        index.refresh(scan, watcher);
        var snapshot = index.hold();
        try {
            return snapshot.passages();
        } finally {
            snapshot.release();
        }
    }

    /// @param byMeaning whether embeddings may be used
    Found find(String question, int most, boolean byMeaning) throws IOException {
        var snapshot = index.hold();
        try {
            var search = new FolderSearch(snapshot, weights);
            if (byMeaning && Embeddings.working() && covered(snapshot)) {
                try {
                    var vector = Embeddings.shared().of(question);
                    return new Found(
                            search.find(
                                    question,
                                    most,
                                    entry -> vectors.nearness(vector, snapshot.digest(entry))),
                            true);
                } catch (RuntimeException unavailable) {
                    LOG.warn("found by words alone: {}", reason(unavailable));
                }
            }
            return new Found(search.find(question, most, null), false);
        } finally {
            snapshot.release();
        }
    }

    private boolean covered(Snapshot snapshot) throws IOException {
        vectors.load();
        int there = 0;
        for (int entry = 0; entry < snapshot.entries(); entry++) {
            var digest = snapshot.digest(entry);
            there += digest != null && vectors.contains(digest) ? 1 : 0;
        }
        return there > 0 && there >= MOSTLY * snapshot.passages();
    }

    /// How many passages there are, and how many of them have no vector.
    record Coverage(int passages, int missing) {}

    Coverage coverage() throws IOException {
        var snapshot = index.hold();
        try {
            vectors.load();
            var all = digests(snapshot);
            int passages = all.size();
            all.removeIf(vectors::contains);
            return new Coverage(passages, all.size());
        } finally {
            snapshot.release();
        }
    }

    /// Computes the vectors that are missing, until `stop` says so. What is computed stays.
    void embed(Upkeep.Progress progress, BooleanSupplier stop)
            throws IOException, InterruptedException {
        var snapshot = index.hold();
        var writer = vectors.write();
        try {
            if (writer.isEmpty()) {
                return;
            }
            var used = digests(snapshot);
            writer.get().tidy(used);
            var missing = missing(snapshot);
            int done = used.size() - missing.size();
            progress.done(done, used.size());
            try (var pool =
                    Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
                for (int from = 0; from < missing.size() && !stop.getAsBoolean(); from += BATCH) {
                    var batch = missing.subList(from, Math.min(missing.size(), from + BATCH));
                    var texts = new HashMap<BytesRef, Future<float[]>>();
                    for (int entry : batch) {
                        texts.put(digest(snapshot, entry), pool.submit(vector(snapshot, entry)));
                    }
                    writer.get().add(collect(texts));
                    done += batch.size();
                    progress.done(done, used.size());
                }
            }
        } finally {
            if (writer.isPresent()) {
                writer.get().close();
            }
            snapshot.release();
        }
    }

    private static Callable<float[]> vector(Snapshot snapshot, int entry) {
        return () -> {
            var fields = snapshot.searcher().storedFields().document(entry);
            return Embeddings.shared()
                    .of(
                            Entry.embedded(
                                    fields.get(Entry.TITLE),
                                    fields.get(Entry.HEADING),
                                    fields.get(Entry.TEXT)));
        };
    }

    private static Map<BytesRef, float[]> collect(Map<BytesRef, Future<float[]>> computed)
            throws IOException, InterruptedException {
        var vectors = new HashMap<BytesRef, float[]>();
        try {
            for (var entry : computed.entrySet()) {
                vectors.put(entry.getKey(), entry.getValue().get());
            }
        } catch (ExecutionException failure) {
            var cause = failure.getCause() == null ? failure : failure.getCause();
            throw new IOException("passages cannot be embedded: " + reason(cause), cause);
        }
        return vectors;
    }

    /// One passage for each digest that has no vector.
    private List<Integer> missing(Snapshot snapshot) {
        var missing = new ArrayList<Integer>();
        var seen = new LinkedHashSet<BytesRef>();
        for (int entry = 0; entry < snapshot.entries(); entry++) {
            var digest = snapshot.digest(entry);
            if (digest != null && !vectors.contains(digest) && seen.add(digest)) {
                missing.add(entry);
            }
        }
        return missing;
    }

    private static SequencedSet<BytesRef> digests(Snapshot snapshot) {
        var digests = new LinkedHashSet<BytesRef>();
        for (int entry = 0; entry < snapshot.entries(); entry++) {
            var digest = snapshot.digest(entry);
            if (digest != null) {
                digests.add(digest);
            }
        }
        return digests;
    }

    private static BytesRef digest(Snapshot snapshot, int entry) {
        var digest = snapshot.digest(entry);
        if (digest == null) {
            throw new IllegalStateException("entry " + entry + " is not a passage");
        }
        return digest;
    }

    private static String reason(Throwable failure) {
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }

    @Override
    public void close() throws IOException {
        index.close();
    }
}
