package store

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"math"
	"strings"

	"github.com/samber/lo"

	"nectar/backend/fault"
	"nectar/backend/task"
)

// orderings are what a list can be sorted by. The order of creation is that of the
// numbers: the clock may have jumped. In each other one a job may have no such time, and
// sorts as if it were the oldest.
var orderings = map[string]ordering{
	"created":  {column: "number"},
	"started":  {column: "started", index: "jobs_begun", first: "first_start", last: "last_start"},
	"finished": {column: "finished", index: "jobs_ended", first: "first_end", last: "last_end"},
	"due":      {column: "due"},
}

// ordering is how a list is sorted.
type ordering struct {
	column      string
	index       string // by kind, state, column and number, of the jobs that have one; "" for none
	first, last string // the columns of job_blocks that bound it
	ascending   bool
}

func (o ordering) byNumber() bool { return o.column == "number" }

// sql answers the direction and the comparison that leads on.
func (o ordering) sql() (order, compare string) {
	return direction(o.ascending), lo.Ternary(o.ascending, ">", "<")
}

// cursor is a job's place in an order: where a page ended, or a place that was found.
type cursor struct {
	Value  int64 `json:"v"`
	Number int64 `json:"n"`
}

// List answers a page of the jobs that match, and the counts of all that
// match apart from their state. Pages are by key: what is inserted while
// somebody reads neither repeats nor hides a row.
//
// A search for words takes a fifth of a second at most: if it is not through by then,
// Partial says so, the page has what was found, and the next page goes on from there.
func (s *Store) List(ctx context.Context, filter task.Filter, page task.Page) (listed task.Listed, err error) {
	err = s.atOneMoment(ctx, func(ctx context.Context) error {
		listed, err = s.list(ctx, filter, page)
		return err
	})
	return listed, err
}

func (s *Store) list(ctx context.Context, filter task.Filter, page task.Page) (task.Listed, error) {
	by, err := order(page.Sort)
	if err != nil {
		return task.Listed{}, err
	}
	after, err := parseCursor(page.After)
	if err != nil {
		return task.Listed{}, err
	}
	sel, err := s.selected(ctx, filter)
	if err != nil {
		return task.Listed{}, err
	}
	limit := lo.Clamp(page.Limit, 1, 1000)
	switch {
	case sel.text && by.byNumber():
		return s.searched(ctx, &sel, by, after, limit)
	case sel.text:
		return s.searchedInOrder(ctx, &sel, page.Sort, by, after, limit)
	}
	counts, err := s.counts(ctx, filter, &sel)
	if err != nil {
		return task.Listed{}, err
	}
	sel.narrow(counts)
	var found ordered
	if by.byNumber() {
		found, err = s.byNumber(ctx, &sel, lo.FromPtr(after).Number, by.ascending, limit+1)
	} else {
		found, err = s.sorted(ctx, &sel, by, after, limit+1, matches(counts, &sel))
	}
	if err != nil {
		return task.Listed{}, err
	}
	return s.page(ctx, page.Sort, found.numbers, counts, limit)
}

// matches answers how many jobs match.
func matches(counts map[task.State]int64, sel *selection) int64 {
	n := int64(0)
	for _, state := range sel.states {
		n += counts[state]
	}
	return n
}

// page answers the jobs of the numbers, of which one more than the limit says
// that there is a next page.
func (s *Store) page(ctx context.Context, sort string, numbers []int64, counts map[task.State]int64, limit int) (task.Listed, error) {
	more := len(numbers) > limit
	jobs, err := s.jobsOf(ctx, numbers[:min(limit, len(numbers))])
	if err != nil {
		return task.Listed{}, err
	}
	listed := task.Listed{Jobs: jobs, Counts: counts}
	if more && len(jobs) > 0 {
		listed.Next = cursorAt(sort, &jobs[len(jobs)-1])
	}
	return listed, nil
}

