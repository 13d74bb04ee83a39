package dev.tutti.server.view;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.goal.Team;
import dev.tutti.document.StoreObstacles;
import dev.tutti.runtime.engine.Runs;
import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.runtime.journal.StreamId;
import dev.tutti.view.Obstacles;
import dev.tutti.wiring.Definitions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The folds of the runs that were looked at last. Each is continued from the journal when it is
/// asked for, so that looking again costs what is new. Safe to use from several threads.
public final class Views implements AutoCloseable {
    /// Events of the runs that are kept folded, all together.
    private static final long MOST_EVENTS = 400_000;

    private static final int MOST_RUNS = 2_000;
    private static final int MOST_TEAMS = 100;
    private static final int PAGE = 1_000;

    /// So many events lie between the folds that are kept for looking back.
    private static final long STEP = 1_000;

    /// So long what stands in the way of tasks is as good as new.
    private static final Duration FRESH = Duration.ofSeconds(5);

    private final Supplier<JournalReader> reader;
    private final Function<AgentId, Optional<Instant>> leftAlone;
    private @Nullable StoreObstacles obstacles;
    private Instant obstaclesAt = Instant.EPOCH;
    private long switchedAt;
    private final Readers readers;
    private final Map<RunId, Kept> kept = new LinkedHashMap<>(64, 0.75f, true);
    private final Map<String, Team> teams = new ConcurrentHashMap<>();

    /// One run. Its own monitor guards it.
    private static final class Kept {
        private final RunId run;
        private final List<RunFold> earlier = new ArrayList<>();
        private final Patches patches = new Patches();
        private RunFold fold;
        private @Nullable TaskLog log;

        private Kept(RunId run) {
            this.run = run;
            fold = RunFold.of(run);
        }

        private void readOn(JournalReader journal) {
            while (true) {
                var page = journal.read(fold.stream(), fold.sequence(), PAGE);
                for (var entry : page) {
                    var event = Runs.event(entry);
                    if (fold.sequence() > 0 && fold.sequence() % STEP == 0) {
                        earlier.add(fold.copy());
                    }
                    fold.add(entry, event);
                    if (log != null) {
                        log.add(entry, event);
                    }
                }
                if (page.size() < PAGE) {
                    return;
                }
            }
        }

        private RunFold at(JournalReader journal, long sequence) {
            if (sequence >= fold.sequence()) {
                return fold;
            }
            int before = (int) (sequence / STEP) - 1;
            var past =
                    before < 0
                            ? RunFold.of(run)
                            : earlier.get(Math.min(before, earlier.size() - 1)).copy();
            while (past.sequence() < sequence) {
                var page =
                        journal.read(
                                past.stream(),
                                past.sequence(),
                                (int) Math.min(PAGE, sequence - past.sequence()));
                if (page.isEmpty()) {
                    break;
                }
                page.forEach(entry -> past.add(entry, Runs.event(entry)));
            }
            return past;
        }

        private TaskLog log(JournalReader journal) {
            if (log == null) {
                log = logTo(journal, fold.sequence());
            }
            return log;
        }

        private TaskLog logTo(JournalReader journal, long sequence) {
            var made = new TaskLog();
            while (made.sequence() < sequence) {
                var page =
                        journal.read(
                                fold.stream(),
                                made.sequence(),
                                (int) Math.min(PAGE, sequence - made.sequence()));
                if (page.isEmpty()) {
                    break;
                }
                page.forEach(entry -> made.add(entry, Runs.event(entry)));
            }
            return made;
        }
    }

    /// @param reader makes a reader for whoever asks
    /// @param leftAlone until when the process that drives the store leaves an agent alone
    public Views(Supplier<JournalReader> reader, Function<AgentId, Optional<Instant>> leftAlone) {
        this.reader = reader;
        this.leftAlone = leftAlone;
        readers = new Readers(reader);
    }

