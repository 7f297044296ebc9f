package store

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"hash/fnv"
	"strings"
	"time"

	"github.com/samber/lo"

	"nectar/backend/fault"
	"nectar/backend/task"
)

// column is a column of the table of jobs and how to get its value.
type column struct {
	name  string
	value func(*task.Job) any
	same  func(a, b *task.Job) bool
	own   bool // jobs that are asked for together differ in it
}

// columns are those that a job is written to, besides its number and kind. scanJob reads
// them in this order, after the number.
var columns = []column{
	plain("fixed_id", fixedID),
	plain("state", func(j *task.Job) int64 { return int64(j.State) }),
	plain("task", func(j *task.Job) string { return j.Task }),
	plain("queue", func(j *task.Job) string { return j.Queue }),
	plain("priority", func(j *task.Job) int64 { return int64(j.Priority) }),
	own(plain("rank", func(j *task.Job) int64 { return j.Rank })),
	own(text("args", func(j *task.Job) json.RawMessage { return j.Args })),
	own(argsHashColumn),
	own(text("metadata", func(j *task.Job) json.RawMessage { return object(j.Metadata) })),
	nullableText("result", func(j *task.Job) json.RawMessage { return j.Result }),
	plain("unit", func(j *task.Job) string { return string(j.Unit) }),
	plain("progress", func(j *task.Job) int64 { return j.Progress }),
	plain("total", func(j *task.Job) int64 { return j.Total }),
	plain("cancellable", func(j *task.Job) bool { return j.Cancellable }),
	nullableText("checkpoint", func(j *task.Job) json.RawMessage { return j.Checkpoint }),
	plain("waiting_code", waiting(func(w *task.Waiting) any { return w.Code })),
	plain("waiting_item", waiting(func(w *task.Waiting) any { return w.Item })),
	plain("waiting_key", waiting(func(w *task.Waiting) any { return w.Key })),
	plain("waiting_since", waiting(func(w *task.Waiting) any { return millis(w.Since) })),
	plain("problems", func(j *task.Job) int64 { return j.Problems }),
	plain("due", func(j *task.Job) int64 { return millis(j.Due) }),
	plain("since", func(j *task.Job) int64 { return millis(since(j)) }),
	plain("wall", func(j *task.Job) bool { return j.Wall }),
	plain("planned", func(j *task.Job) int64 { return millis(planned(j)) }),
	plain("extra", func(j *task.Job) bool { return j.Extra }),
	plain("repeat", func(j *task.Job) int64 { return j.Schedule.Repeat }),
	plain("interval", func(j *task.Job) int64 { return j.Schedule.Interval.Milliseconds() }),
	plain("cron", func(j *task.Job) string { return j.Schedule.Cron }),
	plain("catch_up", func(j *task.Job) string { return string(j.Schedule.CatchUp) }),
	plain("retry_interval", retryInterval),
	plain("max_retries", maxRetries),
	plain("attempts", func(j *task.Job) int64 { return j.Attempts }),
	plain("retries", func(j *task.Job) int64 { return j.Retries }),
	plain("interruptions", func(j *task.Job) int64 { return j.Interruptions }),
	plain("problems_of", func(j *task.Job) int64 { return j.ProblemsOf }),
	plain("outcome", func(j *task.Job) string { return string(j.Outcome) }),
	plain("failure_code", failed(func(f *task.Failure) any { return string(f.Code) })),
	plain("failure_params", failed(func(f *task.Failure) any { return paramsText(f.Params) })),
	plain("failure_detail", failed(func(f *task.Failure) any { return f.Detail })),
	own(plain("exclusive_key", func(j *task.Job) string { return j.ExclusiveKey })),
	own(plain("resource", func(j *task.Job) string { return j.Resource })),
	plain("started_by", func(j *task.Job) string { return j.StartedBy }),
	plain("started_by_name", func(j *task.Job) string { return j.StartedByName }),
	plain("request_id", func(j *task.Job) any { return nullString(j.RequestID) }),
	plain("created", func(j *task.Job) int64 { return millis(j.Created) }),
	nullableTime("started", func(j *task.Job) time.Time { return j.Started }),
	nullableTime("finished", func(j *task.Job) time.Time { return j.Finished }),
	plain("problems_code", func(j *task.Job) string { return string(j.ProblemsCode) }),
	plain("in_turn", func(j *task.Job) bool { return j.InTurn }),
	plain("series_canceled", func(j *task.Job) bool { return j.SeriesCanceled }),
}

