package cli

import (
	"context"

	"nectar/backend/engine"
	"nectar/backend/fault"
	"nectar/backend/task"
	"nectar/backend/wire"
)

// follow stores the jobs, runs them, and answers them when they have come to
// an end. Interrupted, it stops them safely and answers them as they stand.
func (o order) follow(ctx context.Context, f *face) (int, error) {
	s, err := f.open(ctx, ToWait)
	if err != nil {
		return statusRefused, err
	}
	defer func() { _ = s.Runner.Close(context.WithoutCancel(ctx)) }()
	news := s.Services.Jobs.Subscribe()
	defer news.Close()
	jobs, err := o.store(ctx, f, s)
	if err != nil {
		return statusDone, err
	}
	w, err := newWatch(f, s, jobs)
	if err != nil {
		return statusFailed, err
	}
	if err := w.start(ctx); err != nil {
		return statusFailed, err
	}
	status, err := w.untilEnded(ctx, news)
	if err != nil {
		return statusFailed, err
	}
	if status == statusInterrupted {
		if err := w.stop(context.WithoutCancel(ctx)); err != nil {
			return statusInterrupted, err
		}
	}
	if f.json {
		return status, f.answer(oneOrAll(w.ends(), o.list), nil)
	}
	return status, nil
}

// watch follows jobs until they have come to an end.
type watch struct {
	face     *face
	session  *Session
	jobs     []*watched
	progress *progress
}

// watched is one job that is followed.
type watched struct {
	task.Job

	run  int64           // the attempt that is awaited, at least
	told bool            // its end was said, here or elsewhere
	end  *wire.JobDetail // nil until it has ended
}

// newWatch watches the jobs, from where the command stands.
func newWatch(f *face, s *Session, jobs []engine.Live) (*watch, error) {
	w := &watch{face: f, session: s, progress: newProgress(f)}
	before, err := f.standing()
	if err != nil || len(before.Jobs) != len(jobs) {
		return nil, fault.New(fault.Garbled).Because(err)
	}
	for i, j := range jobs {
		w.jobs = append(w.jobs, &watched{Job: j.Job, run: before.Jobs[i].Run, told: before.Jobs[i].Told})
	}
	return w, nil
}

// standingOf is where a command stands that has just stored the jobs.
func standingOf(jobs []engine.Live) standing {
	var s standing
	for _, j := range jobs {
		run := j.Attempts + 1
		if j.State == task.Running || j.State == task.Canceling {
			run = j.Attempts
		}
		s.Jobs = append(s.Jobs, standingJob{ID: j.ID, Run: run})
	}
	return s
}

// move ends the watching here, so that it goes on where the data folder is.
func (w *watch) move(ctx context.Context) error {
	w.progress.hide()
	var s standing
	for _, j := range w.jobs {
		s.Jobs = append(s.Jobs, standingJob{ID: j.ID, Run: j.run, Told: j.told})
	}
	if err := w.face.note(s); err != nil {
		return err
	}
	if err := w.session.Runner.Close(context.WithoutCancel(ctx)); err != nil {
		return err
	}
	return &movedError{w.face.stand}
}

// start runs the jobs that still have a way to go.
func (w *watch) start(ctx context.Context) error {
	if err := w.session.Runner.Start(ctx); err != nil {
		return err
	}
	for _, j := range w.jobs {
		if j.ended() {
			continue
		}
		if err := w.session.Runner.Focus(ctx, j.Job); err != nil {
			return err
		}
	}
	return nil
}

// untilEnded follows the jobs until all have ended, and answers the status
// that stands for all of them; or until the context does.
func (w *watch) untilEnded(ctx context.Context, news *engine.Subscription) (int, error) {
	status := statusDone
	for _, j := range w.jobs {
		if j.told {
			continue
		}
		if err := w.progress.show(engine.Live{Job: j.Job}); err != nil {
			return status, err
		}
	}
	for {
		pending := false
		for _, j := range w.jobs {
			if j.end == nil && j.ended() {
				if err := w.close(ctx, j); err != nil {
					return status, err
				}
				status = worse(status, statusOf(j.Job))
			}
			pending = pending || j.end == nil
		}
		if !pending {
			return status, nil
		}
		select {
		case <-ctx.Done():
			return statusInterrupted, nil
		case <-w.session.Moving:
			return status, w.move(ctx)
		case <-news.News():
			if err := w.take(news.Take()); err != nil {
				return status, err
			}
		}
	}
}

// take brings the jobs up to date.
func (w *watch) take(changed []engine.Live) error {
	for _, live := range changed {
		for _, j := range w.jobs {
			if j.Number != live.Number || j.end != nil {
				continue
			}
			j.Job = live.Job
			if live.Removed {
				j.State = task.Canceled
			}
			if err := w.progress.show(live); err != nil {
				return err
			}
		}
	}
	return nil
}

// ended reports whether the job has come to rest, or the awaited run of a job
// that repeats has ended. One that somebody paused is not waited for: nobody
// knows how long.
func (j *watched) ended() bool {
	switch {
	case j.State.Resting(), j.State == task.Paused:
		return true
	case !j.Schedule.Repeats(), j.State.Active(), j.Attempts < j.run, j.Retries > 0:
		return false
	}
	return j.Outcome == task.OutcomeCompleted || j.Outcome == task.OutcomeFailed || j.Outcome == task.OutcomeCanceled
}

// close reads the job with its history, and says how it ended.
func (w *watch) close(ctx context.Context, j *watched) error {
	end, err := w.read(context.WithoutCancel(ctx), w.session, j)
	if err != nil {
		return err
	}
	j.end = end
	w.progress.hide()
	if j.told {
		return nil
	}
	j.told = true
	return w.face.print(w.face.endText(*end))
}

func (w *watch) read(ctx context.Context, s *Session, j *watched) (*wire.JobDetail, error) {
	details, err := s.Services.Jobs.Show(ctx, s.Person, j.ID)
	if err != nil {
		return nil, err
	}
	j.Job = details[0].Job
	end := s.Maker.Detail(details[0])
	return &end, nil
}

// stop ends the jobs safely, and reads how they stand after that.
func (w *watch) stop(ctx context.Context) error {
	w.progress.hide()
	if err := w.session.Runner.Close(ctx); err != nil {
		return err
	}
	s, err := w.face.open(ctx, ToRead)
	if err != nil {
		return err
	}
	defer func() { _ = s.Runner.Close(ctx) }()
	for _, j := range w.jobs {
		if j.end != nil {
			continue
		}
		if j.end, err = w.read(ctx, s, j); err != nil {
			return err
		}
		if err := w.face.print(w.face.endText(*j.end)); err != nil {
			return err
		}
	}
	return nil
}

func (w *watch) ends() []wire.JobDetail {
	ends := make([]wire.JobDetail, len(w.jobs))
	for i, j := range w.jobs {
		ends[i] = *j.end
	}
	return ends
}
