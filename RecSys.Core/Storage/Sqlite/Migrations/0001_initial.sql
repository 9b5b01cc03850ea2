-- Times are Unix milliseconds, UTC. Lists and maps are JSON; an absent value is NULL.
PRAGMA application_id = 1380143961;

-- "ordinal" keeps the order in which rows were first stored.
CREATE TABLE users (
    ordinal     INTEGER PRIMARY KEY,
    id          TEXT NOT NULL UNIQUE,
    gender      TEXT,
    age         INTEGER,
    location    TEXT,
    created_ms  INTEGER,
    attributes  TEXT
) STRICT;

CREATE TABLE items (
    ordinal           INTEGER PRIMARY KEY,
    id                TEXT NOT NULL UNIQUE,
    title             TEXT NOT NULL,
    category          TEXT NOT NULL,
    tags              TEXT,
    creator           TEXT,
    price             REAL,
    duration_seconds  REAL,
    created_ms        INTEGER,
    thumbnail_url     TEXT,
    available         INTEGER NOT NULL,
    flagged           INTEGER NOT NULL,
    description       TEXT,
    attributes        TEXT
) STRICT;

CREATE TABLE events (
    sequence    INTEGER PRIMARY KEY,
    id          TEXT NOT NULL UNIQUE,
    user_id     TEXT NOT NULL,
    item_id     TEXT NOT NULL,
    type        INTEGER NOT NULL,
    time_ms     INTEGER NOT NULL,
    value       REAL,
    position    INTEGER,
    request_id  TEXT,
    device      TEXT,
    location    TEXT
) STRICT;

CREATE INDEX events_by_time ON events (time_ms);

CREATE TABLE served_lists (
    sequence       INTEGER PRIMARY KEY,
    request_id     TEXT NOT NULL UNIQUE,
    user_id        TEXT NOT NULL,
    time_ms        INTEGER NOT NULL,
    model_version  TEXT NOT NULL,
    variant        TEXT NOT NULL,
    degraded       TEXT,
    latency_ms     REAL NOT NULL,
    device         TEXT,
    location       TEXT,
    items          TEXT NOT NULL
) STRICT;

CREATE INDEX served_lists_by_user ON served_lists (user_id, time_ms);
