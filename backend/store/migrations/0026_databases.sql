-- What a server's database of a channel was found to be when it was fetched: as long as the server
-- says the same of it, nobody need fetch it to know its version.
CREATE TABLE server_databases (
    source  TEXT    NOT NULL, -- the id of the server
    channel TEXT    NOT NULL,
    tag     TEXT    NOT NULL,
    size    INTEGER NOT NULL, -- bytes
    version INTEGER NOT NULL, -- of the channel, in the database as in the list of the server
    seen    INTEGER NOT NULL, -- milliseconds since 1970
    PRIMARY KEY (source, channel)
) WITHOUT ROWID;
CREATE INDEX server_databases_by_seen ON server_databases (seen);
