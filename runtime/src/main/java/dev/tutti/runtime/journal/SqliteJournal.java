package dev.tutti.runtime.journal;

import dev.tutti.runtime.artifact.ArtifactException;
import dev.tutti.runtime.artifact.ArtifactStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteJDBCLoader;

/// The journal in one SQLite file: WAL, `synchronous=FULL`, one writer, one transaction a batch.
///
/// A payload beyond [#INLINE] bytes goes to the artifacts, synced before the transaction; its row
/// holds the hash. After a failed commit nothing more is written: what is on disk is not known
/// until the store is opened anew. Only a full disk is different: nothing of the commit is there,
/// which is read and not assumed, and the same commit may be made again.
public final class SqliteJournal extends SqliteReader implements Journal {
    private static final Logger LOG = LoggerFactory.getLogger(SqliteJournal.class);
    public static final int INLINE = 64 * 1024;
    private static final int HEADS = 20_000;
    private static final int PROBE_BYTES = 300;

    /// So many damaged messages are told of.
    private static final int WARNINGS = 1_000;

    private final Path file;
    private final ArtifactStore artifacts;
    private final HashChain chain = new HashChain();
    private Statements sql;
    private final Map<StreamId, Head> heads =
            new LinkedHashMap<>(1024, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<StreamId, Head> eldest) {
                    return size() > HEADS;
                }
            };
    private final HighWater mark;
    private final Set<Long> unread = new HashSet<>();
    private long nextPosition;
    private @Nullable JournalException broken;

    /// The end of a stream.
    private record Head(long id, long sequence, long epoch, byte[] hash) {}

    private SqliteJournal(
            Path file, ArtifactStore artifacts, Connection connection, HighWater.Lost lost)
            throws SQLException, IOException {
        super(connection, artifacts);
        check(lost);
        this.file = file;
        this.artifacts = artifacts;
        sql = new Statements(connection);
        nextPosition = sql.number(Sql.NEXT_POSITION);
        mark = HighWater.of(file);
    }

    /// Opens the store, making or upgrading it as needed.
    ///
    /// @throws JournalException `version` when a later Tutti wrote it; `corrupt` when it has lost
    ///   what it had acknowledged; `io` when it cannot be opened
    public static SqliteJournal open(Path file, ArtifactStore artifacts) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            return open(
                    file,
                    (connection, lost) -> new SqliteJournal(file, artifacts, connection, lost));
        } catch (IOException e) {
            throw new JournalException(
                    "io", "could not make the files of " + file + ": " + e.getMessage(), e);
        } catch (SQLException e) {
            throw SqliteErrors.translate("open " + file, e);
        }
    }

    /// What looks into a store over a connection.
    private interface Opening<R extends SqliteReader> {
        R over(Connection connection, HighWater.Lost lost) throws SQLException, IOException;
    }

    /// The mark is read first, so that it is not ahead of what is seen. What cannot be opened is
    /// not held either.
    private static <R extends SqliteReader> R open(Path file, Opening<R> opening)
            throws SQLException, IOException {
        var lost = HighWater.read(file);
        var connection = SqliteStore.open(file);
        try {
            return opening.over(connection, lost);
        } catch (SQLException | IOException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    @Override
    public long claim() {
        try {
            heads.clear();
            nextPosition = sql.number(Sql.NEXT_POSITION);
            return sql.number(Sql.CLAIM);
        } catch (SQLException e) {
            throw SqliteErrors.translate("claim the store", e);
        }
    }

    @Override
    public List<Append.Result> commit(List<Append> batch) {
        refuseWhenBroken();
        try {
            var stored = batch.stream().map(this::store).toList();
            return transact(batch, stored);
        } catch (SQLException e) {
            throw failed(SqliteErrors.translate("commit", e));
        } catch (ArtifactException e) {
            throw failed(
                    new JournalException(
                            e.isFull() ? "full" : "io", "could not commit: " + e.getMessage(), e));
        }
    }

    private void refuseWhenBroken() {
        if (broken != null) {
            throw new JournalException(
                    broken.code(),
                    "the store stopped taking writes: " + broken.getMessage(),
                    broken);
        }
    }

    private JournalException failed(JournalException e) {
        rollback();
        return e.code().equals("full") && isUnchanged() ? e : stop(e);
    }

    /// Writes nothing from now on. That is told as a full disk to nobody, whatever began it: who
    /// hears of one makes the same commit again until there is space.
    private JournalException stop(JournalException e) {
        broken =
                e.code().equals("full")
                        ? new JournalException(
                                "io", e.getMessage() + ", and what is stored is not known", e)
                        : e;
        return broken;
    }

    /// Reads whether the store is as it was, with new statements: the driver closes one that
    /// failed.
    private boolean isUnchanged() {
        try {
            sql.close();
            forgetPrepared();
            sql = new Statements(connection);
            return sql.number(Sql.NEXT_POSITION) == nextPosition;
        } catch (SQLException _) {
            return false;
        }
    }

    private List<Append.Result> transact(List<Append> batch, List<List<Stored>> stored)
            throws SQLException {
        var moved = new LinkedHashMap<StreamId, Head>();
        var results = new ArrayList<Append.Result>(batch.size());
        long position = nextPosition;
        sql.begin();
        long current = sql.epoch();
        for (int i = 0; i < batch.size(); i++) {
            var result = append(batch.get(i), stored.get(i), current, moved, position);
            if (result instanceof Append.Result.Committed(var entries)) {
                position += entries.size();
            }
            results.add(result);
        }
        sql.flush();
        sql.commit();
        heads.putAll(moved);
        nextPosition = position;
        raiseMark(results);
        return results;
    }

    private void raiseMark(List<Append.Result> results) {
        for (var result : results.reversed()) {
            if (result instanceof Append.Result.Committed(var entries) && !entries.isEmpty()) {
                mark.event(entries.getLast().position(), entries.getLast().hash());
                return;
            }
        }
    }

    private Append.Result append(
            Append append,
            List<Stored> payloads,
            long current,
            Map<StreamId, Head> moved,
            long position)
            throws SQLException {
        var head = moved.get(append.stream());
        if (head == null) {
            head = head(append);
        }
        if (append.epoch() != current || append.epoch() < head.epoch()) {
            return new Append.Result.Fenced(append.epoch(), Math.max(current, head.epoch()));
        }
        if (append.expected() != Append.ANY && append.expected() != head.sequence()) {
            return new Append.Result.Conflict(append.expected(), head.sequence());
        }
        var entries = chained(append, payloads, head, position);
        var hash = entries.isEmpty() ? head.hash() : entries.getLast().hash();
        var next = new Head(head.id(), head.sequence() + entries.size(), append.epoch(), hash);
        if (!sql.move(
                next.id(), next.sequence(), next.epoch(), hash, append.due(), head.sequence())) {
            heads.remove(append.stream());
            return new Append.Result.Conflict(append.expected(), sql.sequence(head.id()));
        }
        for (int i = 0; i < entries.size(); i++) {
            sql.insert(head.id(), entries.get(i), payloads.get(i));
        }
        for (var message : append.outbox()) {
            sql.post(message);
        }
        for (var id : append.consumed()) {
            sql.consume(id);
        }
        for (var definition : append.definitions()) {
            sql.define(definition);
        }
        moved.put(append.stream(), next);
        return new Append.Result.Committed(entries);
    }

    private List<Entry> chained(Append append, List<Stored> payloads, Head head, long position) {
        var entries = new ArrayList<Entry>(payloads.size());
        var before = head.hash();
        for (int i = 0; i < payloads.size(); i++) {
            var event = append.entries().get(i);
            long sequence = head.sequence() + 1 + i;
            before =
                    chain.next(
                            before,
                            append.stream(),
                            sequence,
                            append.epoch(),
                            event,
                            payloads.get(i).bytes());
            entries.add(
                    new Entry(
                            position + i,
                            append.stream(),
                            sequence,
                            append.epoch(),
                            event,
                            before));
        }
        return entries;
    }

    private Head head(Append append) throws SQLException {
        var known = heads.get(append.stream());
        if (known != null) {
            return known;
        }
        var query = prepared(Sql.STREAM);
        query.setString(1, append.stream().tenant().value());
        query.setString(2, append.stream().name());
        try (var result = query.executeQuery()) {
            if (result.next()) {
                return new Head(
                        result.getLong(1),
                        result.getLong(2),
                        result.getLong(3),
                        result.getBytes(4));
            }
        }
        return new Head(sql.create(append.stream()), 0, 0, HashChain.START);
    }

    /// A payload as its row holds it.
    record Stored(byte[] bytes, boolean external) {}

    private List<Stored> store(Append append) {
        return append.entries().stream()
                .map(entry ->
                        entry.payload().length <= INLINE
                                ? new Stored(entry.payload(), false)
                                : new Stored(reference(artifacts.put(entry.payload())), true))
                .toList();
    }

    private void rollback() {
        try {
            sql.rollback();
        } catch (SQLException _) {
            // SQLite has rolled back by itself, which is what was wanted.
        }
    }

    @Override
    public void keep(String projection, int version, long position, List<Row> changed) {
        refuseWhenBroken();
        try {
            sql.begin();
            sql.project(projection, version, position, changed);
            sql.commit();
        } catch (SQLException e) {
            throw notKept(SqliteErrors.translate("keep a projection", e));
        }
    }

    /// A projection may be lost, so that whatever went wrong with it alone is no reason to stop:
    /// the store is read as after a commit that found the disk full. A disk that failed is.
    private JournalException notKept(JournalException e) {
        rollback();
        return !e.code().equals("io") && isUnchanged() ? e : stop(e);
    }

    @Override
    public long position() {
        return nextPosition - 1;
    }

    @Override
    public void post(Message message) {
        try {
            sql.post(message);
            mark.message(sql.number(Sql.LAST_MESSAGE));
        } catch (SQLException e) {
            throw SqliteErrors.translate("post a message", e);
        }
    }

    /// Told once each: the owner looks for messages many times a second.
    @Override
    void leftUnread(long number, String why) {
        if (unread.size() < WARNINGS && unread.add(number)) {
            LOG.warn("a message is left unread: {}", why);
        }
    }

    /// Commits one row of 300 bytes that means nothing: what the disk takes for a commit.
    public void probe() {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        "INSERT OR REPLACE INTO probe (id, filler) VALUES (1, ?)")) {
            statement.setBytes(1, new byte[PROBE_BYTES]);
            statement.executeUpdate();
        } catch (SQLException e) {
            throw SqliteErrors.translate("probe the store", e);
        }
    }

    /// What those look at who examine the store. They are told of damaged messages, so that nobody
    /// is warned of them.
    public SqliteSurvey survey() {
        return new SqliteSurvey(this);
    }

    @Override
    public void close() {
        mark.close();
        super.close();
    }

    @Override
    public JournalReader reader() {
        return reader(file, artifacts);
    }

    /// The version of SQLite and its driver.
    public static String version() {
        return SQLiteJDBCLoader.getVersion();
    }

    /// A reader of a store that someone else may own.
    public static JournalReader reader(Path file, ArtifactStore artifacts) {
        try {
            return open(
                    file,
                    (connection, lost) -> {
                        var reader = new SqliteReader(connection, artifacts);
                        reader.check(lost);
                        return reader;
                    });
        } catch (IOException e) {
            throw new JournalException(
                    "io", "could not read the files of " + file + ": " + e.getMessage(), e);
        } catch (SQLException e) {
            throw SqliteErrors.translate("open " + file, e);
        }
    }
}
