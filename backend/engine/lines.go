package engine

import (
	"cmp"
	"context"

	"nectar/backend/task"
)

// longLine is from how many jobs on one key or resource on nobody is told any
// more how the line moves on; who asks for a job still learns its place.
const longLine = 200

// lines keep the queued jobs that others may go before: on one exclusive key
// or one resource, jobs run one after the other.
type lines struct {
	waiting map[int64]entry               // by job number
	byKey   map[string]map[int64]struct{} // the numbers of those on a key
	told    map[int64]int                 // how many go before a job, as last told
	moved   map[string]struct{}           // keys on whose line something changed since
}

func newLines() lines {
	return lines{
		waiting: map[int64]entry{}, byKey: map[string]map[int64]struct{}{},
		told: map[int64]int{}, moved: map[string]struct{}{},
	}
}

// add puts a queued job in line. One without a key needs none.
func (l *lines) add(n entry) {
	if l.waiting[n.number] == n {
		return
	}
	l.remove(n.number)
	for _, key := range n.keys {
		if key == "" {
			continue
		}
		if l.byKey[key] == nil {
			l.byKey[key] = map[int64]struct{}{}
		}
		l.byKey[key][n.number] = struct{}{}
		l.waiting[n.number] = n
		l.moved[key] = struct{}{}
	}
}

// remove takes a job out of line.
func (l *lines) remove(number int64) {
	n, queued := l.waiting[number]
	if !queued {
		return
	}
	delete(l.waiting, number)
	delete(l.told, number)
	for _, key := range n.keys {
		delete(l.byKey[key], number)
		if len(l.byKey[key]) == 0 {
			delete(l.byKey, key)
		}
	}
	l.move(n.keys)
}

// move notes that the lines of the keys moved on.
func (l *lines) move(keys [2]string) {
	for _, key := range keys {
		if l.byKey[key] != nil {
			l.moved[key] = struct{}{}
		}
	}
}

// behind answers how many jobs go before the job on its key or resource: those
// that run, and those before it in line.
func (l *lines) behind(number int64, running map[int64]*attempt) int {
	n, queued := l.waiting[number]
	if !queued {
		return 0
	}
	count := 0
	for _, a := range running {
		if a.number != number && holds(a.keys[:], n.keys) {
			count++
		}
	}
	ahead := func(other entry) bool {
		return other.number != number && running[other.number] == nil &&
			cmp.Or(cmp.Compare(other.priority, n.priority), other.compare(&n)) < 0
	}
	for i, key := range n.keys {
		for number := range l.byKey[key] {
			other := l.waiting[number]
			twice := i > 0 && n.keys[0] != "" && other.keys[0] == n.keys[0]
			if !twice && ahead(other) {
				count++
			}
		}
	}
	return count
}

// news answers the jobs for which another number of jobs goes before them than
// was told last.
func (l *lines) news(running map[int64]*attempt) []task.ID {
	var ids []task.ID
	for key := range l.moved {
		if len(l.byKey[key]) > longLine {
			continue
		}
		for number := range l.byKey[key] {
			if count := l.behind(number, running); count != l.told[number] {
				l.told[number] = count
				ids = append(ids, l.waiting[number].id)
			}
		}
	}
	clear(l.moved)
	return ids
}

// behind answers how many jobs go before this one on its key or resource.
func (e *Engine) behind(j *task.Job) int {
	if j.State != task.Queued || cmp.Or(j.ExclusiveKey, j.Resource) == "" {
		return 0
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.lines.behind(j.Number, e.running.attempts)
}

// tellLines tells whoever watches of the jobs whose lines moved on.
func (e *Engine) tellLines(ctx context.Context) {
	e.mu.Lock()
	ids := e.lines.news(e.running.attempts)
	e.mu.Unlock()
	for _, id := range ids {
		e.tellAgain(ctx, id)
	}
}

// tellAgain tells of a job that has not changed itself.
func (e *Engine) tellAgain(ctx context.Context, id task.ID) {
	defer e.turns.take(id)()
	j, err := e.store.Job(ctx, id)
	if err != nil {
		return // gone, or told at its next change
	}
	e.tell(&j)
}
