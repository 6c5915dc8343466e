-- Format 11: tables and indexes. Never edit: a change is a new migration.
-- Ids and seals are bytes, times microseconds since 1970, kinds and states the numbers of holdfast-ledger's codes.
-- What no column has is in body, what is about a guest in personal, encrypted; both are holdfast-ledger's encoding.
-- place is the order of writing.
CREATE TABLE tab (
  place INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE CHECK (length(id) = 16), version INTEGER NOT NULL,
  opened_at INTEGER NOT NULL, closed_at INTEGER, opened_by TEXT,
  body BLOB NOT NULL, personal BLOB, seal BLOB NOT NULL CHECK (length(seal) = 32)
) STRICT;
CREATE INDEX tab_open ON tab (opened_at) WHERE closed_at IS NULL;
CREATE INDEX tab_closed ON tab (closed_at) WHERE closed_at IS NOT NULL;

-- The keys of what is about guests, by their tab's place; zeros once a guest is forgotten. Each stays where it was
-- written, and is overwritten there: rows that move leave copies of themselves in a page.
CREATE TABLE guest_key (
  tab INTEGER PRIMARY KEY REFERENCES tab (place), key BLOB NOT NULL CHECK (length(key) = 32),
  seal BLOB NOT NULL CHECK (length(seal) = 32)
) STRICT;

CREATE TABLE line (
  place INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE CHECK (length(id) = 16), tab BLOB NOT NULL REFERENCES tab (id),
  body BLOB NOT NULL, personal BLOB, seal BLOB NOT NULL CHECK (length(seal) = 32)
) STRICT;
CREATE INDEX line_tab ON line (tab);

-- authorised, captured, pending and refunded are minor units as Dojo last showed them; the guards need them here.
CREATE TABLE hold (
  place INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE CHECK (length(id) = 16), tab BLOB NOT NULL REFERENCES tab (id),
  version INTEGER NOT NULL, intent_id TEXT UNIQUE,
  reference TEXT NOT NULL UNIQUE CHECK (length(reference) BETWEEN 1 AND 60),
  asked INTEGER NOT NULL, status INTEGER, card TEXT, lapsed_at INTEGER,
  authorised INTEGER NOT NULL CHECK (authorised >= 0), captured INTEGER NOT NULL CHECK (captured >= 0),
  pending INTEGER NOT NULL CHECK (pending >= 0), refunded INTEGER NOT NULL CHECK (refunded >= 0),
  over INTEGER NOT NULL CHECK (over IN (0, 1)),
  body BLOB NOT NULL, seal BLOB NOT NULL CHECK (length(seal) = 32)
) STRICT;
CREATE INDEX hold_tab ON hold (tab);
CREATE INDEX hold_live ON hold (over) WHERE over = 0;

-- odd: absent, at odds, or done with something to say. asks: set while the guest has yet to be asked for what a take
-- could not cover; how much that is stands in the body.
CREATE TABLE operation (
  place INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
  hold BLOB NOT NULL REFERENCES hold (id), kind INTEGER NOT NULL,
  amount INTEGER NOT NULL CHECK (amount >= 0), tip INTEGER NOT NULL CHECK (tip >= 0),
  state INTEGER NOT NULL, settled_at INTEGER, odd INTEGER CHECK (odd = 1), asks INTEGER CHECK (asks = 1),
  body BLOB NOT NULL, personal BLOB, seal BLOB NOT NULL CHECK (length(seal) = 32)
) STRICT;
CREATE INDEX operation_hold ON operation (hold);
-- Intended, accepted, unknown.
CREATE UNIQUE INDEX operation_one_open ON operation (hold) WHERE state IN (0, 1, 2);
CREATE INDEX operation_odd ON operation (hold) WHERE odd IS NOT NULL;
-- Absent, rejected, conflict: what did not come off, by when. The watch looks at the newest of it each second.
CREATE INDEX operation_failed ON operation (settled_at) WHERE state IN (5, 7, 8);
CREATE INDEX operation_asks ON operation (place) WHERE asks IS NOT NULL;

