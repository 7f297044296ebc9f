package library

import (
	"context"
	"errors"
	"io/fs"

	"nectar/backend/store"
)

// Moved makes the memory fit a content folder whose files were copied to where
// they are, and compared: they may have other times there. Files that did not
// come along are lost.
func (l *Library) Moved(ctx context.Context) error {
	files, err := l.store.AllVerifiedFiles(ctx)
	if err != nil {
		return err
	}
	var known []store.VerifiedFile
	var lost []store.LostFile
	for f := range files {
		if err := ctx.Err(); err != nil {
			return err
		}
		info, err := lstatFile(f.In(l.Content()))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			lost = append(lost, store.LostFile{LocalFile: f.LocalFile})
		case err != nil:
			return err
		case info.Size() != f.Size:
			lost = append(lost, store.LostFile{LocalFile: f.LocalFile, Damaged: true})
		case info.ModTime().UnixNano() != f.Modified:
			f.Modified = info.ModTime().UnixNano()
			known = append(known, f)
		}
	}
	if _, err := l.store.LoseFiles(ctx, lost); err != nil {
		return err
	}
	if len(known) == 0 {
		return nil
	}
	return l.store.RememberFiles(ctx, known)
}
