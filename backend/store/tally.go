package store

import (
	"nectar/backend/sqlitedb"
	"nectar/backend/task"
)

// tally is how the counts of jobs change, and which times new jobs bring to
// their blocks.
type tally struct {
	counts []counted
	spans  []span
	wider  span // as settled: the bounds of a block
}

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

// join adds the change's tally to that of the transaction, when nothing of it
// can fail any more.
func (e *edit) join() *tally {
	all, ok := e.Group.(*tally)
	if !ok {
		all = &tally{}
		e.Group = all
	}
	for _, c := range e.counts {
		all.add(c.cell, c.change)
	}
	for _, s := range e.spans {
		all.reach(s)
	}
	return all
}

// added counts a new job.
func (t *tally) added(j *task.Job, kind int64) {
	t.count(j.Number, kind, j.State, 1)
	created := millis(j.Created)
	t.reach(span{j.Number >> blockBits, created, created})
}

// moved counts a job that was of one kind and state and is of another.
func (t *tally) moved(before, after *task.Job, from, to int64) {
	if before.State == after.State && from == to {
		return
	}
	t.count(before.Number, from, before.State, -1)
	t.count(before.Number, to, after.State, 1)
}

func (t *tally) count(number, kind int64, state task.State, change int64) {
	t.add(cell{everywhere, kind, state}, change)
	if state.Resting() {
		t.add(cell{number >> blockBits, kind, state}, change)
	}
}

func (t *tally) add(c cell, change int64) {
	for i := range t.counts {
		if t.counts[i].cell == c {
			t.counts[i].change += change
			return
		}
	}
	t.counts = append(t.counts, counted{c, change})
}

func (t *tally) reach(s span) {
	for i := range t.spans {
		if known := &t.spans[i]; known.block == s.block {
			known.earliest, known.latest = min(known.earliest, s.earliest), max(known.latest, s.latest)
			return
		}
	}
	t.spans = append(t.spans, s)
}

// settle stores what the changes of a transaction have counted, once for all
// of them.
func (s *Store) settle(tx *sqlitedb.Tx) error {
	all, ok := tx.Group.(*tally)
	if !ok {
		return nil
	}
	for i := range all.counts {
		c := &all.counts[i]
		if c.change == 0 {
			continue
		}
		_, err := tx.Exec(`INSERT INTO job_counts (block, kind, state, n) VALUES (?, ?, ?, ?)
			ON CONFLICT DO UPDATE SET n = n + excluded.n`, c.block, c.kind, int64(c.state), c.change)
		if err != nil {
			return err
		}
	}
	for _, reached := range all.spans {
		if err := s.settleSpan(tx, all, reached); err != nil {
			return err
		}
	}
	return nil
}

// spanStep is how far ahead the bounds of a block are set, so that not every
// new job moves them.
const spanStep = 60_000

// settleSpan widens the bounds of a block. Those that were stored last are
// remembered: most new jobs are within them.
func (s *Store) settleSpan(tx *sqlitedb.Tx, all *tally, reached span) error {
	if s.within(reached) {
		return nil
	}
	_, err := tx.Exec(`INSERT INTO job_blocks (block, earliest, latest) VALUES (?, ?, ?)
		ON CONFLICT DO UPDATE SET earliest = min(earliest, excluded.earliest), latest = max(latest, excluded.latest)`,
		reached.block, reached.earliest, reached.latest+spanStep)
	all.wider = span{reached.block, reached.earliest, reached.latest + spanStep}
	return err
}

func (s *Store) within(reached span) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	last := s.lastSpan
	return last.block == reached.block && last.earliest <= reached.earliest && reached.latest <= last.latest
}