// jobColumns are the columns that scanJob reads.
var jobColumns = "number, " + strings.Join(lo.Map(columns, func(c column, _ int) string { return c.name }), ", ")

// ownColumns are the columns that are each job's own, as a mask.
var ownColumns = maskOf(func(c *column) bool { return c.own })

// own is the column as one in which jobs that are asked for together differ.
func own(c column) column {
	c.own = true
	return c
}

// plain is a column whose value can be compared.
func plain[T comparable](name string, get func(*task.Job) T) column {
	return column{
		name:  name,
		value: func(j *task.Job) any { return get(j) },
		same:  func(a, b *task.Job) bool { return get(a) == get(b) },
	}
}

// text is a column of JSON.
func text(name string, get func(*task.Job) json.RawMessage) column {
	return column{
		name:  name,
		value: func(j *task.Job) any { return string(get(j)) },
		same:  func(a, b *task.Job) bool { return bytes.Equal(get(a), get(b)) },
	}
}

// nullableText is a column of JSON that may be missing.
func nullableText(name string, get func(*task.Job) json.RawMessage) column {
	c := text(name, get)
	c.value = func(j *task.Job) any { return nullText(get(j)) }
	return c
}

// nullableTime is a column of a time that may be missing.
func nullableTime(name string, get func(*task.Job) time.Time) column {
	return column{
		name:  name,
		value: func(j *task.Job) any { return nullMillis(get(j)) },
		same: func(a, b *task.Job) bool {
			at, other := get(a), get(b)
			return at.IsZero() == other.IsZero() && (at.IsZero() || millis(at) == millis(other))
		},
	}
}

// argsHashColumn is made of the arguments, for an index.
var argsHashColumn = column{
	name:  "args_hash",
	value: func(j *task.Job) any { return argsHash(j.Args) },
	same:  func(a, b *task.Job) bool { return bytes.Equal(a.Args, b.Args) },
}

// row is what both *sql.Row and *sql.Rows can do.
type row interface{ Scan(into ...any) error }

func scanJob(r row) (task.Job, error) {
	var (
		j                          task.Job
		fixed, request             sql.NullString
		args, metadata             string
		hash                       int64
		result, checkpoint         sql.NullString
		waitCode, waitItem, waitOn sql.NullString
		waitingSince               sql.NullInt64
		due, planned, began        int64
		created                    int64
		interval                   int64
		retryInterval, maxRetries  sql.NullInt64
		failCode, failParams, fail sql.NullString
		started, finished          sql.NullInt64
	)
	err := r.Scan(&j.Number, &fixed, &j.State, &j.Task, &j.Queue, &j.Priority, &j.Rank, &args, &hash, &metadata, &result,
		&j.Unit, &j.Progress, &j.Total, &j.Cancellable, &checkpoint, &waitCode, &waitItem, &waitOn, &waitingSince, &j.Problems,
		&due, &began, &j.Wall, &planned, &j.Extra, &j.Schedule.Repeat, &interval, &j.Schedule.Cron, &j.Schedule.CatchUp, &retryInterval, &maxRetries,
		&j.Attempts, &j.Retries, &j.Interruptions, &j.ProblemsOf, &j.Outcome, &failCode, &failParams, &fail,
		&j.ExclusiveKey, &j.Resource, &j.StartedBy, &j.StartedByName, &request, &created, &started, &finished, &j.ProblemsCode, &j.InTurn, &j.SeriesCanceled)
	if err != nil {
		return task.Job{}, err
	}
	j.ID = task.NumberID(j.Number)
	if fixed.Valid {
		j.ID = task.ID(fixed.String)
	}
	j.Args, j.Metadata = json.RawMessage(args), json.RawMessage(metadata)
	j.Result, j.Checkpoint = raw(result), raw(checkpoint)
	if waitCode.Valid {
		need := task.Need{Code: waitCode.String, Item: waitItem.String, Key: waitOn.String}
		j.Waiting = &task.Waiting{Need: need, Since: fromMillis(waitingSince.Int64)}
	}
	j.Due, j.Planned, j.Since, j.Created = fromMillis(due), fromMillis(planned), fromMillis(began), fromMillis(created)
	j.Schedule.Interval = time.Duration(interval) * time.Millisecond
	if retryInterval.Valid {
		d := time.Duration(retryInterval.Int64) * time.Millisecond
		j.Schedule.RetryInterval = &d
	}
	if maxRetries.Valid {
		j.Schedule.MaxRetries = &maxRetries.Int64
	}
	j.Failure = scanFailure(failCode, failParams, fail)
	j.RequestID = request.String
	j.Started, j.Finished = fromNullMillis(started), fromNullMillis(finished)
	return j, nil
}

