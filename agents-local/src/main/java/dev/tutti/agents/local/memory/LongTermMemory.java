package dev.tutti.agents.local.memory;

import dev.tutti.agents.local.Embeddings;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.Upkeep;
import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.runtime.journal.StreamId;
import dev.tutti.runtime.topic.Posted;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What one tenant of a store remembers from run to run.
///
/// The truth is the topic `memory`; what is kept here beside the store is found again without it.
/// Every look is at the topic as it is then. Safe to use from several threads, and from several
/// processes at once.
public final class LongTermMemory implements Closeable {
    /// Vectors that a search computes itself; the rest is left for when nothing else is to do.
    private static final int MOST_AT_ONCE = 64;

    private static final int BATCH = 32;
    private static final Logger LOG = LoggerFactory.getLogger(LongTermMemory.class);

    /// Lucene advises on JVM flags there, which no user of ours can act on.
    private static final java.util.logging.Logger ADVICE =
            java.util.logging.Logger.getLogger("org.apache.lucene.internal.vectorization");

    static {
        ADVICE.setLevel(java.util.logging.Level.SEVERE);
    }

    private final StreamId topic;
    private final Supplier<JournalReader> journals;
    private final Index index;
    private final @Nullable Vectors vectors;

    private LongTermMemory(
            StreamId topic,
            Supplier<JournalReader> journals,
            Index index,
            @Nullable Vectors vectors) {
        this.topic = topic;
        this.journals = journals;
        this.index = index;
        this.vectors = vectors;
    }

    /// The memory of a tenant.
    ///
    /// @param store the folder of the store, where the index is kept; null to keep it nowhere, and
    ///   to find by words alone
    /// @param journals opens a reader of the store
    public static LongTermMemory of(
            @Nullable Path store, TenantId tenant, Supplier<JournalReader> journals)
            throws IOException {
        var topic = StreamId.topic(tenant, Told.TOPIC);
        if (store == null) {
            return new LongTermMemory(
                    topic, journals, new Index(new ByteBuffersDirectory(), topic), null);
        }
        var home = store.resolve("memory").resolve(tenant.value());
        var words = Files.createDirectories(home.resolve("words"));
        return new LongTermMemory(
                topic,
                journals,
                new Index(FSDirectory.open(words), topic),
                new Vectors(home.resolve("vectors")));
    }

    /// What is looked for.
    ///
    /// @param query words, or a question
    /// @param about only what is about this, or null for everything
    /// @param kinds only these
    /// @param most so many at most
    /// @param byMeaning whether embeddings may be used
    public record Wanted(
            String query, @Nullable String about, Set<Kind> kinds, int most, boolean byMeaning) {
        public Wanted {
            kinds = Set.copyOf(kinds);
        }

        public static Wanted of(String query, int most) {
            return new Wanted(query, null, EnumSet.allOf(Kind.class), most, true);
        }
    }

    /// A memory that was found.
    ///
    /// @param score from 1 for the best, told just now, downwards; 0 where nothing was looked for
    /// @param contradicts ids of memories that say otherwise about the same
    /// @param superseded whether one of those was told later
    public record Recalled(
            Memory memory, double score, List<String> contradicts, boolean superseded) {
        public Recalled {
            contradicts = List.copyOf(contradicts);
        }

        /// Reads what [#value] wrote; without a score it is 0.
        ///
        /// @throws IllegalArgumentException when it is no memory
        public static Recalled of(Value.Struct written) {
            var contradicts =
                    written.get("contradicts") instanceof Value.Array(var items)
                            ? items.stream()
                                    .map(item -> item instanceof Value.Text(var id) ? id : "")
                                    .toList()
                            : List.<String>of();
            return new Recalled(
                    Memory.of(written),
                    written.get("score") instanceof Value.Real(var score) ? score : 0,
                    contradicts,
                    written.get("superseded") instanceof Value.Bool(var yes) && yes);
        }

        /// As JSON.
        public Value.Struct value() {
            var fields = memory.fields();
            fields.put("score", new Value.Real(Math.round(score * 1e4) / 1e4));
            fields.put("contradicts", Value.from(contradicts));
            fields.put("superseded", Value.of(superseded));
            return new Value.Struct(fields);
        }
    }

    /// What was found.
    ///
    /// @param hybrid whether meaning counted, or words alone
    public record Found(List<Recalled> memories, boolean hybrid) {
        public Found {
            memories = List.copyOf(memories);
        }
    }

