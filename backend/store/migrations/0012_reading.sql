-- The titles of a channel's topics and resources, for the search: some
-- thousands in one row, as package library writes them. Derived from the
-- channel's database of this size and time, and made anew from it.
CREATE TABLE titles (
	channel   TEXT    NOT NULL,
	part      INTEGER NOT NULL,
	file_size INTEGER NOT NULL,
	modified  INTEGER NOT NULL, -- nanoseconds since 1970
	lines     BLOB    NOT NULL,
	PRIMARY KEY (channel, part)
) STRICT;
