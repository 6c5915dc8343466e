-- A till reads its own venue's rows, and writes by functions alone; a head office reads some of its group's. Made again
-- with every step.
REVOKE ALL ON ALL TABLES IN SCHEMA holdfast FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA holdfast, holdfast_1 FROM PUBLIC;
REVOKE ALL ON SCHEMA holdfast, holdfast_1 FROM PUBLIC;
GRANT USAGE ON SCHEMA holdfast, holdfast_1 TO holdfast_till;
GRANT SELECT ON holdfast.format TO holdfast_till;
GRANT EXECUTE ON FUNCTION holdfast.my_venue(), holdfast.is_busy(integer, bytea) TO holdfast_till;

DO $$
DECLARE one record;
BEGIN
  -- Each table with a venue shows a till its own. The sub-select asks once a query, not once a row.
  FOR one IN
    SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
     WHERE c.relnamespace = 'holdfast'::regnamespace AND c.relkind = 'r' AND a.attname = 'venue'
  LOOP
    EXECUTE format('GRANT SELECT ON holdfast.%I TO holdfast_till', one.name);
    EXECUTE format('ALTER TABLE holdfast.%I ENABLE ROW LEVEL SECURITY', one.name);
    EXECUTE format('DROP POLICY IF EXISTS own ON holdfast.%I', one.name);
    EXECUTE format('CREATE POLICY own ON holdfast.%I FOR SELECT TO holdfast_till
                    USING (venue = (SELECT holdfast.my_venue()))', one.name);
  END LOOP;
  -- What a till calls runs with the owner's rights; the parts that those are made of don't, and aren't called.
  FOR one IN
    SELECT p.oid::regprocedure AS name FROM pg_proc p
     WHERE p.pronamespace = 'holdfast_1'::regnamespace AND p.prosecdef
  LOOP
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO holdfast_till', one.name);
  END LOOP;
END $$;

-- A head office calls nothing, and reads what figures are made of: without what is about guests, encrypted or not, and
-- without cards' digits. It has no guest's key, nor
-- the one that words are hashed with.
GRANT USAGE ON SCHEMA holdfast TO holdfast_head_office;
GRANT SELECT ON holdfast.format, holdfast.office TO holdfast_head_office;
GRANT EXECUTE ON FUNCTION holdfast.my_group() TO holdfast_head_office;
ALTER TABLE holdfast.office ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS own ON holdfast.office;
CREATE POLICY own ON holdfast.office FOR SELECT TO holdfast_head_office
  USING (role_name = session_user AND retired_at IS NULL);

DO $$
DECLARE one record;
BEGIN
  FOR one IN
    SELECT c.relname AS name, string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) AS columns
      FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     WHERE c.relnamespace = 'holdfast'::regnamespace
       AND c.relname IN ('venue', 'tab', 'line', 'hold', 'operation', 'renewal', 'report', 'setting')
       AND a.attname NOT IN ('personal', 'card', 'search_key')
     GROUP BY c.relname
  LOOP
    EXECUTE format('GRANT SELECT (%s) ON holdfast.%I TO holdfast_head_office', one.columns, one.name);
    EXECUTE format('DROP POLICY IF EXISTS of_group ON holdfast.%I', one.name);
    EXECUTE format('CREATE POLICY of_group ON holdfast.%I FOR SELECT TO holdfast_head_office
                    USING (venue IN (SELECT holdfast.my_group()))', one.name);
  END LOOP;
END $$;

-- Of what is set, the settings themselves.
DROP POLICY IF EXISTS settings_alone ON holdfast.setting;
CREATE POLICY settings_alone ON holdfast.setting AS RESTRICTIVE FOR SELECT TO holdfast_head_office
  USING (name = 'settings');
-- A report that begins so was moved here from the time before guests' names were encrypted, and has them in its body.
DROP POLICY IF EXISTS without_names ON holdfast.report;
CREATE POLICY without_names ON holdfast.report AS RESTRICTIVE FOR SELECT TO holdfast_head_office
  USING (substring(body FROM 1 FOR 1) <> '{'::bytea);
