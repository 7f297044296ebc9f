package channeltest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"nectar/backend/channel"
)

// Damage breaks a channel that was written to the content folder.
type Damage func(c *Channel, content string) error

// Damage that any database file may suffer.
var (
	// EmptyDatabase leaves a file of no bytes.
	EmptyDatabase Damage = replaceDatabase(nil)
	// TextDatabase leaves a text in place of the database.
	TextDatabase Damage = replaceDatabase([]byte("<html><title>404 Not Found</title></html> and a good deal more, so that it is longer than a header of a database\n"))
	// TruncateDatabase cuts off the second half, as a copy does that was
	// never finished.
	TruncateDatabase Damage = func(c *Channel, content string) error {
		path := c.ID.DatabaseIn(content)
		info, err := os.Stat(path)
		if err != nil {
			return fmt.Errorf("find database: %w", err)
		}
		return os.Truncate(path, info.Size()/2)
	}
	// CorruptDatabase overwrites pages in the middle, keeping the length.
	CorruptDatabase Damage = func(c *Channel, content string) error {
		path := c.ID.DatabaseIn(content)
		bytes, err := os.ReadFile(path)
		if err != nil {
			return fmt.Errorf("read database: %w", err)
		}
		for i := 4096; i < len(bytes); i++ {
			bytes[i] ^= 0x5a
		}
		return os.WriteFile(path, bytes, 0o600)
	}
	// WrongFreePages counts free pages that there are none of, which nobody who reads
	// the tables notices.
	WrongFreePages Damage = func(c *Channel, content string) error {
		const count = 36 // where the header has it
		database, err := os.OpenFile(c.ID.DatabaseIn(content), os.O_RDWR, 0)
		if err != nil {
			return err
		}
		_, err = database.WriteAt([]byte{0, 0, 0, 3}, count)
		return errors.Join(err, database.Close())
	}
	// OtherDatabase leaves a SQLite database of some other program.
	OtherDatabase Damage = func(c *Channel, content string) error {
		path := c.ID.DatabaseIn(content)
		if err := os.Remove(path); err != nil {
			return fmt.Errorf("remove database: %w", err)
		}
		return Exec("CREATE TABLE bookmarks (id INTEGER PRIMARY KEY, url TEXT)")(c, content)
	}
	// WrongName names the database for another channel.
	WrongName Damage = func(c *Channel, content string) error {
		return os.Rename(c.ID.DatabaseIn(content), Renamed(c).DatabaseIn(content))
	}
)

// Renamed answers the id that WrongName gives to the channel's database.
func Renamed(c *Channel) channel.ID { return channel.ID(hexID("renamed", c.ID)) }

