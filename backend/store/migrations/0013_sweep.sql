-- The time by which the history was last swept for its age. It follows the
-- clock in bounded steps, so that a clock that is years ahead does not take the
-- whole history at once.
CREATE TABLE history_sweep (
	one INTEGER PRIMARY KEY CHECK (one = 1),
	at  INTEGER NOT NULL                      -- milliseconds since 1970
) STRICT;
