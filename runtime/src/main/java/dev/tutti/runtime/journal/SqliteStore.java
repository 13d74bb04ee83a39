package dev.tutti.runtime.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/// How a SQLite store is opened, and which version its schema has.
final class SqliteStore {
    /// The schema that this code reads and writes; kept in SQLite's `user_version`.
    private static final int VERSION = 2;

    /// Up to 3.51.2 a WAL could be reset under a reader, which lost commits.
    private static final int LEAST_SQLITE = 3_051_003;

    private static final int BUSY_MILLIS = 10_000;
    private static final int PAUSE_MILLIS = 2;
    private static final int MOST_PAUSES = BUSY_MILLIS / PAUSE_MILLIS;
    private static final int CACHE_KIB = 32 * 1024;

    private SqliteStore() {}

    /// Opens the store, making or upgrading it as needed.
    static Connection open(Path file) throws SQLException {
        var connection = connect(file);
        try {
            requireSqlite(connection);
            migrate(file, connection);
            return connection;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private static Connection connect(Path file) throws SQLException {
        var config = new SQLiteConfig();
        config.setJournalMode(JournalMode.WAL);
        config.setSynchronous(SynchronousMode.FULL);
        config.setBusyTimeout(BUSY_MILLIS);
        config.setCacheSize(-CACHE_KIB);
        return whenFree(file, config);
    }

    /// While another process makes a new store a log, SQLite refuses at once and waits for nothing.
    private static Connection whenFree(Path file, SQLiteConfig config) throws SQLException {
        for (int pauses = 0; ; pauses++) {
            try {
                return DriverManager.getConnection("jdbc:sqlite:" + file, config.toProperties());
            } catch (SQLiteException e) {
                if (e.getResultCode() != SQLiteErrorCode.SQLITE_BUSY || pauses >= MOST_PAUSES) {
                    throw e;
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS));
            }
        }
    }

    private static void requireSqlite(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var result = statement.executeQuery("SELECT sqlite_version()")) {
            result.next();
            var version = result.getString(1);
            int number = 0;
            for (var part : version.split("\\.", -1)) {
                number = number * 1000 + Integer.parseInt(part);
            }
            if (number < LEAST_SQLITE) {
                throw new JournalException(
                        "version",
                        "SQLite " + version + " can lose commits; 3.51.3 or later is needed",
                        null);
            }
        }
    }

    /// Brings the schema up to date. A store that is up to date is recognised by one number, and
    /// needs no turn: only one process at a time upgrades a store, and who comes later finds it
    /// done.
    private static void migrate(Path file, Connection connection) throws SQLException {
        if (isCurrent(file, connection)) {
            return;
        }
        var turn = turnFile(file);
        try (var _ = turn(turn)) {
            if (!isCurrent(file, connection)) {
                upgrade(file, connection);
            }
        }
        delete(turn);
    }

    private static boolean isCurrent(Path file, Connection connection) throws SQLException {
        int found = version(connection);
        if (found > VERSION) {
            throw new JournalException(
                    "version",
                    file
                            + " was written by a later Tutti (its schema is "
                            + found
                            + ", this one knows "
                            + VERSION
                            + "); use that one",
                    null);
        }
        return found == VERSION;
    }

    private static void upgrade(Path file, Connection connection) throws SQLException {
        try {
            Flyway.configure()
                    .dataSource("jdbc:sqlite:" + file, null, null)
                    .locations("classpath:dev/tutti/runtime/journal/sqlite")
                    .load()
                    .migrate();
        } catch (FlywayException e) {
            throw new JournalException(
                    "io", "could not make or upgrade " + file + ": " + e.getMessage(), e);
        }
        try (var statement = connection.createStatement()) {
            statement.execute("PRAGMA user_version = " + VERSION);
        }
    }

    // ---- whose turn it is to upgrade

    static Path turnFile(Path file) {
        return file.resolveSibling(file.getFileName() + "-upgrade");
    }

    /// Waits for the turn, as long as for anything else that another process holds. An empty SQLite
    /// file stands for it: its lock is waited for with an end, also between parts of one process. A
    /// journal beside it would not bear that the file is deleted.
    private static Connection turn(Path turn) throws SQLException {
        var config = new SQLiteConfig();
        config.setBusyTimeout(BUSY_MILLIS);
        config.setJournalMode(JournalMode.MEMORY);
        var connection = DriverManager.getConnection("jdbc:sqlite:" + turn, config.toProperties());
        try (var statement = connection.createStatement()) {
            statement.execute("BEGIN EXCLUSIVE");
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /// Whoever still waits for the deleted file finds the store upgraded, as does whoever makes the
    /// file anew.
    private static void delete(Path turn) {
        try {
            Files.deleteIfExists(turn);
        } catch (IOException _) {
            // An empty file stays, which is in nobody's way.
        }
    }

    private static int version(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var result = statement.executeQuery("PRAGMA user_version")) {
            return result.next() ? result.getInt(1) : 0;
        }
    }
}
