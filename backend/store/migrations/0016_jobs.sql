-- Of problems_of: the code whose items alone the next or present attempt is
-- for; '' for all of them.
ALTER TABLE jobs ADD COLUMN problems_code TEXT NOT NULL DEFAULT '';
