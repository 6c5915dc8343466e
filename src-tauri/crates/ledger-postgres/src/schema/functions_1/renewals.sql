-- Holds that take the place of others.

CREATE FUNCTION holdfast_1.begin_renewal(p_call bytea, p_session bigint, p_renewal jsonb, p_hold jsonb, p_create jsonb,
                                         p_expect jsonb, p_said jsonb) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  me holdfast.till := holdfast_1.begin_call(p_call, p_session);
  r holdfast.renewal := jsonb_populate_record(NULL::holdfast.renewal, p_renewal);
  old holdfast.hold := holdfast_1.lock_hold(me.venue, r.renews);
  t holdfast.tab := holdfast_1.lock_tab(me.venue, old.tab);
BEGIN
  IF old.tab <> (p_hold ->> 'tab')::bytea OR old.tab <> r.tab THEN
    RAISE EXCEPTION 'the holds are on two tabs' USING ERRCODE = 'HF404';
  END IF;
  PERFORM holdfast_1.refuse_if_known(me.venue, p_create), holdfast_1.refuse_if_closed(t);
  IF old.version <> (p_expect ->> 'hold')::bigint THEN
    RAISE EXCEPTION 'the hold was written since' USING ERRCODE = 'HF002';
  END IF;
  PERFORM holdfast_1.refuse_unless_as_seen(t, p_expect -> 'tab');
  -- The old hold's lock keeps two renewals apart that are about it.
  IF EXISTS (SELECT 1 FROM holdfast.renewal o WHERE o.venue = me.venue AND o.ended_at IS NULL
                AND (o.renews IN (r.renews, r.hold) OR o.hold = r.renews)) THEN
    RAISE EXCEPTION 'it is being renewed' USING ERRCODE = 'HF006';
  END IF;
  PERFORM holdfast_1.put_hold(me, p_hold, p_create);
  INSERT INTO holdfast.renewal (venue, hold, renews, tab, ended_at, body)
  VALUES (me.venue, r.hold, r.renews, r.tab, r.ended_at, r.body);
  PERFORM holdfast_1.end_call(me, 'renewal', ARRAY[old.tab::bytea], r.hold, p_said);
END $$;

-- All of a renewal but its end stays as it was begun, so the row that was read is still the row if it hasn't ended.
CREATE FUNCTION holdfast_1.end_renewal(p_call bytea, p_session bigint, p_renewal jsonb, p_said jsonb) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  me holdfast.till := holdfast_1.begin_call(p_call, p_session);
  r holdfast.renewal := jsonb_populate_record(NULL::holdfast.renewal, p_renewal);
BEGIN
  PERFORM holdfast_1.lock_hold(me.venue, r.hold);
  UPDATE holdfast.renewal o SET ended_at = r.ended_at, body = r.body
   WHERE o.venue = me.venue AND o.hold = r.hold AND o.ended_at IS NULL;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'no such renewal is under way' USING ERRCODE = 'HF404';
  END IF;
  PERFORM holdfast_1.end_call(me, 'renewal', ARRAY[r.tab::bytea], r.hold, p_said);
END $$;
