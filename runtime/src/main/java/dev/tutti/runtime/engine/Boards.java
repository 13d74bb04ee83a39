package dev.tutti.runtime.engine;

import dev.tutti.core.event.TenantId;
import dev.tutti.core.goal.Team;
import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.runtime.journal.StreamId;
import dev.tutti.runtime.topic.Board;
import dev.tutti.runtime.topic.Enlisted;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// The boards of all tenants, as far as they were looked at, and what is to be noted on them.
final class Boards {
    private static final String ENGINE = "engine";

    private final JournalReader journal;
    private final Function<String, Team> teams;
    private final Lots lots;
    private final Map<TenantId, Board> boards = new LinkedHashMap<>();

    Boards(JournalReader journal, Function<String, Team> teams, Lots lots) {
        this.journal = journal;
        this.teams = teams;
        this.lots = lots;
    }

    Board of(TenantId tenant) {
        return boards.computeIfAbsent(
                tenant, _ -> Board.of(journal, StreamId.subscriptions(tenant), teams));
    }

    /// Those that were looked at.
    Map<TenantId, Board> known() {
        return boards;
    }

    /// The board, unless nobody has looked at it.
    Optional<Board> find(TenantId tenant) {
        return Optional.ofNullable(boards.get(tenant));
    }

    /// Notes what follows from something, in this commit.
    void note(TenantId tenant, Enlisted fact, String cause, Instant now) {
        note(tenant, fact, ENGINE, cause, now);
    }

    /// Notes what somebody did, in this commit.
    void note(TenantId tenant, Enlisted fact, String actor, String cause, Instant now) {
        of(tenant).fold(fact, now, cause);
        lots.of(StreamId.subscriptions(tenant)).entries.add(fact.entry(now, actor, cause));
    }
}
