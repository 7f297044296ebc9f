package engine

import (
	"math"
	"time"

	"nectar/backend/task"
)

// HoldFew makes engines hold few jobs in memory, so that tests go beyond with
// few jobs. It answers more than that.
func HoldFew() int {
	laneBounds = bounds{most: 40, page: 16, low: 4, key: 6}
	return laneBounds.most + 5*laneBounds.page + 7
}

// TrustSoon makes engines run jobs ahead of the storage after few that were
// quick. It answers how many.
func TrustSoon() int {
	trusted = trust{2, 2}
	return trusted.soon
}

// TrustAsEver undoes TrustSoon.
func TrustAsEver() { trusted = trust{64, manyQuick} }

// TrustNobody makes engines store each start before its function is called.
func TrustNobody() { trusted = trust{math.MaxInt, math.MaxInt} }

// Distrust makes an engine that is not started run jobs ahead of the storage after so many
// that were quick, where jobs of their task were ahead when the program died.
func Distrust(e *Engine, n int) { e.trust.death = n }

// HoldMany undoes HoldFew, for benchmarks.
func HoldMany() { laneBounds = bounds{most: 4096, page: 1024, low: 512, key: 256} }

// Admits asks the pool's rule.
func Admits(regular, high int, priority task.Priority, all, ofHigh int, regularDue bool) bool {
	return pool{regular, high}.admits(priority, load{all, ofHigh}, regularDue)
}

// Line is a ready queue of jobs.
type Line struct{ ready ready }

// Push adds the job.
func (l *Line) Push(j task.Job) { l.ready.push(entryOf(&j), &j) }

// Remove takes the job out.
func (l *Line) Remove(j task.Job) { l.ready.remove(j.Number) }

// Pop takes the most urgent job that may start, while the keys are held.
func (l *Line) Pop(now time.Time, admits func(priority task.Priority, regularDue bool) bool, held ...string) (int64, task.Priority) {
	e, priority := l.ready.pop(now, func(e *entry) bool { return !holds(held, e.keys) }, admits)
	if e == nil {
		return 0, 0
	}
	return e.number, priority
}

// Len answers how much the queue remembers.
func (l *Line) Len() int {
	n := 0
	for _, lane := range l.ready.lanes {
		n += lane.len()
	}
	return n
}

// Meter measures progress.
type Meter = meter

// Add tells the meter of progress.
func (m *meter) Add(now time.Time, done int64) { m.add(now, done) }

// Rate answers units a second.
func (m *meter) Rate(now time.Time) float64 { return m.rate(now) }

// Remaining answers the seconds left.
func (m *meter) Remaining(now time.Time, done, total int64) *float64 {
	return m.remaining(now, done, total)
}
