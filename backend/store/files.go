package store

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"iter"
	"slices"

	"nectar/backend/channel"
	"nectar/backend/sqlitedb"
)

// VerifiedFile is a file of the content folder whose bytes were found right,
// with the size and time that it had then.
type VerifiedFile struct {
	channel.LocalFile

	Modified int64 // nanoseconds since 1970
}

// IsAsWas reports whether the file still has the size and time that it had then.
func (f *VerifiedFile) IsAsWas(info fs.FileInfo) bool {
	return info.Size() == f.Size && info.ModTime().UnixNano() == f.Modified
}

// filesAtOnce bounds how many files one statement asks for.
const filesAtOnce = 500

// VerifiedFiles answers those of the files that are remembered as verified.
func (s *Store) VerifiedFiles(ctx context.Context, checksums []channel.Checksum) (map[channel.Checksum]VerifiedFile, error) {
	found := make(map[channel.Checksum]VerifiedFile, len(checksums))
	for part := range slices.Chunk(checksums, filesAtOnce) {
		values := make([]any, len(part))
		for i := range part {
			values[i] = part[i][:]
		}
		files, err := collect(ctx, s, scanFile, "SELECT checksum, extension, size, modified FROM files WHERE checksum IN ("+marks(len(part))+")", values...)
		if err != nil {
			return nil, err
		}
		for _, f := range files {
			found[f.Checksum] = f
		}
	}
	return found, nil
}

// AllVerifiedFiles answers every file that is remembered as verified.
func (s *Store) AllVerifiedFiles(ctx context.Context) (iter.Seq[VerifiedFile], error) {
	files, err := collect(ctx, s, scanFile, "SELECT checksum, extension, size, modified FROM files")
	if err != nil {
		return nil, err
	}
	return slices.Values(files), nil
}

// VerifiedChecksums answers the checksums of all files that are remembered as
// verified: what a large library needs to know of them, in little memory.
func (s *Store) VerifiedChecksums(ctx context.Context) (map[channel.Checksum]struct{}, error) {
	var count int
	if err := s.reader(ctx).QueryRowContext(ctx, "SELECT count(*) FROM files").Scan(&count); err != nil {
		return nil, fmt.Errorf("count files: %w", err)
	}
	rows, err := s.reader(ctx).QueryContext(ctx, "SELECT checksum FROM files")
	if err != nil {
		return nil, fmt.Errorf("read checksums: %w", err)
	}
	defer func() { _ = rows.Close() }()
	all := make(map[channel.Checksum]struct{}, count)
	var blob sql.RawBytes
	for rows.Next() {
		if err := rows.Scan(&blob); err != nil {
			return nil, fmt.Errorf("read checksums: %w", err)
		}
		if len(blob) == len(channel.Checksum{}) {
			all[channel.Checksum(blob)] = struct{}{}
		}
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read checksums: %w", err)
	}
	return all, nil
}

// RememberFiles stores that the files were verified, all in one transaction.
// They are lost no more.
func (s *Store) RememberFiles(ctx context.Context, files []VerifiedFile) error {
	return s.db.Write(ctx, func(tx *sqlitedb.Tx) error {
		for i := range files {
			f := &files[i]
			_, err := tx.Exec("INSERT OR REPLACE INTO files (checksum, extension, size, modified) VALUES (?, ?, ?, ?)",
				f.Checksum[:], f.Extension, f.Size, f.Modified)
			if err != nil {
				return err
			}
		}
		_, err := tx.Exec("DELETE FROM lost_files WHERE checksum IN (SELECT checksum FROM files)")
		return err
	})
}

// ForgetFiles drops what is remembered of the files.
func (s *Store) ForgetFiles(ctx context.Context, checksums []channel.Checksum) error {
	return s.db.Write(ctx, func(tx *sqlitedb.Tx) error {
		for i := range checksums {
			if _, err := tx.Exec("DELETE FROM files WHERE checksum = ?", checksums[i][:]); err != nil {
				return err
			}
		}
		return nil
	})
}

func scanFile(r row) (VerifiedFile, error) {
	var f VerifiedFile
	var checksum []byte
	err := r.Scan(&checksum, &f.Extension, &f.Size, &f.Modified)
	copy(f.Checksum[:], checksum)
	return f, err
}
