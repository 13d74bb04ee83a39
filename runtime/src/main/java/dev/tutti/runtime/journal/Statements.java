package dev.tutti.runtime.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The writer's prepared statements. Events are collected and sent together by [#flush].
final class Statements implements AutoCloseable {
    private final Connection connection;
    private final HashChain chain = new HashChain();
    private final Statement plain;
    private final PreparedStatement begin;
    private final PreparedStatement commit;
    private final PreparedStatement epoch;
    private final PreparedStatement create;
    private final PreparedStatement move;
    private final PreparedStatement event;
    private final PreparedStatement message;
    private final PreparedStatement consumed;
    private final PreparedStatement definition;
    private int collected;

    Statements(Connection connection) throws SQLException {
        this.connection = connection;
        plain = connection.createStatement();
        begin = connection.prepareStatement("BEGIN IMMEDIATE");
        commit = connection.prepareStatement("COMMIT");
        epoch = connection.prepareStatement(Sql.EPOCH);
        create = connection.prepareStatement(Sql.NEW_STREAM);
        move = connection.prepareStatement(Sql.MOVE_HEAD);
        event = connection.prepareStatement(Sql.INSERT_EVENT);
        message = connection.prepareStatement(Sql.INSERT_MESSAGE);
        consumed = connection.prepareStatement(Sql.DELETE_MESSAGE);
        definition = connection.prepareStatement(Sql.INSERT_DEFINITION);
    }

    void begin() throws SQLException {
        begin.execute();
    }

    void commit() throws SQLException {
        commit.execute();
    }

    void rollback() throws SQLException {
        plain.execute("ROLLBACK");
    }

    long number(String query) throws SQLException {
        try (var statement = connection.createStatement();
                var result = statement.executeQuery(query)) {
            if (!result.next()) {
                throw new SQLException("no row: " + query);
            }
            return result.getLong(1);
        }
    }

    long sequence(long stream) throws SQLException {
        return number("SELECT seq FROM stream WHERE id = " + stream);
    }

    /// The epoch of the store's owner.
    long epoch() throws SQLException {
        try (var result = epoch.executeQuery()) {
            return result.next() ? result.getLong(1) : 0;
        }
    }

    long create(StreamId stream) throws SQLException {
        create.setString(1, stream.tenant().value());
        create.setString(2, stream.name());
        create.setBytes(3, HashChain.START);
        try (var result = create.executeQuery()) {
            if (!result.next()) {
                throw new SQLException("no id for the stream " + stream);
            }
            return result.getLong(1);
        }
    }

    /// Moves the head of a stream on, if it is still at `from` and no later owner has it.
    boolean move(long stream, long to, long epoch, byte[] hash, @Nullable Instant due, long from)
            throws SQLException {
        move.setLong(1, to);
        move.setLong(2, epoch);
        move.setBytes(3, hash);
        if (due == null) {
            move.setNull(4, Types.INTEGER);
        } else {
            move.setLong(4, HashChain.micros(due));
        }
        move.setLong(5, stream);
        move.setLong(6, from);
        move.setLong(7, epoch);
        return move.executeUpdate() == 1;
    }

    void insert(long stream, Entry entry, SqliteJournal.Stored payload) throws SQLException {
        event.setLong(1, stream);
        event.setLong(2, entry.sequence());
        event.setLong(3, entry.epoch());
        event.setString(4, entry.event().type());
        event.setInt(5, entry.event().version());
        event.setLong(6, HashChain.micros(entry.event().at()));
        event.setString(7, entry.event().actor());
        event.setString(8, entry.event().cause());
        event.setString(9, entry.event().keyId());
        event.setBytes(10, payload.bytes());
        event.setInt(11, payload.external() ? 1 : 0);
        event.setBytes(12, entry.hash());
        event.setLong(13, entry.position());
        event.addBatch();
        collected++;
    }

    void flush() throws SQLException {
        if (collected > 0) {
            collected = 0;
            event.executeBatch();
        }
    }

    void post(Message post) throws SQLException {
        message.setString(1, post.id());
        message.setString(2, post.to().tenant().value());
        message.setString(3, post.to().name());
        message.setString(4, post.kind());
        message.setString(5, post.actor());
        message.setLong(6, HashChain.micros(post.at()));
        message.setBytes(7, post.payload());
        message.setBytes(8, chain.of(post));
        message.executeUpdate();
    }

    void consume(String id) throws SQLException {
        consumed.setString(1, id);
        consumed.executeUpdate();
    }

    void define(Definition define) throws SQLException {
        definition.setString(1, define.hash());
        definition.setBytes(2, define.body());
        definition.executeUpdate();
    }

    void project(String projection, int version, long position, List<JournalReader.Row> changed)
            throws SQLException {
        try (var clear = connection.prepareStatement(Sql.CLEAR_PROJECTION);
                var keep = connection.prepareStatement(Sql.KEEP_PROJECTION);
                var row = connection.prepareStatement(Sql.KEEP_ROW)) {
            clear.setString(1, projection);
            clear.setInt(2, version);
            clear.executeUpdate();
            keep.setString(1, projection);
            keep.setInt(2, version);
            keep.setLong(3, position);
            keep.executeUpdate();
            for (var changedRow : changed) {
                row.setString(1, projection);
                row.setString(2, changedRow.key());
                row.setBytes(3, changedRow.body());
                row.setBytes(4, chain.of(projection, changedRow));
                row.addBatch();
            }
            row.executeBatch();
        }
    }

    @Override
    public void close() throws SQLException {
        for (var statement :
                List.of(
                        plain,
                        begin,
                        commit,
                        epoch,
                        create,
                        move,
                        event,
                        message,
                        consumed,
                        definition)) {
            statement.close();
        }
    }
}
