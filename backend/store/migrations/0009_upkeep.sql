-- Files of the content folder that were verified once and are not whole any
-- more: they are gone, or their bytes are wrong.
CREATE TABLE lost_files (
	checksum  BLOB    PRIMARY KEY CHECK (length(checksum) = 16),
	extension TEXT    NOT NULL,
	size      INTEGER NOT NULL,
	damaged   INTEGER NOT NULL CHECK (damaged IN (0, 1)) -- 0: gone
) STRICT, WITHOUT ROWID;

-- The order of channels that people chose. Those without a row come after.
CREATE TABLE channel_order (
	id       TEXT    PRIMARY KEY,
	position INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Folders of the storage, with the time of their last change when each
-- verified file in them was found as it had been.
CREATE TABLE seen_folders (
	name     TEXT    PRIMARY KEY,                       -- such as "a/b"
	modified INTEGER NOT NULL                           -- nanoseconds since 1970
) STRICT, WITHOUT ROWID;
