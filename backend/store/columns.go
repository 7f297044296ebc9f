package store

import (
	"database/sql"
	"encoding/json"
	"hash/fnv"
	"strconv"
	"time"

	"nectar/backend/fault"
	"nectar/backend/task"
)

// jobColumns names the columns in the order of scanJob and of jobValues.
const jobColumns = `number, fixed_id, task, state, queue, priority, rank, args, args_hash, metadata, result,
	unit, progress, total, cancellable, checkpoint, waiting_code, waiting_item, waiting_key, waiting_since, problems,
	due, planned, repeat, interval, cron, catch_up, retry_interval, max_retries,
	attempts, retries, interruptions, outcome, failure_code, failure_params, failure_detail,
	exclusive_key, resource, started_by, started_by_name, request_id, created, started, finished, extra, problems_of`

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
		due, planned, created      int64
		interval                   int64
		retryInterval, maxRetries  sql.NullInt64
		failCode, failParams, fail sql.NullString
		started, finished          sql.NullInt64
	)
	err := r.Scan(&j.Number, &fixed, &j.Task, &j.State, &j.Queue, &j.Priority, &j.Rank, &args, &hash, &metadata, &result,
		&j.Unit, &j.Progress, &j.Total, &j.Cancellable, &checkpoint, &waitCode, &waitItem, &waitOn, &waitingSince, &j.Problems,
		&due, &planned, &j.Schedule.Repeat, &interval, &j.Schedule.Cron, &j.Schedule.CatchUp, &retryInterval, &maxRetries,
		&j.Attempts, &j.Retries, &j.Interruptions, &j.Outcome, &failCode, &failParams, &fail,
		&j.ExclusiveKey, &j.Resource, &j.StartedBy, &j.StartedByName, &request, &created, &started, &finished, &j.Extra, &j.ProblemsOf)
	if err != nil {
		return task.Job{}, err
	}
	j.ID = task.ID(strconv.FormatInt(j.Number, 10))
	if fixed.Valid {
		j.ID = task.ID(fixed.String)
	}
	j.Args, j.Metadata = json.RawMessage(args), json.RawMessage(metadata)
	j.Result, j.Checkpoint = raw(result), raw(checkpoint)
	if waitCode.Valid {
		need := task.Need{Code: waitCode.String, Item: waitItem.String, Key: waitOn.String}
		j.Waiting = &task.Waiting{Need: need, Since: fromMillis(waitingSince.Int64)}
	}
	j.Due, j.Planned, j.Created = fromMillis(due), fromMillis(planned), fromMillis(created)
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

// jobValues answers the values of jobColumns after the number.
func jobValues(j *task.Job) []any {
	var waitingCode, waitingItem, waitingKey, waitingSince any
	if w := j.Waiting; w != nil {
		waitingCode, waitingItem, waitingKey, waitingSince = w.Code, w.Item, w.Key, millis(w.Since)
	}
	var retryInterval, maxRetries any
	if j.Schedule.RetryInterval != nil {
		retryInterval = j.Schedule.RetryInterval.Milliseconds()
	}
	if j.Schedule.MaxRetries != nil {
		maxRetries = *j.Schedule.MaxRetries
	}
	planned := j.Planned
	if planned.IsZero() {
		planned = j.Due
	}
	failCode, failParams, failDetail := failureValues(j.Failure)
	return []any{
		fixedID(j.ID), j.Task, int64(j.State), j.Queue, int64(j.Priority), j.Rank, string(j.Args), argsHash(j.Args), object(j.Metadata),
		nullText(j.Result), string(j.Unit), j.Progress, j.Total, j.Cancellable, nullText(j.Checkpoint),
		waitingCode, waitingItem, waitingKey, waitingSince, j.Problems,
		millis(j.Due), millis(planned), j.Schedule.Repeat, j.Schedule.Interval.Milliseconds(), j.Schedule.Cron, string(j.Schedule.CatchUp), retryInterval, maxRetries,
		j.Attempts, j.Retries, j.Interruptions, string(j.Outcome), failCode, failParams, failDetail,
		j.ExclusiveKey, j.Resource, j.StartedBy, j.StartedByName, nullString(j.RequestID), millis(j.Created), nullMillis(j.Started), nullMillis(j.Finished), j.Extra, j.ProblemsOf,
	}
}

func scanFailure(code, params, detail sql.NullString) *task.Failure {
	if !code.Valid {
		return nil
	}
	f := &task.Failure{Code: fault.Code(code.String), Detail: detail.String}
	if params.Valid {
		_ = json.Unmarshal([]byte(params.String), &f.Params) // written by failureValues
	}
	return f
}

func failureValues(f *task.Failure) (code, params, detail any) {
	if f == nil {
		return nil, nil, nil
	}
	return string(f.Code), paramsText(f.Params), f.Detail
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
func fixedID(id task.ID) any {
	if _, numbered := id.Number(); numbered || id == "" {
		return nil
	}
	return string(id)
}

// argsHash finds twins quickly; the arguments themselves decide.
func argsHash(args json.RawMessage) int64 {
	h := fnv.New64a()
	_, _ = h.Write(args)
	return int64(h.Sum64())
}

func object(r json.RawMessage) string {
	if len(r) == 0 {
		return "{}"
	}
	return string(r)
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
	if j.Planned.IsZero() {
		j.Planned = j.Due
	}
	j.Metadata = json.RawMessage(object(j.Metadata))
	for _, t := range []*time.Time{&j.Due, &j.Planned, &j.Created, &j.Started, &j.Finished} {
		if !t.IsZero() {
			*t = fromMillis(millis(*t))
		}
	}
	if w := j.Waiting; w != nil {
		j.Waiting = &task.Waiting{Need: w.Need, Since: fromMillis(millis(w.Since))}
	}
	return j
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
