package backup

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"nectar/backend/atomicfile"
	"nectar/backend/fault"
	"nectar/backend/store"
)

// Make copies the database, checks the copy, puts it among the backups and
// removes those before the last seven. When it answers, the copy would survive
// a power cut. The database may be in use meanwhile. A copy that is not whole
// is not kept, and takes the place of none.
func (s *Shelf) Make(ctx context.Context) (Backup, error) {
	s.making.Lock()
	defer s.making.Unlock()
	if err := os.MkdirAll(s.folder.Backups(), 0o700); err != nil {
		return Backup{}, fault.New(fault.NoWrite, "path", s.folder.Backups()).Because(err)
	}
	all, err := s.List()
	if err != nil {
		return Backup{}, err
	}
	number := 1
	if len(all) > 0 {
		number = all[0].number + 1
	}
	path := s.Path(fmt.Sprintf("backup-%04d-%s", number, s.stamp()))
	s.sweep()
	temp, err := s.copy(ctx, path)
	if err != nil {
		return Backup{}, err
	}
	if err := atomicfile.Replace(temp, path); err != nil {
		return Backup{}, err
	}
	if err := atomicfile.SyncDir(s.folder.Backups()); err != nil {
		return Backup{}, err
	}
	if all, err = s.List(); err != nil {
		return Backup{}, err
	}
	for _, old := range all[min(kept, len(all)):] {
		_ = os.Remove(s.Path(old.Name)) // one too many does no harm, and goes next time
	}
	return all[0], nil
}

// copy makes a checked copy under the temporary name of the path.
func (s *Shelf) copy(ctx context.Context, path string) (_ string, err error) {
	f, err := atomicfile.Create(path, 0o600)
	if err != nil {
		return "", err
	}
	temp := f.Name()
	_ = f.Close()
	defer func() {
		if err != nil {
			removeDatabase(temp)
		}
	}()
	if err := store.Copy(ctx, s.folder.Database(), temp); err != nil {
		return "", err
	}
	version, err := store.Examine(ctx, temp, false)
	switch {
	case err != nil:
		return "", err
	case version == 0:
		return "", fault.New(fault.DamagedData, "path", s.folder.Database()).Because(fmt.Errorf("its copy holds nothing"))
	}
	return temp, atomicfile.Classify(atomicfile.SyncPath(temp), temp)
}

// sweep removes what a backup or a check left behind that a power cut ended.
func (s *Shelf) sweep() {
	entries, err := os.ReadDir(s.folder.Backups())
	if err != nil {
		return
	}
	for _, entry := range entries {
		name := entry.Name()
		path := filepath.Join(s.folder.Backups(), name)
		switch {
		case strings.HasPrefix(name, "backup-") && strings.Contains(name, atomicfile.TempName(suffix)):
			_ = os.Remove(path)
		case strings.HasPrefix(name, scratchPrefix):
			_ = os.RemoveAll(path)
		}
	}
}

// lastGood answers the latest backup that is whole; false when there is none.
func (s *Shelf) lastGood(ctx context.Context) (Backup, bool) {
	all, err := s.List()
	if err != nil {
		return Backup{}, false
	}
	for _, b := range all {
		if version, err := store.Examine(ctx, s.Path(b.Name), false); err == nil && version > 0 {
			return b, true
		}
	}
	return Backup{}, false
}
