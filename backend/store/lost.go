package store

import (
	"context"

	"nectar/backend/channel"
	"nectar/backend/sqlitedb"
)

// LostFile is a file of the content folder that was verified once and is not
// whole any more.
type LostFile struct {
	channel.LocalFile

	Damaged bool // its bytes are wrong; false: it is gone
}

// LostFiles answers all files that are lost.
func (s *Store) LostFiles(ctx context.Context) ([]LostFile, error) {
	return collect(ctx, s, func(r row) (LostFile, error) {
		var f LostFile
		var checksum []byte
		err := r.Scan(&checksum, &f.Extension, &f.Size, &f.Damaged)
		copy(f.Checksum[:], checksum)
		return f, err
	}, "SELECT checksum, extension, size, damaged FROM lost_files")
}

// LoseFiles stores that the files are not whole any more. Nobody counts them
// as here from then on: the digests of all channels are dropped with it. One
// that is gone is lost only if it was remembered until then: otherwise somebody
// has removed it.
func (s *Store) LoseFiles(ctx context.Context, files []LostFile) error {
	if len(files) == 0 {
		return nil
	}
	return s.db.Write(ctx, func(tx *sqlitedb.Tx) error {
		for i := range files {
			f := &files[i]
			_, err := tx.Exec(`INSERT OR REPLACE INTO lost_files (checksum, extension, size, damaged) SELECT ?1, ?2, ?3, ?4
				WHERE ?4 OR EXISTS (SELECT 1 FROM files WHERE checksum = ?1) OR EXISTS (SELECT 1 FROM lost_files WHERE checksum = ?1)`,
				f.Checksum[:], f.Extension, f.Size, f.Damaged)
			if err != nil {
				return err
			}
			if _, err := tx.Exec("DELETE FROM files WHERE checksum = ?", f.Checksum[:]); err != nil {
				return err
			}
		}
		_, err := tx.Exec("DELETE FROM channels")
		return err
	})
}

// ForgetChannels drops the digests of all channels.
func (s *Store) ForgetChannels(ctx context.Context) error {
	return s.db.Write(ctx, func(tx *sqlitedb.Tx) error {
		_, err := tx.Exec("DELETE FROM channels")
		return err
	})
}

// DropFiles drops whatever is remembered of files that are about to be
// removed, and the digests of the channels that they are of.
func (s *Store) DropFiles(ctx context.Context, checksums []channel.Checksum, of []channel.ID) error {
	return s.db.Write(ctx, func(tx *sqlitedb.Tx) error {
		for i := range checksums {
			for _, table := range []string{"files", "lost_files"} {
				if _, err := tx.Exec("DELETE FROM "+table+" WHERE checksum = ?", checksums[i][:]); err != nil {
					return err
				}
			}
		}
		for _, id := range of {
			if _, err := tx.Exec("DELETE FROM channels WHERE id = ?", string(id)); err != nil {
				return err
			}
		}
		return nil
	})
}
