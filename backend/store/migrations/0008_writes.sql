-- Fewer pages for each change of a job: see docs/decisions/0012.

-- The table of jobs is made anew, since SQLite can take AUTOINCREMENT and a
-- column with an index from a table in no other way. Numbers are given by the
-- writer; one is never given twice.
CREATE TABLE jobs_anew (
	number          INTEGER PRIMARY KEY,
	fixed_id        TEXT,                               -- NULL: the job is named by its number
	kind            INTEGER NOT NULL,
	state           INTEGER NOT NULL CHECK (state BETWEEN 1 AND 9),
	task            TEXT    NOT NULL,
	queue           TEXT    NOT NULL,
	priority        INTEGER NOT NULL CHECK (priority IN (5, 10, 15)),
	rank            INTEGER NOT NULL,                   -- below 0: placed before the others of its priority
	args            TEXT    NOT NULL CHECK (json_valid(args)),
	args_hash       INTEGER NOT NULL,                   -- to find a twin quickly; equal arguments have equal hashes
	metadata        TEXT    NOT NULL CHECK (json_valid(metadata)),
	result          TEXT    CHECK (result IS NULL OR json_valid(result)),
	unit            TEXT    NOT NULL,
	progress        INTEGER NOT NULL,
	total           INTEGER NOT NULL,
	cancellable     INTEGER NOT NULL CHECK (cancellable IN (0, 1)),
	checkpoint      TEXT    CHECK (checkpoint IS NULL OR json_valid(checkpoint)),
	waiting_code    TEXT,                               -- NULL: waits for nothing of the world
	waiting_item    TEXT,                               -- for people
	waiting_key     TEXT,                               -- as the program tells things apart
	waiting_since   INTEGER,
	problems        INTEGER NOT NULL,
	due             INTEGER NOT NULL,
	since           INTEGER NOT NULL,                   -- when the job began to wait for due; moved with it
	wall            INTEGER NOT NULL CHECK (wall IN (0, 1)), -- due is a moment of the wall clock
	planned         INTEGER NOT NULL,                   -- the time of its schedule that this run is for
	extra           INTEGER NOT NULL CHECK (extra IN (0, 1)), -- a run before its time: the planned one is still to come
	repeat          INTEGER NOT NULL CHECK (repeat >= -1), -- -1: for ever
	interval        INTEGER NOT NULL CHECK (interval >= 0),
	cron            TEXT    NOT NULL,
	catch_up        TEXT    NOT NULL CHECK (catch_up IN ('', 'once', 'skip')),
	retry_interval  INTEGER CHECK (retry_interval >= 0), -- NULL: a failed run is not retried
	max_retries     INTEGER CHECK (max_retries >= 0),    -- NULL: without limit
	attempts        INTEGER NOT NULL,
	retries         INTEGER NOT NULL,
	interruptions   INTEGER NOT NULL,
	problems_of     INTEGER NOT NULL,                   -- the attempt whose failed items alone count; 0 for all
	outcome         TEXT    NOT NULL,
	failure_code    TEXT,
	failure_params  TEXT,
	failure_detail  TEXT,
	exclusive_key   TEXT    NOT NULL,
	resource        TEXT    NOT NULL,
	started_by      TEXT    NOT NULL,
	started_by_name TEXT    NOT NULL,
	request_id      TEXT,
	created         INTEGER NOT NULL,
	started         INTEGER,
	finished        INTEGER,
	CHECK ((waiting_code IS NULL) = (waiting_since IS NULL))
) STRICT;