-- tab is the place of one, for there are many entries on each; its id is what is sealed. former is the seal that a
-- former format gave the entry, which printed reports and older backups name.
CREATE TABLE journal (
  seq INTEGER PRIMARY KEY, tab INTEGER REFERENCES tab (place), body BLOB NOT NULL, personal BLOB, former BLOB,
  seal BLOB NOT NULL CHECK (length(seal) = 32)
) STRICT;
CREATE INDEX journal_tab ON journal (tab);

CREATE TABLE setting (
  name TEXT PRIMARY KEY, value TEXT NOT NULL, seal BLOB NOT NULL CHECK (length(seal) = 32)
) STRICT;

-- What moved, in the order in which it was learnt; at is when it happened. Amounts are minor units, service and tip
-- within them, negative where an earlier movement is put right. said: of a refund, how much of it somebody has said
-- what it is of. paid: taken at once and never held.
CREATE TABLE movement (
  seq INTEGER PRIMARY KEY, hold BLOB NOT NULL REFERENCES hold (id), currency INTEGER NOT NULL,
  kind INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 5), paid INTEGER NOT NULL CHECK (paid IN (0, 1)),
  amount INTEGER NOT NULL, service INTEGER NOT NULL, tip INTEGER NOT NULL, said INTEGER NOT NULL,
  at INTEGER NOT NULL, body BLOB NOT NULL, seal BLOB NOT NULL CHECK (length(seal) = 32)
) STRICT;
CREATE INDEX movement_hold ON movement (hold);
CREATE INDEX movement_at ON movement (at);

-- The night reports: numbered without gaps, each from the movement after the last one's.
CREATE TABLE report (
  number INTEGER PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL,
  body BLOB NOT NULL, personal BLOB, seal BLOB NOT NULL CHECK (length(seal) = 32)
) STRICT;

-- What a person should know of. Each key is told once; ended_at is set when it waits for nobody any more.
CREATE TABLE finding (
  key TEXT PRIMARY KEY, kind INTEGER NOT NULL, hold BLOB REFERENCES hold (id), ended_at INTEGER,
  body BLOB NOT NULL, personal BLOB, seal BLOB NOT NULL CHECK (length(seal) = 32)
) STRICT;
CREATE INDEX finding_open ON finding (key) WHERE ended_at IS NULL;
CREATE INDEX finding_hold ON finding (hold) WHERE hold IS NOT NULL;

-- Closings of the night. ended_at is set once; one at a time hasn't ended.
CREATE TABLE run (
  place INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE CHECK (length(id) = 16), ended_at INTEGER,
  body BLOB NOT NULL, seal BLOB NOT NULL CHECK (length(seal) = 32)
) STRICT;
CREATE UNIQUE INDEX run_one_open ON run (ended_at IS NULL) WHERE ended_at IS NULL;
-- id is the run's and the tab's: a run has each tab once.
CREATE TABLE run_row (
  id BLOB PRIMARY KEY CHECK (length(id) = 32), number INTEGER NOT NULL, ended_at INTEGER,
  body BLOB NOT NULL, personal BLOB, seal BLOB NOT NULL CHECK (length(seal) = 32)
) STRICT;

-- Renewals: hold is the one that was opened in the place of renews, which is released only when hold is in force.
-- ended_at is set once, when nothing is left to be done.
CREATE TABLE renewal (
  place INTEGER PRIMARY KEY, hold BLOB NOT NULL UNIQUE REFERENCES hold (id),
  renews BLOB NOT NULL REFERENCES hold (id) CHECK (renews <> hold), tab BLOB NOT NULL REFERENCES tab (id),
  ended_at INTEGER, body BLOB NOT NULL, seal BLOB NOT NULL CHECK (length(seal) = 32)
) STRICT;
CREATE INDEX renewal_tab ON renewal (tab);
CREATE UNIQUE INDEX renewal_one_open ON renewal (renews) WHERE ended_at IS NULL;
