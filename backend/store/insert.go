package store

import (
	"context"
	"database/sql"
	"errors"

	"nectar/backend/fault"
	"nectar/backend/sqlitedb"
	"nectar/backend/task"
)

// Insert stores the drafts, all or none, and answers a job for each: the draft's own,
// which it makes what a read would answer, or the one that is there. A draft
// whose request id its person has used, or that asks for no twin and has one, answers
// the job that is there. A draft with the fixed id of a stored job takes that
// job's place, unless it is active (fault.AlreadyRunning).
func (s *Store) Insert(ctx context.Context, drafts []task.Draft) ([]task.Inserted, error) {
	stored := make([]task.Inserted, len(drafts))
	err := s.edit(ctx, func(e *edit) error {
		for i := 0; i < len(drafts); {
			if plain := plainOnes(drafts[i:]); plain > 0 {
				if err := e.addAll(drafts[i:i+plain], stored[i:]); err != nil {
					return err
				}
				i += plain
				continue
			}
			var err error
			if stored[i], err = e.insert(&drafts[i]); err != nil {
				return err
			}
			i++
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
		found, err := oneJob(e.Tx, askedFor, j.RequestID, j.StartedBy)
		if err != nil || found != nil {
			return answered(found, err)
		}
	}
	if draft.IfNot {
		found, err := e.twin(draft)
		if err != nil || found != nil {
			return answered(found, err)
		}
	}
	if fixedID(j) != nil {
		found, err := oneJob(e.Tx, "fixed_id = ?", string(j.ID))
		if err != nil {
			return task.Inserted{}, err
		}
		if found != nil {
			return e.replace(found, draft)
		}
	}
	return e.add(draft)
}

// twin chooses a job that waits or runs by its task and arguments.
const twin = `number IN (SELECT j.number FROM job_kinds k CROSS JOIN jobs j INDEXED BY jobs_kind
	ON j.kind = k.kind AND j.state < 7 WHERE k.task = ? AND j.args_hash = ?) AND args = ?`

func (e *edit) twin(draft *task.Draft) (*task.Job, error) {
	rows, err := e.Query("SELECT "+jobColumns+" FROM jobs WHERE "+twin+" ORDER BY number", draft.Job.Task, argsHash(draft.Job.Args), string(draft.Job.Args))
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	twins, err := scanJobs(rows)
	if err != nil {
		return nil, err
	}
	for i := range twins {
		if draft.Reads == nil || draft.Reads(&twins[i]) {
			return &twins[i], nil
		}
	}
	return nil, nil
}

// add inserts a new job.
func (e *edit) add(draft *task.Draft) (task.Inserted, error) {
	var stored [1]task.Inserted
	err := e.addAll([]task.Draft{*draft}, stored[:])
	return stored[0], err
}

// plainOnes answers how many of the first drafts are new jobs whatever is
// stored.
func plainOnes(drafts []task.Draft) int {
	for i := range drafts {
		if d := &drafts[i]; d.IfNot || d.Job.RequestID != "" || fixedID(d.Job) != nil {
			return i
		}
	}
	return len(drafts)
}

// addAll inserts new jobs, many by one statement where they are alike.
func (e *edit) addAll(drafts []task.Draft, stored []task.Inserted) error {
	number := e.store.nextNumbers(jobsOf(drafts))
	for from := 0; from < len(drafts); {
		e.store.fillIn(drafts, from)
		piece, of := alike(drafts[from:])
		jobs := jobsOf(piece)
		kind, err := e.kind(piece[0].Job)
		if err != nil {
			return err
		}
		for done := 0; done < jobs; done += of.rows {
			of.rows = atOnce(jobs - done)
			if _, err := e.Exec(of.statement(), of.values(piece, number+int64(done), kind)...); err != nil {
				return err
			}
		}
		makeNumbered(piece, number)
		e.added(piece[0].Job, kind, int64(jobs))
		for i := range piece {
			stored[from+i] = task.Inserted{Job: piece[i].Job, More: piece[i].More}
		}
		from, number = from+len(piece), number+int64(jobs)
	}
	return nil
}

// jobsOf answers how many jobs the drafts ask for.
func jobsOf(drafts []task.Draft) int {
	n := len(drafts)
	for i := range drafts {
		n += drafts[i].More
	}
	return n
}

// replace gives the stored job of a fixed id the new one's arguments and
// schedule. Its place in the order of creation and its history stay.
func (e *edit) replace(old *task.Job, draft *task.Draft) (task.Inserted, error) {
	j := draft.Job
	if old.State.Active() {
		return task.Inserted{}, fault.New(fault.AlreadyRunning, "id", string(old.ID))
	}
	if !task.CanMove(old.State, j.State) {
		return task.Inserted{}, illegalMove(old, j.State)
	}
	j.Number, j.Created, j.Attempts = old.Number, old.Created, old.Attempts
	j.Started, j.Finished, j.Outcome, j.Failure = old.Started, old.Finished, old.Outcome, old.Failure
	if err := e.writeJob(old, j); err != nil {
		return task.Inserted{}, err
	}
	makeStored(j)
	return task.Inserted{Job: j}, nil
}

func answered(found *task.Job, err error) (task.Inserted, error) {
	if err != nil {
		return task.Inserted{}, err
	}
	return task.Inserted{Job: found, Found: true}, nil
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
