package dev.tutti.runtime.journal;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.flywaydb.core.Flyway;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;

/// How a SQLite store is opened, and which version its schema has.
final class SqliteStore {
    /// The schema that this code reads and writes; kept in SQLite's `user_version`.
    private static final int VERSION = 2;

    /// Up to 3.51.2 a WAL could be reset under a reader, which lost commits.
    private static final int LEAST_SQLITE = 3_051_003;

    private static final int BUSY_MILLIS = 10_000;
    private static final int CACHE_KIB = 32 * 1024;

    private SqliteStore() {}

    static Connection connect(Path file) throws SQLException {
        var config = new SQLiteConfig();
        config.setJournalMode(JournalMode.WAL);
        config.setSynchronous(SynchronousMode.FULL);
        config.setBusyTimeout(BUSY_MILLIS);
        config.setCacheSize(-CACHE_KIB);
        var connection = DriverManager.getConnection("jdbc:sqlite:" + file, config.toProperties());
        requireSqlite(connection);
        return connection;
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

    /// Brings the schema up to date. A store that is up to date is recognised by one number.
    static void migrate(Path file, Connection connection) throws SQLException {
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
        if (found < VERSION) {
            Flyway.configure()
                    .dataSource("jdbc:sqlite:" + file, null, null)
                    .locations("classpath:dev/tutti/runtime/journal/sqlite")
                    .load()
                    .migrate();
            try (var statement = connection.createStatement()) {
                statement.execute("PRAGMA user_version = " + VERSION);
            }
        }
    }

    private static int version(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var result = statement.executeQuery("PRAGMA user_version")) {
            return result.next() ? result.getInt(1) : 0;
        }
    }
}