INSERT INTO jobs_anew (
		number, fixed_id, kind, state, task, queue, priority, rank, args, args_hash, metadata, result, unit, progress, total,
		cancellable, checkpoint, waiting_code, waiting_item, waiting_key, waiting_since, problems, due, since, wall, planned, extra,
		repeat, interval, cron, catch_up, retry_interval, max_retries, attempts, retries, interruptions, problems_of, outcome,
		failure_code, failure_params, failure_detail, exclusive_key, resource, started_by, started_by_name, request_id,
		created, started, finished)
	SELECT
		number, fixed_id, kind, state, task, queue, priority, rank, args, args_hash, metadata, result, unit, progress, total,
		cancellable, checkpoint, waiting_code, waiting_item, waiting_key, waiting_since, problems, due, since, wall, planned, extra,
		repeat, interval, cron, catch_up, retry_interval, max_retries, attempts, retries, interruptions, problems_of, outcome,
		failure_code, failure_params, failure_detail, exclusive_key, resource, started_by, started_by_name, request_id,
		created, started, finished
	FROM jobs ORDER BY number;

-- The highest number of a job that is gone: it is not given again.
CREATE TABLE job_numbers (
	only INTEGER PRIMARY KEY CHECK (only = 1),
	gone INTEGER NOT NULL
) STRICT;

INSERT INTO job_numbers (only, gone) VALUES (1, coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'jobs'), 0));

DROP TABLE jobs;
ALTER TABLE jobs_anew RENAME TO jobs;

CREATE UNIQUE INDEX jobs_fixed_id ON jobs (fixed_id) WHERE fixed_id IS NOT NULL;
CREATE UNIQUE INDEX jobs_request  ON jobs (request_id, started_by) WHERE request_id IS NOT NULL;
CREATE INDEX jobs_due       ON jobs (due) WHERE state = 1;
CREATE INDEX jobs_kind      ON jobs (kind, state, number, args_hash);
CREATE INDEX jobs_ready     ON jobs (priority, rank, due, number) WHERE state = 2;
CREATE INDEX jobs_repeating ON jobs (number) WHERE repeat <> 0 OR cron <> '';
CREATE INDEX jobs_finished  ON jobs (finished, number, kind, state) WHERE finished IS NOT NULL;
CREATE INDEX jobs_started   ON jobs (started) WHERE started IS NOT NULL;
CREATE INDEX jobs_waiting   ON jobs (number) WHERE waiting_code IS NOT NULL;
CREATE INDEX jobs_wall      ON jobs (due) WHERE wall = 1;

-- Kept are the counts of jobs at rest, which are many. The others are counted
-- in their index.
DELETE FROM job_counts WHERE state < 7;

CREATE TRIGGER jobs_gone AFTER DELETE ON jobs BEGIN
	INSERT INTO job_counts (block, kind, state, n)
		SELECT b.block, old.kind, old.state, -1 FROM (SELECT -1 AS block UNION ALL SELECT old.number >> 10) b WHERE old.state >= 7
		ON CONFLICT DO UPDATE SET n = n - 1;
	UPDATE job_numbers SET gone = old.number WHERE gone < old.number;
END;

-- Between which times the jobs of a block ended, at most; the one after the
-- other while none has.
ALTER TABLE job_blocks ADD COLUMN first_end INTEGER NOT NULL DEFAULT 0x7fffffffffffffff;
ALTER TABLE job_blocks ADD COLUMN last_end  INTEGER NOT NULL DEFAULT -0x7fffffffffffffff;

UPDATE job_blocks SET first_end = e.first_end, last_end = e.last_end
	FROM (SELECT number >> 10 AS block, min(finished) AS first_end, max(finished) AS last_end
		FROM jobs WHERE finished IS NOT NULL GROUP BY number >> 10) e
	WHERE e.block = job_blocks.block;

-- An attempt is stored when another one follows it, or when the job says
-- something else of itself. Until then it is in the job.
DROP TRIGGER attempts_bounded;
CREATE TRIGGER attempts_bounded AFTER INSERT ON attempts WHEN new.attempt > 9 BEGIN
	DELETE FROM problems WHERE job = new.job AND attempt <= new.attempt - 9;
	DELETE FROM attempts WHERE job = new.job AND attempt <= new.attempt - 99;
END;
