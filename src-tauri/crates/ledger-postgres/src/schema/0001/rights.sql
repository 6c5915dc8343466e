-- A till reads its own venue's rows, and writes by functions alone. Made again with every step.
REVOKE ALL ON ALL TABLES IN SCHEMA holdfast FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA holdfast, holdfast_1 FROM PUBLIC;
REVOKE ALL ON SCHEMA holdfast, holdfast_1 FROM PUBLIC;
GRANT USAGE ON SCHEMA holdfast, holdfast_1 TO holdfast_till;
GRANT SELECT ON ALL TABLES IN SCHEMA holdfast TO holdfast_till;
GRANT EXECUTE ON FUNCTION holdfast.my_venue(), holdfast.is_busy(integer, bytea) TO holdfast_till;

DO $$
DECLARE one record;
BEGIN
  -- Each table with a venue shows a till its own. The sub-select asks once a query, not once a row.
  FOR one IN
    SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
     WHERE c.relnamespace = 'holdfast'::regnamespace AND c.relkind = 'r' AND a.attname = 'venue'
  LOOP
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
