package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"nectar/backend/datadir"
)

// ailment is a way in which a disk fails.
type ailment struct {
	errno, kinds string
	codes        string // of what the person may be told
}

// diskFaults are told apart by what a person can do about them.
var diskFaults = []ailment{
	{"ENOSPC", "write,create", "disk_full"},
	{"EDQUOT", "write,create", "disk_full"},
	{"ENOSPC", "create", "disk_full"}, // no inodes
	{"EIO", "write,create,sync", "no_write disk_trouble"},
	{"EROFS", "write,create,name", "no_write"},
	{"EACCES", "create,name", "no_write"},
}

// refusal is what a person is told when something does not work.
type refusal struct {
	Error   json.RawMessage `json:"error"` // of a job a sentence, of a request an object
	Code    string          `json:"exception"`
	Advice  string          `json:"advice"`
	Status  string          `json:"status"`
	Waiting *struct {
		Code string `json:"code"`
	} `json:"waiting"`
	Problems []struct {
		Code    string `json:"code"`
		Message string `json:"message"`
	} `json:"problems"`
}

// refusalOf answers the code and what was said, of a job that failed as of a
// request that was refused.
func refusalOf(p *process) (code, said string) {
	var r refusal
	if json.Unmarshal(p.stdout.Bytes(), &r) == nil && r.Status != "" {
		if r.Waiting != nil {
			return r.Waiting.Code, r.Status
		}
		if r.Code == "" && len(r.Problems) > 0 {
			return r.Problems[0].Code, r.Problems[0].Message + r.Advice
		}
		return r.Code, string(r.Error) + r.Advice
	}
	var e struct {
		Code    string `json:"code"`
		Message string `json:"message"`
		Advice  string `json:"advice"`
	}
	if json.Unmarshal(p.stderr.Bytes(), &r) != nil || json.Unmarshal(r.Error, &e) != nil {
		return "", ""
	}
	if e.Advice == "" {
		return e.Code, ""
	}
	return e.Code, e.Message + e.Advice
}

// spoiling is an import on a disk that fails.
type spoiling struct {
	rig   *rig
	disk  *faulty
	world *world
	tries int
}

func disk(ctx context.Context, r *rig) error {
	s := &spoiling{rig: r}
	var err error
	if s.world, err = r.world(ctx, "disk-world"); err != nil {
		return err
	}
	defer s.world.server.Stop()
	if err := s.small(ctx); err != nil {
		return err
	}
	if why := whyNoFaulty(); why != "" {
		r.skipped("a disk that fails", why)
		return nil
	}
	if s.disk, err = r.faulty(ctx, "disk"); err != nil {
		return err
	}
	defer func() { _ = s.disk.gone() }()
	changes, err := s.whole(ctx)
	if err != nil {
		return err
	}
	chance := r.chance("disk")
	for _, f := range diskFaults {
		for range r.often(1, 60) {
			after := chance.IntN(changes)
			if err := s.fail(ctx, f, after); err != nil {
				return fmt.Errorf("%s of %s after %d: %w", f.errno, f.kinds, after, err)
			}
		}
	}
	for _, f := range diskFaults[:4] { // the database is open: no name changes
		if err := s.setting(ctx, f); err != nil {
			return fmt.Errorf("a setting: %w", err)
		}
	}
	return s.slow(ctx)
}

// setting lets the disk fail while a setting is written: the person is told,
// the old value stays, and mended the new one is taken.
func (s *spoiling) setting(ctx context.Context, f ailment) error {
	const name = "a setting is written while the disk fails"
	l := s.fresh()
	value := func() string {
		var all []struct {
			Name  string `json:"name"`
			Value any    `json:"value"`
		}
		if err := l.tell(ctx, &all, "settings"); err != nil {
			return err.Error()
		}
		for _, s := range all {
			if s.Name == "workers_high" {
				return fmt.Sprint(s.Value)
			}
		}
		return "not there"
	}
	if err := l.tell(ctx, nil, "settings", "set", "workers_high", "3"); err != nil {
		return err
	}
	was := value()
	owner, err := l.work(ctx) // as the window, which has the folder open
	if err != nil {
		return err
	}
	defer owner.kill()
	if _, err := s.disk.say("fail %s %s %d", f.errno, f.kinds, 0); err != nil {
		return err
	}
	s.rig.did(name, 1)
	p, err := l.call(ctx, "--json", "settings", "set", "workers_high", "1")
	if _, healed := s.disk.say("heal"); err != nil || healed != nil {
		return errors.Join(err, healed)
	}
	if p.status() != 0 {
		// SQLite does not say why it could not make a file: nothing can be written.
		s.judge(name, f.codes+" no_write", 0, p)
		if now := value(); now != was {
			s.rig.wrong(name, "%s: it was refused, and %s became %s", f.errno, was, now)
		}
	}
	if err := l.tell(ctx, nil, "settings", "set", "workers_high", "1"); err != nil {
		s.rig.wrong(name, "mended: %v", err)
	}
	if now := value(); now == was {
		s.rig.wrong(name, "mended: it stays %s", now)
	}
	return nil
}

// fresh is a laptop on the disk that fails.
func (s *spoiling) fresh() *laptop {
	s.tries++
	return s.rig.laptop(fmt.Sprintf("disk/%d", s.tries))
}

// order is the import that is tried.
func (s *spoiling) order() []string {
	return []string{"--json", "import", string(s.world.channels[0].ID), "--from", s.world.drive}
}

func (s *spoiling) ordered(ctx context.Context, l *laptop) (*process, error) {
	return l.call(ctx, s.order()...)
}