func planned(j *task.Job) time.Time {
	if j.Planned.IsZero() {
		return j.Due
	}
	return j.Planned
}

func since(j *task.Job) time.Time {
	if j.Since.IsZero() {
		return j.Created
	}
	return j.Since
}

func retryInterval(j *task.Job) any {
	if j.Schedule.RetryInterval == nil {
		return nil
	}
	return j.Schedule.RetryInterval.Milliseconds()
}

func maxRetries(j *task.Job) any {
	if j.Schedule.MaxRetries == nil {
		return nil
	}
	return *j.Schedule.MaxRetries
}

func waiting(get func(*task.Waiting) any) func(*task.Job) any {
	return func(j *task.Job) any {
		if j.Waiting == nil {
			return nil
		}
		return get(j.Waiting)
	}
}

func failed(get func(*task.Failure) any) func(*task.Job) any {
	return func(j *task.Job) any {
		if j.Failure == nil {
			return nil
		}
		return get(j.Failure)
	}
}

func scanFailure(code, params, detail sql.NullString) *task.Failure {
	if !code.Valid {
		return nil
	}
	f := &task.Failure{Code: fault.Code(code.String), Detail: detail.String}
	if params.Valid {
		_ = json.Unmarshal([]byte(params.String), &f.Params) // written by paramsText
	}
	return f
}

func paramsText(p fault.Params) any {
	if len(p) == 0 {
		return nil
	}
	text, err := json.Marshal(p)
	if err != nil {
		return nil
	}
	return string(text)
}

// fixedID answers the text that names the job, or nil for a numbered one.
func fixedID(j *task.Job) any {
	if j.ID == "" {
		return nil
	}
	if _, numbered := j.ID.Number(); numbered {
		return nil
	}
	return string(j.ID)
}

// argsHash finds twins quickly; the arguments themselves decide.
func argsHash(args json.RawMessage) int64 {
	h := fnv.New64a()
	_, _ = h.Write(args)
	return int64(h.Sum64())
}

// emptyObject is what all jobs without metadata have. Nobody writes into it.
var emptyObject = json.RawMessage("{}")

func object(r json.RawMessage) json.RawMessage {
	if len(r) == 0 {
		return emptyObject
	}
	return r
}

func raw(s sql.NullString) json.RawMessage {
	if !s.Valid {
		return nil
	}
	return json.RawMessage(s.String)
}

func nullText(r json.RawMessage) any {
	if len(r) == 0 {
		return nil
	}
	return string(r)
}

func nullString(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// asStored answers the job as a read would answer it.
func asStored(j task.Job) task.Job {
	makeStored(&j)
	return j
}

// makeStored makes of the job what a read would answer.
func makeStored(j *task.Job) {
	j.Planned, j.Since = planned(j), since(j)
	j.Metadata = object(j.Metadata)
	for _, t := range [...]*time.Time{&j.Due, &j.Planned, &j.Since, &j.Created, &j.Started, &j.Finished} {
		if !t.IsZero() {
			*t = fromMillis(millis(*t))
		}
	}
	if w := j.Waiting; w != nil {
		j.Waiting = &task.Waiting{Need: w.Need, Since: fromMillis(millis(w.Since))}
	}
}

func millis(t time.Time) int64      { return t.UnixMilli() }
func fromMillis(ms int64) time.Time { return time.UnixMilli(ms).UTC() }
func nullMillis(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMilli()
}

func fromNullMillis(ms sql.NullInt64) time.Time {
	if !ms.Valid {
		return time.Time{}
	}
	return fromMillis(ms.Int64)
}
