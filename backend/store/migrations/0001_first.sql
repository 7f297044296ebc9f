-- Times are milliseconds since 1970 in UTC; durations are milliseconds.
-- A state is a number of package task; 7 and above are at rest.

CREATE TABLE jobs (
	number          INTEGER PRIMARY KEY AUTOINCREMENT,
	fixed_id        TEXT,                               -- NULL: the job is named by its number
	task            TEXT    NOT NULL,
	state           INTEGER NOT NULL CHECK (state BETWEEN 1 AND 9),
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
	waiting_item    TEXT,
	waiting_since   INTEGER,
	problems        INTEGER NOT NULL,
	due             INTEGER NOT NULL,
	planned         INTEGER NOT NULL,                   -- the time of its schedule that this run is for
	repeat          INTEGER NOT NULL CHECK (repeat >= -1), -- -1: for ever
	interval        INTEGER NOT NULL CHECK (interval >= 0),
	cron            TEXT    NOT NULL,
	catch_up        TEXT    NOT NULL CHECK (catch_up IN ('', 'once', 'skip')),
	retry_interval  INTEGER CHECK (retry_interval >= 0), -- NULL: a failed run is not retried
	max_retries     INTEGER CHECK (max_retries >= 0),    -- NULL: without limit
	attempts        INTEGER NOT NULL,
	retries         INTEGER NOT NULL,
	interruptions   INTEGER NOT NULL,
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

CREATE UNIQUE INDEX jobs_fixed_id ON jobs (fixed_id) WHERE fixed_id IS NOT NULL;
CREATE UNIQUE INDEX jobs_request  ON jobs (request_id) WHERE request_id IS NOT NULL;
CREATE INDEX jobs_state ON jobs (state, number);
CREATE INDEX jobs_due   ON jobs (due) WHERE state = 1;
CREATE INDEX jobs_twin  ON jobs (task, args_hash) WHERE state < 7;
CREATE INDEX jobs_finished ON jobs (finished) WHERE state >= 7;

CREATE TABLE attempts (
	job            INTEGER NOT NULL REFERENCES jobs (number) ON DELETE CASCADE,
	attempt        INTEGER NOT NULL,
	started        INTEGER NOT NULL,
	finished       INTEGER,                             -- NULL while it runs
	outcome        TEXT    NOT NULL,
	failure_code   TEXT,
	failure_params TEXT,
	failure_detail TEXT,
	PRIMARY KEY (job, attempt)
) STRICT, WITHOUT ROWID;

CREATE TABLE problems (
	job     INTEGER NOT NULL REFERENCES jobs (number) ON DELETE CASCADE,
	place   INTEGER NOT NULL,                           -- order within the job
	attempt INTEGER NOT NULL,
	code    TEXT    NOT NULL,
	params  TEXT,
	item    TEXT    NOT NULL,
	PRIMARY KEY (job, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE job_log (
	job     INTEGER NOT NULL REFERENCES jobs (number) ON DELETE CASCADE,
	place   INTEGER NOT NULL,
	time    INTEGER NOT NULL,
	level   TEXT    NOT NULL,
	message TEXT    NOT NULL,
	PRIMARY KEY (job, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE people (
	id             TEXT    PRIMARY KEY,
	name           TEXT    NOT NULL,
	role           TEXT    NOT NULL CHECK (role IN ('coordinator', 'teacher')),
	manage_content INTEGER NOT NULL CHECK (manage_content IN (0, 1)),
	created        INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE settings (
	name  TEXT PRIMARY KEY,
	value TEXT NOT NULL CHECK (json_valid(value))
) STRICT, WITHOUT ROWID;

-- Files of the content folder whose bytes were verified. A file counts as
-- here only while it has the size and the time that it had then.
CREATE TABLE files (
	checksum  BLOB    PRIMARY KEY CHECK (length(checksum) = 16),
	extension TEXT    NOT NULL,
	size      INTEGER NOT NULL,
	modified  INTEGER NOT NULL                          -- nanoseconds since 1970
) STRICT, WITHOUT ROWID;

-- A digest of each channel database in the content folder, so that the
-- library opens at once. The database itself is the truth; a row whose file
-- has another size or time is made anew.
CREATE TABLE channels (
	id          TEXT    PRIMARY KEY,
	file_size   INTEGER NOT NULL,
	modified    INTEGER NOT NULL,                       -- nanoseconds since 1970
	digest      TEXT    NOT NULL CHECK (json_valid(digest))
) STRICT, WITHOUT ROWID;
