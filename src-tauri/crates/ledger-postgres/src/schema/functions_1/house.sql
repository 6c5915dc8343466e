-- What belongs to no tab: settings, findings, reports.

-- p_seen is an object of what it was when somebody read it, or nothing where it's set whatever it was.
CREATE FUNCTION holdfast_1.set_setting(p_call bytea, p_session bigint, p_name text, p_value text, p_seen jsonb,
                                       p_said jsonb) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  me holdfast.till := holdfast_1.begin_call(p_call, p_session);
  was text;
BEGIN
  SELECT s.value INTO was FROM holdfast.setting s WHERE s.venue = me.venue AND s.name = p_name FOR UPDATE;
  IF p_seen IS NOT NULL AND was IS DISTINCT FROM (p_seen ->> 'was') THEN
    RAISE EXCEPTION 'the setting was set since' USING ERRCODE = 'HF002';
  END IF;
  INSERT INTO holdfast.setting AS s (venue, name, value, version) VALUES (me.venue, p_name, p_value, 0)
    ON CONFLICT (venue, name) DO UPDATE SET value = excluded.value, version = s.version + 1
    -- Where it wasn't set, another till may have set it in between.
    WHERE p_seen IS NULL OR s.value IS NOT DISTINCT FROM was;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'the setting was set since' USING ERRCODE = 'HF002';
  END IF;
  PERFORM holdfast_1.end_call(me, 'setting', '{}', NULL, p_said);
END $$;

-- The text beside the ledger. Nothing is noted of it.
CREATE FUNCTION holdfast_1.set_beside(p_call bytea, p_session bigint, p_text text) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  me holdfast.till := holdfast_1.begin_call(p_call, p_session);
BEGIN
  INSERT INTO holdfast.beside (venue, text) VALUES (me.venue, p_text)
    ON CONFLICT (venue) DO UPDATE SET text = excluded.text;
  PERFORM holdfast_1.end_call(me, 'setting', '{}', NULL, '{}');
END $$;

-- The findings, and the notes that come with them.
CREATE FUNCTION holdfast_1.tell(p_call bytea, p_session bigint, p_said jsonb) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  me holdfast.till := holdfast_1.begin_call(p_call, p_session);
BEGIN
  PERFORM holdfast_1.end_call(me, 'finding', '{}', NULL, p_said);
END $$;

-- Keeps a night report for ever: it has the next number and begins with the movement after the last one's.
CREATE FUNCTION holdfast_1.add_report(p_call bytea, p_session bigint, p_report jsonb, p_said jsonb) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  me holdfast.till := holdfast_1.begin_call(p_call, p_session);
  r holdfast.report := jsonb_populate_record(NULL::holdfast.report, p_report);
  head holdfast.head;
BEGIN
  SELECT * INTO STRICT head FROM holdfast.head h WHERE h.venue = me.venue FOR NO KEY UPDATE;
  IF r.number <> head.report + 1 OR r.first <> head.reported + 1 OR r.last < r.first - 1
     OR r.last > head.movement THEN
    RAISE EXCEPTION 'reports follow one another' USING ERRCODE = 'HF006';
  END IF;
  INSERT INTO holdfast.report (venue, number, first, last, body, personal)
  VALUES (me.venue, r.number, r.first, r.last, r.body, r.personal);
  UPDATE holdfast.head h SET report = r.number, reported = r.last WHERE h.venue = me.venue;
  PERFORM holdfast_1.end_call(me, 'report', '{}', NULL, p_said);
END $$;
