package store

import (
	"context"
	"strconv"
	"strings"

	"nectar/backend/fault"
	"nectar/backend/sqlitedb"
	"nectar/backend/task"
)

// updateJob writes every column; the number comes last.
var updateJob = "UPDATE jobs SET (" + strings.TrimPrefix(jobColumns, "number, ") + ") = (?" +
	strings.Repeat(", ?", strings.Count(jobColumns, ",")-1) + ")\nWHERE number = ?"

// Change reads the jobs, lets the function change each, and stores them, all
// or none: when it answers an error for one, nothing is stored. A change of
// state that task.CanMove forbids is refused whoever asks for it. An attempt
// is opened when a job becomes RUNNING and closed when it is no longer
// running or cancelling.
func (s *Store) Change(ctx context.Context, ids []task.ID, change func(*task.Job) error) ([]task.Job, error) {
	changed := make([]task.Job, 0, len(ids))
	err := s.db.Write(ctx, func(tx *sqlitedb.Tx) error {
		for _, id := range ids {
			j, err := jobByID(tx, id)
			if err != nil {
				return err
			}
			if err := changeJob(tx, &j, change); err != nil {
				return err
			}
			changed = append(changed, asStored(j))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return changed, nil
}

func changeJob(tx *sqlitedb.Tx, j *task.Job, change func(*task.Job) error) error {
	before := *j
	if err := change(j); err != nil {
		return err
	}
	if before.State != j.State && !task.CanMove(before.State, j.State) {
		return fault.New(fault.IllegalMove, "id", string(j.ID), "state", before.State.String(), "action", j.State.String())
	}
	if err := writeJob(tx, j); err != nil {
		return err
	}
	return recordAttempt(tx, before.State, j)
}

// Delete removes the jobs, all or none, after the check allowed each.
func (s *Store) Delete(ctx context.Context, ids []task.ID, check func(*task.Job) error) error {
	return s.db.Write(ctx, func(tx *sqlitedb.Tx) error {
		for _, id := range ids {
			j, err := jobByID(tx, id)
			if err != nil {
				return err
			}
			if err := check(&j); err != nil {
				return err
			}
			if _, err := tx.Exec("DELETE FROM jobs WHERE number = ?", j.Number); err != nil {
				return err
			}
		}
		return nil
	})
}

func writeJob(tx *sqlitedb.Tx, j *task.Job) error {
	_, err := tx.Exec(updateJob, append(jobValues(j), j.Number)...)
	return err
}

func jobByID(tx *sqlitedb.Tx, id task.ID) (task.Job, error) {
	condition, value := idCondition(id)
	j, err := oneJob(tx, condition, value)
	if err != nil {
		return task.Job{}, err
	}
	if j == nil {
		return task.Job{}, unknownJob(id)
	}
	return *j, nil
}

func idCondition(id task.ID) (condition string, value any) {
	if number, ok := id.Number(); ok {
		return "number = ? AND fixed_id IS NULL", number
	}
	return "fixed_id = ?", string(id)
}

func unknownJob(id task.ID) error { return fault.New(fault.NotFound, "what", "job", "id", string(id)) }

func numbered(n int64) task.ID { return task.ID(strconv.FormatInt(n, 10)) }

// recordAttempt keeps the history in step with the state.
func recordAttempt(tx *sqlitedb.Tx, before task.State, j *task.Job) error {
	ran, runs := underway(before), underway(j.State)
	switch {
	case !ran && runs:
		_, err := tx.Exec("INSERT INTO attempts (job, attempt, started, outcome) VALUES (?, ?, ?, '')",
			j.Number, j.Attempts, millis(j.Started))
		return err
	case ran && !runs:
		code, params, detail := failureValues(j.Failure)
		_, err := tx.Exec(`UPDATE attempts
			SET finished = ?, outcome = ?, failure_code = ?, failure_params = ?, failure_detail = ?
			WHERE job = ? AND attempt = ?`,
			millis(j.Finished), string(j.Outcome), code, params, detail, j.Number, j.Attempts)
		return err
	}
	return nil
}

func underway(s task.State) bool { return s == task.Running || s == task.Canceling }
