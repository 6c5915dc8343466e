-- Format 1. Never edit: a change is a new migration.
CREATE TABLE tab (
  id TEXT PRIMARY KEY, body TEXT NOT NULL CHECK (json_valid(body)),
  opened_at TEXT NOT NULL, closed_at TEXT
) STRICT;
CREATE INDEX tab_open ON tab (opened_at) WHERE closed_at IS NULL;
CREATE INDEX tab_closed ON tab (closed_at) WHERE closed_at IS NOT NULL;

CREATE TABLE line (
  id TEXT PRIMARY KEY, tab TEXT NOT NULL REFERENCES tab (id), body TEXT NOT NULL CHECK (json_valid(body))
) STRICT;
CREATE INDEX line_tab ON line (tab);

-- authorised, captured, pending and refunded are minor units as Dojo last showed them; the guards need them here.
CREATE TABLE hold (
  id TEXT PRIMARY KEY, tab TEXT NOT NULL REFERENCES tab (id),
  intent_id TEXT UNIQUE, reference TEXT NOT NULL UNIQUE CHECK (length(reference) BETWEEN 1 AND 60),
  body TEXT NOT NULL CHECK (json_valid(body)),
  authorised INTEGER NOT NULL CHECK (authorised >= 0), captured INTEGER NOT NULL CHECK (captured >= 0),
  pending INTEGER NOT NULL CHECK (pending >= 0), refunded INTEGER NOT NULL CHECK (refunded >= 0),
  over INTEGER NOT NULL CHECK (over IN (0, 1))
) STRICT;
CREATE INDEX hold_tab ON hold (tab);
CREATE INDEX hold_live ON hold (over) WHERE over = 0;

CREATE TABLE operation (
  id TEXT PRIMARY KEY, hold TEXT NOT NULL REFERENCES hold (id), kind TEXT NOT NULL,
  amount INTEGER NOT NULL CHECK (amount >= 0), tip INTEGER NOT NULL CHECK (tip >= 0),
  state TEXT NOT NULL, dojo_id TEXT, detail TEXT, settled_at TEXT,
  body TEXT NOT NULL CHECK (json_valid(body))
) STRICT;
CREATE UNIQUE INDEX operation_one_open ON operation (hold) WHERE state IN ('intended', 'accepted', 'unknown');
CREATE INDEX operation_hold ON operation (hold);

CREATE TRIGGER operation_within_hold BEFORE INSERT ON operation WHEN NEW.kind = 'capture'
BEGIN
  SELECT RAISE(ABORT, 'too much') FROM hold
   WHERE id = NEW.hold AND captured + pending + NEW.amount + NEW.tip > authorised;
END;
CREATE TRIGGER operation_within_captured BEFORE INSERT ON operation WHEN NEW.kind = 'refund'
BEGIN
  SELECT RAISE(ABORT, 'too much') FROM hold WHERE id = NEW.hold AND refunded + NEW.amount > captured;
END;
CREATE TRIGGER operation_stays BEFORE DELETE ON operation BEGIN SELECT RAISE(ABORT, 'operations stay'); END;

CREATE TABLE journal (
  seq INTEGER PRIMARY KEY, tab TEXT, body TEXT NOT NULL CHECK (json_valid(body)), seal TEXT NOT NULL
) STRICT;
CREATE INDEX journal_tab ON journal (tab);
CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, 'the journal stays'); END;
CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, 'the journal stays'); END;

CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
