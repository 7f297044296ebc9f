-- An argon2id hash with its parameters; NULL for a person without a PIN.
ALTER TABLE people ADD COLUMN pin TEXT;

-- What is known of the laptop as a whole: one row.
CREATE TABLE device (
	only     INTEGER PRIMARY KEY CHECK (only = 1),
	set_up   INTEGER NOT NULL CHECK (set_up IN (0, 1)),
	recovery TEXT                                       -- hash of the recovery code; NULL: there is none
) STRICT;

INSERT INTO device (only, set_up) VALUES (1, 0);
