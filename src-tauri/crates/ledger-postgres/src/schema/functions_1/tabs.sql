-- Tabs and their bills.

CREATE FUNCTION holdfast_1.put_tab(p_venue integer, p_tab jsonb, p_key bytea) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  t holdfast.tab := jsonb_populate_record(NULL::holdfast.tab, p_tab);
  s holdfast.search := jsonb_populate_record(NULL::holdfast.search, p_tab);
BEGIN
  INSERT INTO holdfast.tab (venue, id, version, opened_at, closed_at, opened_by, body, personal)
  VALUES (p_venue, t.id, t.version, t.opened_at, t.closed_at, t.opened_by, t.body, t.personal)
  ON CONFLICT DO NOTHING RETURNING place INTO t.place;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'the tab is known' USING ERRCODE = 'HF001';
  END IF;
  INSERT INTO holdfast.guest_key (venue, tab, key) VALUES (p_venue, t.id, p_key);
  INSERT INTO holdfast.search (venue, tab, place, named, plain) VALUES (p_venue, t.id, t.place, s.named, s.plain);
END $$;

CREATE FUNCTION holdfast_1.add_tab(p_call bytea, p_session bigint, p_tab jsonb, p_key bytea, p_said jsonb) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  me holdfast.till := holdfast_1.begin_call(p_call, p_session);
BEGIN
  PERFORM holdfast_1.put_tab(me.venue, p_tab, p_key);
  PERFORM holdfast_1.end_call(me, 'tab', ARRAY[(p_tab ->> 'id')::bytea], NULL, p_said);
END $$;

-- With its first hold: neither is ever there alone.
CREATE FUNCTION holdfast_1.open_tab(p_call bytea, p_session bigint, p_tab jsonb, p_key bytea, p_hold jsonb,
                                    p_create jsonb, p_said jsonb) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  me holdfast.till := holdfast_1.begin_call(p_call, p_session);
BEGIN
  PERFORM holdfast_1.put_tab(me.venue, p_tab, p_key);
  PERFORM holdfast_1.put_hold(me, p_hold, p_create);
  PERFORM holdfast_1.end_call(me, 'tab', ARRAY[(p_tab ->> 'id')::bytea], (p_hold ->> 'id')::bytea, p_said);
END $$;

-- Locks a tab that is of the version from which it is written.
CREATE FUNCTION holdfast_1.lock_tab_at(p_venue integer, p_tab bytea, p_version bigint) RETURNS holdfast.tab
  LANGUAGE plpgsql AS $$
DECLARE
  t holdfast.tab := holdfast_1.lock_tab(p_venue, p_tab);
BEGIN
  IF t.version <> p_version THEN
    RAISE EXCEPTION 'the tab was written since' USING ERRCODE = 'HF002';
  END IF;
  RETURN t;
END $$;

-- The next version of a tab's details. Whether it is closed is another matter.
CREATE FUNCTION holdfast_1.set_tab(p_call bytea, p_session bigint, p_version bigint, p_tab jsonb, p_said jsonb)
  RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  me holdfast.till := holdfast_1.begin_call(p_call, p_session);
  t holdfast.tab := jsonb_populate_record(NULL::holdfast.tab, p_tab);
  s holdfast.search := jsonb_populate_record(NULL::holdfast.search, p_tab);
BEGIN
  PERFORM holdfast_1.lock_tab_at(me.venue, t.id, p_version);
  UPDATE holdfast.tab o SET version = p_version + 1, opened_at = t.opened_at, opened_by = t.opened_by, body = t.body,
         personal = holdfast_1.kept(me.venue, t.id, t.personal)
   WHERE o.venue = me.venue AND o.id = t.id;
  UPDATE holdfast.search o SET named = holdfast_1.named(me.venue, t.id, s.named), plain = s.plain
   WHERE o.venue = me.venue AND o.tab = t.id;
  PERFORM holdfast_1.end_call(me, 'tab', ARRAY[t.id::bytea], NULL, p_said);
END $$;

-- The same of a tab that is closed, or reopened.
CREATE FUNCTION holdfast_1.put_closed(p_venue integer, p_version bigint, p_tab jsonb) RETURNS void
  LANGUAGE plpgsql AS $$
DECLARE
  t holdfast.tab := jsonb_populate_record(NULL::holdfast.tab, p_tab);
BEGIN
  UPDATE holdfast.tab o SET version = p_version + 1, closed_at = t.closed_at, body = t.body
   WHERE o.venue = p_venue AND o.id = t.id;
END $$;

CREATE FUNCTION holdfast_1.set_closed(p_call bytea, p_session bigint, p_version bigint, p_seen jsonb, p_tab jsonb,
                                      p_said jsonb) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  me holdfast.till := holdfast_1.begin_call(p_call, p_session);
  tab bytea := p_tab ->> 'id';
BEGIN
  PERFORM holdfast_1.refuse_unless_as_seen(holdfast_1.lock_tab_at(me.venue, tab, p_version), p_seen);
  PERFORM holdfast_1.put_closed(me.venue, p_version, p_tab);
  PERFORM holdfast_1.end_call(me, 'tab', ARRAY[tab], NULL, p_said);
END $$;

-- Refuses a line that is known, or that takes off what is off already: that is done once, by whichever press or till.
CREATE FUNCTION holdfast_1.refuse_known_line(p_venue integer, p_line jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM holdfast.line l WHERE l.venue = p_venue AND l.id = (p_line ->> 'id')::bytea)
     OR EXISTS (SELECT 1 FROM holdfast.line l
                 WHERE l.venue = p_venue AND l.takes_off = (p_line ->> 'takes_off')::bytea) THEN
    RAISE EXCEPTION 'the line is known, or off already' USING ERRCODE = 'HF001';
  END IF;
