-- The parts that the functions of version 1 are made of. A function that a till may call is SECURITY DEFINER with a
-- search path of its own; these here aren't, so no till can call them.
--
-- Each writing call is one function, so it is one statement and one commit: a till that stops holds no lock. It locks
-- in the order tab, holds by id, rows that hang on those, head, and only then looks: at READ COMMITTED each statement
-- after a lock reads what is committed by then, for the functions are VOLATILE.
--
-- What they refuse with: HF001 it is known already, HF002 it was written since, HF003 more than is left, HF004 not this
-- till's turn any more, HF005 the tab is closed, HF006 another is open, HF007 rows were written since they were read,
-- which the caller reads again, HF008 the call was given up, HF009 the till's program is too old, HF404 there is no
-- such row.

-- Refuses a till that may only read any more, since its program knows no more than these functions' version. The detail
-- says which version it takes, and which this is.
CREATE FUNCTION holdfast_1.refuse_if_too_old(me holdfast.till) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF me.least_version > 1 THEN
    RAISE EXCEPTION 'this till is too old' USING ERRCODE = 'HF009', DETAIL = format('%s %s', me.least_version, 1);
  END IF;
END $$;

-- Begins a writing call: who calls, and whether they still may. Every one of them begins with this.
CREATE FUNCTION holdfast_1.begin_call(p_call bytea, p_session bigint) RETURNS holdfast.till LANGUAGE plpgsql AS $$
DECLARE
  me holdfast.till;
BEGIN
  -- For this transaction, whatever the role or a pooler is set to.
  PERFORM set_config('synchronous_commit', 'on', true), set_config('lock_timeout', '5s', true);
  SELECT * INTO me FROM holdfast.till t WHERE t.role_name = session_user AND t.retired_at IS NULL;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'this till is not enrolled' USING ERRCODE = 'HF004';
  END IF;
  IF me.session <> p_session THEN
    RAISE EXCEPTION 'this till was opened elsewhere' USING ERRCODE = 'HF004';
  END IF;
  PERFORM holdfast_1.refuse_if_too_old(me);
  -- Waits for a look-up of the same call that is under way.
  INSERT INTO holdfast.call (venue, id, till, is_done) VALUES (me.venue, p_call, me.till, true)
    ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'the call was given up' USING ERRCODE = 'HF008';
  END IF;
  RETURN me;
END $$;

-- Whether that call was committed. If it wasn't, it never will be: it waits for one that is under way, and stands in
-- the way of one that is still to come. A row is written in any case, so what it says has reached the standby that
-- commits wait for, though somebody called off the call's own waiting.
CREATE FUNCTION holdfast_1.was_done(p_call bytea) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  me holdfast.till;
  done boolean;
BEGIN
  PERFORM set_config('synchronous_commit', 'on', true);
  SELECT * INTO me FROM holdfast.till t WHERE t.role_name = session_user AND t.retired_at IS NULL;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'this till is not enrolled' USING ERRCODE = 'HF004';
  END IF;
  INSERT INTO holdfast.call AS c (venue, id, till, is_done) VALUES (me.venue, p_call, me.till, false)
    ON CONFLICT (venue, id) DO UPDATE SET is_done = c.is_done RETURNING c.is_done INTO done;
  RETURN done;
END $$;

-- Begins a session of the calling till; its number. An older one is fenced out from here on: the head's lock lets the
-- commits end that are under way, and each looks again under it.
CREATE FUNCTION holdfast_1.begin_session() RETURNS bigint
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  number bigint;
BEGIN
  PERFORM set_config('synchronous_commit', 'on', true), set_config('lock_timeout', '5s', true);
  PERFORM holdfast_1.refuse_if_too_old(t) FROM holdfast.till t
    WHERE t.role_name = session_user AND t.retired_at IS NULL;
  PERFORM 1 FROM holdfast.head h WHERE h.venue = holdfast.my_venue() FOR NO KEY UPDATE;
  UPDATE holdfast.till t SET session = t.session + 1
   WHERE t.role_name = session_user AND t.retired_at IS NULL RETURNING t.session INTO number;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'this till is not enrolled' USING ERRCODE = 'HF004';
  END IF;
  RETURN number;
