package store

import (
	"context"
	"database/sql"
	"errors"
	"maps"

	"nectar/backend/sqlitedb"
	"nectar/backend/task"
)

// edit is a change of jobs under way. It keeps the counts in step with the
// jobs: whoever adds a job or moves one to another state says so.
type edit struct {
	*sqlitedb.Tx

	store *Store
	kinds map[kindKey]int64 // met in this change; not known to be stored before it is durable
	tally []counted
	spans []span
}

// kindKey is what the jobs of one kind have in common.
type kindKey struct{ task, queue, startedBy string }

func kindOf(j *task.Job) kindKey { return kindKey{j.Task, j.Queue, j.StartedBy} }

// cell is a number of jobs that is kept.
type cell struct {
	block, kind int64
	state       task.State
}

type counted struct {
	cell
	change int64
}

// span bounds the times at which the jobs of a block were created.
type span struct{ block, earliest, latest int64 }

// everywhere is the block that stands for all.
const everywhere = -1

// blockBits is the logarithm of how many numbers a block has. The migration
// says the same.
const blockBits = 10

// edit lets the function change jobs, all or none, and answers when the
// change is durable.
func (s *Store) edit(ctx context.Context, apply func(*edit) error) error {
	var kinds map[kindKey]int64
	err := s.db.Write(ctx, func(tx *sqlitedb.Tx) error {
		e := edit{Tx: tx, store: s}
		if err := apply(&e); err != nil {
			return err
		}
		kinds = e.kinds
		return e.settle()
	})
	if err == nil && len(kinds) > 0 {
		s.learn(kinds)
	}
	return err
}

// learn remembers kinds that are durable.
func (s *Store) learn(kinds map[kindKey]int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	maps.Copy(s.kinds, kinds)
}

func (s *Store) known(key kindKey) (int64, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	kind, ok := s.kinds[key]
	return kind, ok
}

// kind answers the number of the job's kind, and makes one when it is new.
func (e *edit) kind(j *task.Job) (int64, error) {
	key := kindOf(j)
	if kind, ok := e.store.known(key); ok {
		return kind, nil
	}
	if kind, ok := e.kinds[key]; ok {
		return kind, nil
	}
	var kind int64
	err := e.QueryRow("SELECT kind FROM job_kinds WHERE task = ? AND queue = ? AND started_by = ?", key.task, key.queue, key.startedBy).Scan(&kind)
	if errors.Is(err, sql.ErrNoRows) {
		var made sql.Result
		made, err = e.Exec("INSERT INTO job_kinds (task, queue, started_by) VALUES (?, ?, ?)", key.task, key.queue, key.startedBy)
		if err == nil {
			kind, err = made.LastInsertId()
		}
	}
	if err != nil {
		return 0, err
	}
	if e.kinds == nil {
		e.kinds = map[kindKey]int64{}
	}
	e.kinds[key] = kind
	return kind, nil
}

// added counts a new job.
func (e *edit) added(j *task.Job, kind int64) {
	e.count(j.Number, kind, j.State, 1)
	created, block := millis(j.Created), j.Number>>blockBits
	for i := range e.spans {
		if s := &e.spans[i]; s.block == block {
			s.earliest, s.latest = min(s.earliest, created), max(s.latest, created)
			return
		}
	}
	e.spans = append(e.spans, span{block, created, created})
}

// moved counts a job that was of one kind and state and is of another.
func (e *edit) moved(before, after *task.Job, from, to int64) {
	if before.State == after.State && from == to {
		return
	}
	e.count(before.Number, from, before.State, -1)
	e.count(before.Number, to, after.State, 1)
}

func (e *edit) count(number, kind int64, state task.State, change int64) {
	e.tallied(cell{everywhere, kind, state}, change)
	if state.Resting() {
		e.tallied(cell{number >> blockBits, kind, state}, change)
	}
}

func (e *edit) tallied(c cell, change int64) {
	for i := range e.tally {
		if e.tally[i].cell == c {
			e.tally[i].change += change
			return
		}
	}
	e.tally = append(e.tally, counted{c, change})
}

// settle stores the counts.
func (e *edit) settle() error {
	for i := range e.tally {
		t := &e.tally[i]
		if t.change == 0 {
			continue
		}
		_, err := e.Exec(`INSERT INTO job_counts (block, kind, state, n) VALUES (?, ?, ?, ?)
			ON CONFLICT DO UPDATE SET n = n + excluded.n`, t.block, t.kind, int64(t.state), t.change)
		if err != nil {
			return err
		}
	}
	for _, s := range e.spans {
		if err := e.settleSpan(s); err != nil {
			return err
		}
	}
	return nil
}

// spanStep is how far ahead the bounds of a block are set, so that not every
// new job moves them.
const spanStep = 60_000

func (e *edit) settleSpan(s span) error {
	_, err := e.Exec(`INSERT INTO job_blocks (block, earliest, latest) VALUES (?, ?, ?)
		ON CONFLICT DO UPDATE SET earliest = min(earliest, ?), latest = max(latest, excluded.latest)
		WHERE ? < earliest OR ? > latest`, s.block, s.earliest, s.latest+spanStep, s.earliest, s.earliest, s.latest)
	return err
}
