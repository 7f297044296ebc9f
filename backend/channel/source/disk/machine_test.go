package disk_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"nectar/backend/channel/channeltest"
	"nectar/backend/channel/source"
	"nectar/backend/channel/source/disk"
	"nectar/backend/drive"
	"nectar/backend/drive/drivetest"
	"nectar/backend/fault"
)

// shelf is a machine with sticks.
type shelf struct {
	drivetest.Sticks
	disk.Machine

	t *testing.T
}

// unlisted are drives that are on no list, as folders of the network are.
type unlisted struct{ *drivetest.Sticks }

func (unlisted) List(context.Context) ([]drive.Drive, error) { return nil, nil }

func newShelf(t *testing.T) *shelf {
	t.Helper()
	s := &shelf{t: t}
	s.Machine = disk.On(&s.Sticks)
	return s
}

func (s *shelf) open(path string) source.Source {
	s.t.Helper()
	opened, err := s.Open(path)
	if err != nil {
		s.t.Fatal(err)
	}
	return opened
}

// remount takes a stick out and plugs it in at another place.
func (s *shelf) remount(id, name, place string) {
	s.t.Helper()
	aside, err := s.Pull(id)
	if err == nil {
		err = os.Rename(aside, place)
	}
	if err != nil {
		s.t.Fatal(err)
	}
	s.Plug(id, name, place)
}

func (s *shelf) write(c *channeltest.Channel, folder string) string {
	s.t.Helper()
	if err := c.Write(folder); err != nil {
		s.t.Fatal(err)
	}
	return folder
}

