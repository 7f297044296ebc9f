-- Jobs at rest that never began or never ended, which are few: in the order of starts
-- and ends they come together, before or after all the others.
CREATE INDEX jobs_unrun ON jobs (number, kind, state) WHERE state >= 7 AND (started IS NULL OR finished IS NULL);
