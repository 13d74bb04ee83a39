package dev.tutti.document;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.TenantId;
import dev.tutti.runtime.dispatch.Switches;
import dev.tutti.runtime.engine.Runs;
import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.runtime.journal.StreamId;
import dev.tutti.runtime.projection.Breakers;
import dev.tutti.runtime.projection.RunList;
import dev.tutti.runtime.projection.RunSummary;
import dev.tutti.view.Obstacles;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What stands in the way as the journal of a store has it. Who is switched off is read at once,
/// the rest when it is first asked for: who is left alone takes up to a second. Safe to use from
/// several threads.
public final class StoreObstacles implements Obstacles {
    private final Supplier<JournalReader> journals;
    private final Instant now;
    private final Map<String, Optional<RunId>> holders = new HashMap<>();
    private final Switches switches;
    private @Nullable Breakers breakers;

    /// @param journals opens a reader
    /// @param now when it is asked
    public StoreObstacles(Supplier<JournalReader> journals, Instant now) {
        this.journals = journals;
        this.now = now;
        switches = read(Switches::of);
    }

    private <T> T read(Function<JournalReader, T> look) {
        try (var journal = journals.get()) {
            return look.apply(journal);
        }
    }

    @Override
    public synchronized Optional<RunId> holder(String lock) {
        return holders.computeIfAbsent(
                lock,
                _ ->
                        read(journal ->
                                RunList.unfinished(journal, TenantId.LOCAL).stream()
                                        .map(RunSummary::run)
                                        .filter(run -> holds(journal, run, lock))
                                        .findFirst()));
    }

    private static boolean holds(JournalReader journal, RunId run, String lock) {
        var state = Runs.load(journal, StreamId.run(TenantId.LOCAL, run)).state();
        return state.open().values().stream()
                .anyMatch(open -> state.task(open.task()).course().locks().contains(lock));
    }

    @Override
    public boolean isOff(AgentId agent) {
        return switches.isOff(agent);
    }

    @Override
    public Optional<Instant> leftAlone(AgentId agent) {
        return learned().openUntil(agent).filter(until -> until.isAfter(now));
    }

    /// Reads who is left alone, unless it has been read.
    public void learn() {
        learned();
    }

    private synchronized Breakers learned() {
        var known = breakers;
        if (known == null) {
            known = read(Breakers::of);
            breakers = known;
        }
        return known;
    }
}
