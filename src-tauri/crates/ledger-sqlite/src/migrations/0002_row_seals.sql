-- Format 2. Never edit: a change is a new migration.
-- A hash over the rest of the row, so that a damaged byte is never shown as an amount.
ALTER TABLE tab ADD COLUMN seal TEXT NOT NULL DEFAULT '';
ALTER TABLE line ADD COLUMN seal TEXT NOT NULL DEFAULT '';
ALTER TABLE hold ADD COLUMN seal TEXT NOT NULL DEFAULT '';
ALTER TABLE operation ADD COLUMN seal TEXT NOT NULL DEFAULT '';
ALTER TABLE setting ADD COLUMN seal TEXT NOT NULL DEFAULT '';
