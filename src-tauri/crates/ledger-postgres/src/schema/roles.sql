-- Roles are the whole server's: made where they're missing. Nobody logs in as the first, which owns all tables, nor as
-- the others, which are what tills and head offices may.
DO $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'holdfast_owner') THEN
    CREATE ROLE holdfast_owner NOLOGIN;
  END IF;
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'holdfast_till') THEN
    CREATE ROLE holdfast_till NOLOGIN;
  END IF;
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'holdfast_head_office') THEN
    CREATE ROLE holdfast_head_office NOLOGIN;
  END IF;
END $$;
GRANT holdfast_owner TO CURRENT_USER;
CREATE SCHEMA holdfast AUTHORIZATION holdfast_owner;
CREATE SCHEMA holdfast_1 AUTHORIZATION holdfast_owner;
SET LOCAL ROLE holdfast_owner;
CREATE TABLE holdfast.format (format integer NOT NULL, at timestamptz NOT NULL DEFAULT clock_timestamp());
CREATE UNIQUE INDEX format_is_one ON holdfast.format ((true));
INSERT INTO holdfast.format (format) VALUES (0);
