-- Which thing of the world a job waits for, as the program tells things apart;
-- waiting_item is for people.
ALTER TABLE jobs ADD COLUMN waiting_key TEXT;

-- Where channels came from or were looked at, so that a job can be made for a
-- drive that is not plugged in.
CREATE TABLE known_sources (
	path    TEXT    PRIMARY KEY,
	seen    INTEGER NOT NULL,
	details TEXT    NOT NULL CHECK (json_valid(details))
) STRICT, WITHOUT ROWID;
