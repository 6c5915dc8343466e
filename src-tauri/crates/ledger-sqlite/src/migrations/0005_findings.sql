-- Format 5. Never edit: a change is a new migration.
-- What a person should know of. Each key is told once; ended_at is set when it waits for nobody any more.
CREATE TABLE finding (
  key TEXT PRIMARY KEY, kind TEXT NOT NULL, hold TEXT REFERENCES hold (id), ended_at TEXT,
  body TEXT NOT NULL CHECK (json_valid(body)), seal TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX finding_open ON finding (key) WHERE ended_at IS NULL;
CREATE INDEX finding_hold ON finding (hold);
CREATE TRIGGER finding_stays BEFORE DELETE ON finding BEGIN SELECT RAISE(ABORT, 'findings stay'); END;
