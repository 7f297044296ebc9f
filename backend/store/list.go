package store

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/samber/lo"

	"nectar/backend/fault"
	"nectar/backend/task"
)

// sortColumns are the columns that a list can be sorted by. A job that has no
// such time yet sorts as if it were the oldest. The order of creation is that
// of the numbers: the clock may have jumped.
var sortColumns = map[string]string{
	"created":  "number",
	"started":  "coalesce(started, 0)",
	"finished": "coalesce(finished, 0)",
	"due":      "due",
}

// cursor is where a page ended.
type cursor struct {
	Value  int64 `json:"v"`
	Number int64 `json:"n"`
}

// List answers a page of the jobs that match, and the counts of all that
// match apart from their state. Pages are by key: what is inserted while
// somebody reads neither repeats nor hides a row.
func (s *Store) List(ctx context.Context, filter task.Filter, page task.Page) (task.Listed, error) {
	where, values := conditions(filter)
	counts, err := s.counts(ctx, where, values)
	if err != nil {
		return task.Listed{}, err
	}
	if len(filter.States) > 0 {
		marks, states := stateList(filter.States)
		where, values = append(where, "state IN ("+marks+")"), append(values, states...)
	}
	column, direction, compare, err := order(page.Sort)
	if err != nil {
		return task.Listed{}, err
	}
	if page.After != "" {
		after, err := parseCursor(page.After)
		if err != nil {
			return task.Listed{}, err
		}
		where = append(where, "("+column+", number) "+compare+" (?, ?)")
		values = append(values, after.Value, after.Number)
	}
	limit := lo.Clamp(page.Limit, 1, 1000)
	rest := fmt.Sprintf("%s ORDER BY %s %s, number %s LIMIT %d", all(where), column, direction, direction, limit+1)
	jobs, err := s.jobs(ctx, rest, values...)
	if err != nil {
		return task.Listed{}, err
	}
	listed := task.Listed{Jobs: jobs, Counts: counts}
	if len(jobs) > limit {
		listed.Jobs = jobs[:limit]
		listed.Next = cursorAt(page.Sort, &jobs[limit-1])
	}
	return listed, nil
}

// Matching answers jobs that match, in the order of creation, from after the
// given number on, at most limit: to see to all of them a part at a time. 0 is
// the beginning.
func (s *Store) Matching(ctx context.Context, filter task.Filter, after int64, limit int) ([]task.Job, error) {
	where, values := conditions(filter)
	if len(filter.States) > 0 {
		marks, states := stateList(filter.States)
		where, values = append(where, "state IN ("+marks+")"), append(values, states...)
	}
	where, values = append(where, "number > ?"), append(values, after, limit)
	return s.jobs(ctx, all(where)+" ORDER BY number LIMIT ?", values...)
}

func (s *Store) counts(ctx context.Context, where []string, values []any) (map[task.State]int64, error) {
	rows, err := s.db.Reader().QueryContext(ctx, "SELECT state, count(*) FROM jobs WHERE "+all(where)+" GROUP BY state", values...)
	if err != nil {
		return nil, fmt.Errorf("count jobs: %w", err)
	}
	defer func() { _ = rows.Close() }()
	counts := map[task.State]int64{}
	for rows.Next() {
		var state task.State
		var n int64
		if err := rows.Scan(&state, &n); err != nil {
			return nil, fmt.Errorf("count jobs: %w", err)
		}
		counts[state] = n
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("count jobs: %w", err)
	}
	return counts, nil
}

func all(where []string) string {
	if len(where) == 0 {
		return "TRUE"
	}
	return strings.Join(where, " AND ")
}

func conditions(f task.Filter) (where []string, values []any) {
	add := func(condition string, args ...any) {
		where, values = append(where, condition), append(values, args...)
	}
	if !f.Readable.All {
		tasks, own := marks(len(f.Readable.Tasks)), marks(len(f.Readable.Own))
		add("(task IN ("+tasks+") OR task IN ("+own+") AND started_by = ?)",
			append(append(lo.ToAnySlice(f.Readable.Tasks), lo.ToAnySlice(f.Readable.Own)...), f.Readable.Person)...)
	}
	if f.Task != "" {
		add("task = ?", f.Task)
	}
	if f.Queue != "" {
		add("queue = ?", f.Queue)
	}
	if f.Repeating {
		add("(repeat <> 0 OR cron <> '')")
	}
	if f.Planned {
		add("(state = 1 OR state < 7 AND (repeat <> 0 OR cron <> ''))")
	}
	if !f.Since.IsZero() {
		add("created >= ?", millis(f.Since))
	}
	if !f.Until.IsZero() {
		add("created < ?", millis(f.Until))
	}
	if f.Search != "" {
		pattern := "%" + likeEscape.Replace(f.Search) + "%"
		add(`(args LIKE ? ESCAPE '\' OR metadata LIKE ? ESCAPE '\' OR task LIKE ? ESCAPE '\' OR failure_detail LIKE ? ESCAPE '\')`,
			pattern, pattern, pattern, pattern)
	}
	return where, values
}

var likeEscape = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

func order(sort string) (column, direction, compare string, err error) {
	if sort == "" {
		sort = "-created"
	}
	name, descending := strings.CutPrefix(sort, "-")
	column, known := sortColumns[name]
	if !known {
		return "", "", "", fault.Invalid(fault.At("sort", fault.FieldChoice, "choices", "created, started, finished, due"))
	}
	if descending {
		return column, "DESC", "<", nil
	}
	return column, "ASC", ">", nil
}

func cursorAt(sort string, j *task.Job) string {
	c := cursor{Number: j.Number}
	switch strings.TrimPrefix(sort, "-") {
	case "started":
		c.Value = zeroMillis(j.Started.IsZero(), millis(j.Started))
	case "finished":
		c.Value = zeroMillis(j.Finished.IsZero(), millis(j.Finished))
	case "due":
		c.Value = millis(j.Due)
	default:
		c.Value = j.Number
	}
	text, err := json.Marshal(c)
	if err != nil {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(text)
}

func zeroMillis(zero bool, ms int64) int64 { return lo.Ternary(zero, 0, ms) }

func parseCursor(text string) (cursor, error) {
	var c cursor
	decoded, err := base64.RawURLEncoding.DecodeString(text)
	if err == nil {
		err = json.Unmarshal(decoded, &c)
	}
	if err != nil {
		return c, fault.Invalid(fault.At("after", fault.FieldFormat, "want", "cursor", "value", text))
	}
	return c, nil
}
