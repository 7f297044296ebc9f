-- Jobs of one task, queue and person are of one kind. A list by any of the
-- three reads the kinds that match, each in order; counts add them up.
CREATE TABLE job_kinds (
	kind       INTEGER PRIMARY KEY,
	task       TEXT    NOT NULL,
	queue      TEXT    NOT NULL,
	started_by TEXT    NOT NULL,
	UNIQUE (task, queue, started_by)
) STRICT;

INSERT INTO job_kinds (task, queue, started_by)
	SELECT DISTINCT task, queue, started_by FROM jobs;

ALTER TABLE jobs ADD COLUMN kind INTEGER NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN twin INTEGER; -- args_hash until the job is at rest

UPDATE jobs SET
	kind = (SELECT k.kind FROM job_kinds k WHERE k.task = jobs.task AND k.queue = jobs.queue AND k.started_by = jobs.started_by),
	twin = iif(state < 7, args_hash, NULL);

DROP INDEX jobs_state;
DROP INDEX jobs_twin;
DROP INDEX jobs_finished;
CREATE INDEX jobs_kind      ON jobs (kind, state, number);
CREATE INDEX jobs_twin      ON jobs (twin) WHERE twin IS NOT NULL;
CREATE INDEX jobs_ready     ON jobs (priority, rank, due, number) WHERE state = 2;
CREATE INDEX jobs_repeating ON jobs (number) WHERE repeat <> 0 OR cron <> '';

CREATE INDEX jobs_finished  ON jobs (finished, number, kind, state) WHERE finished IS NOT NULL;
CREATE INDEX jobs_started   ON jobs (started) WHERE started IS NOT NULL;
CREATE INDEX jobs_waiting   ON jobs (number) WHERE waiting_code IS NOT NULL;

-- A thousand jobs in the order of creation are a block.

-- How many jobs there are, always exact: of all blocks together under -1, and
-- of those at rest for each block too.
CREATE TABLE job_counts (
	block INTEGER NOT NULL,
	kind  INTEGER NOT NULL,
	state INTEGER NOT NULL,
	n     INTEGER NOT NULL,
	PRIMARY KEY (block, kind, state)
) STRICT, WITHOUT ROWID;

INSERT INTO job_counts (block, kind, state, n)
	SELECT -1, kind, state, count(*) FROM jobs GROUP BY kind, state;
INSERT INTO job_counts (block, kind, state, n)
	SELECT number >> 10, kind, state, count(*) FROM jobs WHERE state >= 7 GROUP BY number >> 10, kind, state;

-- The writer keeps the counts when it stores jobs; a job may go in many ways.
CREATE TRIGGER jobs_gone AFTER DELETE ON jobs BEGIN
	INSERT INTO job_counts (block, kind, state, n) VALUES (-1, old.kind, old.state, -1)
		ON CONFLICT DO UPDATE SET n = n - 1;
	INSERT INTO job_counts (block, kind, state, n) SELECT old.number >> 10, old.kind, old.state, -1 WHERE old.state >= 7
		ON CONFLICT DO UPDATE SET n = n - 1;
END;

-- Between which times the jobs of a block were created, at most: numbers rise
-- with the time, except where the clock was changed.
CREATE TABLE job_blocks (
	block    INTEGER PRIMARY KEY,
	earliest INTEGER NOT NULL,
	latest   INTEGER NOT NULL
) STRICT;

INSERT INTO job_blocks (block, earliest, latest)
	SELECT number >> 10, min(created), max(created) FROM jobs GROUP BY number >> 10;
