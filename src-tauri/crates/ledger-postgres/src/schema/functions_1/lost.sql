-- Commits that were confirmed and are not there any more: a standby that didn't have them took the primary's place, or
-- the server was put back. Each till finds that out by what it has seen and sent itself.

-- Says once for all tills of a venue that commits were lost: p_incarnation is the one before. The ledger is another
-- from here on, and every hold has to be read from Dojo again, which p_restored says as the setting of that name. Where
-- another till has said it, p_own is what the calling one still has to say of its own decisions, or nothing: once,
-- though the till may be cut off and find the same again.
CREATE FUNCTION holdfast_1.note_loss(p_call bytea, p_session bigint, p_incarnation bytea, p_restored text,
                                     p_said jsonb, p_own jsonb) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  me holdfast.till;
BEGIN
  -- The till's own start may be among what was lost.
  UPDATE holdfast.till t SET session = p_session
   WHERE t.role_name = session_user AND t.retired_at IS NULL AND t.session < p_session;
  me := holdfast_1.begin_call(p_call, p_session);
  UPDATE holdfast.head h SET incarnation = gen_random_uuid()
   WHERE h.venue = me.venue AND uuid_send(h.incarnation) = p_incarnation;
  IF NOT FOUND THEN
    IF p_own IS NOT NULL AND NOT EXISTS (SELECT 1 FROM holdfast.finding f
         WHERE f.venue = me.venue AND f.key = p_own #>> '{findings,0,key}') THEN
      PERFORM holdfast_1.end_call(me, 'finding', '{}', NULL, p_own);
    END IF;
    RETURN;
  END IF;
  INSERT INTO holdfast.setting AS s (venue, name, value, version) VALUES (me.venue, 'restored', p_restored, 0)
    ON CONFLICT (venue, name) DO UPDATE SET value = excluded.value, version = s.version + 1;
  PERFORM holdfast_1.end_call(me, 'setting', '{}', NULL, p_said);
END $$;

-- Puts a decision of the calling till back that the ledger lacks, or has as one that wasn't sent: nobody knows what
-- became of it (state 2), and where another is open on the hold a person has to look (state 8). p_rows is an object of
-- its rows as they were written: operation, and tab, key, hold and renewal if they were written with it. False where
-- the tab or hold that it is on isn't there yet: another till has that.
CREATE FUNCTION holdfast_1.put_back(p_call bytea, p_session bigint, p_rows jsonb) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  me holdfast.till := holdfast_1.begin_call(p_call, p_session);
  o holdfast.operation := jsonb_populate_record(NULL::holdfast.operation, p_rows -> 'operation');
  h holdfast.hold := jsonb_populate_record(NULL::holdfast.hold, p_rows -> 'hold');
  r holdfast.renewal := jsonb_populate_record(NULL::holdfast.renewal, p_rows -> 'renewal');
  of_tab bytea;
BEGIN
  UPDATE holdfast.operation k SET state = 2
   WHERE k.venue = me.venue AND k.id = o.id AND k.state = 0 AND k.owner_till = me.till;
  IF FOUND THEN
    UPDATE holdfast.hold k SET revision = k.revision + 1 WHERE k.venue = me.venue AND k.id = o.hold
    RETURNING k.tab INTO of_tab;
    PERFORM holdfast_1.end_call(me, 'hold', ARRAY[of_tab], o.hold, '{}');
    RETURN true;
  END IF;
  IF EXISTS (SELECT 1 FROM holdfast.operation k WHERE k.venue = me.venue AND k.id = o.id) THEN
    RETURN true;
  END IF;
  of_tab := coalesce(h.tab, (SELECT k.tab FROM holdfast.hold k WHERE k.venue = me.venue AND k.id = o.hold));
  IF p_rows ? 'tab' AND NOT EXISTS (SELECT 1 FROM holdfast.tab t WHERE t.venue = me.venue AND t.id = of_tab) THEN
    PERFORM holdfast_1.put_tab(me.venue, p_rows -> 'tab', (p_rows ->> 'key')::bytea);
  END IF;
  IF of_tab IS NULL OR NOT EXISTS (SELECT 1 FROM holdfast.tab t WHERE t.venue = me.venue AND t.id = of_tab) THEN
    RETURN false;
  END IF;
  PERFORM holdfast_1.lock_tab(me.venue, of_tab);
  -- A hold that was found at Dojo meanwhile came with an operation that made it.
  IF o.kind = 0 AND EXISTS (SELECT 1 FROM holdfast.operation k WHERE k.venue = me.venue AND k.hold = o.hold
                               AND k.kind = 0) THEN
    RETURN true;
  END IF;
  IF p_rows ? 'hold' THEN
    PERFORM holdfast_1.insert_hold(me, h);
  END IF;
  PERFORM holdfast_1.lock_hold(me.venue, o.hold);
  IF p_rows ? 'renewal' THEN
    INSERT INTO holdfast.renewal (venue, hold, renews, tab, ended_at, body)
    VALUES (me.venue, r.hold, r.renews, r.tab, r.ended_at, r.body) ON CONFLICT DO NOTHING;
  END IF;
  o.state := CASE WHEN EXISTS (SELECT 1 FROM holdfast.operation k WHERE k.venue = me.venue AND k.hold = o.hold
                                  AND k.state IN (0, 1, 2)) THEN 8 ELSE 2 END;
  o.odd := CASE WHEN o.state = 8 THEN 1 END;
  PERFORM holdfast_1.insert_operation(me, o, of_tab);
  PERFORM holdfast_1.end_call(me, 'tab', ARRAY[of_tab], o.hold, p_rows -> 'said');
  RETURN true;
END $$;
