package store

import (
	"context"
	"database/sql"
	"fmt"

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
// has removed it. It answers how many of them are lost now.
func (s *Store) LoseFiles(ctx context.Context, files []LostFile) (lost int, err error) {
	if len(files) == 0 {
		return 0, nil
	}
	err = s.db.Write(ctx, func(tx *sqlitedb.Tx) error {
		lost = 0
		for i := range files {
			f := &files[i]
			stored, err := changes(tx.Exec(`INSERT OR REPLACE INTO lost_files (checksum, extension, size, damaged) SELECT ?1, ?2, ?3, ?4
				WHERE ?4 OR EXISTS (SELECT 1 FROM files WHERE checksum = ?1 AND extension = ?2)
					OR EXISTS (SELECT 1 FROM lost_files WHERE checksum = ?1 AND extension = ?2)`,
				f.Checksum[:], f.Extension, f.Size, f.Damaged))
			if err != nil {
				return err
			}
			if !stored {
				continue
			}
			lost++
			if _, err := tx.Exec("DELETE FROM files WHERE checksum = ?", f.Checksum[:]); err != nil {
				return err
			}
		}
		if lost == 0 {
			return nil
		}
		_, err := tx.Exec("DELETE FROM channels")
		return err
	})
	return lost, err
}

// RestoreFiles stores that files which were lost are whole again, all in one
// transaction, and answers those that are not remembered any more, as lost or as
// verified: whoever removed them meanwhile wants none of them.
func (s *Store) RestoreFiles(ctx context.Context, files []VerifiedFile) (unwanted []channel.Checksum, err error) {
	err = s.db.Write(ctx, func(tx *sqlitedb.Tx) error {
		unwanted = nil
		for i := range files {
			f := &files[i]
			stored, err := changes(tx.Exec(`INSERT OR REPLACE INTO files (checksum, extension, size, modified) SELECT ?1, ?2, ?3, ?4
				WHERE EXISTS (SELECT 1 FROM lost_files WHERE checksum = ?1) OR EXISTS (SELECT 1 FROM files WHERE checksum = ?1)`,
				f.Checksum[:], f.Extension, f.Size, f.Modified))
			if err != nil {
				return err
			}
			if !stored {
				unwanted = append(unwanted, f.Checksum)
				continue
			}
			if _, err := tx.Exec("DELETE FROM lost_files WHERE checksum = ?", f.Checksum[:]); err != nil {
				return err
			}
		}
		return nil
	})
	return unwanted, err
}

// changes reports whether a statement has changed a row.
func changes(done sql.Result, err error) (bool, error) {
	if err != nil {
		return false, err
	}
	rows, err := done.RowsAffected()
	return rows > 0, err
}

// ForgetLost forgets that a file is lost, which writes only if it is.
func (s *Store) ForgetLost(ctx context.Context, file channel.Checksum) error {
	var lost bool
	err := s.reader(ctx).QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM lost_files WHERE checksum = ?)", file[:]).Scan(&lost)
	if err != nil {
		return fmt.Errorf("look for a lost file: %w", err)
	}
	if !lost {
		return nil
	}
	return s.db.Write(ctx, func(tx *sqlitedb.Tx) error {
		_, err := tx.Exec("DELETE FROM lost_files WHERE checksum = ?", file[:])
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
