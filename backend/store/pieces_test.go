package store_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nectar/backend/store"
	"nectar/backend/task"
)

// A large batch is stored and answered as the same drafts are one by one.
func TestALargeBatchIsStoredAsItsJobsOneByOne(t *testing.T) {
	t.Parallel()
	together, _ := fresh(t)
	apart, _ := fresh(t)
	mixed := func() []task.Draft {
		drafts := make([]task.Draft, 1500)
		for i := range drafts {
			drafts[i] = queued(func(j *task.Job) {
				switch {
				case i < 700: // all the same
				case i < 1000: // each with arguments of its own
					j.Args = fmt.Appendf(nil, `{"x":%d,"y":2}`, i)
				case i < 1300: // of two tasks by turns
					j.Task = []string{"maths.add", "maths.sub"}[i%2]
				default: // some that ask whether they are there already
					j.RequestID = strconv.Itoa(i % 7 * 10)
				}
			})
			drafts[i].IfNot = i == 1100
		}
		return drafts
	}
	all := insert(t, together, mixed()...)
	for i, draft := range mixed() {
		one := insert(t, apart, draft)[0]
		if diff := cmp.Diff(one, all[i]); diff != "" {
			t.Fatalf("job %d (-alone +of a batch):\n%s", i, diff)
		}
		if diff := cmp.Diff(read(t, apart, one.ID), read(t, together, one.ID)); diff != "" {
			t.Fatalf("job %d is read as (-alone +of a batch):\n%s", i, diff)
		}
	}
}

// Whatever goes wrong with one of a large batch takes all of it back.
func TestALargeBatchIsStoredWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spoil func(drafts []task.Draft)
		left  bool // whoever asked
		want  func(error) bool
	}{
		"the last has arguments that are no JSON": {
			func(drafts []task.Draft) { drafts[999].Job.Args = json.RawMessage("{") }, false,
			func(err error) bool { return strings.Contains(err.Error(), "CHECK constraint") },
		},
		"the first has": {
			func(drafts []task.Draft) { drafts[0].Job.Args = json.RawMessage("{") }, false,
			func(err error) bool { return strings.Contains(err.Error(), "CHECK constraint") },
		},
		"to make one ready panics": {
			func(drafts []task.Draft) { drafts[900].Job = nil }, false,
			func(err error) bool { return strings.Contains(err.Error(), "panic in a change") },
		},
		"whoever asked has left": {func([]task.Draft) {}, true, func(err error) bool { return errors.Is(err, context.Canceled) }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, _ := fresh(t)
			drafts := alikes(1000)
			c.spoil(drafts)
			ctx, leave := context.WithCancel(t.Context())
			defer leave()
			if c.left {
				leave()
			}
			if _, err := s.Insert(ctx, drafts); err == nil || !c.want(err) {
				t.Errorf("got %v", err)
			}
			if counts, err := s.Counts(t.Context(), task.Filter{Readable: everything}); len(counts) > 0 || err != nil {
				t.Errorf("there are %v, %v", counts, err)
			}
			insert(t, s, queued())
		})
	}
}

// A draft that is to be as the one before becomes a job of its own, in a small batch and
// in a large one.
func TestADraftThatIsAsTheOneBefore(t *testing.T) {
	t.Parallel()
	for _, n := range []int{2, 70, 1000} {
		t.Run(strconv.Itoa(n), func(t *testing.T) {
			t.Parallel()
			s, _ := fresh(t)
			drafts := alikes(n, func(j *task.Job) { j.ExclusiveKey = "a" })
			for i := range drafts {
				if i%(n/2) > 0 || i == 1 { // in the midst of a large one begins another
					drafts[i] = task.Draft{Job: new(task.Job), Again: true}
				} else if i > 0 {
					drafts[i].Job.ExclusiveKey = "b"
				}
			}
			for i, got := range insert(t, s, drafts...) {
				want := alikes(1, func(j *task.Job) {
					j.ID, j.Number = task.ID(strconv.Itoa(i+1)), int64(i+1)
					j.Planned, j.Since, j.Metadata = j.Due, j.Created, json.RawMessage("{}")
					j.ExclusiveKey, j.InTurn = "a", true
					if n > 2 && i >= n/2 {
						j.ExclusiveKey = "b"
					}
				})[0].Job
				if diff := cmp.Diff(want, got.Job); diff != "" {
					t.Fatalf("job %d (-want +answered):\n%s", i+1, diff)
				}
				if diff := cmp.Diff(*want, read(t, s, want.ID)); diff != "" {
					t.Fatalf("job %d (-want +read):\n%s", i+1, diff)
				}
			}
		})
	}
}

// Jobs at rest that are inserted together are counted in each block and volume that
// their numbers reach.
func TestABatchIsCountedInEachBlockThatItReaches(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t)
	store.Leap(s, 15_000) // the volume ends in the midst of the second thousand
	for hour := range 3 {
		at := noon.Add(time.Duration(hour) * time.Hour)
		insert(t, s, alikes(1000, func(j *task.Job) {
			j.State, j.Attempts, j.Created, j.Started, j.Finished = task.Completed, 1, at, at, at
		})...)
	}
	for hours := range 4 {
		counts, err := s.Counts(t.Context(), task.Filter{Readable: everything, Since: noon, Until: noon.Add(time.Duration(hours) * time.Hour)})
		if got := counts[task.Completed]; got != int64(hours)*1000 || err != nil {
			t.Errorf("of %d hours there are %d, %v", hours, got, err)
		}
	}
	listed, err := s.List(t.Context(), task.Filter{Readable: everything, Since: noon.Add(time.Hour), Until: noon.Add(2 * time.Hour)}, task.Page{Limit: 1500})
	if n := len(listed.Jobs); err != nil || n == 0 || slices.ContainsFunc(listed.Jobs, func(j task.Job) bool { return j.Number <= 16_000 || j.Number > 17_000 }) {
		t.Errorf("of the second hour %d are listed, %v", n, err)
	}
}
