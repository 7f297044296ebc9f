-- What came to a channel last, kept beside the jobs: it is here whatever becomes of
-- the job that brought it.
CREATE TABLE arrivals (
	channel   TEXT    PRIMARY KEY,
	run       TEXT    NOT NULL,  -- which run of which job
	resources INTEGER NOT NULL CHECK (resources > 0),
	at        INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- As far as the jobs that ended last still tell it.
INSERT OR REPLACE INTO arrivals (channel, run, resources, at)
	SELECT channel, '', resources, at FROM (
		SELECT json_extract(args, '$.channel_id') AS channel, json_extract(result, '$.resources_added') AS resources, finished AS at, number
			FROM jobs WHERE finished IS NOT NULL ORDER BY finished DESC, number DESC LIMIT 1000)
	WHERE typeof(channel) = 'text' AND typeof(resources) = 'integer' AND resources > 0
	ORDER BY at, number;
