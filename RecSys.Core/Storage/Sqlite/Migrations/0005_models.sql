-- What may serve: one row for each model version. "revision" is the number of the version's latest transition. Times are milliseconds since
-- 1970 UTC.
CREATE TABLE model_states (
    version          TEXT PRIMARY KEY,
    state            TEXT NOT NULL CHECK (state IN
                         ('training', 'rejected', 'staging', 'shadow', 'canary', 'champion', 'retired', 'quarantined')),
    since_ms         INTEGER NOT NULL,
    revision         INTEGER NOT NULL,
    predecessor      TEXT,
    parent           TEXT,
    window_from_ms   INTEGER,
    window_to_ms     INTEGER,
    window_events    INTEGER,
    code_commit      TEXT,
    manifest_sha256  TEXT,
    report           TEXT,
    actor            TEXT NOT NULL,
    reason           TEXT NOT NULL,
    collected        INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Never two champions, whatever a program does.
CREATE UNIQUE INDEX model_champion ON model_states (state) WHERE state = 'champion';

-- Who brought which version into which state, when and why. Only ever added to.
CREATE TABLE model_transitions (
    number       INTEGER PRIMARY KEY AUTOINCREMENT,
    version      TEXT NOT NULL,
    from_state   TEXT,
    to_state     TEXT NOT NULL,
    happened_ms  INTEGER NOT NULL,
    actor        TEXT NOT NULL,
    reason       TEXT NOT NULL
) STRICT;

CREATE INDEX model_transitions_by_version ON model_transitions (version, number);

CREATE TRIGGER model_transitions_stay BEFORE DELETE ON model_transitions
BEGIN
    SELECT RAISE(ABORT, 'transitions are never deleted');
END;

CREATE TRIGGER model_transitions_last BEFORE UPDATE ON model_transitions
BEGIN
    SELECT RAISE(ABORT, 'transitions are never changed');
END;
