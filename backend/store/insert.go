package store

import (
	"context"
	"database/sql"
	"errors"

	"nectar/backend/fault"
	"nectar/backend/sqlitedb"
	"nectar/backend/task"
)

// Insert stores the drafts, all or none, and answers a job for each. A draft
// whose request id its person has used, or that asks for no twin and has one, answers
// the job that is there. A draft with the fixed id of a stored job takes that
// job's place, unless it is active (fault.AlreadyRunning).
func (s *Store) Insert(ctx context.Context, drafts []task.Draft) ([]task.Inserted, error) {
	stored := make([]task.Inserted, len(drafts))
	err := s.edit(ctx, func(e *edit) error {
		for i := range drafts {
			var err error
			if stored[i], err = e.insert(&drafts[i]); err != nil {
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

func (e *edit) insert(draft *task.Draft) (task.Inserted, error) {
	j := draft.Job
	if j.RequestID != "" {
		found, err := oneJob(e.Tx, "request_id = ? AND started_by = ?", j.RequestID, j.StartedBy)
		if err != nil || found != nil {
			return answered(found, err)
		}
	}
	if draft.IfNot {
		found, err := oneJob(e.Tx, "twin = ? AND task = ? AND args = ?", argsHash(j.Args), j.Task, string(j.Args))
		if err != nil || found != nil {
			return answered(found, err)
		}
	}
	if fixedID(&j) != nil {
		found, err := oneJob(e.Tx, "fixed_id = ?", string(j.ID))
		if err != nil {
			return task.Inserted{}, err
		}
		if found != nil {
			return e.replace(*found, j)
		}
	}
	return e.add(draft)
}

func (e *edit) add(draft *task.Draft) (task.Inserted, error) {
	j := draft.Job
	kind, err := e.kind(&j)
	if err != nil {
		return task.Inserted{}, err
	}
	result, err := e.Exec(insertJob, append([]any{kind}, jobValues(&j)...)...)
	if err != nil {
		return task.Inserted{}, err
	}
	if j.Number, err = result.LastInsertId(); err != nil {
		return task.Inserted{}, err
	}
	if j.ID == "" {
		j.ID = numbered(j.Number)
	}
	e.added(&j, kind)
	j = asStored(j)
	if draft.Stored != nil {
		draft.Stored(j)
	}
	return task.Inserted{Job: j}, nil
}

// replace gives the stored job of a fixed id the new one's arguments and
// schedule. Its place in the order of creation and its history stay.
func (e *edit) replace(old, j task.Job) (task.Inserted, error) {
	if old.State.Active() {
		return task.Inserted{}, fault.New(fault.AlreadyRunning, "id", string(old.ID))
	}
	if !task.CanMove(old.State, j.State) {
		return task.Inserted{}, illegalMove(&old, j.State)
	}
	j.Number, j.Created, j.Attempts = old.Number, old.Created, old.Attempts
	j.Started, j.Finished, j.Outcome, j.Failure = old.Started, old.Finished, old.Outcome, old.Failure
	if err := e.writeJob(&old, &j); err != nil {
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
