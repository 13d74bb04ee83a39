package dev.tutti.agents.local.memory;

import dev.tutti.agents.local.Embeddings;
import dev.tutti.agents.local.VectorFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/// The vectors of memories: on disk by the digest of what was embedded, and in a row for a search.
final class Vectors {
    /// The share of the memories whose vectors must be there before meaning counts.
    private static final double MOSTLY = 0.9;

    private static final long WAIT_FOR_OTHERS_MS = 10_000;
    private static final long LOOK_EVERY_MS = 20;

    private final VectorFile file;
    private @Nullable Row row;

    Vectors(Path path) {
        file = new VectorFile(path);
    }

    /// The vectors of some contents, one after the other.
    ///
    /// @param state of the file
    /// @param missing places of memories that have none
    private record Row(
            Contents of, long state, byte[] numbers, float[] factors, List<Integer> missing) {}

    /// The memories that have no vector yet, oldest first.
    synchronized List<Integer> missing(Contents contents) throws IOException {
        return row(contents).missing();
    }

    private Row row(Contents contents) throws IOException {
        var known = row;
        file.load();
        long state = file.state();
        if (known != null && known.of() == contents && known.state() == state) {
            return known;
        }
        var numbers = new byte[Math.multiplyExact(contents.places(), Embeddings.SIZE)];
        var factors = new float[contents.places()];
        var missing = new ArrayList<Integer>();
        for (int place = 0; place < contents.places(); place++) {
            var digest = contents.digest(place);
            if (digest == null) {
                continue;
            }
            factors[place] = file.copy(digest, numbers, place * Embeddings.SIZE);
            if (Float.isNaN(factors[place])) {
                missing.add(place);
            }
        }
        var fresh = new Row(contents, state, numbers, factors, missing);
        row = fresh;
        return fresh;
    }

    /// How near memories are to a question; null as long as too few have a vector.
    synchronized Ranking.@Nullable Meaning meaning(Contents contents, String question)
            throws IOException {
        var known = row(contents);
        if (contents.count() == 0
                || contents.count() - known.missing().size() < MOSTLY * contents.count()) {
            return null;
        }
        var vector = Embeddings.shared().of(question);
        float most = 1e-9f;
        for (float number : vector) {
            most = Math.max(most, Math.abs(number));
        }
        float factor = most / Byte.MAX_VALUE;
        var asked = new byte[vector.length];
        for (int i = 0; i < vector.length; i++) {
            asked[i] = (byte) Math.round(vector[i] / most * Byte.MAX_VALUE);
        }
        return place -> {
            if (Float.isNaN(known.factors()[place])) {
                return Float.NaN;
            }
            var numbers = known.numbers();
            return product(numbers, place * Embeddings.SIZE, asked)
                    * known.factors()[place]
                    * factor;
        };
    }

    private static int product(byte[] numbers, int from, byte[] asked) {
        int sum = 0;
        for (int i = 0; i < Embeddings.SIZE; i++) {
            sum += numbers[from + i] * asked[i];
        }
        return sum;
    }

    /// Keeps vectors of memories that are still there.
    ///
    /// @param used the digests of all memories as they are while nobody else writes
    void keep(Map<BytesRef, float[]> computed, Used used) throws IOException, InterruptedException {
        try (var writer = writer()) {
            computed.keySet().retainAll(used.digests());
            if (!computed.isEmpty()) {
                writer.add(computed);
            }
        }
    }

    /// Lets go of all vectors that are not in use. They are gone from the file when this returns.
    void tidy(Used used) throws IOException, InterruptedException {
        file.load();
        if (file.size() == 0) {
            return;
        }
        try (var writer = writer()) {
            writer.tidy(used.digests(), 0);
        }
    }

    /// Says what is in use; asked once nobody else writes vectors.
    interface Used {
        Set<BytesRef> digests() throws IOException, InterruptedException;
    }

    private VectorFile.Writer writer() throws IOException, InterruptedException {
        for (long waited = 0; waited < WAIT_FOR_OTHERS_MS; waited += LOOK_EVERY_MS) {
            var writer = file.write();
            if (writer.isPresent()) {
                return writer.get();
            }
            Thread.sleep(LOOK_EVERY_MS);
        }
        throw new IOException("another process is writing the vectors of memories: try again");
    }
}
