package backup

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"nectar/backend/datadir"
	"nectar/backend/fault"
)

// kept is how many backups stay.
const kept = 7

// stampForm is how times stand in names, in UTC.
const stampForm = "20060102-150405"

// suffix ends the name of every database file.
const suffix = ".sqlite3"

// Shelf is the backups of one data folder. Its methods may be called
// concurrently.
type Shelf struct {
	folder *datadir.Dir
	now    func() time.Time
	making sync.Mutex
}

// Backup is one copy of the database.
type Backup struct {
	Name    string
	Made    time.Time // by the clock of then
	Bytes   int64
	Version int // of the database in it; 0 when the file says none

	number int
}

// Of answers the backups of a data folder. The clock only names files; nil is
// the one of the system.
func Of(folder *datadir.Dir, now func() time.Time) *Shelf {
	if now == nil {
		now = time.Now
	}
	return &Shelf{folder: folder, now: now}
}

var backupName = regexp.MustCompile(`^backup-(\d{4,9})-(\d{8}-\d{6})\.sqlite3$`)

// List answers the backups, the latest first. It looks into none of them.
func (s *Shelf) List() ([]Backup, error) {
	entries, err := os.ReadDir(s.folder.Backups())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fault.New(fault.NoRead, "path", s.folder.Backups()).Because(err)
	}
	var found []Backup
	for _, entry := range entries {
		parts := backupName.FindStringSubmatch(entry.Name())
		if parts == nil || !entry.Type().IsRegular() {
			continue
		}
		info, err := entry.Info()
		if err != nil {
			continue // gone since it was listed
		}
		number, _ := strconv.Atoi(parts[1])          // at most nine digits
		made, _ := time.Parse(stampForm, parts[2])   // else the zero time
		name := strings.TrimSuffix(parts[0], suffix) // what people write
		version := versionOf(s.Path(name))           // 0 when unreadable
		found = append(found, Backup{name, made, info.Size(), version, number})
	}
	slices.SortFunc(found, func(a, b Backup) int {
		return cmp.Or(cmp.Compare(b.number, a.number), cmp.Compare(b.Name, a.Name))
	})
	return found, nil
}

// find answers the backup of that name, with or without its suffix.
func (s *Shelf) find(name string) (Backup, error) {
	all, err := s.List()
	if err != nil {
		return Backup{}, err
	}
	for _, b := range all {
		if b.Name == strings.TrimSuffix(name, suffix) {
			return b, nil
		}
	}
	return Backup{}, fault.New(fault.NotFound, "what", "backup", "id", name)
}

// Path answers the file of a backup.
func (s *Shelf) Path(name string) string { return filepath.Join(s.folder.Backups(), name+suffix) }

// beside answers a path in the data folder, for a file "app.<kind>".
func (s *Shelf) beside(kind string) string {
	return filepath.Join(s.folder.Path(), "app."+kind+suffix)
}

func (s *Shelf) stamp() string { return s.now().UTC().Format(stampForm) }

// versionOf reads the version that a database file declares.
func versionOf(path string) int {
	f, err := os.Open(path)
	if err != nil {
		return 0
	}
	defer func() { _ = f.Close() }()
	var version [4]byte
	if _, err := f.ReadAt(version[:], 60); err != nil { // "user version" of SQLite's header
		return 0
	}
	return int(binary.BigEndian.Uint32(version[:]))
}

// companions are what SQLite and package store keep beside a database.
var companions = []string{"", "-wal", "-shm", "-journal", "-begun"}

// moveDatabase renames a database with all that belongs to it. What is not
// there is passed over.
func moveDatabase(from, to string) error {
	for _, companion := range companions {
		err := os.Rename(from+companion, to+companion)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("set aside: %w", err)
		}
	}
	return nil
}

// removeDatabase removes a database with all that belongs to it.
func removeDatabase(path string) {
	for _, companion := range companions {
		_ = os.Remove(path + companion)
	}
}

// named answers the files of the data folder called "app.<kind>...", in the
// order of their names.
func (s *Shelf) named(kind string) []string {
	entries, err := os.ReadDir(s.folder.Path())
	if err != nil {
		return nil
	}
	var paths []string
	for _, entry := range entries {
		if name := entry.Name(); strings.HasPrefix(name, "app."+kind) {
			paths = append(paths, filepath.Join(s.folder.Path(), name))
		}
	}
	return paths
}

func holdsBytes(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Size() > 0
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}
