-- The periodic jobs that plugins brought. A name stays when its job is
-- deleted, so that the job does not come back.
CREATE TABLE seeds (
	name   TEXT    PRIMARY KEY,
	seeded INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The history of one job is bounded while it is written: a hundred attempts,
-- and the problems of ten, so that a job with a problem at every file does not
-- fill the disk.
CREATE TRIGGER attempts_bounded AFTER INSERT ON attempts WHEN new.attempt > 10 BEGIN
	DELETE FROM problems WHERE job = new.job AND attempt <= new.attempt - 10;
	DELETE FROM attempts WHERE job = new.job AND attempt <= new.attempt - 100;
END;

CREATE INDEX problems_attempt ON problems (job, attempt);
