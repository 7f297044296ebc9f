-- A run that somebody asked for before its time: the planned one is still to
-- come.
ALTER TABLE jobs ADD COLUMN extra INTEGER NOT NULL DEFAULT 0 CHECK (extra IN (0, 1));

-- The attempt whose failed items alone the next or present attempt is for; 0
-- for all items.
ALTER TABLE jobs ADD COLUMN problems_of INTEGER NOT NULL DEFAULT 0;

-- A request id is one person's own: it must not answer somebody else's job.
DROP INDEX jobs_request;
CREATE UNIQUE INDEX jobs_request ON jobs (request_id, started_by) WHERE request_id IS NOT NULL;

-- Queues that are held. A queue that is not here is not.
CREATE TABLE paused_queues (
	queue TEXT    PRIMARY KEY,
	since INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
