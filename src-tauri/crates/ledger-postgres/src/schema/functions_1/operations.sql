-- Holds, and what is decided on them.

-- An operation of the calling till's on a hold of that tab; both are locked.
CREATE FUNCTION holdfast_1.insert_operation(me holdfast.till, o holdfast.operation, p_tab bytea) RETURNS void
  LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO holdfast.operation (venue, id, hold, kind, amount, tip, state, settled_at, odd, asks, body, personal,
                                  owner_till, owner_session, attempt, permit_until)
  VALUES (me.venue, o.id, o.hold, o.kind, o.amount, o.tip, o.state, o.settled_at, o.odd, o.asks, o.body,
          holdfast_1.kept(me.venue, p_tab, o.personal), me.till, me.session, o.attempt,
          clock_timestamp() + interval '10 seconds')
  ON CONFLICT (venue, id) DO NOTHING;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'the decision is known' USING ERRCODE = 'HF001';
  END IF;
  UPDATE holdfast.hold k SET revision = k.revision + 1 WHERE k.venue = me.venue AND k.id = o.hold;
  UPDATE holdfast.tab t SET operations = t.operations + 1 WHERE t.venue = me.venue AND t.id = p_tab;
END $$;

-- A decision on a hold that is locked, and its tab too. Kind 1 is a capture, kind 4 a refund.
CREATE FUNCTION holdfast_1.put_operation(me holdfast.till, p_operation jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  o holdfast.operation := jsonb_populate_record(NULL::holdfast.operation, p_operation);
  h holdfast.hold;
BEGIN
  SELECT * INTO h FROM holdfast.hold k WHERE k.venue = me.venue AND k.id = o.hold;
  IF (o.kind = 1 AND h.captured + h.pending + o.amount + o.tip > h.authorised)
     OR (o.kind = 4 AND h.refunded + o.amount > h.captured) THEN
    RAISE EXCEPTION 'more than what is left' USING ERRCODE = 'HF003';
  END IF;
  PERFORM holdfast_1.insert_operation(me, o, h.tab);
END $$;

-- A new hold on a tab that is locked.
CREATE FUNCTION holdfast_1.insert_hold(me holdfast.till, h holdfast.hold) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO holdfast.hold (venue, id, tab, version, intent_id, reference, asked, status, card, lapsed_at,
                             held, authorised, captured, pending, refunded, over, body)
  VALUES (me.venue, h.id, h.tab, h.version, h.intent_id, h.reference, h.asked, h.status, h.card, h.lapsed_at,
          h.held, h.authorised, h.captured, h.pending, h.refunded, h.over, h.body)
  ON CONFLICT (venue, id) DO NOTHING;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'the hold is known' USING ERRCODE = 'HF001';
  END IF;
END $$;

-- The same with the operation that is to create it.
CREATE FUNCTION holdfast_1.put_hold(me holdfast.till, p_hold jsonb, p_create jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM holdfast_1.insert_hold(me, jsonb_populate_record(NULL::holdfast.hold, p_hold)),
          holdfast_1.put_operation(me, p_create);
END $$;

-- The same, on a tab that is as somebody saw it. What was found at Dojo rests on nothing that was seen, and is added
-- to a closed tab too; what has yet to be sent isn't. State 0 is intended.
CREATE FUNCTION holdfast_1.put_hold_on(me holdfast.till, p_tab holdfast.tab, p_hold jsonb, p_create jsonb,
                                       p_seen jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM holdfast_1.refuse_if_known(me.venue, p_create);
  IF p_seen IS NOT NULL OR (p_create ->> 'state')::integer = 0 THEN
    PERFORM holdfast_1.refuse_if_closed(p_tab), holdfast_1.refuse_unless_as_seen(p_tab, p_seen);
  END IF;
  PERFORM holdfast_1.put_hold(me, p_hold, p_create);
END $$;

CREATE FUNCTION holdfast_1.add_hold(p_call bytea, p_session bigint, p_hold jsonb, p_create jsonb, p_seen jsonb,
                                    p_said jsonb) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  me holdfast.till := holdfast_1.begin_call(p_call, p_session);
  t holdfast.tab := holdfast_1.lock_tab(me.venue, (p_hold ->> 'tab')::bytea);
BEGIN
  PERFORM holdfast_1.put_hold_on(me, t, p_hold, p_create, p_seen);
  PERFORM holdfast_1.end_call(me, 'hold', ARRAY[t.id::bytea], (p_hold ->> 'id')::bytea, p_said);
END $$;

-- Makes a decision durable that rests on what is expected: the hold's version, and what was seen of its tab. Kind 0
-- is a create.
CREATE FUNCTION holdfast_1.intend(p_call bytea, p_session bigint, p_expect jsonb, p_operation jsonb, p_said jsonb)
  RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  me holdfast.till := holdfast_1.begin_call(p_call, p_session);
  h holdfast.hold;
  t holdfast.tab;
BEGIN
  -- Known comes first, whatever hold it was on.
  PERFORM holdfast_1.refuse_if_known(me.venue, p_operation);
  h := holdfast_1.lock_hold(me.venue, (p_operation ->> 'hold')::bytea);
  t := holdfast_1.lock_tab(me.venue, h.tab);
  PERFORM holdfast_1.refuse_if_known(me.venue, p_operation);
  IF (p_operation ->> 'kind')::integer = 0 THEN
    PERFORM holdfast_1.refuse_if_closed(t);
  END IF;
  IF h.version <> (p_expect ->> 'hold')::bigint THEN
    RAISE EXCEPTION 'the hold was written since' USING ERRCODE = 'HF002';
  END IF;
  PERFORM holdfast_1.refuse_unless_as_seen(t, p_expect -> 'tab');
  IF EXISTS (SELECT 1 FROM holdfast.operation o
              WHERE o.venue = me.venue AND o.hold = h.id AND o.state IN (0, 1, 2)) THEN
    RAISE EXCEPTION 'another is open on the hold' USING ERRCODE = 'HF006';
  END IF;
  PERFORM holdfast_1.put_operation(me, p_operation);
  PERFORM holdfast_1.end_call(me, 'hold', ARRAY[h.tab::bytea], h.id, p_said);
END $$;

-- Locks a hold that was read at that revision.
CREATE FUNCTION holdfast_1.lock_hold_at(p_venue integer, p_hold bytea, p_revision bigint) RETURNS holdfast.hold
  LANGUAGE plpgsql AS $$
DECLARE
  h holdfast.hold := holdfast_1.lock_hold(p_venue, p_hold);
BEGIN
  IF h.revision <> p_revision THEN
    RAISE EXCEPTION 'the hold was written since it was read' USING ERRCODE = 'HF007';
  END IF;
  RETURN h;
END $$;

-- The rows that a commit makes of a hold and of one of its operations, either of which may be missing. The caller has
-- read both at a revision that still is the hold's.
CREATE FUNCTION holdfast_1.change_rows(me holdfast.till, p_locked holdfast.hold, p_hold jsonb, p_operation jsonb)
  RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  h holdfast.hold := jsonb_populate_record(p_locked, coalesce(p_hold, '{}'));
  o holdfast.operation;
BEGIN
  UPDATE holdfast.hold k SET version = h.version, revision = p_locked.revision + 1, intent_id = h.intent_id,
         status = h.status, card = h.card, lapsed_at = h.lapsed_at, held = h.held, authorised = h.authorised,
         captured = h.captured, pending = h.pending, refunded = h.refunded, over = h.over, body = h.body
   WHERE k.venue = me.venue AND k.id = p_locked.id;
  IF p_operation IS NULL THEN
    RETURN;
  END IF;
  o := jsonb_populate_record(NULL::holdfast.operation, p_operation);
  UPDATE holdfast.operation k SET state = o.state, settled_at = o.settled_at, odd = o.odd, asks = o.asks,
         body = o.body, personal = holdfast_1.kept(me.venue, p_locked.tab, o.personal)
   WHERE k.venue = me.venue AND k.id = o.id AND k.hold = p_locked.id;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'no such operation' USING ERRCODE = 'HF404';
  END IF;
END $$;

-- Records what was learnt of a hold and how one of its operations moved on.
CREATE FUNCTION holdfast_1.record(p_call bytea, p_session bigint, p_hold bytea, p_revision bigint, p_row jsonb,
                                  p_operation jsonb, p_said jsonb) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  me holdfast.till := holdfast_1.begin_call(p_call, p_session);
  h holdfast.hold := holdfast_1.lock_hold_at(me.venue, p_hold, p_revision);
BEGIN
  PERFORM holdfast_1.change_rows(me, h, p_row, p_operation);
  PERFORM holdfast_1.end_call(me, 'hold', ARRAY[h.tab::bytea], p_hold, p_said);
END $$;

-- Ends what a take left to be asked for, with the hold that is opened for it on the same tab, if one is.
CREATE FUNCTION holdfast_1.end_ask(p_call bytea, p_session bigint, p_hold bytea, p_revision bigint, p_ask jsonb,
                                   p_opened jsonb, p_create jsonb, p_seen jsonb, p_said jsonb) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  me holdfast.till := holdfast_1.begin_call(p_call, p_session);
  h holdfast.hold := holdfast_1.lock_hold_at(me.venue, p_hold, p_revision);
BEGIN
  PERFORM holdfast_1.change_rows(me, h, NULL, p_ask);
  IF p_opened IS NOT NULL THEN
    IF (p_opened ->> 'tab')::bytea <> h.tab THEN
      RAISE EXCEPTION 'the hold is for another tab' USING ERRCODE = 'HF404';
    END IF;
    PERFORM holdfast_1.put_hold_on(me, holdfast_1.lock_tab(me.venue, h.tab), p_opened, p_create, p_seen);
  END IF;
  PERFORM holdfast_1.end_call(me, 'hold', ARRAY[h.tab::bytea], p_hold, p_said);
END $$;
