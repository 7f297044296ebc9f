package store

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/samber/lo"

	"nectar/backend/task"
)

// selection is a filter as the indexes of the table of jobs can answer it:
// the kinds that match, the numbers between which the jobs of a time lie, and
// what has to be looked at in each job.
type selection struct {
	kinds  []int64 // in order
	all    bool    // every kind matches
	text   bool    // a text is looked for in each job
	states []task.State
	whole  bool  // jobs match in whatever state, also in one that is not named
	first  int64 // numbers from first on,
	beyond int64 // and below beyond
	set    string
	where  []string
	values []any
	totals *totals // of all jobs, once they were asked for
}

// totals are how many jobs there are of each kind and state; see Store.totals.
type totals struct {
	cells []counted
	many  bool
}

// selected looks up what the filter means.
func (s *Store) selected(ctx context.Context, f task.Filter) (selection, error) {
	sel := selection{states: statesOf(f), beyond: math.MaxInt64}
	sel.whole = len(sel.states) == len(task.States())
	matching, others, err := s.matchingKinds(ctx, f)
	if err != nil {
		return sel, err
	}
	sel.kinds, sel.all = kindNumbers(matching), others == 0
	if !f.Since.IsZero() || !f.Until.IsZero() {
		if err := s.between(ctx, f, &sel); err != nil {
			return sel, err
		}
	}
	switch {
	case f.Planned:
		sel.set = "SELECT number FROM jobs INDEXED BY jobs_due WHERE state = 1 UNION SELECT number FROM jobs INDEXED BY jobs_repeating WHERE state < 7 AND " + repeating
	case f.Repeating:
		sel.set = "SELECT number FROM jobs INDEXED BY jobs_repeating WHERE " + repeating
	}
	if f.Planned && f.Repeating {
		sel.check(repeating)
	}
	if f.Group != "" {
		sel.together(f.Group)
	}
	for _, word := range f.Search {
		sel.mention(word, matching)
	}
	return sel, nil
}

// statesOf answers the states of the filter in which jobs are stored, each once.
func statesOf(f task.Filter) []task.State {
	if len(f.States) == 0 {
		return task.States()
	}
	return lo.Intersect(task.States(), f.States)
}

// repeating is the condition of the index of that name, and that the series goes on.
const repeating = "(repeat <> 0 OR cron <> '') AND series_canceled = 0"

func (sel *selection) check(condition string, values ...any) {
	sel.where, sel.values = append(sel.where, condition), append(sel.values, values...)
}

// grouped is the condition of the jobs of a group, as their index has them.
const grouped = "metadata <> '{}' AND json_extract(metadata, '$.group') = ?"

// together keeps the jobs of a group, which are few.
func (sel *selection) together(group string) {
	if sel.set != "" {
		sel.check(grouped, group)
		return
	}
	sel.set = "SELECT number FROM jobs WHERE " + grouped
	sel.values = append([]any{group}, sel.values...) // the set stands before all that is checked
}

// between finds the blocks in which jobs of the filter's time can be, and
// checks the time of each job of them: a block may have others.
func (s *Store) between(ctx context.Context, f task.Filter, sel *selection) error {
	since, until := timeOf(f)
	first, last, err := s.outermost(ctx, "latest >= ? AND earliest < ?", since, until)
	if err != nil {
		return err
	}
	if first == nil {
		sel.beyond = 0
		return nil
	}
	sel.first, sel.beyond = *first<<blockBits, (*last+1)<<blockBits
	sel.check("created >= ? AND created < ?", since, until)
	return nil
}

// outermost answers the first and the last block of which a condition holds, nil for
// none. Each is found by itself, from its end on: to ask for both at once would be to look
// at all blocks.
func (s *Store) outermost(ctx context.Context, condition string, since, until int64) (first, last *int64, err error) {
	query := strings.ReplaceAll("SELECT (SELECT min(block) FROM job_blocks WHERE ?), (SELECT max(block) FROM job_blocks WHERE ?)", "?", condition)
	if err := s.reader(ctx).QueryRowContext(ctx, query, since, until, since, until).Scan(&first, &last); err != nil {
		return nil, nil, fmt.Errorf("find blocks: %w", err)
	}
	return first, last, nil
}

// timeOf answers the time of the filter in milliseconds: from the one to before
// the other.
func timeOf(f task.Filter) (since, until int64) {
	since, until = math.MinInt64, math.MaxInt64
	if !f.Since.IsZero() {
		since = millis(f.Since)
	}
	if !f.Until.IsZero() {
		until = millis(f.Until)
	}
	return since, until
}

