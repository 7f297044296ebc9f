-- A series that was cancelled keeps its rule, for a restart: that it is not due again by it is
-- said besides. Those that were cancelled before have lost theirs.
ALTER TABLE jobs ADD COLUMN series_canceled INTEGER NOT NULL DEFAULT 0;
