-- One log of all changes in place of tables of users, items and events. recsys_now() and the recsys_*_payload() functions are those of the
-- program that applies this script: payloads are its compact binary forms, which begin with their format version.
ALTER TABLE users RENAME TO old_users;
ALTER TABLE items RENAME TO old_items;
ALTER TABLE events RENAME TO old_events;

-- One row: where the log stands. Every append locks and advances it. "pruned": the ids of entries up to here are forgotten where they are old.
CREATE TABLE log_head (
    id              INTEGER PRIMARY KEY CHECK (id = 1),
    epoch           INTEGER NOT NULL,
    position        INTEGER NOT NULL,
    next_item       INTEGER NOT NULL,
    resolved        INTEGER NOT NULL,
    received_ms     INTEGER NOT NULL,
    events          INTEGER NOT NULL,
    first_event_ms  INTEGER,
    last_event_ms   INTEGER,
    parked          INTEGER NOT NULL,
    pruned          INTEGER NOT NULL
) STRICT;

-- Epochs of the log; the entries up to "start" are those of the epoch before.
CREATE TABLE epochs (
    epoch  INTEGER PRIMARY KEY,
    start  INTEGER NOT NULL
) STRICT;

-- "item" is the number; "place" the position at which an item was shown; the payload is that of the kind. Of erased users the subject is NULL.
CREATE TABLE log (
    position        INTEGER PRIMARY KEY,
    kind            INTEGER NOT NULL,
    received_ms     INTEGER NOT NULL,
    item            INTEGER,
    user_id         TEXT,
    event_id        TEXT,
    type            INTEGER,
    happened_ms     INTEGER,
    meaning         INTEGER,
    value           REAL,
    amount          REAL,
    currency        TEXT,
    revenue_source  INTEGER,
    place           INTEGER,
    request_id      TEXT,
    session_id      TEXT,
    scenario        TEXT,
    device          TEXT,
    location        TEXT,
    payload         BLOB
) STRICT;

CREATE INDEX log_by_user ON log (user_id, kind) WHERE user_id IS NOT NULL;

-- The content of an item or a user is the payload of the entry at "position". "lacks": 1 no title, 2 no category.
CREATE TABLE items (
    number    INTEGER PRIMARY KEY,
    id        TEXT NOT NULL UNIQUE,
    position  INTEGER NOT NULL,
    removed   INTEGER NOT NULL,
    lacks     INTEGER NOT NULL
) STRICT;

CREATE TABLE users (
    number    INTEGER PRIMARY KEY,
    id        TEXT NOT NULL UNIQUE,
    position  INTEGER NOT NULL
) STRICT;

