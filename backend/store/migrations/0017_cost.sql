-- Less work for each new job and each change of one.

-- The rules of two columns stay the same but are comparisons: for a list of more
-- than two values SQLite makes a table of its own for each new row. What is stored
-- is not touched, so the text of the table can be changed in place, as
-- https://sqlite.org/lang_altertable.html describes.
PRAGMA writable_schema = ON;

UPDATE sqlite_schema SET sql = replace(replace(sql,
		'CHECK (priority IN (5, 10, 15))', 'CHECK (priority = 5 OR priority = 10 OR priority = 15)'),
		'CHECK (catch_up IN ('''', ''once'', ''skip''))', 'CHECK (catch_up = '''' OR catch_up = ''once'' OR catch_up = ''skip'')')
	WHERE type = 'table' AND name = 'jobs';

PRAGMA writable_schema = RESET;

-- The counts of all blocks together come after those of the last block, which
-- change at the same time, and not before those of the first: in a long history
-- that was a page more for each change.
UPDATE job_counts SET block = 0x7fffffffffffffff WHERE block = -1;

DROP TRIGGER jobs_gone;
CREATE TRIGGER jobs_gone AFTER DELETE ON jobs BEGIN
	INSERT INTO job_counts (block, kind, state, n)
		SELECT b.block, old.kind, old.state, -1 FROM (SELECT 0x7fffffffffffffff AS block UNION ALL SELECT old.number >> 10) b WHERE old.state >= 7
		ON CONFLICT DO UPDATE SET n = n - 1;
	UPDATE job_numbers SET gone = old.number WHERE gone < old.number;
END;
