-- Whether due is a moment of the wall clock, as people read it from a watch.
-- Otherwise it is the end of a delay: it is moved with the wall clock when
-- that is set, so that the delay stays as long as it was.
ALTER TABLE jobs ADD COLUMN wall INTEGER NOT NULL DEFAULT 0 CHECK (wall IN (0, 1));

-- When the job began to wait for due, by the same clock; moved with it.
ALTER TABLE jobs ADD COLUMN since INTEGER NOT NULL DEFAULT 0;

CREATE INDEX jobs_wall ON jobs (due) WHERE wall = 1;
