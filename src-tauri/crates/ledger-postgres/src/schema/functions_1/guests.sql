-- Forgetting guests.

-- What keeps the guest of a tab from being forgotten: the tab is open, a hold is in force, a request isn't settled, a
-- rest has yet to be asked for, a renewal is under way, a person should look at something, or a row of a night isn't
-- done. States 0, 1 and 2 are open.
CREATE FUNCTION holdfast.is_busy(p_venue integer, p_tab bytea) RETURNS boolean LANGUAGE sql STABLE
  SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM holdfast.tab t
                  WHERE t.venue = p_venue AND t.id = p_tab AND t.closed_at IS NULL)
    OR EXISTS (SELECT 1 FROM holdfast.hold h WHERE h.venue = p_venue AND h.tab = p_tab AND (h.over = 0
      OR EXISTS (SELECT 1 FROM holdfast.operation o WHERE o.venue = p_venue AND o.hold = h.id
                    AND (o.state IN (0, 1, 2) OR o.asks IS NOT NULL))
      OR EXISTS (SELECT 1 FROM holdfast.finding f
                  WHERE f.venue = p_venue AND f.hold = h.id AND f.ended_at IS NULL)))
    OR EXISTS (SELECT 1 FROM holdfast.finding f
                WHERE f.venue = p_venue AND f.tab = p_tab AND f.ended_at IS NULL)
    OR EXISTS (SELECT 1 FROM holdfast.renewal n WHERE n.venue = p_venue AND n.tab = p_tab AND n.ended_at IS NULL)
    OR EXISTS (SELECT 1 FROM holdfast.run r JOIN holdfast.run_row w ON w.venue = r.venue AND w.run = r.id
                WHERE r.venue = p_venue AND r.ended_at IS NULL AND w.ended_at IS NULL AND w.tab = p_tab)
$$;

-- Destroys the keys of these tabs, and what they are found by of their guests. p_count is how many of them were thought
-- to be there still, for the note says it; with none nothing is written.
CREATE FUNCTION holdfast_1.forget(p_call bytea, p_session bigint, p_tabs bytea[], p_count bigint, p_said jsonb)
  RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  me holdfast.till := holdfast_1.begin_call(p_call, p_session);
  destroyed bigint;
BEGIN
  PERFORM 1 FROM (SELECT t.id FROM holdfast.tab t WHERE t.venue = me.venue AND t.id = ANY (p_tabs)
                   ORDER BY t.id FOR NO KEY UPDATE) AS locked;
  IF EXISTS (SELECT 1 FROM unnest(p_tabs) AS g (tab) WHERE holdfast.is_busy(me.venue, g.tab)) THEN
    RAISE EXCEPTION 'something on it is open' USING ERRCODE = 'HF006';
  END IF;
  UPDATE holdfast.guest_key k SET key = decode(repeat('00', 32), 'hex')
   WHERE k.venue = me.venue AND k.tab = ANY (p_tabs) AND k.key <> decode(repeat('00', 32), 'hex');
  GET DIAGNOSTICS destroyed = ROW_COUNT;
  IF destroyed <> p_count THEN
    RAISE EXCEPTION 'others were forgotten since it was read' USING ERRCODE = 'HF007';
  END IF;
  UPDATE holdfast.search s SET named = '{}'
   WHERE s.venue = me.venue AND s.tab = ANY (p_tabs) AND s.named <> '{}';
  PERFORM holdfast_1.end_call(me, 'forgotten', p_tabs, NULL, p_said);
END $$;
