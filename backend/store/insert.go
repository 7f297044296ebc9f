package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"nectar/backend/fault"
	"nectar/backend/sqlitedb"
	"nectar/backend/task"
)

// insertJob leaves out the number, which the table gives.
var insertJob = "INSERT INTO jobs (" + strings.TrimPrefix(jobColumns, "number, ") + ")\nVALUES (?" +
	strings.Repeat(", ?", strings.Count(jobColumns, ",")-1) + ")"

// Insert stores the drafts, all or none, and answers a job for each. A draft
// whose request id its person has used, or that asks for no twin and has one, answers
// the job that is there. A draft with the fixed id of a stored job takes that
// job's place, unless it is active (fault.AlreadyRunning).
func (s *Store) Insert(ctx context.Context, drafts []task.Draft) ([]task.Inserted, error) {
	stored := make([]task.Inserted, len(drafts))
	err := s.db.Write(ctx, func(tx *sqlitedb.Tx) error {
		for i, draft := range drafts {
			var err error
			if stored[i], err = insert(tx, draft); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return stored, nil
}

func insert(tx *sqlitedb.Tx, draft task.Draft) (task.Inserted, error) {
	j := draft.Job
	if j.RequestID != "" {
		found, err := oneJob(tx, "request_id = ? AND started_by = ?", j.RequestID, j.StartedBy)
		if err != nil || found != nil {
			return answered(found, err)
		}
	}
	if draft.IfNot {
		found, err := oneJob(tx, "state < 7 AND task = ? AND args_hash = ? AND args = ?", j.Task, argsHash(j.Args), string(j.Args))
		if err != nil || found != nil {
			return answered(found, err)
		}
	}
	if fixedID(j.ID) != nil {
		found, err := oneJob(tx, "fixed_id = ?", string(j.ID))
		if err != nil {
			return task.Inserted{}, err
		}
		if found != nil {
			return replace(tx, *found, j)
		}
	}
	return add(tx, j)
}

func add(tx *sqlitedb.Tx, j task.Job) (task.Inserted, error) {
	result, err := tx.Exec(insertJob, jobValues(&j)...)
	if err != nil {
		return task.Inserted{}, err
	}
	number, err := result.LastInsertId()
	if err != nil {
		return task.Inserted{}, err
	}
	j.Number = number
	if j.ID == "" {
		j.ID = numbered(number)
	}
	return task.Inserted{Job: asStored(j)}, nil
}

// replace gives the stored job of a fixed id the new one's arguments and
// schedule. Its place in the order of creation and its history stay.
func replace(tx *sqlitedb.Tx, old, j task.Job) (task.Inserted, error) {
	if old.State.Active() {
		return task.Inserted{}, fault.New(fault.AlreadyRunning, "id", string(old.ID))
	}
	if !task.CanMove(old.State, j.State) {
		return task.Inserted{}, fault.New(fault.IllegalMove, "id", string(old.ID), "state", old.State.String(), "action", j.State.String())
	}
	j.Number, j.Created, j.Attempts = old.Number, old.Created, old.Attempts
	j.Started, j.Finished, j.Outcome, j.Failure = old.Started, old.Finished, old.Outcome, old.Failure
	if err := writeJob(tx, &j); err != nil {
		return task.Inserted{}, err
	}
	return task.Inserted{Job: asStored(j)}, nil
}

func answered(found *task.Job, err error) (task.Inserted, error) {
	if err != nil {
		return task.Inserted{}, err
	}
	return task.Inserted{Job: *found, Found: true}, nil
}

// oneJob answers the job that meets the condition, or nil.
func oneJob(tx *sqlitedb.Tx, condition string, args ...any) (*task.Job, error) {
	j, err := scanJob(tx.QueryRow("SELECT "+jobColumns+" FROM jobs WHERE "+condition+" LIMIT 1", args...))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &j, nil
}