    /// Searches.
    public Found search(Wanted wanted, Instant now) throws IOException, InterruptedException {
        return look(
                now,
                contents -> {
                    var meaning = wanted.byMeaning() ? meaning(contents, wanted.query()) : null;
                    var hits =
                            new Ranking(contents, Ranking.Weights.TUNED)
                                    .find(
                                            wanted.query(),
                                            wanted.about(),
                                            wanted.kinds(),
                                            wanted.most(),
                                            meaning,
                                            now);
                    var recalled = new ArrayList<Recalled>();
                    for (var hit : hits) {
                        recalled.add(recalled(contents, hit.place(), hit.score(), now));
                    }
                    return new Found(prefer(recalled), meaning != null);
                });
    }

    /// Of two that contradict one another the one that was told later comes first.
    private static List<Recalled> prefer(List<Recalled> found) {
        var order = new ArrayList<>(found);
        for (int i = 0; i < order.size(); i++) {
            if (!order.get(i).superseded()) {
                continue;
            }
            var older = order.get(i);
            for (int j = i + 1; j < order.size(); j++) {
                if (older.contradicts().contains(order.get(j).memory().id())
                        && order.get(j).memory().confirmed().isAfter(older.memory().confirmed())) {
                    var later = order.remove(j);
                    order.add(i++, later);
                }
            }
        }
        return order;
    }

    /// The memory of an id, if it is still remembered.
    public Optional<Recalled> memory(String id, Instant now)
            throws IOException, InterruptedException {
        return look(
                now,
                contents -> {
                    var place = contents.place(id);
                    return place.isPresent() && contents.memory(place.get()).lives(now)
                            ? Optional.of(recalled(contents, place.get(), 0, now))
                            : Optional.empty();
                });
    }

    /// Everything that is remembered, oldest first.
    ///
    /// @param about only what is about this, or null for everything
    public List<Recalled> all(@Nullable String about, Set<Kind> kinds, Instant now)
            throws IOException, InterruptedException {
        return look(
                now,
                contents -> {
                    long micros = Leaf.micros(now);
                    var among = about == null ? null : Set.copyOf(contents.with(Leaf.ABOUT, about));
                    var all = new ArrayList<Recalled>();
                    for (int place = 0; place < contents.places(); place++) {
                        if (contents.has(place, kinds, micros)
                                && (among == null || among.contains(place))) {
                            all.add(recalled(contents, place, 0, now));
                        }
                    }
                    return all;
                });
    }

    /// The memory that says the same as a fact, if there is one.
    public Optional<Recalled> same(Told.Fact fact, Instant now)
            throws IOException, InterruptedException {
        return look(
                now,
                contents -> {
                    long micros = Leaf.micros(now);
                    for (int place : contents.with(Leaf.SAME, fact.wording().same()).reversed()) {
                        if (contents.has(place, EnumSet.of(Kind.FACT), micros)) {
                            return Optional.of(recalled(contents, place, 0, now));
                        }
                    }
                    return Optional.empty();
                });
    }

    /// The rules that hold now.
    public Rules rules(Instant now) throws IOException, InterruptedException {
        return look(now, contents -> contents.mark().rules());
    }

    /// The newest messages of the topic that told nothing, and why.
    public List<String> unread(Instant now) throws IOException, InterruptedException {
        return look(now, contents -> contents.mark().unread());
    }

    /// Makes sure that nothing of what was forgotten is left in the files beside the store.
    public void erase(Instant now) throws IOException, InterruptedException {
        look(now, _ -> true);
        if (vectors != null) {
            vectors.tidy(() -> look(now, LongTermMemory::digests));
        }
    }

    /// Who told something, as journals say it still after it was forgotten.
    ///
    /// @param messages how many messages of the topic
    /// @param from the runs, and others, that they are from
    public record Traces(int messages, Set<String> from) {
        public Traces {
            from = java.util.Collections.unmodifiableSet(new LinkedHashSet<>(from));
        }
    }

    /// Looks through the topic for what it has on record, whether or not it is remembered.
    ///
    /// @param about what is about this, or null for what says the same as `memory`
    public Traces traces(@Nullable String about, @Nullable Memory memory) {
        var from = new LinkedHashSet<String>();
        int messages = 0;
        var same = memory == null ? null : wording(memory).same();
        try (var journal = journals.get()) {
            for (long at = 0; ; ) {
                var page = journal.read(topic, at, 1_000);
                if (page.isEmpty()) {
                    return new Traces(messages, from);
                }
                for (var entry : page) {
                    if (Told.of(entry) instanceof Told.Facts(var facts, _)
                            && facts.stream()
                                    .anyMatch(fact ->
                                            about == null
                                                    ? fact.wording().same().equals(same)
                                                    : about.equals(fact.about()))) {
                        messages++;
                        var actor = entry.event().actor();
                        from.add(
                                actor.startsWith("run/")
                                        ? actor
                                        : Posted.of(entry).event().source());
                    }
                }
                at = page.getLast().sequence();
            }
        }
    }

