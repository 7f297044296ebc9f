package backup

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/samber/lo"

	"nectar/backend/atomicfile"
	"nectar/backend/fault"
	"nectar/backend/store"
)

// scratchPrefix begins the names of folders in which backups are checked.
const scratchPrefix = "check-"

// Restored says what was brought back, and what was lost by it.
type Restored struct {
	Backup

	Replaced string // where the database is that was here; "" when there was none
	Contents store.Contents
	// LostJobs is how many jobs were created after the backup; -1 when the
	// replaced database cannot tell.
	LostJobs int64
}

// Settle brings a database that is about to take its place up to date with
// what it describes.
type Settle func(ctx context.Context, restored *store.Store) error

// Restore puts a backup in the place of the database. The caller owns the
// folder, and nobody has the database open. The backup is checked, brought up
// to this program's version and settled before anything is replaced. What was
// here is kept beside it; the backup stays.
func (s *Shelf) Restore(ctx context.Context, name string, settle Settle) (Restored, error) {
	if err := s.finishRestore(); err != nil {
		return Restored{}, err
	}
	found, err := s.find(name)
	if err != nil {
		return Restored{}, err
	}
	restored := Restored{Backup: found}
	restored.Contents, err = s.prepare(ctx, found, settle)
	if err != nil {
		return Restored{}, err
	}
	restored.LostJobs = s.lost(ctx, restored.Contents)
	restored.Replaced, err = s.takePlace()
	return restored, err
}

// StartEmpty puts an empty database in the place of one that was set aside,
// or of the one that is here.
func (s *Shelf) StartEmpty(ctx context.Context) (Restored, error) {
	if err := s.finishRestore(); err != nil {
		return Restored{}, err
	}
	s.discard()
	if _, err := openOnce(ctx, s.beside("restoring"), nil); err != nil {
		return Restored{}, err
	}
	restored := Restored{LostJobs: s.lost(ctx, store.Contents{})}
	var err error
	restored.Replaced, err = s.takePlace()
	return restored, err
}

// Verify restores a backup into a scratch folder, as Restore would, and
// answers what it holds. The name "" is the latest.
func (s *Shelf) Verify(ctx context.Context, name string) (Backup, store.Contents, error) {
	all, err := s.List()
	if err != nil {
		return Backup{}, store.Contents{}, err
	}
	if name == "" && len(all) > 0 {
		name = all[0].Name
	}
	found, err := s.find(name)
	if err != nil {
		return Backup{}, store.Contents{}, err
	}
	s.making.Lock() // whoever makes a backup sweeps
	defer s.making.Unlock()
	scratch, err := os.MkdirTemp(s.folder.Backups(), scratchPrefix)
	if err != nil {
		return Backup{}, store.Contents{}, atomicfile.Classify(err, s.folder.Backups())
	}
	defer func() { _ = os.RemoveAll(scratch) }()
	contents, err := s.unpack(ctx, found, filepath.Join(scratch, "app.sqlite3"), nil)
	return found, contents, err
}

// prepare makes the copy ready that will take the place of the database.
func (s *Shelf) prepare(ctx context.Context, from Backup, settle Settle) (store.Contents, error) {
	s.discard()
	contents, err := s.unpack(ctx, from, s.beside("restoring"), settle)
	if err != nil {
		s.discard()
		return store.Contents{}, err
	}
	return contents, nil
}

// unpack copies a backup to the path, checks it, and opens it as the program
// would.
func (s *Shelf) unpack(ctx context.Context, from Backup, path string, settle Settle) (store.Contents, error) {
	version, err := store.Examine(ctx, s.Path(from.Name), true)
	switch code := fault.CodeOf(err); {
	case code == fault.DamagedData, code == fault.ForeignData, err == nil && version == 0:
		return store.Contents{}, fault.New(fault.BackupDamaged, "name", from.Name).Because(err)
	case err != nil:
		return store.Contents{}, err
	}
	file, err := os.Open(s.Path(from.Name))
	if err != nil {
		return store.Contents{}, fault.New(fault.NoRead, "path", s.Path(from.Name)).Because(err)
	}
	defer func() { _ = file.Close() }()
	if err := atomicfile.Write(path, file, 0o600); err != nil {
		return store.Contents{}, err
	}
	return openOnce(ctx, path, settle)
}

// openOnce opens the database, which migrates it, and closes it, which leaves
// one file.
func openOnce(ctx context.Context, path string, settle Settle) (contents store.Contents, err error) {
	st, err := store.Open(ctx, path, store.Options{})
	if err != nil {
		return contents, err
	}
	if settle != nil {
		err = settle(ctx, st)
	}
	if err == nil {
		contents, err = st.Contents(ctx)
	}
	if closing := st.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = atomicfile.Classify(atomicfile.SyncPath(path), path)
	}
	return contents, err
}

// lost answers how many jobs the database knows that a copy of those contents
// does not.
func (s *Shelf) lost(ctx context.Context, restored store.Contents) int64 {
	if !holdsBytes(s.folder.Database()) {
		return -1
	}
	if _, err := store.Examine(ctx, s.folder.Database(), false); err != nil {
		return -1
	}
	st, err := store.OpenToRead(ctx, s.folder.Database(), store.Options{})
	if err != nil {
		return -1
	}
	defer func() { _ = st.Close() }()
	here, err := st.Contents(ctx)
	if err != nil {
		return -1
	}
	return max(here.LastJob-restored.LastJob, 0)
}

// takePlace puts the prepared copy in the place of the database, and answers
// where that is now.
func (s *Shelf) takePlace() (replaced string, err error) {
	stamp := s.stamp()
	if err := os.Rename(s.beside("restoring"), s.beside("restored-"+stamp)); err != nil {
		return "", atomicfile.Classify(fmt.Errorf("restore: %w", err), s.folder.Database())
	}
	if err := atomicfile.SyncDir(s.folder.Path()); err != nil {
		return "", err
	}
	if err := s.finishRestore(); err != nil {
		return "", err
	}
	if replaced = s.beside("replaced-" + stamp); !exists(replaced) {
		return "", nil
	}
	return replaced, nil
}

// finishRestore puts a copy that is ready in place. It does the steps that are
// left, and nothing where there is no such copy.
func (s *Shelf) finishRestore() error {
	ready := lo.Filter(s.named("restored-"), func(path string, _ int) bool { return strings.HasSuffix(path, suffix) })
	if len(ready) == 0 {
		return nil
	}
	latest := ready[len(ready)-1]
	stamp := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(latest), "app.restored-"), suffix)
	if err := moveDatabase(s.folder.Database(), s.beside("replaced-"+stamp)); err != nil {
		return atomicfile.Classify(err, s.folder.Database())
	}
	// What is left of the old database is out of the way for good before the
	// new one has its name: a log must never meet another database.
	if err := atomicfile.SyncDir(s.folder.Path()); err != nil {
		return err
	}
	if err := s.Unmark(); err != nil {
		return err
	}
	if err := atomicfile.Replace(latest, s.folder.Database()); err != nil {
		return err
	}
	return atomicfile.SyncDir(s.folder.Path())
}

// discard removes a copy that never became ready.
func (s *Shelf) discard() { removeDatabase(s.beside("restoring")) }
