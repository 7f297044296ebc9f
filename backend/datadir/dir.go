package datadir

import (
	"os"
	"path/filepath"

	"nectar/backend/atomicfile"
)

// Dir is a data folder. It is immutable.
type Dir struct {
	root string
}

// Open makes the folder and those in it where they are missing, the folder
// itself for this user alone. A place that cannot be written answers
// fault.NoWrite, a full disk fault.DiskFull.
func Open(path string) (*Dir, error) {
	d := &Dir{root: path}
	for _, folder := range []string{d.root, d.Content(), d.Databases(), d.Storage(), d.Logs(), d.Backups()} {
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return nil, atomicfile.Unwritable(err, path)
		}
	}
	if err := touch(d.LockFile()); err != nil {
		return nil, atomicfile.Unwritable(err, path)
	}
	return d, nil
}

// Peek answers the data folder for reading alone: it makes nothing, locks
// nothing, and does not look whether anything is there.
func Peek(path string) *Dir {
	return &Dir{root: path}
}

// Exists reports whether the folder holds a database of ours.
func Exists(path string) bool {
	info, err := os.Stat(Peek(path).Database())
	return err == nil && info.Mode().IsRegular()
}

// Path is the folder itself.
func (d *Dir) Path() string { return d.root }

// Database is the file of the application's own database.
func (d *Dir) Database() string { return d.in("app.sqlite3") }

// OpenMark is a file that is there while the database is open for writing, and
// stays behind when its process dies.
func (d *Dir) OpenMark() string { return d.in("app.sqlite3-open") }

// Content is the content folder, in Kolibri's layout, unless it was put
// elsewhere.
func (d *Dir) Content() string { return d.in("content") }

// ContentRecord is the file that says where the content folder is.
func (d *Dir) ContentRecord() string { return d.in("content.json") }

// Databases is the folder of the channel databases.
func (d *Dir) Databases() string { return d.in("content", "databases") }

// Storage is the folder of the channels' files.
func (d *Dir) Storage() string { return d.in("content", "storage") }

// Logs is the folder of the log files.
func (d *Dir) Logs() string { return d.in("logs") }

// Backups is the folder of the copies of the database.
func (d *Dir) Backups() string { return d.in("backups") }

// LockFile is the file that the owner of the folder holds a lock on. It stays
// when the lock is released.
func (d *Dir) LockFile() string { return d.in("lock") }

// WrongPINs is the file that counts wrong PINs.
func (d *Dir) WrongPINs() string { return d.in("wrong-pins.json") }

// Window is the file that says how the window was left.
func (d *Dir) Window() string { return d.in("window.json") }

func (d *Dir) ownerFile() string { return d.in("owner.json") }

// Opened answers the folder of the copies that other programs show. It is
// made with the first one.
func (d *Dir) Opened() string { return d.in("opened") }

func (d *Dir) in(names ...string) string {
	return filepath.Join(append([]string{d.root}, names...)...)
}

// touch makes a file that is missing, and finds out whether its folder can be
// written by a file that is needed anyway.
func touch(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}