func TestFind(t *testing.T) {
	t.Parallel()
	c := channeltest.New()

	t.Run("a source says on which drive it lies and where", func(t *testing.T) {
		t.Parallel()
		s := newShelf(t)
		stick := s.write(c, filepath.Join(t.TempDir(), "stick"))
		inside := s.write(c, filepath.Join(stick, "year 1", "maths"))
		s.Plug("1234", "SANDISK", stick)
		top, below := s.open(stick).Info(), s.open(filepath.Join(inside, "KOLIBRI_DATA")).Info()
		if diff := cmp.Diff(source.On{Drive: "1234", Name: "SANDISK", Inside: ".", Comes: true}, top.On); diff != "" || top.Kind != source.Drive {
			t.Errorf("a %s (-want +got):\n%s", top.Kind, diff)
		}
		if diff := cmp.Diff(source.On{Drive: "1234", Name: "SANDISK", Inside: "year 1/maths", Comes: true}, below.On); diff != "" || below.Kind != source.Folder {
			t.Errorf("a %s (-want +got):\n%s", below.Kind, diff)
		}
		_, folder := channeltest.Make(t)
		if on := s.open(folder).Info().On; on.Comes || on.Drive == "" || on.Name != filepath.Base(folder) {
			t.Errorf("a folder that stays is on %+v", on)
		}
	})

	t.Run("it is found again wherever its drive is mounted", func(t *testing.T) {
		t.Parallel()
		s := newShelf(t)
		stick := s.write(c, filepath.Join(t.TempDir(), "stick"))
		inside := s.write(c, filepath.Join(stick, "maths"))
		s.Plug("1234", "SANDISK", stick)
		top, below := s.open(stick).Info().On, s.open(inside).Info().On
		elsewhere := filepath.Join(t.TempDir(), "elsewhere")
		s.remount("1234", "SANDISK", elsewhere)
		for want, on := range map[string]source.On{elsewhere: top, filepath.Join(elsewhere, "maths"): below} {
			found, err := s.Find(t.Context(), on, stick)
			if err != nil {
				t.Fatal(err)
			}
			if got := found.Info(); got.Path != want || got.On != on || !s.Here(t.Context(), on, stick) {
				t.Errorf("found %+v at %s, want it at %s", got.On, got.Path, want)
			}
		}
	})

	t.Run("one that is on no list is here where it was mounted", func(t *testing.T) {
		t.Parallel()
		s := newShelf(t)
		s.Machine = disk.On(unlisted{&s.Sticks})
		share := s.write(c, filepath.Join(t.TempDir(), "share"))
		s.Plug("1234", "SHARE", share)
		on := s.open(share).Info().On
		if !s.Here(t.Context(), on, share) {
			t.Error("it is mounted, and not here")
		}
		if _, err := s.Pull("1234"); err != nil {
			t.Fatal(err)
		}
		if s.Here(t.Context(), on, share) {
			t.Error("it is away, and here")
		}
		s.Plug("1234", "SHARE", s.write(c, share))
		if found, err := s.Find(t.Context(), on, share); err != nil || !s.Here(t.Context(), on, share) {
			t.Errorf("it is mounted again, and found as %v, %v", found, err)
		}
	})

	t.Run("another stick at the same place is not taken for it", func(t *testing.T) {
		t.Parallel()
		s := newShelf(t)
		stick := s.write(c, filepath.Join(t.TempDir(), "stick"))
		s.Plug("1234", "SANDISK", stick)
		on := s.open(stick).Info().On
		if _, err := s.Pull("1234"); err != nil {
			t.Fatal(err)
		}
		s.Plug("5678", "OTHER", s.write(c, stick))
		if found, err := s.Find(t.Context(), on, stick); fault.CodeOf(err) != fault.SourceMissing || s.Here(t.Context(), on, stick) {
			t.Errorf("found %+v, %v", found, err)
		}
	})

	t.Run("a way out of the drive is not followed", func(t *testing.T) {
		t.Parallel()
		s := newShelf(t)
		folder := t.TempDir()
		s.write(c, filepath.Join(folder, "beside"))
		stick := s.write(c, filepath.Join(folder, "stick"))
		s.Plug("1234", "SANDISK", stick)
		on := source.On{Drive: "1234", Inside: "../beside", Comes: true}
		if found, err := s.Find(t.Context(), on, filepath.Join(folder, "gone")); fault.CodeOf(err) != fault.SourceMissing {
			t.Errorf("found %+v, %v", found, err)
		}
	})

	t.Run("a source whose drive is pulled out is gone, whatever still seems to be there", func(t *testing.T) {
		t.Parallel()
		s := newShelf(t)
		stick := s.write(c, filepath.Join(t.TempDir(), "stick"))
		s.Plug("1234", "SANDISK", stick)
		opened := s.open(stick)
		if err := opened.Alive(t.Context()); err != nil {
			t.Fatal(err)
		}
		s.Detach("1234")
		if err := opened.Alive(t.Context()); fault.CodeOf(err) != fault.SourceGone {
			t.Errorf("it says %v", err)
		}
	})
}

// stuck is a machine one of whose drives answers nothing any more.
type stuck struct {
	*drivetest.Sticks

	dead string        // where that drive is mounted
	wake chan struct{} // closed to let the question end
}

func (s stuck) At(path string) (drive.Drive, error) {
	if strings.HasPrefix(path, s.dead) {
		<-s.wake
	}
	return s.Sticks.At(path)
}

func TestADriveThatHangs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var sticks drivetest.Sticks
		folder := t.TempDir()
		for _, name := range []string{"alive", "dead"} {
			path := filepath.Join(folder, name)
			if err := channeltest.New().Write(path); err != nil {
				t.Fatal(err)
			}
			sticks.Plug(name, name, path)
		}
		machine := stuck{Sticks: &sticks, dead: filepath.Join(folder, "dead"), wake: make(chan struct{})}
		began := time.Now()
		found, err := disk.On(machine).Discover(t.Context())
		if err != nil || len(found) != 1 || found[0].Info().Name != "alive" {
			t.Errorf("found %v, %v", found, err)
		}
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("the list took %v", took)
		}
		on := source.On{Drive: "dead", Inside: ".", Comes: true}
		if _, err := disk.On(machine).Find(t.Context(), on, machine.dead); fault.CodeOf(err) != fault.SourceMissing {
			t.Errorf("looked for by itself it says %v", err)
		}
		close(machine.wake)
	})
}
