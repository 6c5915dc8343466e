-- Finding closed tabs by keyed hashes of the parts of their words.

-- The hash of a part of a word, as Rust makes it: the first 64 bits of SHA-256.
CREATE FUNCTION holdfast_1.hash(p_key bytea, p_part text) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
  SELECT ('x' || encode(substring(sha256(p_key || convert_to(p_part, 'UTF8')) FOR 8), 'hex'))::bit(64)::bigint
$$;

-- Those of a tab's amounts and cards: each whole, and all its beginnings. Nobody remembers the middle of a number.
CREATE FUNCTION holdfast_1.figures(p_venue integer, p_tab bytea) RETURNS bigint[] LANGUAGE sql AS $$
  WITH amount (minor) AS (
    SELECT t.total FROM holdfast.tab t WHERE t.venue = p_venue AND t.id = p_tab
     UNION SELECT unnest(ARRAY[h.asked, h.held, h.captured]) FROM holdfast.hold h
            WHERE h.venue = p_venue AND h.tab = p_tab),
  word (text) AS (
    SELECT a.minor / 100 || '.' || lpad((a.minor % 100)::text, 2, '0') FROM amount a WHERE a.minor > 0
     UNION SELECT h.card FROM holdfast.hold h WHERE h.venue = p_venue AND h.tab = p_tab AND h.card IS NOT NULL),
  part (text) AS (
    SELECT '=' || w.text FROM word w
     UNION SELECT '^' || left(w.text, n) FROM word w CROSS JOIN generate_series(1, length(w.text)) AS n)
  SELECT coalesce(array_agg(holdfast_1.hash(v.search_key, p.text) ORDER BY p.text), '{}')
    FROM part p CROSS JOIN holdfast.venue v WHERE v.venue = p_venue
$$;

-- Of a tab's guest only while they are remembered.
CREATE FUNCTION holdfast_1.named(p_venue integer, p_tab bytea, p_named bigint[]) RETURNS bigint[] LANGUAGE plpgsql AS $$
BEGIN
  IF holdfast_1.kept(p_venue, p_tab, ''::bytea) IS NULL THEN
    RETURN '{}';
  END IF;
  RETURN coalesce(p_named, '{}');
END $$;

-- Brings what tabs are found by up to what their rows say, for those that are closed or were. The row's lock comes
-- first: whoever has it reads what the others have written by then.
CREATE FUNCTION holdfast_1.put_figures(p_venue integer, p_tabs bytea[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  one record;
  found_by record;
BEGIN
  FOR one IN
    SELECT s.tab FROM holdfast.search s JOIN holdfast.tab t ON t.venue = s.venue AND t.id = s.tab
     WHERE s.venue = p_venue AND s.tab = ANY (p_tabs) AND (t.closed_at IS NOT NULL OR s.at IS NOT NULL)
     ORDER BY s.tab FOR NO KEY UPDATE OF s
  LOOP
    SELECT t.closed_at / 1000 AS at,
           CASE WHEN t.closed_at IS NULL THEN '{}' ELSE holdfast_1.figures(p_venue, t.id) END AS figures
      INTO found_by FROM holdfast.tab t WHERE t.venue = p_venue AND t.id = one.tab;
    UPDATE holdfast.search s SET at = found_by.at, figures = found_by.figures
     WHERE s.venue = p_venue AND s.tab = one.tab
       AND (s.at IS DISTINCT FROM found_by.at OR s.figures <> found_by.figures);
  END LOOP;
END $$;

-- The closed tabs of the calling till's venue that fit, the newest first, before a moment and place. p_ways lists
-- groups of ways to fit, the best group first; after the group with which p_limit is reached the others aren't looked
-- for. A way says of each word of a query which hashes of it a tab has one of, which it has none of, and which tabs fit
-- anyway. What is found comes with those of the hashes that it has. The statement is made with the hashes in it, so
-- that it's planned by how common they are: rare ones lead to the tabs, common ones are met soon from the newest on.
-- Each way gives a thousand and one at least: for a few the planner hopes to meet hashes soon that nobody has.
CREATE FUNCTION holdfast_1.find(p_ways jsonb, p_limit bigint, p_at bigint, p_place bigint)
  RETURNS TABLE (tab bytea, at bigint, place bigint, has bigint[])
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  mine integer := holdfast.my_venue();
  hashes text := '(s.named || s.plain || s.figures)';
  ways jsonb;
  way jsonb;
  word jsonb;
  fits text;
  asked bigint[];
  got bigint;
  count bigint := 0;
BEGIN
  IF mine IS NULL THEN
    RETURN;
  END IF;
  SELECT array_agg(DISTINCT h.hash::bigint) INTO asked
    FROM jsonb_path_query(p_ways, '$[*][*][*].any[*]') AS h (hash);
  FOR ways IN SELECT g.value FROM jsonb_array_elements(p_ways) AS g (value) LOOP
    FOR way IN SELECT g.value FROM jsonb_array_elements(ways) AS g (value) LOOP
      fits := '';
      FOR word IN SELECT g.value FROM jsonb_array_elements(way) AS g (value) LOOP
        fits := fits || format(' AND (%s && %L::bigint[]', hashes, ARRAY(
          SELECT h.hash::bigint FROM jsonb_array_elements(word -> 'any') AS h (hash)));
        IF jsonb_array_length(word -> 'tabs') > 0 THEN
          fits := fits || format(' OR s.tab = ANY (%L::bytea[])', ARRAY(
            SELECT t.tab::bytea FROM jsonb_array_elements_text(word -> 'tabs') AS t (tab)));
        END IF;
        fits := fits || ')';
        IF jsonb_array_length(word -> 'none') > 0 THEN
          fits := fits || format(' AND NOT %s && %L::bigint[]', hashes, ARRAY(
            SELECT h.hash::bigint FROM jsonb_array_elements(word -> 'none') AS h (hash)));
        END IF;
      END LOOP;
      RETURN QUERY EXECUTE format(
        'SELECT s.tab::bytea, s.at, s.place, ARRAY(SELECT h FROM unnest($1) AS h
             WHERE h = ANY (s.named) OR h = ANY (s.plain) OR h = ANY (s.figures))
           FROM holdfast.search s
          WHERE s.venue = %s AND s.at IS NOT NULL AND (s.at, s.place) < ($2, $3)%s
          ORDER BY s.at DESC, s.place DESC LIMIT greatest($4, 1001)', mine, fits)
        USING asked, p_at, p_place, p_limit;
      GET DIAGNOSTICS got = ROW_COUNT;
      count := count + got;
    END LOOP;
    EXIT WHEN count >= p_limit;
  END LOOP;
END $$;
