-- Less work for each new job: what a column has that is empty is known to the table, and
-- SQLite makes it ready once for all rows of a statement. No row changes, so that the text of
-- the table can be changed in place, as in 0017.
PRAGMA writable_schema = ON;

UPDATE sqlite_schema SET sql = replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(sql,
		'rank            INTEGER NOT NULL', 'rank            INTEGER NOT NULL DEFAULT 0'),
		'metadata        TEXT    NOT NULL', 'metadata        TEXT    NOT NULL DEFAULT ''{}'''),
		'unit            TEXT    NOT NULL', 'unit            TEXT    NOT NULL DEFAULT '''''),
		'progress        INTEGER NOT NULL', 'progress        INTEGER NOT NULL DEFAULT 0'),
		'total           INTEGER NOT NULL', 'total           INTEGER NOT NULL DEFAULT 0'),
		'cancellable     INTEGER NOT NULL', 'cancellable     INTEGER NOT NULL DEFAULT 0'),
		'problems        INTEGER NOT NULL', 'problems        INTEGER NOT NULL DEFAULT 0'),
		'wall            INTEGER NOT NULL', 'wall            INTEGER NOT NULL DEFAULT 0'),
		'extra           INTEGER NOT NULL', 'extra           INTEGER NOT NULL DEFAULT 0'),
		'repeat          INTEGER NOT NULL', 'repeat          INTEGER NOT NULL DEFAULT 0'),
		'interval        INTEGER NOT NULL', 'interval        INTEGER NOT NULL DEFAULT 0')
	WHERE type = 'table' AND name = 'jobs';

UPDATE sqlite_schema SET sql = replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(sql,
		'cron            TEXT    NOT NULL', 'cron            TEXT    NOT NULL DEFAULT '''''),
		'catch_up        TEXT    NOT NULL', 'catch_up        TEXT    NOT NULL DEFAULT '''''),
		'attempts        INTEGER NOT NULL', 'attempts        INTEGER NOT NULL DEFAULT 0'),
		'retries         INTEGER NOT NULL', 'retries         INTEGER NOT NULL DEFAULT 0'),
		'interruptions   INTEGER NOT NULL', 'interruptions   INTEGER NOT NULL DEFAULT 0'),
		'problems_of     INTEGER NOT NULL', 'problems_of     INTEGER NOT NULL DEFAULT 0'),
		'outcome         TEXT    NOT NULL', 'outcome         TEXT    NOT NULL DEFAULT '''''),
		'exclusive_key   TEXT    NOT NULL', 'exclusive_key   TEXT    NOT NULL DEFAULT '''''),
		'resource        TEXT    NOT NULL', 'resource        TEXT    NOT NULL DEFAULT '''''),
		'started_by      TEXT    NOT NULL', 'started_by      TEXT    NOT NULL DEFAULT '''''),
		'started_by_name TEXT    NOT NULL', 'started_by_name TEXT    NOT NULL DEFAULT ''''')
	WHERE type = 'table' AND name = 'jobs';

PRAGMA writable_schema = RESET;
