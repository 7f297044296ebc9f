-- The orders of starts and ends within each kind and state: a page of those that match is
-- where they lie, however many others began or ended meanwhile.
DROP INDEX jobs_started;
DROP INDEX jobs_finished;
CREATE INDEX jobs_begun ON jobs (kind, state, started, number)  WHERE started IS NOT NULL;
CREATE INDEX jobs_ended ON jobs (kind, state, finished, number) WHERE finished IS NOT NULL;

-- The bounds of the starts in a block, as of the ends; and the others as they are, not a
-- minute ahead.
ALTER TABLE job_blocks ADD COLUMN first_start INTEGER NOT NULL DEFAULT 0x7fffffffffffffff;
ALTER TABLE job_blocks ADD COLUMN last_start  INTEGER NOT NULL DEFAULT -0x7fffffffffffffff;

UPDATE job_blocks SET earliest = j.earliest, latest = j.latest,
		first_start = coalesce(j.first_start, job_blocks.first_start), last_start = coalesce(j.last_start, job_blocks.last_start),
		first_end = coalesce(j.first_end, job_blocks.first_end), last_end = coalesce(j.last_end, job_blocks.last_end)
	FROM (SELECT number >> 10 AS block, min(created) AS earliest, max(created) AS latest,
		min(started) AS first_start, max(started) AS last_start, min(finished) AS first_end, max(finished) AS last_end
		FROM jobs GROUP BY number >> 10) j
	WHERE j.block = job_blocks.block;
