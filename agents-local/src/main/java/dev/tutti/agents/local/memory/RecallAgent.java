package dev.tutti.agents.local.memory;

import dev.tutti.agents.local.memory.LongTermMemory.Wanted;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.AgentExecutor;
import dev.tutti.runtime.agent.AgentSettings;
import dev.tutti.runtime.agent.Attempt;
import dev.tutti.runtime.agent.JournalUser;
import dev.tutti.runtime.agent.Upkeep;
import dev.tutti.runtime.journal.JournalReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Recalls what earlier runs and people told.
///
/// Settings: `embeddings: false` for words alone. Takes `query`, and if wanted `about`, `kinds` and
/// `most`; gives `memories`, best first, and how they were found as `retrieval`: `words` or
/// `hybrid`.
final class RecallAgent implements AgentExecutor, JournalUser {
    private static final List<String> SETTINGS = List.of("embeddings");
    private static final List<String> INPUTS = List.of("query", "about", "kinds", "most");
    private static final int DEFAULT = 8;
    static final int MOST = 100;
    static final int LONGEST_QUERY = 10_000;

    private final @Nullable Path store;
    private final Clock clock;
    private @Nullable Supplier<JournalReader> journals;
    private @Nullable LongTermMemory memory;

    RecallAgent(AgentSettings settings, Clock clock) {
        this.clock = clock;
        // A store that is gone with the process has no folder.
        store = settings.store().toString().isEmpty() ? null : settings.store();
        require(settings.agent().settings(), SETTINGS, "a setting of " + settings.uses());
    }

    @Override
    public synchronized void reads(Supplier<JournalReader> readers) {
        journals = readers;
    }

    @Override
    public Outcome perform(Attempt attempt) throws IOException, InterruptedException {
        require(attempt.input(), INPUTS, "an input of recall");
        var query = text(attempt.input(), "query");
        if (query == null || query.isBlank() || query.length() > LONGEST_QUERY) {
            throw new IllegalArgumentException(
                    "`query` is to be a text of 1 to " + LONGEST_QUERY + " characters");
        }
        boolean byMeaning = !Value.of(false).equals(attempt.settings().get("embeddings"));
        var found =
                memory().search(
                                new Wanted(
                                        query.strip(),
                                        text(attempt.input(), "about"),
                                        kinds(attempt.input().get("kinds")),
                                        most(attempt.input().get("most")),
                                        byMeaning),
                                clock.instant());
        return Outcome.succeeded(
                Value.struct(
                        "memories",
                        new Value.Array(
                                found.memories().stream()
                                        .<Value>map(LongTermMemory.Recalled::value)
                                        .toList()),
                        "retrieval",
                        Value.text(found.hybrid() ? "hybrid" : "words")));
    }

    private static void require(Value.Struct given, List<String> known, String what) {
        for (var name : given.fields().keySet()) {
            if (!known.contains(name)) {
                throw new IllegalArgumentException(
                        "`"
                                + name
                                + "` is not "
                                + what
                                + "; there are "
                                + String.join(", ", known));
            }
        }
    }

    private static @Nullable String text(Value.Struct from, String name) {
        return switch (from.get(name)) {
            case null -> null;
            case Value.Null _ -> null;
            case Value.Text(var text) -> text;
            case Value other ->
                    throw new IllegalArgumentException(
                            "`" + name + "` is to be a string, not a " + Value.shape(other));
        };
    }

    private static int most(@Nullable Value given) {
        return switch (given) {
            case null -> DEFAULT;
            case Value.Null _ -> DEFAULT;
            case Value.Int(var number) when number >= 1 && number <= MOST -> (int) number;
            default ->
                    throw new IllegalArgumentException(
                            "`most` is to be a whole number from 1 to " + MOST);
        };
    }

    private static Set<Kind> kinds(@Nullable Value given) {
        if (given == null || given instanceof Value.Null) {
            return EnumSet.allOf(Kind.class);
        }
        var kinds = EnumSet.noneOf(Kind.class);
        if (given instanceof Value.Array(var items)) {
            for (var item : items) {
                if (item instanceof Value.Text(var word) && Kind.of(word).isPresent()) {
                    kinds.add(Kind.of(word).get());
                } else {
                    kinds.clear();
                    break;
                }
            }
        }
        if (kinds.isEmpty()) {
            throw new IllegalArgumentException(
                    "`kinds` is to be a list of fact, episode and procedure");
        }
        return kinds;
    }

    private synchronized LongTermMemory memory() throws IOException {
        var known = memory;
        if (known == null) {
            if (journals == null) {
                throw new IllegalArgumentException(
                        "this agent works where the store is: it reads the topic `memory`");
            }
            known = LongTermMemory.of(store, TenantId.LOCAL, journals);
            memory = known;
        }
        return known;
    }

    @Override
    public synchronized Upkeep upkeep() {
        return memory == null ? Upkeep.NONE : memory.upkeep();
    }

    @Override
    public synchronized void close() {
        try {
            if (memory != null) {
                memory.close();
                memory = null;
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
