-- Closings of the night, and their rows.

CREATE FUNCTION holdfast_1.begin_run(p_call bytea, p_session bigint, p_run jsonb, p_rows jsonb, p_said jsonb)
  RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  me holdfast.till := holdfast_1.begin_call(p_call, p_session);
  r holdfast.run := jsonb_populate_record(NULL::holdfast.run, p_run);
BEGIN
  -- Two that begin at once meet at the index of open ones, and the second is refused by it.
  IF EXISTS (SELECT 1 FROM holdfast.run o WHERE o.venue = me.venue AND o.ended_at IS NULL) THEN
    RAISE EXCEPTION 'another run has not ended' USING ERRCODE = 'HF006';
  END IF;
  INSERT INTO holdfast.run (venue, id, ended_at, owner_till, body)
  VALUES (me.venue, r.id, r.ended_at, me.till, r.body);
  INSERT INTO holdfast.run_row (venue, id, run, tab, number, ended_at, body, personal)
  SELECT me.venue, w.id, substring(w.id FROM 1 FOR 16), substring(w.id FROM 17), w.number, w.ended_at, w.body,
         holdfast_1.kept(me.venue, substring(w.id FROM 17), w.personal)
    FROM jsonb_array_elements(p_rows) AS g (value)
   CROSS JOIN LATERAL jsonb_populate_record(NULL::holdfast.run_row, g.value) AS w;
  PERFORM holdfast_1.end_call(me, 'run', '{}', NULL, p_said);
END $$;

CREATE FUNCTION holdfast_1.lock_open_run(p_venue integer, p_run bytea) RETURNS holdfast.run LANGUAGE plpgsql AS $$
DECLARE
  found_one holdfast.run;
BEGIN
  SELECT * INTO found_one FROM holdfast.run r
   WHERE r.venue = p_venue AND r.id = p_run AND r.ended_at IS NULL FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'no such run is open' USING ERRCODE = 'HF404';
  END IF;
  RETURN found_one;
END $$;

-- All of a row but its end stays as it was begun.
CREATE FUNCTION holdfast_1.end_run_row(p_call bytea, p_session bigint, p_row jsonb, p_said jsonb) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  me holdfast.till := holdfast_1.begin_call(p_call, p_session);
  w holdfast.run_row := jsonb_populate_record(NULL::holdfast.run_row, p_row);
BEGIN
  PERFORM holdfast_1.lock_open_run(me.venue, substring(w.id FROM 1 FOR 16));
  UPDATE holdfast.run_row o SET ended_at = w.ended_at, body = w.body,
         personal = holdfast_1.kept(me.venue, o.tab, w.personal)
   WHERE o.venue = me.venue AND o.id = w.id AND o.ended_at IS NULL;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'no such row is open' USING ERRCODE = 'HF404';
  END IF;
  PERFORM holdfast_1.end_call(me, 'run', ARRAY[substring(w.id FROM 17)], NULL, p_said);
END $$;

CREATE FUNCTION holdfast_1.set_run_state(p_call bytea, p_session bigint, p_revision bigint, p_run jsonb, p_said jsonb)
  RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  me holdfast.till := holdfast_1.begin_call(p_call, p_session);
  r holdfast.run := jsonb_populate_record(NULL::holdfast.run, p_run);
BEGIN
  IF (holdfast_1.lock_open_run(me.venue, r.id)).revision <> p_revision THEN
    RAISE EXCEPTION 'the run was written since it was read' USING ERRCODE = 'HF007';
  END IF;
  UPDATE holdfast.run o SET ended_at = r.ended_at, body = r.body, revision = p_revision + 1
   WHERE o.venue = me.venue AND o.id = r.id;
  PERFORM holdfast_1.end_call(me, 'run', '{}', NULL, p_said);
END $$;
