package engine_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"

	"nectar/backend/task"
)

// Whoever asks for a batch may leave at any moment: all of it is stored or nothing is,
// and the answer says which.
func TestABatchWhoseCallerLeavesIsStoredWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		leaves func(*batch)
		stored bool
	}{
		"before": {func(b *batch) {
			b.leave()
			b.ask()
		}, false},
		"while its jobs are made": {func(b *batch) {
			b.jobs[500].Args = json.RawMessage(`{"exclusive":"told"}`)
			b.told = b.leave
			b.ask()
		}, false},
		"half-way through its transaction": {func(b *batch) {
			b.jobs[500] = b.looksAround(b.leave)
			b.ask()
		}, true},
		"while it waits for the transaction of another": {func(b *batch) {
			begun, proceed := make(chan struct{}), make(chan struct{})
			var group sync.WaitGroup
			group.Go(func() {
				other := b.looksAround(func() { close(begun); <-proceed })
				if _, err := b.w.Enqueue(b.w.t.Context(), other); err != nil {
					b.w.t.Error(err)
				}
				b.others++
			})
			<-begun
			group.Go(b.ask)
			synctest.Wait()
			b.leave()
			close(proceed)
			group.Wait()
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				b := newBatch(t)
				before := len(b.stored())
				c.leaves(b)
				added := len(b.stored()) - before - b.others
				switch {
				case c.stored && (b.err != nil || len(b.answer) != len(b.jobs) || added != len(b.jobs)):
					t.Errorf("of %d jobs %d are answered and %d stored: %v", len(b.jobs), len(b.answer), added, b.err)
				case !c.stored && (!errors.Is(b.err, context.Canceled) || b.answer != nil || added != 0):
					t.Errorf("%d jobs are answered and %d stored, want none: %v", len(b.answer), added, b.err)
				}
				b.w.start()
				synctest.Wait()
				for _, j := range b.answer {
					b.w.expect(j.ID, task.Completed)
				}
			})
		})
	}
}

// batch is what somebody asks for who may leave.
type batch struct {
	w      *world
	jobs   []task.NewJob
	ctx    context.Context //nolint:containedctx // of whoever asks
	leave  func()
	others int    // jobs of others that were stored meanwhile
	told   func() // when the keys of a job that tells are asked for

	answer []task.Job
	err    error
}

func newBatch(t *testing.T) *batch {
	t.Helper()
	b := &batch{}
	b.ctx, b.leave = context.WithCancel(t.Context())
	t.Cleanup(b.leave)
	work := define("test.work", succeed, func(s *task.Spec[args]) {
		s.ExclusiveKey = func(a args) string {
			if a.Exclusive == "told" {
				b.told()
			}
			return ""
		}
	})
	b.w = build(t, nil, work)
	b.jobs = slices.Repeat([]task.NewJob{{Task: work.Definition, Args: json.RawMessage("{}")}}, 1000)
	b.w.enqueue(work, args{}) // that the others may look at
	return b
}

func (b *batch) ask() {
	stored, err := b.w.Enqueue(b.ctx, b.jobs...)
	b.answer, b.err = stored.Jobs(), err
}

// looksAround answers a job that is to have no twin, and does so while it looks whether
// one is there, in the midst of its transaction.
func (b *batch) looksAround(do func()) task.NewJob {
	n, once := b.jobs[0], sync.OnceFunc(do)
	n.When, n.Reads = &task.When{IfNot: true}, func(*task.Job) bool { once(); return false }
	return n
}

func (b *batch) stored() []task.Job {
	b.w.t.Helper()
	jobs, err := b.w.store.InStates(b.w.t.Context(), task.Queued)
	if err != nil {
		b.w.t.Fatal(err)
	}
	return jobs
}