    /// What stands in the way of tasks as the journal has it, as `tutti why` does; read anew when
    /// an agent was switched, and every few seconds.
    StoreObstacles obstacles() {
        long switched = read(journal -> journal.head(StreamId.agents(TenantId.LOCAL)));
        synchronized (this) {
            var now = Instant.now();
            var known = obstacles;
            if (known == null || switched != switchedAt || now.isAfter(obstaclesAt.plus(FRESH))) {
                known = new StoreObstacles(reader, now);
                obstacles = known;
                obstaclesAt = now;
                switchedAt = switched;
            }
            return known;
        }
    }

    /// The same for pages that are drawn at every event: at once, so it is not looked who has
    /// locks.
    Obstacles obstaclesAtHand() {
        var known = obstacles();
        var now = Instant.now();
        return new Obstacles() {
            @Override
            public Optional<RunId> holder(String lock) {
                return Optional.empty();
            }

            @Override
            public boolean isOff(AgentId agent) {
                return known.isOff(agent);
            }

            @Override
            public Optional<Instant> leftAlone(AgentId agent) {
                return leftAlone.apply(agent).filter(until -> until.isAfter(now));
            }
        };
    }

    /// Looks at the journal.
    public <T> T read(Function<JournalReader, T> look) {
        return readers.use(look);
    }

    private Kept kept(RunId run) {
        synchronized (kept) {
            var found = kept.computeIfAbsent(run, Kept::new);
            long events = 0;
            for (var one : kept.values()) {
                events += one.fold.sequence();
            }
            var oldest = kept.entrySet().iterator();
            while ((events > MOST_EVENTS || kept.size() > MOST_RUNS) && kept.size() > 1) {
                events -= oldest.next().getValue().fold.sequence();
                oldest.remove();
            }
            return found;
        }
    }

    /// Looks at a run as it is now.
    <T> T now(RunId run, Function<RunFold, T> look) {
        var one = kept(run);
        return read(journal -> {
            synchronized (one) {
                one.readOn(journal);
                return look.apply(one.fold);
            }
        });
    }

    /// What of a run is not as it was when `from` of its events were known.
    Patch patch(RunId run, long from, Function<RunFold, Rendered> render) {
        var one = kept(run);
        return read(journal -> {
            synchronized (one) {
                one.readOn(journal);
                return one.patches.since(from, one.fold, render);
            }
        });
    }

    /// Looks at a run as it was after `at` events.
    ///
    /// @param look given the fold, and how many events the run has
    <T> T at(RunId run, long at, java.util.function.BiFunction<RunFold, Long, T> look) {
        var one = kept(run);
        return read(journal -> {
            synchronized (one) {
                one.readOn(journal);
                return look.apply(one.at(journal, at), one.fold.sequence());
            }
        });
    }

    /// Looks into the tasks of a run as they were after `at` events.
    <T> T tasks(RunId run, long at, java.util.function.BiFunction<RunFold, TaskLog, T> look) {
        var one = kept(run);
        return read(journal -> {
            synchronized (one) {
                one.readOn(journal);
                boolean past = at < one.fold.sequence();
                return look.apply(
                        one.at(journal, at), past ? one.logTo(journal, at) : one.log(journal));
            }
        });
    }

    /// The team that a run was begun with, if its definition is there.
    Optional<Team> team(RunFold fold) {
        if (!fold.state().started()) {
            return Optional.empty();
        }
        var hash = fold.state().asked().team();
        var known = teams.get(hash);
        if (known != null) {
            return Optional.of(known);
        }
        var read =
                this.<Optional<Team>>read(journal ->
                        journal.definition(hash)
                                .map(definition -> new Definitions().read(definition.body())));
        if (teams.size() > MOST_TEAMS) {
            teams.clear();
        }
        read.ifPresent(team -> teams.put(hash, team));
        return read;
    }

    /// Whether there is such a run.
    public boolean has(RunId run) {
        return read(journal -> journal.head(StreamId.run(TenantId.LOCAL, run))) > 0;
    }

    @Override
    public void close() {
        readers.close();
    }
}
