-- Format 7. Never edit: a change is a new migration.
-- Few among many: what did not come off, by when. The watch looks at the newest of it each second.
CREATE INDEX operation_failed ON operation (settled_at) WHERE state IN ('absent', 'rejected', 'conflict');
