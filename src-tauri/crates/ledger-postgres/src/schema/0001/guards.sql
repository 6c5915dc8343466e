-- Format 1: what no statement may do, the owner's slips included. A till has no right to write any table.
CREATE FUNCTION holdfast.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of % stay as they are', TG_TABLE_NAME USING ERRCODE = 'HF900';
END $$;

CREATE TRIGGER journal_stays BEFORE UPDATE OR DELETE ON holdfast.journal
  FOR EACH ROW EXECUTE FUNCTION holdfast.refuse();
CREATE TRIGGER movement_stays BEFORE UPDATE OR DELETE ON holdfast.movement
  FOR EACH ROW EXECUTE FUNCTION holdfast.refuse();
CREATE TRIGGER report_stays BEFORE UPDATE OR DELETE ON holdfast.report
  FOR EACH ROW EXECUTE FUNCTION holdfast.refuse();
CREATE TRIGGER operation_stays BEFORE DELETE ON holdfast.operation
  FOR EACH ROW EXECUTE FUNCTION holdfast.refuse();
CREATE TRIGGER finding_stays BEFORE DELETE ON holdfast.finding
  FOR EACH ROW EXECUTE FUNCTION holdfast.refuse();
CREATE TRIGGER guest_key_stays BEFORE DELETE ON holdfast.guest_key
  FOR EACH ROW EXECUTE FUNCTION holdfast.refuse();
CREATE TRIGGER guest_key_is_forgotten BEFORE UPDATE ON holdfast.guest_key FOR EACH ROW
  WHEN (NEW.venue <> OLD.venue OR NEW.tab <> OLD.tab OR NEW.key <> decode(repeat('00', 32), 'hex'))
  EXECUTE FUNCTION holdfast.refuse();
CREATE TRIGGER renewal_stays BEFORE DELETE ON holdfast.renewal
  FOR EACH ROW EXECUTE FUNCTION holdfast.refuse();
CREATE TRIGGER renewal_ends_once BEFORE UPDATE ON holdfast.renewal FOR EACH ROW
  WHEN (OLD.ended_at IS NOT NULL) EXECUTE FUNCTION holdfast.refuse();
CREATE TRIGGER run_stays BEFORE DELETE ON holdfast.run FOR EACH ROW EXECUTE FUNCTION holdfast.refuse();
CREATE TRIGGER run_ends_once BEFORE UPDATE ON holdfast.run FOR EACH ROW
  WHEN (OLD.ended_at IS NOT NULL) EXECUTE FUNCTION holdfast.refuse();
CREATE TRIGGER run_row_stays BEFORE DELETE ON holdfast.run_row FOR EACH ROW EXECUTE FUNCTION holdfast.refuse();
CREATE TRIGGER run_row_ends_once BEFORE UPDATE ON holdfast.run_row FOR EACH ROW
  WHEN (OLD.ended_at IS NOT NULL) EXECUTE FUNCTION holdfast.refuse();

-- Nor is any of them emptied.
CREATE TRIGGER journal_is_kept BEFORE TRUNCATE ON holdfast.journal EXECUTE FUNCTION holdfast.refuse();
CREATE TRIGGER movement_is_kept BEFORE TRUNCATE ON holdfast.movement EXECUTE FUNCTION holdfast.refuse();
CREATE TRIGGER report_is_kept BEFORE TRUNCATE ON holdfast.report EXECUTE FUNCTION holdfast.refuse();
CREATE TRIGGER operation_is_kept BEFORE TRUNCATE ON holdfast.operation EXECUTE FUNCTION holdfast.refuse();

-- The venue of the till that is connected; none of a role that is no till, or that was retired.
CREATE FUNCTION holdfast.my_venue() RETURNS integer LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
  SELECT venue FROM holdfast.till WHERE role_name = session_user AND retired_at IS NULL
$$;

-- The venues of the head office that is connected; none of a role that is no head office, or that was retired.
CREATE FUNCTION holdfast.my_group() RETURNS SETOF integer LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
  SELECT v.venue FROM holdfast.office o JOIN holdfast.venue v ON v.grp = o.grp
   WHERE o.role_name = session_user AND o.retired_at IS NULL
$$;
