-- Format 4. Never edit: a change is a new migration.
-- What became of an operation, told to a person who put it aside.
CREATE TABLE seen (
  operation TEXT PRIMARY KEY REFERENCES operation (id),
  at TEXT NOT NULL, by TEXT NOT NULL, seal TEXT NOT NULL DEFAULT ''
) STRICT;
-- Few among many: what staff may have to be told of on a tab that was put away.
CREATE INDEX operation_odd ON operation (hold)
 WHERE state IN ('absent', 'conflict') OR (state = 'succeeded' AND detail IS NOT NULL);
