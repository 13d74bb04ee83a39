package dev.tutti.runtime.journal;

import dev.tutti.core.event.TenantId;
import dev.tutti.runtime.artifact.ArtifactException;
import dev.tutti.runtime.artifact.ArtifactStore;
import dev.tutti.runtime.artifact.Sha256;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads a SQLite store over a connection of its own. One thread at a time.
class SqliteReader implements JournalReader {
    /// Streams whose last entry is remembered while the journal is followed.
    private static final int MOST_FOLLOWED = 10_000;

    final Connection connection;
    private final ArtifactStore artifacts;
    private final HashChain chain = new HashChain();
    private final Map<String, PreparedStatement> statements = new HashMap<>();

    /// By the number of the stream: what is followed is in many streams at once, and each entry is
    /// checked against the one before it.
    private final Map<Long, Followed> followed =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<Long, Followed> eldest) {
                    return size() > MOST_FOLLOWED;
                }
            };

    /// The last entry of a stream that was followed and whose hash holds; 0 before the first.
    private record Followed(StreamId stream, long sequence, byte[] hash) {}

    SqliteReader(Connection connection, ArtifactStore artifacts) {
        this.connection = connection;
        this.artifacts = artifacts;
    }

    /// A statement that is kept for the next time.
    final PreparedStatement prepared(String sql) throws SQLException {
        var kept = statements.get(sql);
        if (kept == null) {
            kept = connection.prepareStatement(sql);
            statements.put(sql, kept);
        }
        return kept;
    }

    /// Closes the statements that were kept.
    final void forgetPrepared() throws SQLException {
        for (var statement : statements.values()) {
            statement.close();
        }
        statements.clear();
    }

    @Override
    public List<Entry> read(StreamId stream, long sequence, int limit) {
        long head = head(stream);
        try {
            var query = prepared(Sql.READ);
            query.setString(1, stream.tenant().value());
            query.setString(2, stream.name());
            query.setLong(3, sequence);
            query.setInt(4, limit);
            var rows = rows(query, _ -> stream);
            check(stream, sequence, rows);
            if (rows.size() < limit && sequence + rows.size() < head) {
                throw damaged(stream, sequence + rows.size() + 1, "it is missing");
            }
            return rows.stream().map(this::entry).toList();
        } catch (SQLException | IllegalArgumentException | NullPointerException e) {
            throw SqliteErrors.translate("read " + stream, e);
        }
    }

    /// Every read of a stream checks sequence and chain, from the entry before it on.
    private void check(StreamId stream, long sequence, List<StoredEntry> rows) throws SQLException {
        var before = sequence == 0 || rows.isEmpty() ? HashChain.START : hashAt(stream, sequence);
        long next = sequence + 1;
        for (var row : rows) {
            if (row.entry().sequence() != next || !chain.holds(before, row.entry(), row.stored())) {
                throw damaged(stream, next, "its hash does not hold");
            }
            before = row.entry().hash();
            next++;
        }
    }

    /// Every row against the one before it in its stream, wherever that is.
    private void checkEach(List<StoredEntry> rows) throws SQLException {
        for (var row : rows) {
            var entry = row.entry();
            var before = before(entry, row.number());
            if (!chain.holds(before, entry, row.stored())) {
                throw damaged(entry.stream(), entry.sequence(), "its hash does not hold");
            }
            followed.put(
                    row.number(), new Followed(entry.stream(), entry.sequence(), entry.hash()));
        }
    }

    /// The hash of the entry before this one in its stream.
    private byte[] before(Entry entry, long number) throws SQLException {
        long sequence = entry.sequence() - 1;
        var last = followed.get(number);
        if (last != null && last.sequence() == sequence) {
            return last.hash();
        }
        return hashAt(entry.stream(), sequence);
    }

    /// @param number of the stream in this store
    private StreamId stream(long number) throws SQLException {
        var known = followed.get(number);
        if (known != null) {
            return known.stream();
        }
        var query = prepared(Sql.STREAM_NAME);
        query.setLong(1, number);
        try (var result = query.executeQuery()) {
            if (!result.next()) {
                throw new JournalException(
                        "corrupt", "an event is in a stream that is missing", null);
            }
            var stream = new StreamId(new TenantId(result.getString(1)), result.getString(2));
            followed.put(number, new Followed(stream, 0, HashChain.START));
            return stream;
        }
    }

    /// Compares the store with its mark.
    ///
    /// @throws JournalException when something that was acknowledged is not there
    final void check(HighWater.Lost lost) throws SQLException {
        var query = prepared(Sql.HASH_AT_POSITION);
        query.setLong(1, lost.position());
        Optional<byte[]> hash;
        try (var result = query.executeQuery()) {
            hash = result.next() ? Optional.of(result.getBytes(1)) : Optional.empty();
        }
        try (var result = prepared(Sql.LAST_MESSAGE).executeQuery()) {
            lost.check(hash, result.next() ? result.getLong(1) : 0);
        }
    }

    private static JournalException damaged(StreamId stream, long sequence, String how) {
        return new JournalException(
                "corrupt",
                "the journal of "
                        + stream
                        + " was changed or damaged at event "
                        + sequence
                        + ": "
                        + how,
                null);
    }

    private byte[] hashAt(StreamId stream, long sequence) throws SQLException {
        var query = prepared(Sql.HASH_AT);
        query.setString(1, stream.tenant().value());
        query.setString(2, stream.name());
        query.setLong(3, sequence);
        try (var result = query.executeQuery()) {
            return result.next() ? result.getBytes(1) : HashChain.START;
        }
    }

    /// Rows of earlier versions have no hash.
    private static void require(byte[] hash, byte @Nullable [] stored, String what) {
        if (stored != null && !Arrays.equals(hash, stored)) {
            throw new JournalException(
                    "corrupt", what + " was changed or damaged: its hash does not hold", null);
        }
    }

    @Override
    public List<Entry> follow(long position, int limit) {
        try {
            var query = prepared(Sql.FOLLOW);
            query.setLong(1, position);
            query.setInt(2, limit);
            var rows = rows(query, this::stream);
            checkEach(rows);
            return rows.stream().map(this::entry).toList();
        } catch (SQLException | IllegalArgumentException | NullPointerException e) {
            throw SqliteErrors.translate("follow the journal", e);
        }
    }

    @Override
    public List<StreamId> changedSince(long position) {
        try {
            // All of them are known without a look at each event.
            var query = prepared(position == 0 ? Sql.BEGUN : Sql.CHANGED);
            if (position > 0) {
                query.setLong(1, position);
            }
            try (var result = query.executeQuery()) {
                var streams = new ArrayList<StreamId>();
                while (result.next()) {
                    streams.add(
                            new StreamId(new TenantId(result.getString(1)), result.getString(2)));
                }
                return streams;
            }
        } catch (SQLException | IllegalArgumentException | NullPointerException e) {
            throw SqliteErrors.translate("look for what has changed", e);
        }
    }

    @Override
    public long position() {
        try (var result = prepared(Sql.POSITION).executeQuery()) {
            return result.next() ? result.getLong(1) : 0;
        } catch (SQLException e) {
            throw SqliteErrors.translate("look how long the journal is", e);
        }
    }

    @Override
    public long head(StreamId stream) {
        try {
            var query = prepared(Sql.HEAD);
            query.setString(1, stream.tenant().value());
            query.setString(2, stream.name());
            try (var result = query.executeQuery()) {
                return result.next() ? result.getLong(1) : 0;
            }
        } catch (SQLException | IllegalArgumentException | NullPointerException e) {
            throw SqliteErrors.translate("look for " + stream, e);
        }
    }

    @Override
    public List<Due> due(int limit) {
        try {
            var query = prepared(Sql.DUE);
            query.setInt(1, limit);
            try (var result = query.executeQuery()) {
                var due = new ArrayList<Due>();
                while (result.next()) {
                    due.add(
                            new Due(
                                    new StreamId(
                                            new TenantId(result.getString(1)), result.getString(2)),
                                    HashChain.instant(result.getLong(3))));
                }
                return due;
            }
        } catch (SQLException | IllegalArgumentException | NullPointerException e) {
            throw SqliteErrors.translate("look for what is due", e);
        }
    }

    @Override
    public final List<Message> messages(int limit) {
        return messages(limit, this::leftUnread);
    }

    /// Gives the messages that are whole, and tells of each other one on the way.
    final List<Message> messages(int limit, Unread unread) {
        try (var result = prepared(Sql.MESSAGES).executeQuery()) {
            var messages = new ArrayList<Message>();
            while (messages.size() < limit && result.next()) {
                try {
                    messages.add(message(result));
                } catch (JournalException e) {
                    unread.tell(result.getLong(9), String.valueOf(e.getMessage()));
                }
            }
            return messages;
        } catch (SQLException e) {
            throw SqliteErrors.translate("read messages", e);
        }
    }

    /// Hears of messages that are damaged.
    interface Unread {
        void tell(long number, String why);
    }

    /// A message is damaged. Whoever asks does not mind, for it is not theirs.
    void leftUnread(long number, String why) {}

    @Override
    public final Optional<Message> message(String id) {
        try {
            var query = prepared(Sql.MESSAGE);
            query.setString(1, id);
            try (var result = query.executeQuery()) {
                return result.next() ? Optional.of(message(result)) : Optional.empty();
            }
        } catch (SQLException e) {
            throw SqliteErrors.translate("look for the message " + id, e);
        }
    }

    private Message message(ResultSet result) throws SQLException {
        try {
            var message =
                    new Message(
                            result.getString(1),
                            new StreamId(new TenantId(result.getString(2)), result.getString(3)),
                            result.getString(4),
                            result.getString(5),
                            HashChain.instant(result.getLong(6)),
                            result.getBytes(7));
            require(
                    chain.of(message),
                    result.getBytes(8),
                    "the message " + message.id() + " to " + message.to());
            return message;
        } catch (IllegalArgumentException | NullPointerException e) {
            throw SqliteErrors.translate("read the message " + result.getString(1), e);
        }
    }

    @Override
    public Optional<Definition> definition(String hash) {
        try {
            var query = prepared(Sql.DEFINITION);
            query.setString(1, hash);
            try (var result = query.executeQuery()) {
                if (!result.next()) {
                    return Optional.empty();
                }
                var body = result.getBytes(1);
                require(Sha256.digest().digest(body), reference(hash), "the definition " + hash);
                return Optional.of(new Definition(hash, body));
            }
        } catch (SQLException | IllegalArgumentException | NullPointerException e) {
            throw SqliteErrors.translate("read a definition", e);
        }
    }

    @Override
    public long projectedTo(String projection, int version) {
        try {
            var query = prepared(Sql.PROJECTED_TO);
            query.setString(1, projection);
            query.setInt(2, version);
            try (var result = query.executeQuery()) {
                return result.next() ? result.getLong(1) : 0;
            }
        } catch (SQLException | IllegalArgumentException | NullPointerException e) {
            throw SqliteErrors.translate("look for a projection", e);
        }
    }

    @Override
    public List<JournalReader.Row> rowsBelow(String projection, String key, int limit) {
        try {
            var query = prepared(Sql.ROWS);
            query.setString(1, projection);
            query.setString(2, key);
            query.setInt(3, limit);
            return rows(query, projection);
        } catch (SQLException | IllegalArgumentException | NullPointerException e) {
            throw SqliteErrors.translate("read a projection", e);
        }
    }

    @Override
    public List<JournalReader.Row> rowsWithout(
            List<String> texts, String projection, String key, int limit) {
        if (texts.isEmpty() || texts.size() > MOST_TEXTS) {
            throw new IllegalArgumentException(texts.size() + " texts");
        }
        try {
            var query = prepared(Sql.ROWS_WITHOUT);
            query.setString(1, projection);
            query.setString(2, key);
            for (int i = 0; i < MOST_TEXTS; i++) {
                var text = texts.get(Math.min(i, texts.size() - 1));
                query.setBytes(3 + i, text.getBytes(StandardCharsets.UTF_8));
            }
            query.setInt(3 + MOST_TEXTS, limit);
            return rows(query, projection);
        } catch (SQLException | IllegalArgumentException | NullPointerException e) {
            throw SqliteErrors.translate("read a projection", e);
        }
    }

    private List<JournalReader.Row> rows(PreparedStatement query, String projection)
            throws SQLException {
        try (var result = query.executeQuery()) {
            var rows = new ArrayList<JournalReader.Row>();
            while (result.next()) {
                var row = new JournalReader.Row(result.getString(1), result.getBytes(2));
                require(
                        chain.of(projection, row),
                        result.getBytes(3),
                        "a row of the projection " + projection);
                rows.add(row);
            }
            return rows;
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw SqliteErrors.translate("close the store", e);
        }
    }

    /// An entry whose payload is still as stored.
    ///
    /// @param number of its stream in this store
    private record StoredEntry(Entry entry, long number, byte[] stored, boolean external) {}

    /// Tells which stream has a number.
    private interface Streams {
        StreamId of(long number) throws SQLException;
    }

    private static List<StoredEntry> rows(PreparedStatement query, Streams streams)
            throws SQLException {
        try (var result = query.executeQuery()) {
            var rows = new ArrayList<StoredEntry>();
            while (result.next()) {
                rows.add(row(result, streams));
            }
            return rows;
        }
    }

    private static StoredEntry row(ResultSet result, Streams streams) throws SQLException {
        long number = result.getLong(2);
        var stored = result.getBytes(11);
        var event =
                new NewEntry(
                        result.getString(5),
                        result.getInt(6),
                        HashChain.instant(result.getLong(7)),
                        result.getString(8),
                        result.getString(9),
                        result.getString(10),
                        stored);
        var entry =
                new Entry(
                        result.getLong(1),
                        streams.of(number),
                        result.getLong(3),
                        result.getLong(4),
                        event,
                        result.getBytes(13));
        return new StoredEntry(entry, number, stored, result.getBoolean(12));
    }

    private Entry entry(StoredEntry row) {
        if (!row.external()) {
            return row.entry();
        }
        var payload = content(HexFormat.of().formatHex(row.stored()));
        var event = row.entry().event();
        var whole =
                new NewEntry(
                        event.type(),
                        event.version(),
                        event.at(),
                        event.actor(),
                        event.cause(),
                        event.keyId(),
                        payload);
        return new Entry(
                row.entry().position(),
                row.entry().stream(),
                row.entry().sequence(),
                row.entry().epoch(),
                whole,
                row.entry().hash());
    }

    private byte[] content(String hash) {
        try {
            return artifacts
                    .get(hash)
                    .orElseThrow(() ->
                            new JournalException(
                                    "corrupt",
                                    "the artifact "
                                            + hash
                                            + " that holds an event's payload is missing",
                                    null));
        } catch (ArtifactException e) {
            throw new JournalException(
                    "corrupt", "the payload of an event is damaged: " + e.getMessage(), e);
        }
    }

    /// What an artifact's hash looks like in a payload column.
    static byte[] reference(String hash) {
        return HexFormat.of().parseHex(hash);
    }
}
