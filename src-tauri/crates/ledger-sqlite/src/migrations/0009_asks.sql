-- Format 9. Never edit: a change is a new migration.
-- Set while the guest has yet to be asked for what a take could not cover; how much that is stands in the sealed body.
ALTER TABLE operation ADD COLUMN asks INTEGER CHECK (asks = 1);
CREATE INDEX operation_asks ON operation (id) WHERE asks IS NOT NULL;
