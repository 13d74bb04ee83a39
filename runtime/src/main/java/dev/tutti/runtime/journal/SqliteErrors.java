package dev.tutti.runtime.journal;

import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/// What SQLite's error codes mean for us.
final class SqliteErrors {
    private SqliteErrors() {}

    /// @param e what SQLite said, or why a row that it gave makes no sense
    static JournalException translate(String attempted, Exception e) {
        if (!(e instanceof SQLException)) {
            return new JournalException(
                    "corrupt",
                    "could not " + attempted + ": what is stored makes no sense: " + e.getMessage(),
                    e);
        }
        var code =
                e instanceof SQLiteException sqlite
                        ? sqlite.getResultCode()
                        : SQLiteErrorCode.UNKNOWN_ERROR;
        var name = code.name();
        if (name.startsWith("SQLITE_FULL")) {
            return new JournalException("full", "could not " + attempted + ": the disk is full", e);
        }
        if (name.startsWith("SQLITE_BUSY") || name.startsWith("SQLITE_LOCKED")) {
            return new JournalException(
                    "busy", "could not " + attempted + ": another process holds the store", e);
        }
        if (name.startsWith("SQLITE_CORRUPT") || name.startsWith("SQLITE_NOTADB")) {
            return new JournalException(
                    "corrupt", "could not " + attempted + ": the store is damaged", e);
        }
        return new JournalException("io", "could not " + attempted + ": " + e.getMessage(), e);
    }
}
