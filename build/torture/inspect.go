package main

import (
	"context"
	"crypto/md5"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	_ "github.com/mattn/go-sqlite3" // the driver "sqlite3"

	"nectar/backend/datadir"
	"nectar/backend/fault"
	"nectar/backend/store"
	"nectar/backend/task"
)

// inspector looks at a data folder from outside, at what lies on the disk.
type inspector struct {
	rig    *rig
	laptop *laptop
	ledger *ledger
	// deaths is how often a process was killed or stopped so far: no job was
	// interrupted more often.
	deaths int
}

// integrity looks through the database as a power cut or a kill left it, in a
// copy, so that the next start meets what was left.
func (i *inspector) integrity(ctx context.Context) error {
	copied := filepath.Join(i.rig.folder, "examined")
	if err := os.RemoveAll(copied); err != nil {
		return err
	}
	if err := os.MkdirAll(copied, 0o700); err != nil {
		return err
	}
	database := datadir.Peek(i.laptop.folder).Database()
	for _, end := range []string{"", "-wal"} {
		if err := copyFile(database+end, filepath.Join(copied, "app.sqlite3"+end)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	i.rig.did("SQLite's integrity check is clean", 1)
	said, err := examine(ctx, filepath.Join(copied, "app.sqlite3"))
	if err != nil || said != "ok" {
		i.rig.wrong("SQLite's integrity check is clean", "%s, %v", said, err)
	}
	return nil
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

// examine answers "ok" for a database that is whole.
func examine(ctx context.Context, path string) (string, error) {
	if info, err := os.Stat(path); err != nil || info.Size() == 0 {
		return "ok", nil // killed before anything was in it
	}
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		return "", err
	}
	defer func() { _ = db.Close() }()
	var said string
	if err := db.QueryRowContext(ctx, "PRAGMA integrity_check").Scan(&said); err != nil {
		return "", err
	}
	var orphans int
	err = db.QueryRowContext(ctx, "SELECT count(*) FROM pragma_foreign_key_check").Scan(&orphans)
	if orphans > 0 {
		said = fmt.Sprintf("%d rows point nowhere", orphans)
	}
	return said, err
}

func (i *inspector) read(ctx context.Context, look func(*store.Store) error) error {
	return i.laptop.look(ctx, look)
}

// look opens the database beside its owner.
func (l *laptop) look(ctx context.Context, look func(*store.Store) error) error {
	st, err := store.OpenToRead(ctx, datadir.Peek(l.folder).Database(), store.Options{})
	if err != nil {
		return fmt.Errorf("read the database: %w", err)
	}
	defer func() { _ = st.Close() }()
	return look(st)
}

// jobs looks at every job that somebody was told of, and at every attempt.
func (i *inspector) jobs(ctx context.Context) error {
	return i.read(ctx, func(st *store.Store) error {
		for _, f := range i.ledger.all() {
			if err := i.promised(ctx, st, f); err != nil {
				return err
			}
		}
		jobs, err := st.InStates(ctx, task.States()...)
		if err != nil {
			return err
		}
		requests := map[string]string{}
		for n := range jobs {
			j := &jobs[n]
			if other := requests[j.RequestID]; j.RequestID != "" && other != "" {
				i.rig.wrong("a request makes one job", "%s made the jobs %s and %s", j.RequestID, other, j.ID)
			}
			requests[j.RequestID] = string(j.ID)
			if err := i.history(ctx, st, j.ID); err != nil {
				return err
			}
		}
		i.rig.did("a request makes one job", len(requests))
		return nil
	})
}

// history looks at the attempts of one job, which may run meanwhile.
func (i *inspector) history(ctx context.Context, st *store.Store, id task.ID) error {
	for {
		before, err := st.Job(ctx, id)
		if fault.CodeOf(err) == fault.NotFound {
			return nil
		}
		if err != nil {
			return err
		}
		attempts, err := st.Attempts(ctx, before.Number)
		if err != nil {
			return err
		}
		after, err := st.Job(ctx, id)
		if fault.CodeOf(err) == fault.NotFound {
			return nil
		}
		if err != nil {
			return err
		}
		if before.State == after.State && before.Attempts == after.Attempts {
			i.attempts(&after, attempts)
			return nil
		}
	}
}

// promised compares what is stored with what somebody was told.
func (i *inspector) promised(ctx context.Context, st *store.Store, f fate) error {
	const exists, stays = "a job that a caller was told of exists", "a job stays as a caller was told it is"
	j, err := st.Job(ctx, task.ID(f.ID))
	gone := fault.CodeOf(err) == fault.NotFound
	if err != nil && !gone {
		return err
	}
	if f.open {
		return nil
	}
	i.rig.did(exists, 1)
	if gone != f.gone {
		i.rig.wrong(exists, "job %s, told to be %s, removed: %v, found removed: %v", f.ID, f.Status, f.gone, gone)
		return nil
	}
	if gone {
		return nil
	}
	want, _ := task.ParseState(f.Status)
	rests := want.Resting() || want == task.Paused
	later := want == task.Scheduled && f.Due != nil && time.Until(*f.Due) > time.Hour
	if rests || later {
		i.rig.did(stays, 1)
		if j.State != want || later && !j.Due.Equal(*f.Due) {
			i.rig.wrong(stays, "job %s was %s, due %v, and is %s, due %v", f.ID, f.Status, f.Due, j.State, j.Due)
		}
	}
	ended := 0
	attempts, err := st.Attempts(ctx, j.Number)
	for _, a := range attempts {
		if a.Outcome == task.OutcomeCompleted || a.Outcome == task.OutcomeFailed && j.State != task.Failed {
			ended++
		}
	}
	runs := f.runs
	if f.Repeat != nil {
		runs += *f.Repeat
	}
	i.rig.did("no job ran more often than it was asked to", 1)
	if ended > runs+2 && f.Cron == "" {
		i.rig.wrong("no job ran more often than it was asked to", "job %s ended %d times, %d runs were asked for", f.ID, ended, runs)
	}
	return err
}

// attempts looks at the history of one job.
func (i *inspector) attempts(j *task.Job, attempts []task.Attempt) {
	const right = "attempts are right"
	i.rig.did(right, 1)
	interrupted := 0
	for n, a := range attempts {
		last := n == len(attempts)-1
		switch {
		case n > 0 && a.Number != attempts[n-1].Number+1:
			i.rig.wrong(right, "job %s has the attempts %d and %d", j.ID, attempts[n-1].Number, a.Number)
		case n > 0 && a.Started.Before(attempts[n-1].Finished):
			i.rig.wrong(right, "job %s ran twice at once: attempt %d began at %v, the one before ended at %v", j.ID, a.Number, a.Started, attempts[n-1].Finished)
		case a.Finished.IsZero() && (!last || !j.State.Active()):
			i.rig.wrong(right, "attempt %d of job %s, which is %s, has no end", a.Number, j.ID, j.State)
		}
		if a.Outcome == task.OutcomeInterrupted {
			interrupted++
		}
	}
	if len(attempts) > 0 && attempts[len(attempts)-1].Number != j.Attempts || int64(len(attempts)) != min(j.Attempts, 100) {
		i.rig.wrong(right, "job %s counts %d attempts and has %d", j.ID, j.Attempts, len(attempts))
	}
	if interrupted > i.deaths {
		i.rig.wrong(right, "job %s was interrupted %d times by %d deaths", j.ID, interrupted, i.deaths)
	}
}

// span is an attempt of a job that holds a key.
type span struct {
	job string
	task.Attempt
}

// apart looks that no two jobs of one key ran at once.
func (i *inspector) apart(keys map[string][]span) {
	const apart = "jobs of one channel never run at once"
	for key, spans := range keys {
		slices.SortFunc(spans, func(a, b span) int { return a.Started.Compare(b.Started) })
		i.rig.did(apart, len(spans))
		for n := 1; n < len(spans); n++ {
			before, after := spans[n-1], spans[n]
			if before.job != after.job && (before.Finished.IsZero() || after.Started.Before(before.Finished)) {
				i.rig.wrong(apart, "%s: job %s from %v to %v, job %s from %v", key, before.job, before.Started, before.Finished, after.job, after.Started)
			}
		}
	}
}

// alive looks, after a start, that nothing is left of what ran before.
func (i *inspector) alive(ctx context.Context) error {
	const left = "no job is stuck in what it was about when the program died"
	return i.read(ctx, func(st *store.Store) error {
		jobs, err := st.InStates(ctx, task.Selected, task.Running, task.Canceling)
		i.rig.did(left, 1)
		for _, j := range jobs {
			if j.State == task.Canceling && j.Interruptions > 0 {
				i.rig.wrong(left, "job %s is %s", j.ID, j.State)
			}
		}
		return err
	})
}

// drained looks, when nothing is left to do, that everything rests. A job that came
// due after the last work had begun may have done so when that had just found
// nothing left; of the zero time there is none.
func (i *inspector) drained(ctx context.Context, begun time.Time) error {
	const stuck = "no job is stuck"
	return i.read(ctx, func(st *store.Store) error {
		jobs, err := st.InStates(ctx, task.States()...)
		if err != nil {
			return err
		}
		i.rig.did(stuck, len(jobs))
		keys := map[string][]span{}
		for _, j := range jobs {
			attempts, err := st.Attempts(ctx, j.Number)
			if err != nil {
				return err
			}
			for _, a := range attempts {
				keys[j.ExclusiveKey] = append(keys[j.ExclusiveKey], span{string(j.ID), a})
			}
			late := !begun.IsZero() && !j.Due.Before(begun)
			if j.State == task.Queued && j.Waiting == nil && !late || j.State.Active() {
				i.rig.wrong(stuck, "job %s of %s is %s when there is nothing left to do", j.ID, j.Task, j.State)
			}
		}
		delete(keys, "")
		i.apart(keys)
		return nil
	})
}

// remembered looks at every file that counts as here: its bytes are those of
// its name.
func (i *inspector) remembered(ctx context.Context) error {
	const right = "a file that counts as here has its right MD5"
	content := datadir.Peek(i.laptop.folder).Content()
	return i.read(ctx, func(st *store.Store) error {
		files, err := st.AllVerifiedFiles(ctx)
		if err != nil {
			return err
		}
		for f := range files {
			path := f.In(content)
			info, err := os.Stat(path)
			if err != nil || info.Size() != f.Size || info.ModTime().UnixNano() != f.Modified {
				continue // it does not count
			}
			i.rig.did(right, 1)
			if sum, err := sumOf(path); err != nil || sum != f.Checksum.String() {
				i.rig.wrong(right, "%s has %s, %v", path, sum, err)
			}
		}
		return nil
	})
}

func sumOf(path string) (string, error) {
	in, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer func() { _ = in.Close() }()
	sum := md5.New()
	_, err = io.Copy(sum, in)
	return hex.EncodeToString(sum.Sum(nil)), err
}

var storedName = regexp.MustCompile(`^([0-9a-f]{32})\.[0-9a-z]+$`)

var unnamedFolder = regexp.MustCompile(`^[0-9a-f]\.transfer$`)

// stored looks at every file of a content folder: under a final name lies the
// whole file. One in a folder that has no final name yet has none either.
func (i *inspector) stored(content string) error {
	const whole = "under its final name lies the whole file"
	return walk(filepath.Join(content, "storage"), func(path string, _ fs.DirEntry) error {
		named := storedName.FindStringSubmatch(filepath.Base(path))
		if named == nil || unnamedFolder.MatchString(filepath.Base(filepath.Dir(path))) {
			return nil
		}
		i.rig.did(whole, 1)
		if sum, err := sumOf(path); err != nil || sum != named[1] {
			i.rig.wrong(whole, "%s has %s, %v", path, sum, err)
		}
		return nil
	})
}

// databases looks at every channel database of a content folder.
func (i *inspector) databases(ctx context.Context, content string) error {
	const whole = "a channel database is whole"
	return walk(filepath.Join(content, "databases"), func(path string, _ fs.DirEntry) error {
		if filepath.Ext(path) != ".sqlite3" {
			return nil
		}
		i.rig.did(whole, 1)
		if said, err := examine(ctx, path); err != nil || said != "ok" {
			i.rig.wrong(whole, "%s: %s, %v", path, said, err)
		}
		return nil
	})
}

// tidy looks for temporary files below a folder in which no job is under way.
func (i *inspector) tidy(folder string) error {
	const none = "no temporary file outlives its job"
	return walk(folder, func(path string, _ fs.DirEntry) error {
		i.rig.did(none, 1)
		name := filepath.Base(path)
		if strings.HasSuffix(name, ".transfer") || unnamedFolder.MatchString(filepath.Base(filepath.Dir(path))) || strings.HasPrefix(name, ".nectar") ||
			strings.HasSuffix(name, "-wal") || strings.HasSuffix(name, "-shm") || strings.HasSuffix(name, "-journal") ||
			strings.HasSuffix(name, "-open") || strings.Contains(name, "damaged") {
			i.rig.wrong(none, "%s", path)
		}
		return nil
	})
}

// partsOf answers the parts of files in a content folder.
func partsOf(content string) (found []string, err error) {
	err = walk(filepath.Join(content, "storage"), func(path string, _ fs.DirEntry) error {
		if filepath.Ext(path) == ".partial" {
			found = append(found, path)
		}
		return nil
	})
	return found, err
}

// walk visits the files below a folder, which need not be there.
func walk(folder string, visit func(path string, entry fs.DirEntry) error) error {
	return filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || entry.IsDir() {
			return err
		}
		return visit(path, entry)
	})
}
