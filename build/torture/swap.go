package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"nectar/backend/channel/channeltest"
	"nectar/backend/datadir"
	"nectar/backend/fault"
	"nectar/backend/store"
)

// swapping is what happens to a drive besides being put back where it was.
type swapping struct {
	rig   *rig
	world *world
	disks string // says by which name the program knows the disk
	away  string // where drives are found by looking, and nobody else mounts any
}

// anImport is the user of a drive that pullOnce has by itself.
var anImport = user{"an import", false, func(c *channeltest.Channel, at string) []string {
	return []string{"import", string(c.ID), "--from", at}
}}

// swaps puts another drive in the place of one that was pulled out, and puts one
// back at another place, while something uses it.
func swaps(ctx context.Context, r *rig, w *world) (err error) {
	const all = "another drive in its place, the same at another place"
	s := &swapping{rig: r, world: w, disks: filepath.Join(r.folder, "disks")}
	if why := s.named(ctx); why != "" {
		r.skipped(all, why)
		return nil
	}
	if s.away, err = os.MkdirTemp("/mnt", "torture"); err != nil {
		r.skipped(all, err.Error())
		return nil
	}
	defer func() { err = errors.Join(err, os.Remove(s.away)) }()
	told, err := r.build(ctx, "nectar-torture", "-tags", "torture", ".")
	if err != nil {
		return err
	}
	plain := r.program
	defer func() { r.program = plain }()
	r.program = told
	chance := r.chance("swap")
	for _, k := range append([]user{anImport}, users...) {
		for n := range r.often(1, 10) {
			for _, elsewhere := range []bool{false, true} {
				after := time.Duration(chance.IntN(300)) * time.Millisecond
				if err := s.once(ctx, k, n, elsewhere, after); err != nil {
					return fmt.Errorf("%s: %w", k.name, err)
				}
			}
		}
	}
	return nil
}

// named gives the disk that all drives here lie on a name, as udev does. It
// answers why that cannot be.
func (s *swapping) named(ctx context.Context) string {
	out, err := exec.CommandContext(ctx, "findmnt", "--noheadings", "--output", "SOURCE", "--target", s.rig.folder).Output()
	device, _, _ := strings.Cut(strings.TrimSpace(string(out)), "[")
	if err != nil || !strings.HasPrefix(device, "/dev/") {
		return "the folder lies on no disk that has a name"
	}
	if resolved, err := filepath.EvalSymlinks(device); err == nil {
		device = resolved
	}
	uuids := filepath.Join(s.disks, "by-uuid")
	if err := errors.Join(os.MkdirAll(uuids, 0o700), os.Symlink(device, filepath.Join(uuids, "70727475-7265"))); err != nil {
		return err.Error()
	}
	return ""
}

// once pulls the drive out of a command. Elsewhere it comes back at another
// place, and what can go on does; else another drive is put in its place, which
// is left alone, before the right one comes back.
func (s *swapping) once(ctx context.Context, k user, n int, elsewhere bool, after time.Duration) (err error) {
	name := "another drive is put in the place of that of " + k.name
	if elsewhere {
		name = "the drive of " + k.name + " comes back at another place"
	}
	r, c := s.rig, s.world.channels[2]
	l := r.laptop(fmt.Sprintf("swap-%s-%d-%v", strings.ReplaceAll(k.name, " ", "-"), n, elsewhere))
	l.env = []string{"NECTAR_TORTURE_DISKS=" + s.disks}
	d := drive{s.world.drive, filepath.Join(r.folder, "usb-a")}
	if k.onto {
		d.from = filepath.Join(r.folder, "stick-a")
	}
	other := drive{filepath.Join(r.folder, "stick-b"), d.at}
	if k.onto {
		err = os.RemoveAll(d.from)
	}
	if err := errors.Join(err, os.RemoveAll(other.from), os.MkdirAll(d.from, 0o700), os.MkdirAll(other.from, 0o700)); err != nil {
		return err
	}
	if k.name != anImport.name {
		if err := l.tell(ctx, nil, "import", string(c.ID), "--from", s.world.drive); err != nil {
			return err
		}
	}
	if err := d.put(); err != nil {
		return err
	}
	at := d
	defer func() {
		_ = at.pull()
		if elsewhere {
			_ = os.Remove(at.at)
		}
	}()
	p, err := l.start(append([]string{"--json"}, k.command(c, d.at)...)...)
	if err != nil {
		return err
	}
	if k.onto {
		if err := s.made(ctx, l); err != nil {
			return err
		}
	}
	if err := errors.Join(pause(ctx, after), d.pull()); err != nil {
		return err
	}
	r.did(name, 1)
	if elsewhere {
		at.at = filepath.Join(s.away, "usb")
		err = at.put()
	} else {
		err = errors.Join(other.put(), pause(ctx, time.Second), s.untouched(name, other), other.pull(), d.put())
	}
	if err != nil {
		return err
	}
	if err := p.wait(ctx, patience); err != nil {
		r.wrong(name, "pulled after %v: %v", after, err)
		return nil
	}
	if code, said := refusalOf(p); p.status() != 0 && (said == "" || code == "internal") {
		r.wrong(name, "pulled after %v, the person is told %q: %v", after, code, p.failed())
	}
	again, err := l.call(ctx, append([]string{"--json"}, k.command(c, at.at)...)...)
	if err != nil {
		return err
	}
	if err := again.failed(); err != nil {
		r.wrong(name, "pulled after %v, asked for again: %v", after, err)
	}
	switch {
	case k.onto:
		s.whole(name, c, channeltest.ContentIn(d.from))
	case k.name == anImport.name:
		s.whole(name, c, datadir.Peek(l.folder).Content())
	}
	return os.RemoveAll(l.folder)
}

// made waits until an export is a job, the second one of the laptop. It is for the
// drive that was there then; a command that finds another one in its place at its
// very beginning rightly exports to that.
func (s *swapping) made(ctx context.Context, l *laptop) error {
	for began := time.Now(); time.Since(began) < patience; {
		err := l.look(ctx, func(st *store.Store) error {
			_, err := st.Job(ctx, "2")
			return err
		})
		if fault.CodeOf(err) != fault.NotFound {
			return err
		}
		if err := pause(ctx, 2*time.Millisecond); err != nil {
			return err
		}
	}
	return errors.New("an export does not become a job")
}

// untouched looks that nothing was written to the other drive.
func (s *swapping) untouched(name string, other drive) error {
	found, err := os.ReadDir(other.from)
	if len(found) > 0 {
		s.rig.wrong(name, "%s was written to it", found[0].Name())
	}
	return err
}

// whole looks that each file of the channel is in the content folder.
func (s *swapping) whole(name string, c *channeltest.Channel, content string) {
	_, files := c.Wanted(c.Root)
	for sum, f := range files {
		if found, err := sumOf(f.In(content)); err != nil || found != sum.String() {
			s.rig.wrong(name, "%s has %s, %v", f.Name(), found, err)
		}
	}
}
