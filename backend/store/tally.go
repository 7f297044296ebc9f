package store

import (
	"math"

	"nectar/backend/sqlitedb"
	"nectar/backend/task"
)

// tally is how the counts of jobs change, and which times new jobs bring to
// their blocks.
type tally struct {
	counts []counted
	spans  []span
	wider  []span // as settled: the bounds of the blocks that were widened
}

// cell is a number of jobs that is kept.
type cell struct {
	part, kind int64
	state      task.State
}

type counted struct {
	cell
	change int64
}

// span bounds the times at which the jobs of a block were created, and those
// at which they ended.
type span struct {
	block               int64
	earliest, latest    int64
	firstEnd, latestEnd int64
}

// nothing is the span of a block with no jobs.
func nothing(block int64) span {
	return span{block, math.MaxInt64, math.MinInt64, math.MaxInt64, math.MinInt64}
}

// Counts are kept of parts of the numbers: of each block, of each volume, which is
// of blocks that follow each other, and of all. A volume is named so that it comes
// after its last block, and all come after everything else: the counts of the
// newest jobs are on one page.
const everywhere = math.MaxInt64

// blockBits is the logarithm of how many numbers a block has, and volumeBits of how
// many blocks a volume. The migrations say the same.
const (
	blockBits  = 10
	volumeBits = 4
)

// blockPart names the counts of a block.
func blockPart(block int64) int64 { return block << 1 }

// volumePart names the counts of a volume.
func volumePart(volume int64) int64 { return (volume+1)<<(volumeBits+1) - 1 }

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

// added counts new jobs that are alike, with numbers that follow each other.
func (t *tally) added(first *task.Job, kind, n int64) {
	j := *first
	for n > 0 {
		block := j.Number >> blockBits
		within := min(n, (block+1)<<blockBits-j.Number)
		t.count(j.Number, kind, j.State, within)
		reached := nothing(block)
		reached.earliest = millis(j.Created)
		reached.latest = reached.earliest
		t.reach(reached)
		t.ended(&j)
		j.Number, n = j.Number+within, n-within
	}
}

// ended notes when a job ended last, if it has.
func (t *tally) ended(j *task.Job) {
	if j.Finished.IsZero() {
		return
	}
	reached := nothing(j.Number >> blockBits)
	reached.firstEnd = millis(j.Finished)
	reached.latestEnd = reached.firstEnd
	t.reach(reached)
}

// removed counts a job that is gone. Those at rest are counted by the table.
func (t *tally) removed(j *task.Job, kind int64) {
	if !j.State.Resting() {
		t.count(j.Number, kind, j.State, -1)
	}
}

// moved counts a job that was of one kind and state and is of another.
func (t *tally) moved(before, after *task.Job, from, to int64) {
	if !after.Finished.Equal(before.Finished) {
		t.ended(after)
	}
	if before.State == after.State && from == to {
		return
	}
	t.count(before.Number, from, before.State, -1)
	t.count(before.Number, to, after.State, 1)
}

func (t *tally) count(number, kind int64, state task.State, change int64) {
	t.add(cell{everywhere, kind, state}, change)
	if state.Resting() {
		t.add(cell{blockPart(number >> blockBits), kind, state}, change)
		t.add(cell{volumePart(number >> (blockBits + volumeBits)), kind, state}, change)
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
			*known = known.with(s)
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
		if c.change == 0 || !c.state.Resting() {
			continue
		}
		_, err := tx.Exec(`INSERT INTO job_counts (part, kind, state, n) VALUES (?, ?, ?, ?)
			ON CONFLICT DO UPDATE SET n = n + excluded.n`, c.part, c.kind, int64(c.state), c.change)
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

// settleSpan widens the bounds of a block. Those that were stored are
// remembered: most jobs are within them.
func (s *Store) settleSpan(tx *sqlitedb.Tx, all *tally, reached span) error {
	known := s.bounds(reached.block)
	if known.with(reached) == known {
		return nil
	}
	if reached.latest != math.MinInt64 {
		reached.latest += spanStep
	}
	if reached.latestEnd != math.MinInt64 {
		reached.latestEnd += spanStep
	}
	_, err := tx.Exec(`INSERT INTO job_blocks (block, earliest, latest, first_end, last_end) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT DO UPDATE SET earliest = min(earliest, excluded.earliest), latest = max(latest, excluded.latest),
			first_end = min(first_end, excluded.first_end), last_end = max(last_end, excluded.last_end)`,
		reached.block, reached.earliest, reached.latest, reached.firstEnd, reached.latestEnd)
	all.wider = append(all.wider, known.with(reached))
	return err
}

// with answers a span that bounds both.
func (s span) with(other span) span {
	s.earliest, s.latest = min(s.earliest, other.earliest), max(s.latest, other.latest)
	s.firstEnd, s.latestEnd = min(s.firstEnd, other.firstEnd), max(s.latestEnd, other.latestEnd)
	return s
}

// bounds answers what is known to be stored of a block.
func (s *Store) bounds(block int64) span {
	s.mu.Lock()
	defer s.mu.Unlock()
	if known, ok := s.blocks[block]; ok {
		return known
	}
	return nothing(block)
}
