package dev.tutti.runtime.journal;

/// The statements on a SQLite store.
final class Sql {
    static final String CLAIM = "UPDATE store SET epoch = epoch + 1 WHERE id = 1 RETURNING epoch";
    static final String POSITION = "SELECT coalesce(max(position), 0) FROM event";

    static final String NEXT_POSITION = "SELECT coalesce(max(position), 0) + 1 FROM event";
    static final String EPOCH = "SELECT epoch FROM store WHERE id = 1";
    static final String STREAM =
            "SELECT id, seq, epoch, hash FROM stream WHERE tenant = ? AND name = ?";
    static final String NEW_STREAM =
            "INSERT INTO stream (tenant, name, seq, epoch, hash) VALUES (?, ?, 0, 0, ?) RETURNING id";

    /// The check of sequence and epoch and the move to the new head are one statement.
    static final String MOVE_HEAD =
            "UPDATE stream SET seq = ?, epoch = ?, hash = ?, due = ? WHERE id = ? AND seq = ? AND epoch <= ?";

    static final String INSERT_EVENT =
            "INSERT INTO event (stream, seq, epoch, type, version, at, actor, cause, key_id, payload, external, hash, position)"
                    + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    static final String INSERT_MESSAGE =
            "INSERT INTO message (id, tenant, stream, kind, actor, at, payload, hash)"
                    + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
                    + " ON CONFLICT (id) DO NOTHING";
    static final String DELETE_MESSAGE = "DELETE FROM message WHERE id = ?";
    static final String INSERT_DEFINITION =
            "INSERT INTO definition (hash, body) VALUES (?, ?) ON CONFLICT (hash) DO NOTHING";
    static final String KEEP_PROJECTION =
            "INSERT INTO projection (name, version, position) VALUES (?, ?, ?) ON CONFLICT (name)"
                    + " DO UPDATE SET version = excluded.version, position = excluded.position";
    static final String CLEAR_PROJECTION =
            "DELETE FROM projection_row WHERE projection = ?1 AND NOT EXISTS"
                    + " (SELECT 1 FROM projection WHERE name = ?1 AND version = ?2)";
    static final String KEEP_ROW =
            "INSERT INTO projection_row (projection, key, body, hash) VALUES (?, ?, ?, ?)"
                    + " ON CONFLICT (projection, key)"
                    + " DO UPDATE SET body = excluded.body, hash = excluded.hash";

    private static final String EVENT_COLUMNS =
            "e.position, e.stream, e.seq, e.epoch, e.type, e.version, e.at, e.actor, e.cause, e.key_id,"
                    + " e.payload, e.external, e.hash";
    static final String READ =
            "SELECT "
                    + EVENT_COLUMNS
                    + " FROM stream s JOIN event e ON e.stream = s.id"
                    + " WHERE s.tenant = ? AND s.name = ? AND e.seq > ? ORDER BY e.seq LIMIT ?";
    static final String HASH_AT =
            "SELECT e.hash FROM stream s JOIN event e ON e.stream = s.id"
                    + " WHERE s.tenant = ? AND s.name = ? AND e.seq = ?";
    static final String FOLLOW =
            "SELECT "
                    + EVENT_COLUMNS
                    + " FROM event e WHERE e.position > ? ORDER BY e.position LIMIT ?";
    static final String STREAM_NAME = "SELECT tenant, name FROM stream WHERE id = ?";
    static final String CHANGED =
            "SELECT tenant, name FROM stream WHERE id IN (SELECT stream FROM event WHERE position > ?)"
                    + " ORDER BY id";
    static final String BEGUN = "SELECT tenant, name FROM stream WHERE seq > 0 ORDER BY id";
    static final String HEAD = "SELECT seq FROM stream WHERE tenant = ? AND name = ?";
    static final String DUE =
            "SELECT tenant, name, due FROM stream WHERE due IS NOT NULL ORDER BY due LIMIT ?";
    private static final String MESSAGE_COLUMNS =
            "SELECT id, tenant, stream, kind, actor, at, payload, hash, number FROM message";
    static final String MESSAGES = MESSAGE_COLUMNS + " ORDER BY number";
    static final String MESSAGE = MESSAGE_COLUMNS + " WHERE id = ?";
    static final String DEFINITION = "SELECT body FROM definition WHERE hash = ?";
    static final String PROJECTED_TO =
            "SELECT position FROM projection WHERE name = ? AND version = ?";
    static final String ROWS =
            "SELECT key, body, hash FROM projection_row WHERE projection = ? AND key < ? ORDER BY key DESC LIMIT ?";
    static final String ROWS_WITHOUT =
            """
            SELECT key, body, hash FROM projection_row WHERE projection = ? AND key < ?
            AND instr(body, ?) = 0 AND instr(body, ?) = 0 AND instr(body, ?) = 0
            ORDER BY key DESC LIMIT ?\
            """;

    static final String HEADS =
            "SELECT tenant, name, seq, epoch, hash, due FROM stream ORDER BY id";
    static final String HASH_AT_POSITION = "SELECT hash FROM event WHERE position = ?";
    static final String LAST_MESSAGE =
            "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'message'), 0)";

    private Sql() {}
}