func (s *Store) searched(ctx context.Context, sel *selection, by ordering, after *cursor, limit int) (task.Listed, error) {
	result, err := s.search(ctx, sel, lo.FromPtr(after).Number, by.ascending, limit+1)
	if err != nil {
		return task.Listed{}, err
	}
	listed, err := s.page(ctx, "", result.numbers, result.counts, limit)
	if err != nil {
		return task.Listed{}, err
	}
	if listed.Partial = result.partial; listed.Partial && listed.Next == "" {
		listed.Next = cursor{Value: result.reached, Number: result.reached}.text()
	}
	if after == nil || listed.Partial {
		return listed, nil
	}
	// The pages before are counted too.
	earlier := *sel
	if by.ascending {
		earlier.beyond = min(earlier.beyond, after.Number+1)
	} else {
		earlier.first = max(earlier.first, after.Number)
	}
	if result, err = s.search(ctx, &earlier, 0, by.ascending, 0); err != nil {
		return task.Listed{}, err
	}
	for state, n := range result.counts {
		listed.Counts[state] += n
	}
	listed.Partial = result.partial
	return listed, nil
}

// searchedInOrder is searched by another order: what matches is counted in the order of
// creation, which is the quickest.
func (s *Store) searchedInOrder(ctx context.Context, sel *selection, sort string, by ordering, after *cursor, limit int) (task.Listed, error) {
	counted, err := s.search(ctx, sel, 0, false, 0)
	if err != nil {
		return task.Listed{}, err
	}
	found, err := s.sorted(ctx, sel, by, after, limit+1, math.MaxInt64)
	if err != nil {
		return task.Listed{}, err
	}
	listed, err := s.page(ctx, sort, found.numbers, counted.counts, limit)
	if listed.Partial = counted.partial || found.reached != nil; found.reached != nil && listed.Next == "" {
		listed.Next = found.reached.text()
	}
	return listed, err
}

// Matching answers jobs that match, in the order of creation, from after the
// given number on, at most limit: to see to all of them a part at a time. 0 is
// the beginning.
func (s *Store) Matching(ctx context.Context, filter task.Filter, after int64, limit int) (jobs []task.Job, err error) {
	err = s.atOneMoment(ctx, func(ctx context.Context) error {
		sel, err := s.selected(ctx, filter)
		if err != nil {
			return err
		}
		numbers, err := s.inOrder(ctx, &sel, after, true, limit)
		if err != nil {
			return err
		}
		jobs, err = s.jobsOf(ctx, numbers)
		return err
	})
	return jobs, err
}

func order(sort string) (ordering, error) {
	if sort == "" {
		sort = "-created"
	}
	name, descending := strings.CutPrefix(sort, "-")
	by, known := orderings[name]
	if !known {
		return ordering{}, fault.Invalid(fault.At("sort", fault.FieldChoice, "choices", "created, started, finished, due"))
	}
	by.ascending = !descending
	return by, nil
}

func cursorAt(sort string, j *task.Job) string {
	c := cursor{Number: j.Number}
	switch strings.TrimPrefix(sort, "-") {
	case "started":
		c.Value = zeroMillis(j.Started.IsZero(), millis(j.Started))
	case "finished":
		c.Value = zeroMillis(j.Finished.IsZero(), millis(j.Finished))
	case "due":
		c.Value = zeroMillis(j.State.Resting(), millis(j.Due))
	default:
		c.Value = j.Number
	}
	return c.text()
}

func (c cursor) text() string {
	text, err := json.Marshal(c)
	if err != nil {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(text)
}

func zeroMillis(zero bool, ms int64) int64 { return lo.Ternary(zero, 0, ms) }

// parseCursor answers nil for the beginning.
func parseCursor(text string) (*cursor, error) {
	if text == "" {
		return nil, nil
	}
	var c cursor
	decoded, err := base64.RawURLEncoding.DecodeString(text)
	if err == nil {
		err = json.Unmarshal(decoded, &c)
	}
	if err != nil {
		return nil, fault.Invalid(fault.At("after", fault.FieldFormat, "want", "cursor", "value", text))
	}
	return &c, nil
}
