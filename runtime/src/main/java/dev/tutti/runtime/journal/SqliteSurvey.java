package dev.tutti.runtime.journal;

import dev.tutti.core.event.TenantId;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A SQLite store as those see it who examine it: what no hash covers, what SQLite itself finds
/// wrong, and what nobody reads since it is damaged.
public final class SqliteSurvey {
    private final SqliteReader store;

    SqliteSurvey(SqliteReader store) {
        this.store = store;
    }

    /// Lets everything that is read in `look` be of one moment, also while another process writes.
    public void atOneMoment(Runnable look) {
        try (var statement = store.connection.createStatement()) {
            statement.execute("BEGIN");
            try {
                look.run();
            } finally {
                statement.execute("ROLLBACK");
            }
        } catch (SQLException e) {
            throw SqliteErrors.translate("read the store", e);
        }
    }

    /// SQLite's own check of the whole file; empty when it finds nothing.
    public List<String> integrity() {
        try (var statement = store.connection.createStatement()) {
            var findings = new ArrayList<String>();
            try (var result = statement.executeQuery("PRAGMA integrity_check")) {
                while (result.next()) {
                    if (!"ok".equals(result.getString(1))) {
                        findings.add(result.getString(1));
                    }
                }
            }
            try (var result = statement.executeQuery("PRAGMA foreign_key_check")) {
                while (result.next()) {
                    findings.add(
                            "row "
                                    + result.getLong(2)
                                    + " of "
                                    + result.getString(1)
                                    + " belongs to nothing");
                }
            }
            return findings;
        } catch (SQLException e) {
            throw SqliteErrors.translate("check the store", e);
        }
    }

    /// The epoch of the store's owner, present or last.
    public long epoch() {
        try (var result = store.prepared(Sql.EPOCH).executeQuery()) {
            return result.next() ? result.getLong(1) : 0;
        } catch (SQLException e) {
            throw SqliteErrors.translate("read the epoch", e);
        }
    }

    /// A stream as its row says.
    ///
    /// @param hash of its last entry
    /// @param due when it wants attention if nobody holds it, null for never
    public record StreamHead(
            StreamId stream, long sequence, long epoch, byte[] hash, @Nullable Instant due) {}

    /// All streams as their rows say, which no hash covers: to be compared with their events.
    public List<StreamHead> heads() {
        try (var result = store.prepared(Sql.HEADS).executeQuery()) {
            var found = new ArrayList<StreamHead>();
            while (result.next()) {
                var stream = new StreamId(new TenantId(result.getString(1)), result.getString(2));
                long due = result.getLong(6);
                var at = result.wasNull() ? null : HashChain.instant(due);
                found.add(
                        new StreamHead(
                                stream,
                                result.getLong(3),
                                result.getLong(4),
                                result.getBytes(5),
                                at));
            }
            return found;
        } catch (SQLException | IllegalArgumentException | NullPointerException e) {
            throw SqliteErrors.translate("read the heads of the streams", e);
        }
    }

    /// All messages that nobody has handled yet.
    ///
    /// @param damaged hears what is wrong with each that is damaged, which is why nobody will
    public List<Message> messages(Consumer<String> damaged) {
        return store.messages(Integer.MAX_VALUE, (_, why) -> damaged.accept(why));
    }
}
