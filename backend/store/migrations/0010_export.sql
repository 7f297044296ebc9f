-- What an export has written to its drive and read back, so that one that was
-- interrupted does not read it again.
CREATE TABLE exported_files (
	job       INTEGER NOT NULL REFERENCES jobs (number) ON DELETE CASCADE,
	checksum  BLOB    NOT NULL CHECK (length(checksum) = 16),
	extension TEXT    NOT NULL,
	size      INTEGER NOT NULL,
	modified  INTEGER NOT NULL,                         -- nanoseconds since 1970
	PRIMARY KEY (job, checksum)
) STRICT, WITHOUT ROWID;