// matchingKinds answers the kinds of which every job passes the filter's
// task, queue and reader, and how many there are of which none does.
func (s *Store) matchingKinds(ctx context.Context, f task.Filter) (matching []storedKind, others int, err error) {
	rows, err := s.storedKinds(ctx)
	if err != nil {
		return nil, 0, err
	}
	for _, k := range rows {
		if k.key.passes(f) {
			matching = append(matching, k)
		} else {
			others++
		}
	}
	return matching, others, nil
}

// storedKind is a kind of jobs and its number.
type storedKind struct {
	kind int64
	key  kindKey
}

// kindNumbers answers the numbers of kinds, in the same order.
func kindNumbers(kinds []storedKind) []int64 {
	return lo.Map(kinds, func(k storedKind, _ int) int64 { return k.kind })
}

// storedKinds answers all kinds, in the order of their numbers.
func (s *Store) storedKinds(ctx context.Context) ([]storedKind, error) {
	return collect(ctx, s, func(r row) (storedKind, error) {
		var k storedKind
		return k, r.Scan(&k.kind, &k.key.task, &k.key.queue, &k.key.startedBy)
	}, "SELECT kind, task, queue, started_by FROM job_kinds ORDER BY kind")
}

func (k kindKey) passes(f task.Filter) bool {
	r := f.Readable
	readable := r.All && !slices.Contains(r.Hidden, k.task) || slices.Contains(r.Tasks, k.task) || slices.Contains(r.Own, k.task) && r.Person == k.startedBy
	return readable && (f.Task == "" || f.Task == k.task) && (f.Queue == "" || f.Queue == k.queue)
}

// condition is the whole selection as one condition, for those of few jobs, and the
// values that it takes. Its text is the same whatever the numbers are: a statement is
// prepared once.
func (sel *selection) condition(states bool) (text string, values []any) {
	var where []string
	if sel.ofATime() {
		number := lo.Ternary(sel.set == "", "number", "+number") // with a plus few jobs of a set are looked at, not all between the numbers
		where, values = append(where, number+" >= ? AND "+number+" < ?"), append(values, sel.first, sel.beyond)
	}
	if sel.set != "" {
		where = append(where, "number IN ("+sel.set+")")
	}
	if !sel.all {
		where = append(where, "kind IN ("+numbers(sel.kinds)+")")
	}
	if states && !sel.whole {
		where = append(where, "state IN ("+numbers(sel.states)+")")
	}
	where, values = append(where, sel.where...), append(values, sel.values...)
	if len(where) == 0 {
		return "TRUE", nil
	}
	return strings.Join(where, " AND "), values
}

// kept is the selection's kinds and states as the index by these has them, and the
// values that it takes.
func (sel *selection) kept() (text string, values []any) {
	return "kind IN (" + numbers(sel.kinds) + ") AND state IN (" + numbers(sel.states) + ") AND number >= ? AND number < ?", []any{sel.first, sel.beyond}
}

// after answers the selection from after a number on, in an order of the numbers; 0 is
// the beginning.
func (sel *selection) after(number int64, ascending bool) selection {
	rest := *sel
	switch {
	case ascending:
		rest.first = max(rest.first, number+1)
	case number > 0:
		rest.beyond = min(rest.beyond, number)
	}
	return rest
}

// of answers the selection of those of its states that are at rest, or of the others.
func (sel *selection) of(resting bool) selection {
	part := *sel
	part.whole = false
	part.states = lo.Filter(sel.states, func(state task.State, _ int) bool { return state.Resting() == resting })
	return part
}

// narrow leaves the states of which jobs were counted at this moment: an index is asked for
// each by itself. What is counted in memory may be ahead of it or behind.
func (sel *selection) narrow(counts map[task.State]int64) {
	if sel.totals == nil || !sel.totals.many {
		sel.states = lo.Filter(sel.states, func(state task.State, _ int) bool { return counts[state] > 0 })
	}
}

// ofATime reports whether the selection is limited to some blocks.
func (sel *selection) ofATime() bool { return sel.first > 0 || sel.beyond < math.MaxInt64 }

// direction is how a list by number is sorted, in SQL.
func direction(ascending bool) string { return lo.Ternary(ascending, "ASC", "DESC") }

func numbers[T ~int64 | ~uint8](list []T) string {
	return strings.Join(lo.Map(list, func(n T, _ int) string { return strconv.FormatInt(int64(n), 10) }), ",")
}
