package dev.tutti.simulation.crash;

import dev.tutti.runtime.journal.SqliteJournal;
import java.sql.Connection;

/// Sets `synchronous=NORMAL` behind a journal's back, to show that a power cut then loses what was
/// acknowledged: the proof that the proof bites.
final class Unsynced {
    private Unsynced() {}

    static void make(SqliteJournal journal) throws Exception {
        var field = journal.getClass().getSuperclass().getDeclaredField("connection");
        field.setAccessible(true);
        try (var statement = ((Connection) field.get(journal)).createStatement()) {
            statement.execute("PRAGMA synchronous=NORMAL");
        }
    }
}
