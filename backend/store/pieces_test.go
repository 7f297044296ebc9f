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

// A draft that stands for many jobs makes as many, which differ in their numbers alone and
// follow each other, also where others stand beside it.
func TestADraftThatStandsForManyJobs(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t)
	ofKey := func(key string, jobs int) task.Draft {
		draft := queued(func(j *task.Job) { j.ExclusiveKey = key })
		draft.More = jobs - 1
		return draft
	}
	number := int64(0)
	for _, got := range insert(t, s, ofKey("a", 2), ofKey("b", 1), ofKey("c", 1000), ofKey("d", 1), ofKey("e", 1), ofKey("f", 70)) {
		for answered := range got.Each() {
			number++
			want := *ofKey(got.ExclusiveKey, 1).Job
			want.ID, want.Number = task.NumberID(number), number
			want.Planned, want.Since, want.Metadata, want.InTurn = want.Due, want.Created, json.RawMessage("{}"), true
			if diff := cmp.Diff(want, answered); diff != "" {
				t.Fatalf("job %d (-want +answered):\n%s", number, diff)
			}
			if diff := cmp.Diff(want, read(t, s, want.ID)); diff != "" {
				t.Fatalf("job %d (-want +read):\n%s", number, diff)
			}
		}
	}
	if number != 1075 {
		t.Errorf("%d jobs are answered", number)
	}
	counts, err := s.Counts(t.Context(), task.Filter{Readable: everything})
	if err != nil || counts[task.Queued] != number {
		t.Errorf("%v are stored, %v", counts, err)
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
