-- Format 6. Never edit: a change is a new migration.
-- Renewals: hold is the one that was opened in the place of renews, which is released only when hold is in force.
-- ended_at is set once, when nothing is left to be done.
CREATE TABLE renewal (
  hold TEXT PRIMARY KEY REFERENCES hold (id), renews TEXT NOT NULL REFERENCES hold (id) CHECK (renews <> hold),
  tab TEXT NOT NULL REFERENCES tab (id), ended_at TEXT,
  body TEXT NOT NULL CHECK (json_valid(body)), seal TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX renewal_tab ON renewal (tab);
CREATE UNIQUE INDEX renewal_one_open ON renewal (renews) WHERE ended_at IS NULL;
CREATE TRIGGER renewal_follows BEFORE INSERT ON renewal
  WHEN EXISTS (SELECT 1 FROM renewal WHERE ended_at IS NULL AND (hold = NEW.renews OR renews = NEW.hold))
BEGIN SELECT RAISE(ABORT, 'it is being renewed'); END;
CREATE TRIGGER renewal_ends_once BEFORE UPDATE OF hold, renews, tab, ended_at, body ON renewal
  WHEN OLD.ended_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'renewals end once'); END;
CREATE TRIGGER renewal_stays BEFORE DELETE ON renewal BEGIN SELECT RAISE(ABORT, 'renewals stay'); END;
