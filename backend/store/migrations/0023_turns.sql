-- Jobs that are asked for to run at once have their place in the order of runs from their
-- numbers, and need no second index for it: see turns.go. Those that are stored already go
-- on as before.
ALTER TABLE jobs ADD COLUMN in_turn INTEGER NOT NULL DEFAULT 0;

DROP INDEX jobs_ready;
CREATE INDEX jobs_ready ON jobs (priority, rank, due, number) WHERE state = 2 AND in_turn = 0;

DROP INDEX jobs_kind;
CREATE INDEX jobs_kind ON jobs (kind, state, number, args_hash, in_turn);
