-- The tasks whose jobs are run ahead of the storage, or were when the program died: one that
-- was found by a start is run with more care. See runahead.go.
CREATE TABLE run_ahead (
	task TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
