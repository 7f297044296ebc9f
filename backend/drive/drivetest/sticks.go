// Package drivetest makes drives that a test plugs in and pulls out: real
// folders, under ids and labels that the test gives them.
package drivetest

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"nectar/backend/drive"
)

// Sticks are the drives of a machine. The zero value has none. The methods may
// be called concurrently.
type Sticks struct {
	mu       sync.Mutex
	plugged  map[string]drive.Drive // guarded by mu, by id
	detached map[string]bool        // guarded by mu, by id
	watches  map[int]func()         // guarded by mu
	next     int                    // guarded by mu
}

// Plug mounts a drive at a folder that exists.
func (s *Sticks) Plug(id, name, path string) {
	s.change(func() {
		if s.plugged == nil {
			s.plugged = map[string]drive.Drive{}
		}
		s.plugged[id] = drive.Drive{
			ID: id, Name: name, Path: resolved(path), FileSystem: "vfat", Removable: true,
			FreeBytes: drive.Unknown, TotalBytes: drive.Unknown,
		}
	})
}

// Join makes the drives, which are plugged in, parts of one disk, whose first is
// the first.
func (s *Sticks) Join(ids ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range ids {
		d := s.plugged[id]
		d.Disk = ids[0]
		s.plugged[id] = d
	}
}

// Pull takes a drive out: its folder goes to another name, where nobody looks
// for it, and is answered.
func (s *Sticks) Pull(id string) (aside string, err error) {
	s.change(func() {
		path := s.plugged[id].Path
		aside = path + " aside"
		err = os.Rename(path, aside)
		delete(s.plugged, id)
	})
	return aside, err
}

// Detach takes a drive out that stays mounted, as a pulled one does for a while:
// its folder is still there.
func (s *Sticks) Detach(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.plugged, id)
	if s.detached == nil {
		s.detached = map[string]bool{}
	}
	s.detached[id] = true
}

// change changes what is plugged in, and tells whoever watches.
func (s *Sticks) change(do func()) {
	s.mu.Lock()
	do()
	told := make([]func(), 0, len(s.watches))
	for _, changed := range s.watches {
		told = append(told, changed)
	}
	s.mu.Unlock()
	for _, changed := range told {
		changed()
	}
}

// List answers the drives that are plugged in.
func (s *Sticks) List(context.Context) ([]drive.Drive, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	drives := make([]drive.Drive, 0, len(s.plugged))
	for _, d := range s.plugged {
		drives = append(drives, d)
	}
	return drives, nil
}

// At answers the drive that holds the path: one of these, or one of the
// machine that the test runs on.
func (s *Sticks) At(path string) (drive.Drive, error) {
	path = resolved(path)
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, d := range s.plugged {
		if path == d.Path || strings.HasPrefix(path, d.Path+string(filepath.Separator)) {
			return d, nil
		}
	}
	return drive.At(path)
}

// Mounted reports whether a drive of that id is plugged in.
func (s *Sticks) Mounted(_ context.Context, id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, plugged := s.plugged[id]
	return plugged
}

// Attached reports whether the drive was not taken out by Detach.
func (s *Sticks) Attached(d drive.Drive) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return !s.detached[d.ID] && drive.Attached(d)
}

// Watch calls changed at once and whenever a drive is plugged in or pulled
// out, until the context ends.
func (s *Sticks) Watch(ctx context.Context, changed func()) error {
	s.mu.Lock()
	if s.watches == nil {
		s.watches = map[int]func(){}
	}
	number := s.next
	s.next++
	s.watches[number] = changed
	s.mu.Unlock()
	changed()
	<-ctx.Done()
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.watches, number)
	return nil
}

// Watched answers how many watch.
func (s *Sticks) Watched() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.watches)
}

// resolved follows the links of a path, as mounts have none.
func resolved(path string) string {
	for rest := path; ; rest = filepath.Dir(rest) {
		full, err := filepath.EvalSymlinks(rest)
		if err == nil {
			return filepath.Join(full, strings.TrimPrefix(path, rest))
		}
		if !errors.Is(err, os.ErrNotExist) || rest == filepath.Dir(rest) {
			return path
		}
	}
}
