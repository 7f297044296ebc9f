package engine

import (
	"context"
	"time"

	"nectar/backend/fault"
	"nectar/backend/task"
)

// Enqueue implements task.Queue: it stores the jobs, all or none.
func (e *Engine) Enqueue(ctx context.Context, jobs ...task.NewJob) (task.Stored, error) {
	e.tryHeed(ctx)
	ids, single := fixedIDs(jobs), len(jobs) == 1
	if single && len(ids) == 0 {
		ids = append(ids, e.claimTurn())
	}
	defer e.turns.take(ids...)()
	drafts, err := e.drafts(jobs)
	if err != nil {
		return task.Stored{}, err
	}
	var claim *claim
	if single {
		claim = e.claim(&drafts[0])
	}
	inserted, err := e.store.Insert(ctx, drafts)
	if claim.settle(inserted, err) {
		return task.StoredJobs(claim.asked), nil
	}
	if err != nil {
		return task.Stored{}, err
	}
	e.tellNew(inserted)
	e.takeNew(inserted)
	return task.StoredAs(inserted), nil
}

// fixedIDs answers the ids of the jobs that may name a stored one.
func fixedIDs(jobs []task.NewJob) []task.ID {
	var ids []task.ID
	for i := range jobs {
		if id := jobs[i].Task.FixedID; id != "" {
			ids = append(ids, task.ID(id))
		}
	}
	return ids
}

// drafts makes the jobs that are asked for now. Of those in a row that are alike one is made.
func (e *Engine) drafts(asked []task.NewJob) ([]task.Draft, error) {
	var drafts []task.Draft
	now := e.now()
	for i := range asked {
		n := &asked[i]
		if i > 0 && repeatable(n) && n.Like(&asked[i-1]) {
			drafts[len(drafts)-1].More++
			continue
		}
		j, err := draft(n, now)
		if err != nil {
			return nil, err
		}
		when := n.When.OrNow()
		if when.First {
			j.Rank = e.front()
		}
		drafts = append(drafts, task.Draft{Job: j, IfNot: when.IfNot, Reads: n.Reads})
	}
	return drafts, nil
}

// repeatable reports whether a job like this one may be stored as it is as often as it is
// asked for.
func repeatable(n *task.NewJob) bool {
	return (n.When == nil || !n.When.First && !n.When.IfNot) && n.RequestID == "" && n.Task.FixedID == ""
}

// draft makes a job of what was asked for at that time.
func draft(n *task.NewJob, now time.Time) (*task.Job, error) {
	j, err := n.Draft()
	if err != nil {
		return nil, err
	}
	j.Created = now
	return &j, schedule(&j, n.When.OrNow(), n.Task, now)
}

// CancelTask implements task.Queue.
func (e *Engine) CancelTask(ctx context.Context, name string) (int, error) {
	jobs, err := e.store.InStates(ctx, task.Scheduled, task.Queued, task.Selected, task.Running, task.Paused)
	if err != nil {
		return 0, err
	}
	count := 0
	for i := range jobs {
		if jobs[i].Task != name {
			continue
		}
		_, err := e.Do(ctx, task.CancelSeries, jobs[i].ID)
		switch code := fault.CodeOf(err); {
		case err == nil:
			count++
		case code == fault.IllegalMove || code == fault.NotFound: // not cancellable, or ended meanwhile
		default:
			return count, err
		}
	}
	return count, nil
}

// Reconsider looks again at all queued jobs, after the answer of
// Config.Eligible has changed.
func (e *Engine) Reconsider(ctx context.Context) error {
	e.mu.Lock()
	e.ready.forget()
	e.mu.Unlock()
	e.nudge()
	waiting, err := e.store.Waiting(ctx)
	if err != nil {
		return err
	}
	e.offer(waiting...)
	return nil
}

// change applies a decision to the jobs and then does what follows from it,
// before a worker can take one of them.
func (e *Engine) change(ctx context.Context, ids []task.ID, decide func(*task.Job) error, after func(*task.Job)) ([]task.Job, error) {
	e.tryHeed(ctx)
	defer e.turns.take(ids...)()
	changed, err := e.store.Change(ctx, ids, decide)
	if err != nil {
		return nil, err
	}
	for i := range changed {
		if h := e.handleOf(changed[i].Number); h != nil {
			h.follow(changed[i])
		}
	}
	if after != nil {
		for i := range changed {
			after(&changed[i])
		}
	}
	e.took(changed...)
	return changed, nil
}

func (e *Engine) handleOf(number int64) *handle {
	e.mu.Lock()
	defer e.mu.Unlock()
	if a := e.running.attempts[number]; a != nil {
		return a.handle
	}
	return nil
}

// Live answers the job with what its attempt has said but not stored yet.
func (e *Engine) Live(job task.Job) Live { return e.live(job) }

func (e *Engine) live(job task.Job) Live {
	live := e.said(job)
	e.waitsForDisk(&live)
	return live
}

// said answers the job with what its attempt has said.
func (e *Engine) said(job task.Job) Live {
	if job.State == task.Queued {
		e.mu.Lock()
		WaitForQueue(&job, e.held)
		e.mu.Unlock()
	}
	h := e.handleOf(job.Number)
	if h == nil || !job.State.Active() {
		return Live{Job: job, Behind: e.behind(&job), NextLook: e.nextLook(&job)}
	}
	said := h.live(e.now())
	if said.Attempts != job.Attempts {
		return Live{Job: job}
	}
	job.Progress, job.Total, job.Metadata, job.Problems = said.Progress, said.Total, said.Metadata, said.Problems
	job.Cancellable = said.Cancellable
	return Live{Job: job, Rate: said.Rate, Remaining: said.Remaining}
}
