package engine

import (
	"context"

	"nectar/backend/task"
)

// How soon jobs of a task are run ahead of the storage.
//
// Which job was ahead when the program died is noted (begun.go), unless the power went with
// it. That jobs of its task were ahead is known then too: before the first of them, the
// task is marked in the storage, and the mark is taken away when the engine has stopped as
// it should. Where a start finds it, the program died, and more runs than can have been
// ahead are stored before they begin: one that ends the program again is found RUNNING. A
// mark costs no more than that.
//
// A mark that was found is taken away by an engine alone that has come so far. One that
// stops before leaves it to the next.

// trust is how many functions of a task have to return at once before the next is called
// ahead of the storage; one that does not costs a quarter of that, and one that says
// anything or fails costs all.
type trust struct {
	soon  int // usually
	death int // where jobs of the task were ahead when the program died
}

// manyQuick is more than were ahead when the program died: as many may have waited to be
// stored as were being stored, and each worker had one.
const manyQuick = 2*aheadMost + 64

// trusted is the same for every engine.
var trusted = trust{soon: 64, death: manyQuick}

// mark is what is known of a task's mark in the storage.
type mark int

const (
	unmarked mark = iota
	found         // by the start, and not come past yet
	making
	marked
)

// learnMarks reads which tasks are marked.
func (e *Engine) learnMarks(ctx context.Context) error {
	tasks, err := e.store.RunsAhead(ctx)
	if err != nil {
		return err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, name := range tasks {
		e.marks[name] = found
	}
	return nil
}

// needed answers how many functions of the task have to return at once. It needs mu.
func (e *Engine) needed(name string) int {
	if e.marks[name] == found {
		return e.trust.death
	}
	return e.trust.soon
}

// isQuick reports whether the task's functions return at once. It needs mu.
func (e *Engine) isQuick(name string) bool { return e.quick[name] >= e.needed(name) }

// learnQuick takes note of whether a function returned at once. It needs mu.
func (e *Engine) learnQuick(a *attempt, end ending) {
	name := a.job.Task
	credit, needed := e.quick[name], e.needed(name)
	switch {
	case !end.silent || e.definition(a).OnInterruption == task.FailInterrupted:
		delete(e.quick, name)
	case !end.quick:
		e.quick[name] = max(credit-needed/4-1, 0)
	case credit-needed < needed: // no more is known of it by ever more of them
		e.quick[name]++
	}
}

// markAhead marks the attempt's task, of which jobs are to be ahead. It reports false
// while that is not stored.
func (e *Engine) markAhead(a *attempt) bool {
	name := a.job.Task
	e.mu.Lock()
	switch e.marks[name] {
	case marked:
		e.mu.Unlock()
		return true
	case found: // and come past: as many have run, each stored before it began
		e.marks[name] = marked
		e.mu.Unlock()
		return true
	case making:
		e.mu.Unlock()
		return false
	case unmarked:
	}
	e.marks[name] = making
	e.mu.Unlock()
	err := e.store.RunAhead(context.WithoutCancel(a.ctx), name)
	e.mu.Lock()
	defer e.mu.Unlock()
	if err != nil {
		e.log.Warn("cannot mark a task as ahead of the storage", "task", name, "error", err)
		delete(e.marks, name)
		delete(e.quick, name) // not tried again at once
		return false
	}
	e.marks[name] = marked
	return true
}

// unmark takes the marks away after the last job has ended, but for those that were found
// and not come past.
func (e *Engine) unmark(ctx context.Context) {
	if err := e.store.ForgetBegun(); err != nil {
		e.log.Warn("cannot forget the jobs that had begun", "error", err)
	}
	e.mu.Lock()
	var over []string
	for name, m := range e.marks {
		if m == marked {
			over = append(over, name)
		}
	}
	e.mu.Unlock()
	if len(over) == 0 {
		return
	}
	if err := e.store.RanAhead(ctx, over...); err != nil {
		e.log.Warn("cannot note that no job is ahead of the storage", "error", err)
	}
}
