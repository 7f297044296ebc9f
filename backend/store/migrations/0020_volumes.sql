-- Blocks that follow each other are a volume, sixteen of them: a list of a long time
-- adds up the counts of few volumes instead of many blocks.

-- Counts are kept of parts of the numbers, named so that those of the newest jobs
-- stand side by side: of a block under twice its number, of a volume after its last
-- block, and of all jobs after everything else.
DROP TRIGGER jobs_gone;

CREATE TABLE job_counts_anew (
	part  INTEGER NOT NULL,
	kind  INTEGER NOT NULL,
	state INTEGER NOT NULL,
	n     INTEGER NOT NULL,
	PRIMARY KEY (part, kind, state)
) STRICT, WITHOUT ROWID;

INSERT INTO job_counts_anew (part, kind, state, n)
	SELECT iif(block = 0x7fffffffffffffff, block, block << 1), kind, state, n FROM job_counts ORDER BY block, kind, state;
INSERT INTO job_counts_anew (part, kind, state, n)
	SELECT (block >> 4 << 5) + 31, kind, state, sum(n) FROM job_counts WHERE block < 0x7fffffffffffffff GROUP BY block >> 4, kind, state;

DROP TABLE job_counts;
ALTER TABLE job_counts_anew RENAME TO job_counts;

CREATE TRIGGER jobs_gone AFTER DELETE ON jobs BEGIN
	INSERT INTO job_counts (part, kind, state, n)
		SELECT p.part, old.kind, old.state, -1
		FROM (SELECT 0x7fffffffffffffff AS part UNION ALL SELECT old.number >> 10 << 1 UNION ALL SELECT (old.number >> 14 << 5) + 31) p
		WHERE old.state >= 7
		ON CONFLICT DO UPDATE SET n = n - 1;
	UPDATE job_numbers SET gone = old.number WHERE gone < old.number;
END;
