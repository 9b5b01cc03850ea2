-- Merchandising rules: those in force, and all their changes. The content of each is the payload of the entry at "position".
CREATE TABLE rules (
    id        TEXT PRIMARY KEY,
    position  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE rule_changes (
    position  INTEGER PRIMARY KEY,
    id        TEXT NOT NULL
) STRICT;

CREATE INDEX rule_changes_by_id ON rule_changes (id, position);
