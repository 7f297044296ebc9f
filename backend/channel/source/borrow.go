package source

import (
	"context"
	"os"

	"nectar/backend/channel"
	"nectar/backend/channel/db"
)

// Borrowed is a source's database of a channel, in a file of our own: a source
// may be slow, or vanish while SQLite reads it.
type Borrowed struct {
	*db.DB

	path string
}

// Borrow copies a channel's database into the system's folder for temporary
// files and opens it, checked as db.Quick says. Its errors are those of
// FetchDatabase and db.Open.
func Borrow(ctx context.Context, from Source, id channel.ID) (*Borrowed, error) {
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
	_ = os.Remove(b.path) // the system empties that folder too
	return err
}
