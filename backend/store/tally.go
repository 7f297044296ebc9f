package store

import (
	"math"
	"time"

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

// span bounds the times at which the jobs of a block were created, began and ended.
type span struct {
	block                      int64
	created, started, finished bounds
}

// bounds are the first and the last of some times, in milliseconds.
type bounds struct{ first, last int64 }

// never are the bounds of no times.
var never = bounds{math.MaxInt64, math.MinInt64}

// nothing is the span of a block with no jobs.
func nothing(block int64) span { return span{block, never, never, never} }

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
		t.reach(spanOf(&j))
		j.Number, n = j.Number+within, n-within
	}
}

// spanOf answers the times of a job.
func spanOf(j *task.Job) span {
	return span{j.Number >> blockBits, at(j.Created), at(j.Started), at(j.Finished)}
}

// at bounds a single time; the zero time is none.
func at(t time.Time) bounds {
	if t.IsZero() {
		return never
	}
	return bounds{millis(t), millis(t)}
}

// removed counts a job that is gone. Those at rest are counted by the table.
func (t *tally) removed(j *task.Job, kind int64) {
	if !j.State.Resting() {
		t.count(j.Number, kind, j.State, -1)
	}
}

// moved counts a job that was of one kind and state and is of another.
func (t *tally) moved(before, after *task.Job, from, to int64) {
	if !after.Started.Equal(before.Started) || !after.Finished.Equal(before.Finished) {
		t.reach(spanOf(after))
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

// The bounds of a block are set ahead of the time by an eighth of what they are, and by a
// minute at most, so that not every new job moves them, and those of a block that is
// through in a moment stay narrow.
const (
	spanPart = 8
	spanStep = 60_000
)

// settleSpan widens the bounds of a block. Those that were stored are
// remembered: most jobs are within them.
func (s *Store) settleSpan(tx *sqlitedb.Tx, all *tally, reached span) error {
	known := s.bounds(reached.block)
	whole := known.with(reached)
	if whole == known {
		return nil
	}
	whole.created, whole.started, whole.finished = whole.created.ahead(known.created), whole.started.ahead(known.started), whole.finished.ahead(known.finished)
	_, err := tx.Exec(`INSERT INTO job_blocks (block, earliest, latest, first_start, last_start, first_end, last_end) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT DO UPDATE SET earliest = min(earliest, excluded.earliest), latest = max(latest, excluded.latest),
			first_start = min(first_start, excluded.first_start), last_start = max(last_start, excluded.last_start),
			first_end = min(first_end, excluded.first_end), last_end = max(last_end, excluded.last_end)`,
		whole.block, whole.created.first, whole.created.last, whole.started.first, whole.started.last, whole.finished.first, whole.finished.last)
	all.wider = append(all.wider, whole)
	return err
}

// with answers a span that bounds both.
func (s span) with(other span) span {
	return span{s.block, s.created.with(other.created), s.started.with(other.started), s.finished.with(other.finished)}
}

func (b bounds) with(other bounds) bounds {
	return bounds{min(b.first, other.first), max(b.last, other.last)}
}

// ahead sets bounds that reach further than the known ones ahead of the time.
func (b bounds) ahead(known bounds) bounds {
	if b.last > known.last {
		b.last += min((b.last-b.first)/spanPart, spanStep)
	}
	return b
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
