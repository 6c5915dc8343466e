-- Format 3. Never edit: a change is a new migration.
-- What moved, in the order in which it was learnt; at is when it happened. Amounts are minor units, service and tip
-- within them, negative where an earlier movement is put right. A row may be sealed once, never changed.
CREATE TABLE movement (
  seq INTEGER PRIMARY KEY, hold TEXT NOT NULL REFERENCES hold (id), tab TEXT NOT NULL REFERENCES tab (id),
  kind TEXT NOT NULL CHECK (kind IN ('opened', 'held', 'taken', 'refunded', 'released', 'lapsed')),
  source TEXT NOT NULL, by TEXT NOT NULL, currency TEXT NOT NULL,
  amount INTEGER NOT NULL, service INTEGER NOT NULL, tip INTEGER NOT NULL, at TEXT NOT NULL,
  seal TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX movement_hold ON movement (hold);
CREATE INDEX movement_at ON movement (at);
CREATE TRIGGER movement_follows BEFORE INSERT ON movement
  WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM movement)
BEGIN SELECT RAISE(ABORT, 'movements follow one another'); END;
CREATE TRIGGER movement_no_update BEFORE UPDATE ON movement WHEN OLD.seal <> ''
BEGIN SELECT RAISE(ABORT, 'movements stay'); END;
CREATE TRIGGER movement_no_delete BEFORE DELETE ON movement BEGIN SELECT RAISE(ABORT, 'movements stay'); END;

-- The night reports: numbered without gaps, each from the movement after the last one's.
CREATE TABLE report (
  number INTEGER PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL,
  body TEXT NOT NULL CHECK (json_valid(body)), seal TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE TRIGGER report_follows BEFORE INSERT ON report
  WHEN NEW.number IS NOT (SELECT coalesce(max(number), 0) + 1 FROM report)
    OR NEW.first IS NOT (SELECT coalesce(max(last), 0) + 1 FROM report)
    OR NEW.last < NEW.first - 1 OR NEW.last > (SELECT coalesce(max(seq), 0) FROM movement)
BEGIN SELECT RAISE(ABORT, 'reports follow one another'); END;
CREATE TRIGGER report_no_update BEFORE UPDATE ON report WHEN OLD.seal <> ''
BEGIN SELECT RAISE(ABORT, 'reports stay'); END;
CREATE TRIGGER report_no_delete BEFORE DELETE ON report BEGIN SELECT RAISE(ABORT, 'reports stay'); END;
