package store

import (
	"context"
	"slices"

	"nectar/backend/channel"
	"nectar/backend/sqlitedb"
)

// ExportedFiles answers those of the files that the job has written to its
// drive and found right there.
func (s *Store) ExportedFiles(ctx context.Context, job int64, checksums []channel.Checksum) (map[channel.Checksum]VerifiedFile, error) {
	found := make(map[channel.Checksum]VerifiedFile, len(checksums))
	for part := range slices.Chunk(checksums, filesAtOnce) {
		values := []any{job}
		for i := range part {
			values = append(values, part[i][:])
		}
		files, err := collect(ctx, s, scanFile,
			"SELECT checksum, extension, size, modified FROM exported_files WHERE job = ? AND checksum IN ("+marks(len(part))+")", values...)
		if err != nil {
			return nil, err
		}
		for _, f := range files {
			found[f.Checksum] = f
		}
	}
	return found, nil
}

// RememberExported stores that the job has found the files right on its drive,
// all in one transaction.
func (s *Store) RememberExported(ctx context.Context, job int64, files []VerifiedFile) error {
	return s.db.Write(ctx, func(tx *sqlitedb.Tx) error {
		for i := range files {
			f := &files[i]
			_, err := tx.Exec("INSERT OR REPLACE INTO exported_files (job, checksum, extension, size, modified) VALUES (?, ?, ?, ?, ?)",
				job, f.Checksum[:], f.Extension, f.Size, f.Modified)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// ForgetExported drops what is remembered of the files that the job has
// written; of all of them when none is named.
func (s *Store) ForgetExported(ctx context.Context, job int64, checksums ...channel.Checksum) error {
	return s.db.Write(ctx, func(tx *sqlitedb.Tx) error {
		if len(checksums) == 0 {
			_, err := tx.Exec("DELETE FROM exported_files WHERE job = ?", job)
			return err
		}
		for i := range checksums {
			if _, err := tx.Exec("DELETE FROM exported_files WHERE job = ? AND checksum = ?", job, checksums[i][:]); err != nil {
				return err
			}
		}
		return nil
	})
}
