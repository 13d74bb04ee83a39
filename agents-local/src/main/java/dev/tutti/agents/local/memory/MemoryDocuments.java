package dev.tutti.agents.local.memory;

import dev.tutti.agents.local.memory.LongTermMemory.Recalled;
import dev.tutti.agents.local.memory.LongTermMemory.Wanted;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.Remembrance;
import dev.tutti.runtime.journal.JournalReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Memories as programs are told them, on the command line and over HTTP alike.
public final class MemoryDocuments implements Remembrance.Memories {
    private static final int MOST_NAMING = 20;
    private static final String MEMORIES = "memories";

    private final LongTermMemory memory;

    public MemoryDocuments(LongTermMemory memory) {
        this.memory = memory;
    }

    /// How they are found by [java.util.ServiceLoader].
    public static final class Provider implements Remembrance {
        @Override
        public Memories open(
                @Nullable Path store, TenantId tenant, Supplier<JournalReader> journals)
                throws IOException {
            return new MemoryDocuments(LongTermMemory.of(store, tenant, journals));
        }
    }

    @Override
    public Value.Struct search(
            String query, Remembrance.Which which, int most, boolean byMeaning, Instant now)
            throws IOException, InterruptedException {
        if (query.isBlank()) {
            throw new IllegalArgumentException("there is nothing to look for: name a word");
        }
        var found =
                memory.search(
                        new Wanted(
                                query.strip(),
                                which.about(),
                                kinds(which.kinds()),
                                most,
                                byMeaning),
                        now);
        return Value.struct(
                "query",
                Value.text(query),
                "retrieval",
                Value.text(found.hybrid() ? "hybrid" : "words"),
                MEMORIES,
                values(found.memories()));
    }

    @Override
    public Value.Struct list(Remembrance.Which which, int limit, Instant now)
            throws IOException, InterruptedException {
        var all = memory.all(which.about(), kinds(which.kinds()), now).reversed();
        return Value.struct(
                "count",
                Value.of(all.size()),
                MEMORIES,
                values(all.subList(0, Math.min(Math.max(0, limit), all.size()))),
                "told_nothing",
                Value.from(memory.unread(now)));
    }

    @Override
    public Optional<Value.Struct> show(String id, Instant now)
            throws IOException, InterruptedException {
        var found = memory.memory(id, now);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        var told = memory.traces(null, found.get().memory()).from();
        return Optional.of(unscored(found.get()).with("told_by", Value.from(List.copyOf(told))));
    }

    @Override
    public List<Value.Struct> export(Remembrance.Which which, Instant now)
            throws IOException, InterruptedException {
        return memory.all(which.about(), kinds(which.kinds()), now).stream()
                .map(MemoryDocuments::unscored)
                .toList();
    }

    @Override
    public Optional<Value.Struct> forget(
            @Nullable String id,
            @Nullable String about,
            Remembrance.@Nullable Telling telling,
            Instant now)
            throws IOException, InterruptedException {
        if ((id == null) == (about == null)) {
            throw new IllegalArgumentException(
                    "name one memory to forget, `id`, or all about somebody, `about`");
        }
        var gone =
                id != null
                        ? memory.memory(id, now).stream().toList()
                        : memory.all(about, EnumSet.allOf(Kind.class), now);
        if (id != null && gone.isEmpty()) {
            return Optional.empty();
        }
        var traces = memory.traces(about, about == null ? gone.getFirst().memory() : null);
        var naming = about == null ? List.<String>of() : naming(about, now);
        if (gone.isEmpty() && traces.messages() == 0 && naming.isEmpty()) {
            return Optional.empty();
        }
        if (telling != null) {
            telling.tell(
                    Told.FORGET,
                    about,
                    id == null ? Value.Struct.EMPTY : Value.struct("id", Value.text(id)));
            memory.erase(now);
            naming = about == null ? naming : naming(about, now);
        }
        return Optional.of(
                Value.struct(
                        "forgotten",
                        Value.of(gone.size()),
                        "messages_on_record",
                        Value.of(traces.messages()),
                        "recorded_by",
                        Value.from(List.copyOf(traces.from())),
                        "named_in",
                        Value.from(naming)));
    }

    @Override
    public Optional<Value.Struct> remember(
            Value.Struct fact, @Nullable String about, Remembrance.Telling telling, Instant now)
            throws IOException, InterruptedException {
        var wanted = Told.facts(fact, about, now).getFirst();
        telling.tell(Told.FACT, about, fact);
        return memory.same(wanted, now).map(found -> without("score", found.value()));
    }

    private static Value.Struct without(String name, Value.Struct document) {
        var fields = new LinkedHashMap<>(document.fields());
        fields.remove(name);
        return new Value.Struct(fields);
    }

    @Override
    public Value.Struct rules(Value.Struct change, Remembrance.Telling telling, Instant now)
            throws IOException, InterruptedException {
        if (!change.fields().isEmpty()) {
            Rules.DEFAULT.with(change);
            telling.tell(Told.RULES, null, change);
        }
        return memory.rules(now).value();
    }

    /// Memories that are about something else and have the name in their text.
    private List<String> naming(String about, Instant now)
            throws IOException, InterruptedException {
        var name = about.toLowerCase(Locale.ROOT);
        return memory.all(null, EnumSet.allOf(Kind.class), now).stream()
                .map(Recalled::memory)
                .filter(one -> !about.equals(one.about()))
                .filter(one -> one.text().toLowerCase(Locale.ROOT).contains(name))
                .map(Memory::id)
                .limit(MOST_NAMING)
                .toList();
    }

    /// The kinds by their words, all where none is named.
    ///
    /// @throws IllegalArgumentException when one of them is none
    public static Set<Kind> kinds(Iterable<String> words) {
        var wanted = EnumSet.noneOf(Kind.class);
        for (var word : words) {
            wanted.add(
                    Kind.of(word.toLowerCase(Locale.ROOT))
                            .orElseThrow(() ->
                                    new IllegalArgumentException(
                                            "there is no kind `"
                                                    + word
                                                    + "`; there are fact, episode and procedure")));
        }
        return wanted.isEmpty() ? EnumSet.allOf(Kind.class) : wanted;
    }

    private static Value values(List<Recalled> recalled) {
        return new Value.Array(recalled.stream().<Value>map(Recalled::value).toList());
    }

    private static Value.Struct unscored(Recalled recalled) {
        var fields = new LinkedHashMap<>(recalled.value().fields());
        fields.remove("score");
        return new Value.Struct(fields);
    }

    @Override
    public void close() throws IOException {
        memory.close();
    }
}
