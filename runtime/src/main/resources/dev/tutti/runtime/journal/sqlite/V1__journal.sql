-- One row: who owns the store.
CREATE TABLE store (
    id    INTEGER PRIMARY KEY CHECK (id = 1),
    epoch INTEGER NOT NULL
);
INSERT INTO store (id, epoch) VALUES (1, 0);

-- A stream and its head. due: when it wants attention if nobody holds it, in microseconds; null for never.
CREATE TABLE stream (
    id     INTEGER PRIMARY KEY,
    tenant TEXT NOT NULL,
    name   TEXT NOT NULL,
    seq    INTEGER NOT NULL,
    epoch  INTEGER NOT NULL,
    hash   BLOB NOT NULL,
    due    INTEGER,
    UNIQUE (tenant, name)
);
CREATE INDEX stream_due ON stream (due) WHERE due IS NOT NULL;

-- external = 1: the payload is the hash of an artifact that holds it.
CREATE TABLE event (
    position INTEGER PRIMARY KEY,
    stream   INTEGER NOT NULL REFERENCES stream (id),
    seq      INTEGER NOT NULL,
    epoch    INTEGER NOT NULL,
    type     TEXT NOT NULL,
    version  INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    actor    TEXT NOT NULL,
    cause    TEXT NOT NULL,
    key_id   TEXT,
    payload  BLOB NOT NULL,
    external INTEGER NOT NULL,
    hash     BLOB NOT NULL
);
CREATE UNIQUE INDEX event_sequence ON event (stream, seq);

-- What streams and other processes tell a stream, until it has handled it.
CREATE TABLE message (
    number  INTEGER PRIMARY KEY AUTOINCREMENT,
    id      TEXT NOT NULL UNIQUE,
    tenant  TEXT NOT NULL,
    stream  TEXT NOT NULL,
    kind    TEXT NOT NULL,
    actor   TEXT NOT NULL,
    at      INTEGER NOT NULL,
    payload BLOB NOT NULL
);

CREATE TABLE definition (
    hash TEXT PRIMARY KEY,
    body BLOB NOT NULL
) WITHOUT ROWID;

-- What projections have folded so far; may be deleted at any time.
CREATE TABLE projection (
    name     TEXT PRIMARY KEY,
    version  INTEGER NOT NULL,
    position INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE projection_row (
    projection TEXT NOT NULL,
    key        TEXT NOT NULL,
    body       BLOB NOT NULL,
    PRIMARY KEY (projection, key)
) WITHOUT ROWID;

-- Written to measure how long one commit takes.
CREATE TABLE probe (
    id     INTEGER PRIMARY KEY,
    filler BLOB NOT NULL
);
