-- What went wrong and needs somebody is found without a look at every job that
-- came to an end.
CREATE INDEX jobs_amiss ON jobs (number, kind, attempts) WHERE state = 8 OR (state = 9 AND problems > 0);

-- What a person has set aside. A later attempt that goes wrong is news again.
CREATE TABLE dismissed (
	person  TEXT    NOT NULL,
	job     INTEGER NOT NULL, -- its number; rows of jobs that are gone are removed by the next write
	attempt INTEGER NOT NULL,
	PRIMARY KEY (person, job)
) STRICT, WITHOUT ROWID;
