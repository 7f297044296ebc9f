-- What an import of a whole channel brings, as package library writes it, while
-- all of that is here: so that one with nothing to do need not read the channel.
-- It goes with the digest of which it is a part.
ALTER TABLE channels ADD COLUMN whole BLOB;