END $$;

CREATE FUNCTION holdfast_1.lock_tab(p_venue integer, p_tab bytea) RETURNS holdfast.tab LANGUAGE plpgsql AS $$
DECLARE
  found_one holdfast.tab;
BEGIN
  SELECT * INTO found_one FROM holdfast.tab t WHERE t.venue = p_venue AND t.id = p_tab FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'no such tab' USING ERRCODE = 'HF404';
  END IF;
  RETURN found_one;
END $$;

-- Nothing is added to a tab that nobody looks at.
CREATE FUNCTION holdfast_1.refuse_if_closed(p_tab holdfast.tab) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF p_tab.closed_at IS NOT NULL THEN
    RAISE EXCEPTION 'the tab is closed' USING ERRCODE = 'HF005';
  END IF;
END $$;

-- Refuses what rests on a tab to which something was added since. p_seen is what there was on it, or nothing.
CREATE FUNCTION holdfast_1.refuse_unless_as_seen(p_tab holdfast.tab, p_seen jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF (p_seen ->> 'operations')::bigint <> p_tab.operations OR (p_seen ->> 'lines')::bigint <> p_tab.lines THEN
    RAISE EXCEPTION 'the tab was added to since' USING ERRCODE = 'HF002';
  END IF;
END $$;

-- A decision is made durable once, by whichever press or till.
CREATE FUNCTION holdfast_1.refuse_if_known(p_venue integer, p_operation jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM holdfast.operation o
              WHERE o.venue = p_venue AND o.id = (p_operation ->> 'id')::bytea) THEN
    RAISE EXCEPTION 'the decision is known' USING ERRCODE = 'HF001';
  END IF;
END $$;

-- The hold, and its tab before it. A hold stays on its tab.
CREATE FUNCTION holdfast_1.lock_hold(p_venue integer, p_hold bytea) RETURNS holdfast.hold LANGUAGE plpgsql AS $$
DECLARE
  found_one holdfast.hold;
BEGIN
  PERFORM holdfast_1.lock_tab(p_venue, (SELECT h.tab FROM holdfast.hold h
                                         WHERE h.venue = p_venue AND h.id = p_hold));
  SELECT * INTO found_one FROM holdfast.hold h WHERE h.venue = p_venue AND h.id = p_hold FOR NO KEY UPDATE;
  RETURN found_one;
END $$;

-- What is about a guest; nothing once they are forgotten, and nothing of a tab that isn't there. Not in SQL, which
-- would be planned with each call.
CREATE FUNCTION holdfast_1.kept(p_venue integer, p_tab bytea, p_personal bytea) RETURNS bytea LANGUAGE plpgsql AS $$
BEGIN
  IF p_tab IS NULL OR p_personal IS NULL THEN
    RETURN p_personal;
  END IF;
  IF EXISTS (SELECT 1 FROM holdfast.guest_key k WHERE k.venue = p_venue AND k.tab = p_tab
                AND k.key <> decode(repeat('00', 32), 'hex')) THEN
    RETURN p_personal;
  END IF;
  RETURN NULL;
END $$;

-- CBOR, as far as a seal needs it: the beginning of an item, bytes or nothing, a number that isn't negative. Bytes
-- aren't written with a backslash: a server may be set to read that as the beginning of another sign.
CREATE FUNCTION holdfast_1.cbor_head(p_major integer, p_n bigint) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE
    WHEN p_n < 24 THEN substring(int4send(p_major * 32 + p_n::integer) FROM 4)
    WHEN p_n < 256 THEN substring(int4send(p_major * 32 + 24) FROM 4) || substring(int8send(p_n) FROM 8)
    WHEN p_n < 65536 THEN substring(int4send(p_major * 32 + 25) FROM 4) || substring(int8send(p_n) FROM 7)
    WHEN p_n < 4294967296 THEN substring(int4send(p_major * 32 + 26) FROM 4) || substring(int8send(p_n) FROM 5)
    ELSE substring(int4send(p_major * 32 + 27) FROM 4) || int8send(p_n) END
$$;
CREATE FUNCTION holdfast_1.cbor_bytes(p_bytes bytea) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce(holdfast_1.cbor_head(2, octet_length(p_bytes)) || p_bytes, decode('f6', 'hex'))
$$;

-- The seal of a journal's entry over the one before it: what holdfast-ledger's Seal::of_entry makes.
CREATE FUNCTION holdfast_1.entry_seal(p_before bytea, p_seq bigint, p_tab bytea, p_body bytea, p_personal bytea)
  RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
  SELECT sha256(decode('85', 'hex') || holdfast_1.cbor_bytes(p_before) || holdfast_1.cbor_head(0, p_seq)
    || holdfast_1.cbor_bytes(p_tab) || holdfast_1.cbor_bytes(p_body) || holdfast_1.cbor_bytes(p_personal))
$$;

-- Findings as they are given. One that only comes with a note is added unless it is known, or opened again where it had
-- ended by itself.
CREATE FUNCTION holdfast_1.put_findings(p_venue integer, p_findings jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  one record;
BEGIN
  FOR one IN
    SELECT f.*, (g.value ->> 'raised')::boolean AS raised, (g.value ->> 'owner')::bytea AS owner
      FROM jsonb_array_elements(p_findings) WITH ORDINALITY AS g (value, n)
     CROSS JOIN LATERAL jsonb_populate_record(NULL::holdfast.finding, g.value) AS f
     ORDER BY f.key, g.n
  LOOP
    INSERT INTO holdfast.finding AS f (venue, key, kind, hold, tab, ended_at, seen, body, personal)
    VALUES (p_venue, one.key, one.kind, one.hold, one.tab, one.ended_at, one.seen, one.body,
            holdfast_1.kept(p_venue, one.owner, one.personal))
    ON CONFLICT (venue, key) DO UPDATE SET kind = excluded.kind, hold = excluded.hold, tab = excluded.tab,
      ended_at = excluded.ended_at, seen = excluded.seen, body = excluded.body, personal = excluded.personal
    WHERE NOT one.raised OR (f.ended_at IS NOT NULL AND NOT f.seen);
  END LOOP;
END $$;

-- Ends a writing call: what it raises, then under the head's lock what moved, the journal's entries and what the other
-- tills are told. p_said is an object of findings, movements and notes, each a list or missing.
CREATE FUNCTION holdfast_1.end_call(me holdfast.till, p_kind text, p_tabs bytea[], p_hold bytea, p_said jsonb)
  RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  head holdfast.head;
  one record;
  personal bytea;
BEGIN
  PERFORM holdfast_1.put_findings(me.venue, coalesce(p_said -> 'findings', '[]'));
  PERFORM holdfast_1.put_figures(me.venue, p_tabs);
  SELECT * INTO STRICT head FROM holdfast.head h WHERE h.venue = me.venue FOR NO KEY UPDATE;
  IF me.session <> (SELECT t.session FROM holdfast.till t WHERE t.venue = me.venue AND t.till = me.till) THEN
    RAISE EXCEPTION 'this till was opened elsewhere' USING ERRCODE = 'HF004';
  END IF;
  FOR one IN
    SELECT m.* FROM jsonb_array_elements(coalesce(p_said -> 'movements', '[]')) WITH ORDINALITY AS g (value, n)
     CROSS JOIN LATERAL jsonb_populate_record(NULL::holdfast.movement, g.value) AS m ORDER BY g.n
  LOOP
    head.movement := head.movement + 1;
    INSERT INTO holdfast.movement (venue, seq, hold, currency, kind, paid, amount, service, tip, said, at, body)
    VALUES (me.venue, head.movement, one.hold, one.currency, one.kind, one.paid, one.amount, one.service, one.tip,
            one.said, one.at, one.body);
  END LOOP;
  FOR one IN
    SELECT (g.value ->> 'tab')::bytea AS tab, (g.value ->> 'owner')::bytea AS owner,
           (g.value ->> 'body')::bytea AS body, (g.value ->> 'personal')::bytea AS personal
      FROM jsonb_array_elements(coalesce(p_said -> 'notes', '[]')) WITH ORDINALITY AS g (value, n) ORDER BY g.n
  LOOP
    head.seq := head.seq + 1;
    personal := holdfast_1.kept(me.venue, one.owner, one.personal);
    head.seal := holdfast_1.entry_seal(head.seal, head.seq, one.tab, one.body, personal);
    INSERT INTO holdfast.journal (venue, seq, tab, till, body, personal, seal)
    VALUES (me.venue, head.seq, one.tab, me.till, one.body, personal, head.seal);
  END LOOP;
  IF cardinality(p_tabs) = 0 THEN
    p_tabs := ARRAY[NULL::bytea];
  END IF;
  IF jsonb_array_length(coalesce(p_said -> 'findings', '[]')) > 0 THEN
    head.change := head.change + 1;
    INSERT INTO holdfast.change (venue, n, kind, till) VALUES (me.venue, head.change, 'finding', me.till);
  END IF;
  INSERT INTO holdfast.change (venue, n, kind, tab, hold, till)
  SELECT me.venue, head.change + g.n, p_kind, g.tab, p_hold, me.till
    FROM unnest(p_tabs) WITH ORDINALITY AS g (tab, n);
  UPDATE holdfast.head h SET seq = head.seq, seal = head.seal, movement = head.movement,
         change = head.change + cardinality(p_tabs)
   WHERE h.venue = me.venue;
END $$;

-- Takes a duty that nobody has, or keeps it; whether this till has it now. A lease that is lost costs requests only, so
-- it isn't waited for on the disk.
CREATE FUNCTION holdfast_1.take_lease(p_session bigint, p_duty text, p_seconds bigint) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  me holdfast.till;
BEGIN
  PERFORM set_config('synchronous_commit', 'off', true), set_config('lock_timeout', '5s', true);
  SELECT * INTO me FROM holdfast.till t WHERE t.role_name = session_user AND t.retired_at IS NULL;
  IF NOT FOUND OR me.session <> p_session THEN
    RAISE EXCEPTION 'this till was opened elsewhere' USING ERRCODE = 'HF004';
  END IF;
  PERFORM holdfast_1.refuse_if_too_old(me);
  INSERT INTO holdfast.lease AS l (venue, duty, till, session, until)
  VALUES (me.venue, p_duty, me.till, me.session, clock_timestamp() + make_interval(secs => p_seconds))
  ON CONFLICT (venue, duty) DO UPDATE
    SET till = excluded.till, session = excluded.session,
        until = clock_timestamp() + make_interval(secs => p_seconds)
  -- None lasts for more than a minute: it was given before the server's clock was set back.
  WHERE l.till = excluded.till OR l.until NOT BETWEEN clock_timestamp() AND clock_timestamp() + interval '1 minute';
  RETURN FOUND;
END $$;

-- Deletes what is kept for two days, of the calling till's venue.
CREATE FUNCTION holdfast_1.tidy() RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  mine integer := holdfast.my_venue();
BEGIN
  DELETE FROM holdfast.call c WHERE c.venue = mine AND c.at < clock_timestamp() - interval '2 days';
  DELETE FROM holdfast.change c WHERE c.venue = mine AND c.at < clock_timestamp() - interval '2 days';
END $$;
