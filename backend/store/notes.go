package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"nectar/backend/fault"
	"nectar/backend/sqlitedb"
	"nectar/backend/task"
)

// maxLogLines bounds the log of one job; the oldest lines give way.
const maxLogLines = 10_000

// SaveNotes stores what running attempts have to say, of several jobs in one
// transaction. Notes of a job that is gone are dropped.
func (s *Store) SaveNotes(ctx context.Context, notes ...task.Notes) error {
	return s.db.Write(ctx, func(tx *sqlitedb.Tx) error {
		for i := range notes {
			if err := saveNotes(tx, &notes[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

func saveNotes(tx *sqlitedb.Tx, n *task.Notes) error {
	result, err := tx.Exec(`UPDATE jobs
		SET progress = ?, total = ?, cancellable = ?, metadata = ?, problems = ?,
		    checkpoint = coalesce(?, checkpoint), interruptions = CASE WHEN ? THEN 0 ELSE interruptions END
		WHERE number = ? AND attempts = ?`,
		n.Progress, n.Total, n.Cancellable, string(object(n.Metadata)), n.ProblemCount,
		nullText(n.Checkpoint), n.Advanced, n.Job, n.Attempt)
	if err != nil {
		return err
	}
	if found, err := result.RowsAffected(); err != nil || found == 0 {
		return err
	}
	for _, p := range n.Problems {
		_, err := tx.Exec(`INSERT INTO problems (job, place, attempt, code, params, item)
			SELECT ?, 1 + coalesce((SELECT max(place) FROM problems WHERE job = ?), 0), ?, ?, ?, ?`,
			n.Job, n.Job, n.Attempt, string(p.Code), paramsText(p.Params), p.Item)
		if err != nil {
			return err
		}
	}
	for _, line := range n.Log {
		_, err := tx.Exec(`INSERT INTO job_log (job, place, time, level, message)
			SELECT ?, 1 + coalesce((SELECT max(place) FROM job_log WHERE job = ?), 0), ?, ?, ?`,
			n.Job, n.Job, millis(line.Time), line.Level, line.Message)
		if err != nil {
			return err
		}
	}
	if len(n.Log) > 0 {
		_, err := tx.Exec(`DELETE FROM job_log
			WHERE job = ? AND place <= (SELECT max(place) FROM job_log WHERE job = ?) - ?`, n.Job, n.Job, maxLogLines)
		return err
	}
	return nil
}

// Problems answers the items that failed in the given attempt, the first ones
// first, at most limit.
func (s *Store) Problems(ctx context.Context, job, attempt int64, limit int) ([]task.Problem, error) {
	return collect(ctx, s, func(r row) (task.Problem, error) {
		var p task.Problem
		var params sql.NullString
		err := r.Scan(&p.Code, &params, &p.Item)
		if params.Valid {
			_ = json.Unmarshal([]byte(params.String), &p.Params) // written by paramsText
		}
		return p, err
	}, `SELECT code, params, item FROM problems WHERE job = ? AND attempt = ? ORDER BY place LIMIT ?`, job, attempt, limit)
}

// Causes answers the codes of the items that failed in the given attempt.
func (s *Store) Causes(ctx context.Context, job, attempt int64) ([]fault.Code, error) {
	return collect(ctx, s, func(r row) (code fault.Code, err error) {
		err = r.Scan(&code)
		return code, err
	}, `SELECT DISTINCT code FROM problems WHERE job = ? AND attempt = ? ORDER BY code`, job, attempt)
}

// Log answers the lines that a job wrote, the last ones, oldest first, at
// most limit.
func (s *Store) Log(ctx context.Context, job int64, limit int) ([]task.LogLine, error) {
	return collect(ctx, s, func(r row) (task.LogLine, error) {
		var line task.LogLine
		var at int64
		err := r.Scan(&at, &line.Level, &line.Message)
		line.Time = fromMillis(at)
		return line, err
	}, `SELECT time, level, message FROM
		(SELECT place, time, level, message FROM job_log WHERE job = ? ORDER BY place DESC LIMIT ?)
		ORDER BY place`, job, limit)
}

func collect[T any](ctx context.Context, s *Store, scan func(row) (T, error), query string, args ...any) ([]T, error) {
	rows, err := s.reader(ctx).QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("read notes: %w", err)
	}
	defer func() { _ = rows.Close() }()
	var out []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, fmt.Errorf("read notes: %w", err)
		}
		out = append(out, v)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read notes: %w", err)
	}
	return out, nil
}