    private static Wording wording(Memory memory) {
        return memory.attribute() == null || memory.value() == null
                ? Wording.of(memory.text(), memory.about())
                : Wording.of(memory.attribute(), memory.value(), memory.about());
    }

    private static Recalled recalled(Contents contents, int place, double score, Instant now)
            throws IOException {
        var full = contents.full(place, now);
        var contradicts = new ArrayList<String>();
        boolean superseded = false;
        for (int other : full.contradicted()) {
            contradicts.add(contents.id(other));
            superseded |= contents.confirmed(other).isAfter(full.memory().confirmed());
        }
        return new Recalled(full.memory(), score, contradicts, superseded);
    }

    // ---- meaning

    private Ranking.@Nullable Meaning meaning(Contents contents, String query) {
        if (vectors == null || !Embeddings.working()) {
            return null;
        }
        try {
            var missing = vectors.missing(contents);
            if (!missing.isEmpty() && missing.size() <= MOST_AT_ONCE) {
                embed(contents, missing, vectors, () -> contents);
            }
            return vectors.meaning(contents, query);
        } catch (IOException | RuntimeException unavailable) {
            LOG.warn("found by words alone: {}", unavailable.toString());
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    private interface Now {
        Contents contents() throws IOException, InterruptedException;
    }

    private static void embed(Contents contents, List<Integer> places, Vectors vectors, Now now)
            throws IOException, InterruptedException {
        var computed = new HashMap<BytesRef, float[]>();
        for (int place : places) {
            var memory = contents.memory(place);
            var digest = Objects.requireNonNull(contents.digest(place));
            computed.put(
                    digest, Embeddings.shared().of(Leaf.embedded(memory.text(), memory.about())));
        }
        vectors.keep(computed, () -> digests(now.contents()));
    }

    private static Set<BytesRef> digests(Contents contents) {
        var digests = new LinkedHashSet<BytesRef>();
        for (int place = 0; place < contents.places(); place++) {
            var digest = contents.digest(place);
            if (digest != null) {
                digests.add(digest);
            }
        }
        return digests;
    }

    /// Computes the vectors that are missing.
    public Upkeep upkeep() {
        return vectors == null ? Upkeep.NONE : new Embedding(vectors);
    }

    private final class Embedding implements Upkeep {
        private final Vectors kept;

        private Embedding(Vectors kept) {
            this.kept = kept;
        }

        @Override
        public String title() {
            return "embedding memories";
        }

        @Override
        public boolean pending() {
            if (!Embeddings.working()) {
                return false;
            }
            try {
                return look(
                        Instant.now(), contents -> kept.missing(contents).size() > MOST_AT_ONCE);
            } catch (IOException unreadable) {
                LOG.warn("vectors of memories cannot be read: {}", unreadable.toString());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return false;
        }

        @Override
        public void run(Progress progress, BooleanSupplier stop)
                throws IOException, InterruptedException {
            while (!stop.getAsBoolean()) {
                boolean more =
                        look(
                                Instant.now(),
                                contents -> {
                                    var missing = kept.missing(contents);
                                    progress.done(
                                            contents.count() - missing.size(), contents.count());
                                    if (missing.isEmpty()) {
                                        return false;
                                    }
                                    embed(
                                            contents,
                                            missing.subList(0, Math.min(BATCH, missing.size())),
                                            kept,
                                            () -> contents);
                                    return true;
                                });
                if (!more) {
                    return;
                }
            }
        }
    }

    // ---- looking

    private interface Look<T> {
        T at(Contents contents) throws IOException, InterruptedException;
    }

    /// Looks at the topic as it is now. An index that turns out to be damaged is made anew, once.
    private <T> T look(Instant now, Look<T> look) throws IOException, InterruptedException {
        refresh(now);
        var contents = index.hold();
        try {
            return look.at(contents);
        } catch (org.apache.lucene.index.CorruptIndexException damaged) {
            LOG.warn("the index of memories is made anew: {}", damaged.toString());
        } finally {
            contents.release();
        }
        index.discard();
        refresh(now);
        var anew = index.hold();
        try {
            return look.at(anew);
        } finally {
            anew.release();
        }
    }

    private void refresh(Instant now) throws IOException, InterruptedException {
        try (var journal = journals.get()) {
            index.refresh(journal, now);
        }
    }

    @Override
    public void close() throws IOException {
        index.close();
    }
}