// whole counts how many changes an import makes when nothing fails.
func (s *spoiling) whole(ctx context.Context) (int, error) {
	before, err := s.disk.say("position")
	if err != nil {
		return 0, err
	}
	p, err := s.ordered(ctx, s.fresh())
	if err != nil {
		return 0, err
	}
	after, err := s.disk.say("position")
	return after - before, errors.Join(err, p.failed())
}

// fail lets the disk fail after so many changes of an import, looks at what the
// person is told, mends the disk, and looks whether the import goes on.
func (s *spoiling) fail(ctx context.Context, f ailment, after int) error {
	name := f.errno + " of " + f.kinds
	l := s.fresh()
	if _, err := s.disk.say("fail %s %s %d", f.errno, f.kinds, after); err != nil {
		return err
	}
	s.rig.did(name, 1)
	p, err := l.start(s.order()...)
	if err != nil {
		return err
	}
	// A job whose end cannot be stored waits for the disk.
	waits := await(ctx, waitsAfter, p.dead) != nil
	if _, err := s.disk.say("heal"); err != nil {
		return err
	}
	if err := p.wait(ctx, patience); err != nil {
		s.rig.wrong(name, "the disk was mended, it came after %d changes: %v", after, err)
		return nil
	}
	switch {
	case waits:
		s.rig.did("waits for the disk, and goes on when it is mended", 1)
		if err := p.failed(); err != nil && refused(p) {
			s.rig.wrong(name, "it came after %d changes, and was waited for: %v", after, err)
		}
	case p.status() != 0:
		s.judge(name, f.codes, after, p)
	}
	return s.goesOn(ctx, name, after, l)
}

// waitsAfter is when a program that has not ended is one that waits.
const waitsAfter = 20 * time.Second

func refused(p *process) bool {
	code, said := refusalOf(p)
	return said == "" || code == "internal"
}

// judge looks at what the person is told.
func (s *spoiling) judge(name, codes string, after int, p *process) {
	code, said := refusalOf(p)
	if said == "" || !strings.Contains(" "+codes+" ", " "+code+" ") {
		s.rig.wrong(name, "after %d changes the person is told %q (%s): %v", after, code, said, p.failed())
	}
}

// goesOn looks that the job goes on when the disk is mended.
func (s *spoiling) goesOn(ctx context.Context, name string, after int, l *laptop) error {
	p, err := s.ordered(ctx, l)
	if err != nil {
		return err
	}
	if err := p.failed(); err != nil {
		s.rig.wrong(name, "after %d changes, mended: %v", after, err)
		return nil
	}
	content := datadir.Peek(l.folder).Content()
	look := &inspector{rig: s.rig, laptop: l, ledger: newLedger(), deaths: 1}
	c := s.world.channels[0]
	_, files := c.Wanted(c.Root)
	for sum, f := range files {
		if found, err := sumOf(f.In(content)); err != nil || found != sum.String() {
			s.rig.wrong(name, "after %d changes %s has %s, %v", after, f.Name(), found, err)
		}
	}
	return errors.Join(look.tidy(filepath.Join(content, "storage")), look.integrity(ctx), look.jobs(ctx), look.remembered(ctx), os.RemoveAll(l.folder))
}

// slow imports onto a disk that takes its time.
func (s *spoiling) slow(ctx context.Context) error {
	if _, err := s.disk.say("slow 5"); err != nil {
		return err
	}
	s.rig.did("a slow disk", 1)
	p, err := s.ordered(ctx, s.fresh())
	if err != nil {
		return err
	}
	if err := p.failed(); err != nil {
		s.rig.wrong("a slow disk", "%v", err)
	}
	return nil
}

// small imports onto a real file system that is full, without inodes, or
// protected.
func (s *spoiling) small(ctx context.Context) error {
	for _, c := range []struct {
		name, options, mended string
		protect               bool
		codes                 string
	}{
		{"a small disk", "size=20m", "size=600m", false, "disk_full"},
		{"no inodes left", "size=600m,nr_inodes=30", "size=600m,nr_inodes=0", false, "disk_full"},
		{"a disk that is protected", "size=600m", "size=600m", true, "no_write"},
	} {
		l := s.rig.laptop("small")
		if os.Getuid() != 0 {
			s.rig.skipped(c.name, "mounting needs root")
			continue
		}
		if err := s.mounted(ctx, l, c.name, c.options, c.mended, c.protect, c.codes); err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
	}
	return nil
}

func (s *spoiling) mounted(ctx context.Context, l *laptop, name, options, mended string, protect bool, codes string) (err error) {
	if err := os.MkdirAll(l.folder, 0o700); err != nil {
		return err
	}
	if err := syscall.Mount("tmpfs", l.folder, "tmpfs", 0, options); err != nil {
		s.rig.skipped(name, err.Error())
		return nil
	}
	defer func() { err = errors.Join(err, syscall.Unmount(l.folder, syscall.MNT_DETACH)) }()
	if protect {
		if err := syscall.Mount("", l.folder, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
			return err
		}
	}
	s.rig.did(name, 1)
	p, err := s.ordered(ctx, l)
	if err != nil {
		return err
	}
	s.judge(name, codes, 0, p)
	if err := syscall.Mount("tmpfs", l.folder, "tmpfs", syscall.MS_REMOUNT, mended); err != nil {
		return err
	}
	p, err = s.ordered(ctx, l)
	if err != nil {
		return err
	}
	if err := p.failed(); err != nil {
		s.rig.wrong(name, "mended: %v", err)
	}
	return nil
}