-- Ids of posted events for as long as a repetition is told; those of imported ones for good.
CREATE TABLE event_ids (
    id        TEXT PRIMARY KEY,
    position  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE import_ids (
    id        TEXT PRIMARY KEY,
    position  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What the resolver recorded; events without a row contribute nothing.
CREATE TABLE contributions (
    position         INTEGER PRIMARY KEY,
    play             INTEGER NOT NULL,
    user_clicks      REAL NOT NULL,
    user_long_views  REAL NOT NULL,
    item_clicks      REAL NOT NULL,
    item_long_views  REAL NOT NULL
) STRICT;

-- Events on items that are not known yet. "imported": the id goes to the imports' ledger once the item comes.
CREATE TABLE parked (
    sequence     INTEGER PRIMARY KEY,
    event_id     TEXT NOT NULL UNIQUE,
    item_id      TEXT NOT NULL,
    user_id      TEXT NOT NULL,
    received_ms  INTEGER NOT NULL,
    imported     INTEGER NOT NULL,
    payload      BLOB NOT NULL
) STRICT;

CREATE INDEX parked_by_item ON parked (item_id);
CREATE INDEX parked_by_user ON parked (user_id);

-- Tombstones. "pending": entries of the user still have to be stripped.
CREATE TABLE erased (
    id        TEXT PRIMARY KEY,
    position  INTEGER NOT NULL,
    pending   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX erased_pending ON erased (pending) WHERE pending = 1;

CREATE TABLE merges (
    from_id   TEXT PRIMARY KEY,
    into_id   TEXT NOT NULL,
    position  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX merges_by_target ON merges (into_id);

CREATE TABLE policies (
    hash      TEXT PRIMARY KEY,
    position  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Requests of which an impression was reported or whose list counts as shown.
CREATE TABLE reported (
    request_id  TEXT PRIMARY KEY,
    position    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE user_states (
    number    INTEGER PRIMARY KEY,
    user_id   TEXT NOT NULL UNIQUE,
    position  INTEGER NOT NULL,
    state     BLOB NOT NULL
) STRICT;

-- Entries that could not be folded, and events that could not be stored.
CREATE TABLE dead_letters (
    number       INTEGER PRIMARY KEY AUTOINCREMENT,
    received_ms  INTEGER NOT NULL,
    position     INTEGER,
    user_id      TEXT,
    reason       TEXT NOT NULL,
    content      TEXT NOT NULL
) STRICT;

CREATE INDEX dead_letters_by_user ON dead_letters (user_id) WHERE user_id IS NOT NULL;

INSERT INTO items (number, id, position, removed, lacks)
SELECT row_number() OVER (ORDER BY ordinal) - 1, id, row_number() OVER (ORDER BY ordinal), 0, (title = '') + 2 * (category = '')
FROM old_items ORDER BY ordinal;

INSERT INTO log (position, kind, received_ms, item, payload)
SELECT i.position, 1, recsys_now(), i.number, recsys_item_payload(o.title, o.category, o.tags, o.creator, o.price, o.duration_seconds, o.created_ms,
    o.thumbnail_url, o.available, o.flagged, o.description, o.attributes)
FROM items i JOIN old_items o ON o.id = i.id ORDER BY i.number;

INSERT INTO users (number, id, position)
SELECT row_number() OVER (ORDER BY ordinal), id, (SELECT count(*) FROM items) + row_number() OVER (ORDER BY ordinal)
FROM old_users ORDER BY ordinal;

INSERT INTO log (position, kind, received_ms, user_id, payload)
SELECT u.position, 3, recsys_now(), u.id, recsys_user_payload(o.gender, o.age, o.location, o.created_ms, o.attributes)
FROM users u JOIN old_users o ON o.id = u.id ORDER BY u.number;

INSERT INTO log (position, kind, received_ms, item, user_id, event_id, type, happened_ms, value, revenue_source, place, request_id, device, location)
SELECT (SELECT count(*) FROM items) + (SELECT count(*) FROM users) + row_number() OVER (ORDER BY e.time_ms, e.sequence), 0, recsys_now(),
    i.number, e.user_id, e.id, e.type, e.time_ms, e.value, 0, e.position, e.request_id, e.device, e.location
FROM old_events e JOIN items i ON i.id = e.item_id ORDER BY e.time_ms, e.sequence;

INSERT INTO import_ids (id, position) SELECT event_id, position FROM log WHERE kind = 0 ORDER BY event_id;

-- The parking place is bounded; of the events on items that nobody knows the latest are kept.
INSERT INTO parked (event_id, item_id, user_id, received_ms, imported, payload)
SELECT id, item_id, user_id, recsys_now(), 1, recsys_event_payload(id, user_id, item_id, type, time_ms, value, position, request_id, device, location)
FROM old_events e WHERE NOT EXISTS (SELECT 1 FROM items i WHERE i.id = e.item_id) ORDER BY time_ms DESC, sequence DESC LIMIT 100000;

INSERT INTO log_head (id, epoch, position, next_item, resolved, received_ms, events, first_event_ms, last_event_ms, parked, pruned)
SELECT 1, recsys_now(), coalesce(max(position), 0), (SELECT count(*) FROM items), 0, iif(count(*) = 0, 0, recsys_now()),
    count(happened_ms), min(min(happened_ms, received_ms)), max(min(happened_ms, received_ms)), (SELECT count(*) FROM parked), coalesce(max(position), 0)
FROM log;

INSERT INTO epochs (epoch, start) SELECT epoch, 0 FROM log_head;

DROP TABLE old_users;
DROP TABLE old_items;
DROP TABLE old_events;
