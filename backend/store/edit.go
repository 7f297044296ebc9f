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

	tally

	store *Store
	kinds map[kindKey]int64 // met in this change; not known to be stored before it is durable
}

// kindKey is what the jobs of one kind have in common.
type kindKey struct{ task, queue, startedBy string }

func kindOf(j *task.Job) kindKey { return kindKey{j.Task, j.Queue, j.StartedBy} }

// edit lets the function change jobs, all or none, and answers when the
// change is durable.
func (s *Store) edit(ctx context.Context, apply func(*edit) error) error {
	e := edit{store: s}
	var all *tally
	err := s.db.Write(ctx, func(tx *sqlitedb.Tx) error {
		e.Tx = tx
		if err := apply(&e); err != nil {
			return err
		}
		all = e.join()
		return nil
	})
	if err == nil {
		s.learn(&e, all)
	}
	return err
}

// knownBlocks bounds of how many blocks the bounds are remembered.
const knownBlocks = 1024

// learn remembers what is durable now.
func (s *Store) learn(e *edit, all *tally) {
	s.mu.Lock()
	defer s.mu.Unlock()
	maps.Copy(s.kinds, e.kinds)
	if len(s.blocks) > knownBlocks {
		clear(s.blocks)
	}
	for _, wider := range all.wider {
		s.blocks[wider.block] = wider
	}
	for _, c := range e.counts {
		if c.part == everywhere && !c.state.Resting() {
			s.active[c.cell] += c.change
		}
	}
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