END $$;

-- A line on a tab that is locked.
CREATE FUNCTION holdfast_1.put_line(p_venue integer, p_line jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  l holdfast.line := jsonb_populate_record(NULL::holdfast.line, p_line);
BEGIN
  INSERT INTO holdfast.line (venue, id, tab, amount, takes_off, moved_by, body, personal)
  VALUES (p_venue, l.id, l.tab, l.amount, l.takes_off, l.moved_by, l.body,
          holdfast_1.kept(p_venue, l.tab, l.personal));
  UPDATE holdfast.tab t SET lines = t.lines + 1, total = t.total + l.amount
   WHERE t.venue = p_venue AND t.id = l.tab;
END $$;

-- p_most is what a bill may come to, in minor units.
CREATE FUNCTION holdfast_1.add_line(p_call bytea, p_session bigint, p_line jsonb, p_seen jsonb, p_most bigint,
                                    p_said jsonb) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  me holdfast.till := holdfast_1.begin_call(p_call, p_session);
  t holdfast.tab := holdfast_1.lock_tab(me.venue, (p_line ->> 'tab')::bytea);
BEGIN
  PERFORM holdfast_1.refuse_known_line(me.venue, p_line), holdfast_1.refuse_if_closed(t),
          holdfast_1.refuse_unless_as_seen(t, p_seen);
  IF t.total + (p_line ->> 'amount')::numeric NOT BETWEEN 0 AND p_most THEN
    RAISE EXCEPTION 'the bill would leave its bounds' USING ERRCODE = 'HF003';
  END IF;
  PERFORM holdfast_1.put_line(me.venue, p_line);
  PERFORM holdfast_1.end_call(me, 'tab', ARRAY[t.id::bytea], NULL, p_said);
END $$;

-- Both halves of a move, with the tab that is opened for it and the one that is closed with it, if any. A decision
-- moves once, however often it comes. p_seen lists tabs with what somebody saw of them.
CREATE FUNCTION holdfast_1.move_bill(p_call bytea, p_session bigint, p_opened jsonb, p_key bytea, p_lines jsonb,
                                     p_seen jsonb, p_closed jsonb, p_version bigint, p_most bigint, p_said jsonb)
  RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  me holdfast.till := holdfast_1.begin_call(p_call, p_session);
  tabs bytea[];
BEGIN
  SELECT array_agg(DISTINCT b.tab ORDER BY b.tab) INTO tabs FROM (
    SELECT (l.value ->> 'tab')::bytea AS tab FROM jsonb_array_elements(p_lines || p_seen) AS l (value)
     UNION ALL SELECT (p_closed ->> 'id')::bytea WHERE p_closed IS NOT NULL) AS b;
  IF p_opened IS NOT NULL THEN
    PERFORM holdfast_1.put_tab(me.venue, p_opened, p_key);
  END IF;
  PERFORM holdfast_1.lock_tab(me.venue, g.tab) FROM unnest(tabs) WITH ORDINALITY AS g (tab, n) ORDER BY g.n;
  PERFORM holdfast_1.refuse_known_line(me.venue, l.value) FROM jsonb_array_elements(p_lines) AS l (value);
  IF EXISTS (SELECT 1 FROM jsonb_array_elements(p_lines) AS l (value)
               JOIN holdfast.line k ON k.venue = me.venue AND k.tab = (l.value ->> 'tab')::bytea
                AND k.moved_by = (l.value ->> 'moved_by')::bytea) THEN
    RAISE EXCEPTION 'it was moved already' USING ERRCODE = 'HF001';
  END IF;
  PERFORM holdfast_1.refuse_if_closed(t) FROM holdfast.tab t
    WHERE t.venue = me.venue AND t.id IN (SELECT (l.value ->> 'tab')::bytea
                                            FROM jsonb_array_elements(p_lines) AS l (value));
  PERFORM holdfast_1.refuse_unless_as_seen(t, s.value) FROM jsonb_array_elements(p_seen) AS s (value)
     JOIN holdfast.tab t ON t.venue = me.venue AND t.id = (s.value ->> 'tab')::bytea;
  PERFORM holdfast_1.put_line(me.venue, g.value)
     FROM jsonb_array_elements(p_lines) WITH ORDINALITY AS g (value, n) ORDER BY g.n;
  IF EXISTS (SELECT 1 FROM holdfast.tab t WHERE t.venue = me.venue AND t.id = ANY (tabs)
                AND t.total NOT BETWEEN 0 AND p_most)
     OR (SELECT sum((l.value ->> 'amount')::bigint) FROM jsonb_array_elements(p_lines) AS l (value)) <> 0 THEN
    RAISE EXCEPTION 'the bills do not add up' USING ERRCODE = 'HF003';
  END IF;
  IF p_closed IS NOT NULL THEN
    IF (SELECT t.version FROM holdfast.tab t WHERE t.venue = me.venue AND t.id = (p_closed ->> 'id')::bytea)
       <> p_version THEN
      RAISE EXCEPTION 'the tab was written since it was read' USING ERRCODE = 'HF007';
    END IF;
    PERFORM holdfast_1.put_closed(me.venue, p_version, p_closed);
  END IF;
  PERFORM holdfast_1.end_call(me, 'tab', tabs, NULL, p_said);
END $$;
