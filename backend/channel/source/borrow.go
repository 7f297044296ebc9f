package source

import (
	"context"
	"os"

	"nectar/backend/channel"
	"nectar/backend/channel/db"
)

// Borrowed is a source's database of a channel, open for reading.
type Borrowed struct {
	*db.DB

	path string // of our own copy; "" when it is read where it is
}

// Borrow opens a channel's database, checked as db.Quick says: where it is, or
// a copy of it in the system's folder for temporary files. Its errors are those
// of FetchDatabase and db.Open. A drive may vanish while the database is read
// where it is; reading says SourceGone then.
func Borrow(ctx context.Context, from Source, id channel.ID) (*Borrowed, error) {
	if shelf, is := from.(Shelf); is {
		path, err := shelf.DatabaseFile(ctx, id)
		if err != nil {
			return nil, err
		}
		database, err := db.Open(ctx, path, id, db.Quick)
		if err != nil {
			return nil, err
		}
		return &Borrowed{DB: database}, nil
	}
	path, err := FetchDatabase(ctx, from, id, os.TempDir())
	if err != nil {
		return nil, err
	}
	database, err := db.Open(ctx, path, id, db.Quick)
	if err != nil {
		_ = os.Remove(path)
		return nil, err
	}
	return &Borrowed{database, path}, nil
}

// Close closes the database and removes the copy.
func (b *Borrowed) Close() error {
	err := b.DB.Close()
	if b.path != "" {
		_ = os.Remove(b.path) // the system empties that folder too
	}
	return err
}
