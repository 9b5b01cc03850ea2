-- Work that one process at a time does, whatever machine it runs on. "token" grows with every taking, so that who lost a lease cannot renew
-- it. Times are milliseconds since 1970 UTC.
CREATE TABLE leases (
    name        TEXT PRIMARY KEY,
    owner       TEXT NOT NULL,
    token       INTEGER NOT NULL,
    taken_ms    INTEGER NOT NULL,
    expires_ms  INTEGER NOT NULL,
    renewals    INTEGER NOT NULL,
    released    INTEGER NOT NULL
) STRICT;
