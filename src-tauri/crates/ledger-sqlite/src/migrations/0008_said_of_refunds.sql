-- Format 8. Never edit: a change is a new migration.
-- Of a refund: how much of its amount somebody has said what it is of. Of one from before nobody has.
ALTER TABLE movement ADD COLUMN said INTEGER NOT NULL DEFAULT 0;
