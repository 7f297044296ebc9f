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
	states []task.State
	first  int64 // numbers from first on,
	beyond int64 // and below beyond
	set    string
	where  []string
	values []any
}

// selected looks up what the filter means.
func (s *Store) selected(ctx context.Context, f task.Filter) (selection, error) {
	sel := selection{states: statesOf(f), beyond: math.MaxInt64}
	matching, others, err := s.matchingKinds(ctx, f)
	if err != nil {
		return sel, err
	}
	sel.kinds, sel.all = matching, others == 0
	if !f.Since.IsZero() || !f.Until.IsZero() {
		if err := s.between(ctx, f, &sel); err != nil {
			return sel, err
		}
	}
	switch {
	case f.Planned:
		sel.set = "SELECT number FROM jobs WHERE state = 1 UNION SELECT number FROM jobs WHERE state < 7 AND " + repeating
	case f.Repeating:
		sel.set = "SELECT number FROM jobs WHERE " + repeating
	}
	if f.Planned && f.Repeating {
		sel.check(repeating)
	}
	if f.Group != "" {
		sel.together(f.Group)
	}
	if f.Search != "" {
		pattern := "%" + likeEscape.Replace(f.Search) + "%"
		sel.check(`(args LIKE ? ESCAPE '\' OR metadata LIKE ? ESCAPE '\' OR task LIKE ? ESCAPE '\' OR failure_detail LIKE ? ESCAPE '\')`,
			pattern, pattern, pattern, pattern)
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

// repeating is the condition of the index of that name.
const repeating = "(repeat <> 0 OR cron <> '')"

var likeEscape = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

func (sel *selection) check(condition string, values ...any) {
	sel.where, sel.values = append(sel.where, condition), append(sel.values, values...)
}

// grouped is what the index of groups holds.
const grouped = "json_extract(metadata, '$.group')"

// together keeps the jobs of a group, which are few.
func (sel *selection) together(group string) {
	if sel.set != "" {
		sel.check(grouped+" = ?", group)
		return
	}
	sel.set = "SELECT number FROM jobs WHERE " + grouped + " = ?"
	sel.values = append([]any{group}, sel.values...) // the set stands before all that is checked
}

// between finds the blocks in which jobs of the filter's time can be, and
// checks the time of each job of them: a block may have others.
func (s *Store) between(ctx context.Context, f task.Filter, sel *selection) error {
	since, until := timeOf(f)
	var first, last *int64
	err := s.reader(ctx).QueryRowContext(ctx, "SELECT min(block), max(block) FROM job_blocks WHERE latest >= ? AND earliest < ?", since, until).Scan(&first, &last)
	if err != nil {
		return fmt.Errorf("find blocks: %w", err)
	}
	if first == nil {
		sel.beyond = 0
		return nil
	}
	sel.first, sel.beyond = *first<<blockBits, (*last+1)<<blockBits
	sel.check("created >= ? AND created < ?", since, until)
	return nil
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
func (s *Store) matchingKinds(ctx context.Context, f task.Filter) (matching []int64, others int, err error) {
	rows, err := s.storedKinds(ctx)
	if err != nil {
		return nil, 0, err
	}
	for _, k := range rows {
		if k.key.passes(f) {
			matching = append(matching, k.kind)
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

// condition is the whole selection as one condition, for those of few jobs.
func (sel *selection) condition(states bool) string {
	var where []string
	if sel.ofATime() {
		where = append(where, fmt.Sprintf("number >= %d AND number < %d", sel.first, sel.beyond))
	}
	if sel.set != "" {
		where = append(where, "number IN ("+sel.set+")")
	}
	if !sel.all {
		where = append(where, "kind IN ("+numbers(sel.kinds)+")")
	}
	if states && len(sel.states) < len(task.States()) {
		where = append(where, "state IN ("+numbers(sel.states)+")")
	}
	where = append(where, sel.where...)
	if len(where) == 0 {
		return "TRUE"
	}
	return strings.Join(where, " AND ")
}

func numbers[T ~int64 | ~uint8](list []T) string {
	return strings.Join(lo.Map(list, func(n T, _ int) string { return strconv.FormatInt(int64(n), 10) }), ",")
}
