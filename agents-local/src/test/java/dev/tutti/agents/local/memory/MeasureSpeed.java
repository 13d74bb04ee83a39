package dev.tutti.agents.local.memory;

import dev.tutti.agents.local.Embeddings;
import dev.tutti.agents.local.VectorFile;
import dev.tutti.agents.local.memory.LongTermMemory.Wanted;
import dev.tutti.core.event.TenantId;
import dev.tutti.runtime.artifact.MemoryArtifacts;
import dev.tutti.runtime.journal.SqliteJournal;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.BytesRef;

/// Measures how long it takes to find something among many facts, made up from a seed: how many is
/// the argument, 100,000 by itself. The vectors are made up as well, since what they say does not
/// change how long it takes to compare them.
public final class MeasureSpeed {
    private static final int ABOUT_EACH = 10;
    private static final int QUERIES = 300;
    private static final int VOCABULARY = 20_000;

    private final Random random = new Random(7);
    private final String[] words = words();

    MeasureSpeed() {}

    /// How long a search takes, in milliseconds: by the clock, and of the processor, which other
    /// programs on the machine do not add to.
    record Times(double median, double p95, double medianOfProcessor, double p95OfProcessor) {
        static Times of(double[] clock, double[] processor) {
            Arrays.sort(clock);
            Arrays.sort(processor);
            return new Times(
                    clock[clock.length / 2],
                    clock[clock.length * 95 / 100],
                    processor[clock.length / 2],
                    processor[clock.length * 95 / 100]);
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "median %.1f ms, p95 %.1f ms; of the processor %.1f and %.1f ms",
                    median,
                    p95,
                    medianOfProcessor,
                    p95OfProcessor);
        }
    }

    public static void main(String[] arguments) throws Exception {
        int facts = arguments.length == 0 ? 100_000 : Integer.parseInt(arguments[0]);
        var store = Files.createTempDirectory("tutti-memory");
        new MeasureSpeed().measure(store, facts);
    }

    /// Measures searches by words alone, then those with vectors.
    List<Times> measure(Path store, int facts) throws Exception {
        var artifacts = new MemoryArtifacts();
        try (var journal = SqliteJournal.open(store.resolve("tutti.db"), artifacts)) {
            var topic = new Tellings(journal);
            for (int i = 0; i < facts; i++) {
                topic.fact("customer-" + random.nextInt(facts / ABOUT_EACH), sentence(12));
            }
            topic.commit();
        }
        try (var memory =
                LongTermMemory.of(
                        store,
                        TenantId.LOCAL,
                        () -> SqliteJournal.reader(store.resolve("tutti.db"), artifacts))) {
            long start = System.nanoTime();
            memory.search(wanted(false), Tellings.BEGINNING);
            say(
                    String.format(
                            Locale.ROOT,
                            "%,d facts, index made in %.1f s",
                            facts,
                            (System.nanoTime() - start) / 1e9));
            var byWords = times(memory, false);
            say("by words: " + byWords);
            embed(store.resolve("memory/local"));
            memory.search(wanted(true), Tellings.BEGINNING);
            var byMeaning = times(memory, true);
            say("by words and meaning: " + byMeaning);
            return List.of(byWords, byMeaning);
        }
    }

    private static void say(String line) {
        System.out.println(line);
    }

    private Times times(LongTermMemory memory, boolean byMeaning) throws Exception {
        var threads = ManagementFactory.getThreadMXBean();
        var clock = new double[QUERIES];
        var processor = new double[QUERIES];
        for (int i = -QUERIES / 4; i < QUERIES; i++) {
            var wanted = wanted(byMeaning);
            long start = System.nanoTime();
            long busy = threads.getCurrentThreadCpuTime();
            var found = memory.search(wanted, Tellings.BEGINNING);
            if (found.memories().isEmpty() || found.hybrid() != byMeaning) {
                throw new IllegalStateException("not found as asked for");
            }
            if (i >= 0) {
                clock[i] = (System.nanoTime() - start) / 1e6;
                processor[i] = (threads.getCurrentThreadCpuTime() - busy) / 1e6;
            }
        }
        return Times.of(clock, processor);
    }

    private Wanted wanted(boolean byMeaning) {
        return new Wanted(sentence(6), null, EnumSet.of(Kind.FACT), 8, byMeaning);
    }

    private void embed(Path home) throws IOException {
        var digests = new ArrayList<BytesRef>();
        try (var reader = DirectoryReader.open(FSDirectory.open(home.resolve("words")))) {
            var contents = new Contents(reader, Mark.NONE);
            for (int place = 0; place < contents.places(); place++) {
                digests.add(contents.digest(place));
            }
        }
        var vectors = new VectorFile(home.resolve("vectors"));
        try (var writer = vectors.write().orElseThrow()) {
            for (int from = 0; from < digests.size(); from += 1_000) {
                var some = new HashMap<BytesRef, float[]>();
                digests.subList(from, Math.min(from + 1_000, digests.size()))
                        .forEach(digest -> some.put(digest, vector()));
                writer.add(some);
            }
        }
    }

    private float[] vector() {
        var vector = new float[Embeddings.SIZE];
        double square = 0;
        for (int i = 0; i < vector.length; i++) {
            vector[i] = (float) random.nextGaussian();
            square += vector[i] * vector[i];
        }
        for (int i = 0; i < vector.length; i++) {
            vector[i] /= (float) Math.sqrt(square);
        }
        return vector;
    }

    /// Words as frequent as in a language: the one of rank n about 1/n as frequent as the first.
    private String sentence(int length) {
        return String.join(
                " ",
                IntStream.range(0, length)
                        .mapToObj(_ -> words[(int) Math.pow(VOCABULARY, random.nextDouble()) - 1])
                        .toList());
    }

    private String[] words() {
        var made = new String[VOCABULARY];
        for (int i = 0; i < VOCABULARY; i++) {
            var word = new StringBuilder();
            for (int letters = 3 + random.nextInt(7); letters > 0; letters--) {
                word.append((char) ('a' + random.nextInt(26)));
            }
            made[i] = word.toString();
        }
        return made;
    }
}
