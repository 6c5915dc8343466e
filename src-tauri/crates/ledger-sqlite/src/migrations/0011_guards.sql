-- Format 11: guards, made once the rows of a former format are in. Never edit: a change is a new migration.
-- Kind 1 is a capture, kind 4 a refund.
CREATE TRIGGER operation_within_hold BEFORE INSERT ON operation WHEN NEW.kind = 1
BEGIN
  SELECT RAISE(ABORT, 'too much') FROM hold
   WHERE id = NEW.hold AND captured + pending + NEW.amount + NEW.tip > authorised;
END;
CREATE TRIGGER operation_within_captured BEFORE INSERT ON operation WHEN NEW.kind = 4
BEGIN
  SELECT RAISE(ABORT, 'too much') FROM hold WHERE id = NEW.hold AND refunded + NEW.amount > captured;
END;
CREATE TRIGGER operation_stays BEFORE DELETE ON operation BEGIN SELECT RAISE(ABORT, 'operations stay'); END;

CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, 'the journal stays'); END;
CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, 'the journal stays'); END;

CREATE TRIGGER guest_key_is_forgotten BEFORE UPDATE ON guest_key WHEN NEW.tab <> OLD.tab OR NEW.key <> zeroblob(32)
BEGIN SELECT RAISE(ABORT, 'keys stay, or are forgotten'); END;
CREATE TRIGGER guest_key_stays BEFORE DELETE ON guest_key BEGIN SELECT RAISE(ABORT, 'keys stay'); END;

CREATE TRIGGER movement_follows BEFORE INSERT ON movement
  WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM movement)
BEGIN SELECT RAISE(ABORT, 'movements follow one another'); END;
CREATE TRIGGER movement_no_update BEFORE UPDATE ON movement BEGIN SELECT RAISE(ABORT, 'movements stay'); END;
CREATE TRIGGER movement_no_delete BEFORE DELETE ON movement BEGIN SELECT RAISE(ABORT, 'movements stay'); END;

CREATE TRIGGER report_follows BEFORE INSERT ON report
  WHEN NEW.number IS NOT (SELECT coalesce(max(number), 0) + 1 FROM report)
    OR NEW.first IS NOT (SELECT coalesce(max(last), 0) + 1 FROM report)
    OR NEW.last < NEW.first - 1 OR NEW.last > (SELECT coalesce(max(seq), 0) FROM movement)
BEGIN SELECT RAISE(ABORT, 'reports follow one another'); END;
CREATE TRIGGER report_no_update BEFORE UPDATE ON report BEGIN SELECT RAISE(ABORT, 'reports stay'); END;
CREATE TRIGGER report_no_delete BEFORE DELETE ON report BEGIN SELECT RAISE(ABORT, 'reports stay'); END;

CREATE TRIGGER finding_stays BEFORE DELETE ON finding BEGIN SELECT RAISE(ABORT, 'findings stay'); END;

CREATE TRIGGER renewal_follows BEFORE INSERT ON renewal
  WHEN EXISTS (SELECT 1 FROM renewal WHERE ended_at IS NULL AND (hold = NEW.renews OR renews = NEW.hold))
BEGIN SELECT RAISE(ABORT, 'it is being renewed'); END;
CREATE TRIGGER renewal_ends_once BEFORE UPDATE OF hold, renews, tab, ended_at, body ON renewal
  WHEN OLD.ended_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'renewals end once'); END;
CREATE TRIGGER renewal_stays BEFORE DELETE ON renewal BEGIN SELECT RAISE(ABORT, 'renewals stay'); END;

CREATE TRIGGER run_ends_once BEFORE UPDATE ON run WHEN OLD.ended_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'runs end once'); END;
CREATE TRIGGER run_stays BEFORE DELETE ON run BEGIN SELECT RAISE(ABORT, 'runs stay'); END;
CREATE TRIGGER run_row_ends_once BEFORE UPDATE ON run_row WHEN OLD.ended_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'rows end once'); END;
CREATE TRIGGER run_row_stays BEFORE DELETE ON run_row BEGIN SELECT RAISE(ABORT, 'rows stay'); END;
