package transfer

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"nectar/backend/atomicfile"
)

// stored matches the names of stored files and databases; whatever else lies
// in the folders belongs to somebody else.
var stored = regexp.MustCompile(`^[0-9a-f]{32}(-[0-9a-z]+)?\.[0-9a-z]{1,10}$`)

// Sweep removes the temporary files that stopped or killed copies left under
// the storage and the databases of the content folder, and answers how many.
// Those that a run holds by the claims stay, and so do parts of files that a
// job may go on with, for two weeks. A missing folder is an empty one.
func Sweep(ctx context.Context, content string, claims *Claims) (removed int, err error) {
	return sweep(ctx, content, claims, partialAge)
}

// SweepAll is Sweep when no job is left that could go on with a part of a file:
// the parts go as well.
func SweepAll(ctx context.Context, content string, claims *Claims) (removed int, err error) {
	return sweep(ctx, content, claims, 0)
}

func sweep(ctx context.Context, content string, claims *Claims, keep time.Duration) (removed int, err error) {
	dirs := []string{filepath.Join(content, "databases")}
	top := filepath.Join(content, "storage")
	for _, first := range foldersIn(top) {
		removed += sweepYoung(filepath.Join(top, first), claims)
		for _, second := range foldersIn(filepath.Join(top, first)) {
			dirs = append(dirs, filepath.Join(top, first, second))
		}
	}
	for _, dir := range dirs {
		if err := ctx.Err(); err != nil {
			return removed, err
		}
		n, err := sweepFolder(dir, claims, keep)
		removed += n
		if err != nil {
			return removed, err
		}
	}
	return removed, nil
}

// foldersIn answers the one-letter folders of the storage; one that cannot be
// read has nothing that we could sweep.
func foldersIn(dir string) []string {
	entries, _ := os.ReadDir(dir)
	var names []string
	for _, e := range entries {
		if len(e.Name()) == 1 {
			names = append(names, e.Name())
		}
	}
	return names
}

// sweepYoung removes the folders below one of the storage that never got their name.
func sweepYoung(dir string, claims *Claims) (removed int) {
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		if !e.IsDir() || !youngName.MatchString(e.Name()) {
			continue
		}
		release, busy := claims.try(path)
		if busy != nil {
			continue
		}
		n, _ := clearYoung(path) // what cannot be removed, or is not ours, stays
		release()
		removed += n
	}
	return removed
}

func sweepFolder(dir string, claims *Claims, keep time.Duration) (removed int, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		if isAbsent(err) {
			return 0, nil
		}
		return 0, fmt.Errorf("sweep %s: %w", dir, err)
	}
	for _, e := range entries {
		final, part := strings.CutSuffix(e.Name(), partialSuffix)
		if !part {
			final = strings.TrimSuffix(e.Name(), atomicfile.TempName(""))
		}
		if e.IsDir() || !part && !atomicfile.IsTemp(e.Name()) || !stored.MatchString(final) || part && isRecent(e, keep) {
			continue
		}
		path := filepath.Join(dir, final)
		release, busy := claims.try(path)
		if busy != nil {
			continue
		}
		err := os.Remove(filepath.Join(dir, e.Name()))
		release()
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return removed, atomicfile.Classify(fmt.Errorf("sweep %s: %w", dir, err), dir)
		}
		removed++
	}
	return removed, nil
}

func isRecent(e fs.DirEntry, keep time.Duration) bool {
	info, err := e.Info()
	return err == nil && time.Since(info.ModTime()) < keep
}