// Damage of the rows and the schema.
var (
	// FutureSchema declares a generation that does not exist yet.
	FutureSchema = Exec("UPDATE content_channelmetadata SET min_schema_version = '7'")
	// UnknownSchema declares a generation that nobody knows.
	UnknownSchema = Exec("UPDATE content_channelmetadata SET min_schema_version = 'abc'")
	// NoMetadata removes the channel's own row.
	NoMetadata = Exec("DELETE FROM content_channelmetadata")
	// TwoChannels adds a second channel's row.
	TwoChannels = Exec("INSERT INTO content_channelmetadata SELECT replace(id, substr(id, 1, 4), 'ffff'), " +
		"name, description, tagline, author, version, thumbnail, last_updated, min_schema_version, root_id FROM content_channelmetadata")
	// ForeignNode gives one node to another channel.
	ForeignNode = Exec("UPDATE content_contentnode SET channel_id = 'ffffffffffffffffffffffffffffffff' WHERE lft = 2")
	// TraversalExtension makes a file's name leave the storage folder.
	TraversalExtension = Exec("UPDATE content_localfile SET extension = 'mp4/../../../x' WHERE id = (SELECT min(id) FROM content_localfile)")
	// TraversalID makes a file's id leave the storage folder.
	TraversalID = Exec("UPDATE content_localfile SET id = '../../../../etc/passwd' WHERE id = (SELECT min(id) FROM content_localfile)")
	// NegativeSize declares a file of less than no bytes.
	NegativeSize = Exec("UPDATE content_localfile SET file_size = -5 WHERE id = (SELECT min(id) FROM content_localfile)")
	// LostFile removes the record of a file that a resource names.
	LostFile = Exec("DELETE FROM content_localfile WHERE id = (SELECT min(id) FROM content_localfile)")
	// Trigger adds a trigger.
	Trigger = Exec("CREATE TRIGGER t AFTER UPDATE ON content_contentnode BEGIN DELETE FROM content_file; END")
	// View puts a view in place of a table.
	View = Exec("ALTER TABLE content_file RENAME TO content_hidden", "CREATE VIEW content_file AS SELECT * FROM content_hidden")
	// VirtualTable adds a virtual table.
	VirtualTable = Exec("CREATE VIRTUAL TABLE search USING fts3(title)")
	// Computed adds a column that is computed when it is read.
	Computed = Exec("ALTER TABLE content_contentnode ADD COLUMN more TEXT AS (hex(title))")
	// Cycle makes the root a child of its own child.
	Cycle = Exec("UPDATE content_contentnode SET parent_id = (SELECT id FROM content_contentnode WHERE lft = 2) WHERE lft = 1")
	// Orphan gives a node a parent that does not exist.
	Orphan = Exec("UPDATE content_contentnode SET parent_id = 'ffffffffffffffffffffffffffffffff' WHERE lft = 3")
	// TwoRoots makes a second root.
	TwoRoots = Exec("UPDATE content_contentnode SET parent_id = NULL WHERE lft = 2")
	// NoRoot names a root that does not exist.
	NoRoot = Exec("UPDATE content_channelmetadata SET root_id = 'ffffffffffffffffffffffffffffffff'")
	// OtherParent hangs a node below a topic that does not enclose it.
	OtherParent = Exec("UPDATE content_contentnode SET parent_id = (SELECT id FROM content_contentnode ORDER BY lft DESC LIMIT 1) WHERE lft = 3")
	// BrokenMPTT makes two nested sets overlap.
	BrokenMPTT = Exec("UPDATE content_contentnode SET rght = rght + 3 WHERE lft = 2")
	// TextMPTT puts a word where a number belongs.
	TextMPTT = Exec("UPDATE content_contentnode SET lft = 'three' WHERE lft = 3")
	// ResourceWithChildren makes a resource of a topic that has children.
	ResourceWithChildren = Exec("UPDATE content_contentnode SET kind = 'video' WHERE lft = 2")
)

// Exec answers the damage that the SQL does to the channel's database.
func Exec(statements ...string) Damage {
	return func(c *Channel, content string) (err error) {
		db, err := openDatabase(c.ID.DatabaseIn(content))
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, db.Close()) }()
		for _, statement := range statements {
			if _, err := db.ExecContext(context.Background(), statement); err != nil {
				return fmt.Errorf("%s: %w", statement, err)
			}
		}
		return nil
	}
}

func replaceDatabase(content []byte) Damage {
	return func(c *Channel, folder string) error {
		return os.WriteFile(c.ID.DatabaseIn(folder), content, 0o600)
	}
}

// FlipByte changes one byte in the middle of a stored file.
func FlipByte(f channel.LocalFile) Damage {
	return func(_ *Channel, content string) error {
		path := f.In(content)
		bytes, err := os.ReadFile(path)
		if err != nil {
			return fmt.Errorf("read stored file: %w", err)
		}
		bytes[len(bytes)/2] ^= 1
		return os.WriteFile(path, bytes, 0o600)
	}
}

// RemoveFile removes a stored file.
func RemoveFile(f channel.LocalFile) Damage {
	return func(_ *Channel, content string) error { return os.Remove(f.In(content)) }
}

// ShortenFile cuts off a stored file's last byte.
func ShortenFile(f channel.LocalFile) Damage {
	return func(_ *Channel, content string) error { return os.Truncate(f.In(content), f.Size-1) }
}

// LinkFile moves a stored file aside and puts a link to it in its place.
func LinkFile(f channel.LocalFile) Damage {
	return func(_ *Channel, content string) error {
		path := f.In(content)
		aside := filepath.Join(content, "aside-"+f.Name())
		if err := os.Rename(path, aside); err != nil {
			return fmt.Errorf("move stored file: %w", err)
		}
		return os.Symlink(aside, path)
	}
}
