package store

import (
	"context"
	"encoding/json"
	"fmt"

	"nectar/backend/channel"
	"nectar/backend/sqlitedb"
)

// maxSources is how many sources are remembered; those that were seen longest
// ago are forgotten.
const maxSources = 200

// KnownSource is what is remembered of a drive, folder or server that was seen
// at a path or address. Whatever was last seen there counts.
type KnownSource struct {
	Path     string                `json:"-"`
	Kind     string                `json:"kind"`
	Name     string                `json:"name"`
	Drive    string                `json:"drive"`         // the id of the drive it lies on
	Disk     string                `json:"disk,omitzero"` // the id of the first drive of the disk that this one is a part of
	Called   string                `json:"called"`        // what people call that drive
	Inside   string                `json:"inside"`        // the way from the drive's top
	Comes    bool                  `json:"comes"`         // it comes and goes with the drive
	ID       string                `json:"id,omitzero"`
	URL      string                `json:"url,omitzero"` // of a server, its own
	Channels map[channel.ID]string `json:"channels"`     // the names of its channels
	Versions map[channel.ID]int64  `json:"versions,omitzero"`
}

// RememberSource remembers a source by its path.
func (s *Store) RememberSource(ctx context.Context, known KnownSource) error {
	details, err := json.Marshal(known)
	if err != nil {
		return fmt.Errorf("encode source %s: %w", known.Path, err)
	}
	return s.db.Write(ctx, func(tx *sqlitedb.Tx) error {
		_, err := tx.Exec("INSERT OR REPLACE INTO known_sources (path, seen, details) VALUES (?, ?, ?)",
			known.Path, millis(s.now()), string(details))
		if err != nil {
			return err
		}
		_, err = tx.Exec(`DELETE FROM known_sources WHERE path IN
			(SELECT path FROM known_sources ORDER BY seen DESC, path LIMIT -1 OFFSET ?)`, maxSources)
		return err
	})
}

// SourceAt answers what is remembered of the source at a path. It reports
// whether there is anything.
func (s *Store) SourceAt(ctx context.Context, path string) (KnownSource, bool, error) {
	found, err := s.knownSources(ctx, "SELECT path, details FROM known_sources WHERE path = ?", path)
	if err != nil || len(found) == 0 {
		return KnownSource{}, false, err
	}
	return found[0], true, nil
}

// KnownSources answers all that is remembered of sources, the one that was
// seen last first.
func (s *Store) KnownSources(ctx context.Context) ([]KnownSource, error) {
	return s.knownSources(ctx, "SELECT path, details FROM known_sources ORDER BY seen DESC, path")
}

func (s *Store) knownSources(ctx context.Context, query string, values ...any) ([]KnownSource, error) {
	return collect(ctx, s, func(r row) (KnownSource, error) {
		var known KnownSource
		var path, details string
		if err := r.Scan(&path, &details); err != nil {
			return known, err
		}
		err := json.Unmarshal([]byte(details), &known)
		known.Path = path
		return known, err
	}, query, values...)
}
