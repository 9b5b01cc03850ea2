-- A sample of the requests with the features of their served items. "log_position" is events.sequence.
CREATE TABLE served_features (
    sequence         INTEGER PRIMARY KEY,
    request_id       TEXT NOT NULL UNIQUE,
    user_id          TEXT NOT NULL,
    time_ms          INTEGER NOT NULL,
    feature_time_ms  INTEGER NOT NULL,
    model_version    TEXT NOT NULL,
    catalogue_hash   TEXT NOT NULL,
    device           TEXT,
    location         TEXT,
    log_position     INTEGER NOT NULL,
    last_event_id    TEXT
) STRICT;

CREATE INDEX served_features_by_time ON served_features (time_ms);

-- "features" is float32, little-endian, one per column of the feature catalogue.
CREATE TABLE served_feature_rows (
    request          INTEGER NOT NULL REFERENCES served_features (sequence) ON DELETE CASCADE,
    position         INTEGER NOT NULL,
    item_id          TEXT NOT NULL,
    retrieval_score  REAL,
    retrieval_rank   INTEGER NOT NULL,
    features         BLOB NOT NULL,
    PRIMARY KEY (request, position)
) STRICT, WITHOUT ROWID;
