package task

import (
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/samber/lo"
)

// ErrCanceled is the cause of the end of a running function's context when
// people cancelled the job: nobody will go on with it.
var ErrCanceled = errors.New("job was cancelled")

// Run is a running function's handle on its job. Its methods may be called
// from several goroutines, until the function returns.
type Run struct {
	job  *Job
	sink Sink
	keep sync.Once // the problems of other causes are those of this attempt too

	earlier sync.Once // reads what failed in the attempt of which this one retries
	items   []Problem // that this attempt is for
	kept    []Problem // the others
	failed  error     // why they could not be read
}

// Sink is what stands behind a Run: the engine, or a fake in a test. Every
// method may be called concurrently.
type Sink interface {
	SetProgress(done, total int64)
	SetMetadata(key string, value any)
	SetCancellable(yes bool)
	Log(level, message string)
	Problem(problem Problem)
	Checkpoint(data json.RawMessage) error
	RetryIn(delay time.Duration, overrides Overrides)
	// ProblemsOf answers the items that failed in an earlier attempt.
	ProblemsOf(attempt int64) ([]Problem, error)
}

// Overrides change a job's rules when RetryIn reschedules it; a nil field
// leaves the rule as it is.
type Overrides struct {
	Priority      *Priority
	Repeat        *int64
	Interval      *time.Duration
	RetryInterval *time.Duration
}

// NewRun makes a handle on the given job, which nobody changes from now on.
func NewRun(job *Job, sink Sink) *Run { return &Run{job: job, sink: sink} }

// Job answers the job as it was when the attempt began.
func (r *Run) Job() Job { return *r.job }

// SetProgress says how much is done, of how much, in the unit of the task. A
// total of 0 means that it is not known yet. It is cheap: call it as often as
// there is something to say.
func (r *Run) SetProgress(done, total int64) { r.sink.SetProgress(done, total) }

// SetMetadata stores a value that people see beside the job. The value must
// encode to JSON.
func (r *Run) SetMetadata(key string, value any) { r.sink.SetMetadata(key, value) }

// SetCancellable says whether the job can be cancelled from now on.
func (r *Run) SetCancellable(yes bool) { r.sink.SetCancellable(yes) }

// Info writes a line to the job's log.
func (r *Run) Info(format string, values ...any) { r.sink.Log("info", fmt.Sprintf(format, values...)) }

// Warn writes a line about something odd to the job's log.
func (r *Run) Warn(format string, values ...any) { r.sink.Log("warn", fmt.Sprintf(format, values...)) }

// Problem records an item that failed, without failing the job.
func (r *Run) Problem(problem Problem) { r.sink.Problem(problem) }

// Problems answers the items that failed in an earlier attempt when this one is
// for them alone, and reports whether it is; otherwise it is for all items. When
// it is for those of one cause, the others stay problems: they are recorded for
// this attempt, and Kept answers them.
func (r *Run) Problems() (items []Problem, alone bool, err error) {
	if r.job.ProblemsOf == 0 {
		return nil, false, nil
	}
	items, kept, err := r.problems()
	if err != nil {
		return nil, true, err
	}
	r.keep.Do(func() {
		for _, p := range kept {
			r.sink.Problem(p)
		}
	})
	return items, true, nil
}

// Kept answers the items that failed in an earlier attempt and that this one,
// which is for those of another cause, leaves alone.
func (r *Run) Kept() ([]Problem, error) {
	if r.job.ProblemsOf == 0 {
		return nil, nil
	}
	_, kept, err := r.problems()
	return kept, err
}

// problems answers the items that this attempt is for, and the others that
// failed.
func (r *Run) problems() (items, kept []Problem, err error) {
	r.earlier.Do(func() {
		var all []Problem
		all, r.failed = r.sink.ProblemsOf(r.job.ProblemsOf)
		r.items, r.kept = lo.FilterReject(all, func(p Problem, _ int) bool {
			return r.job.ProblemsCode == "" || p.Code == r.job.ProblemsCode
		})
	})
	return r.items, r.kept, r.failed
}

// Checkpoint stores what a later attempt needs to go on from here. When it
// answers nil the checkpoint survives a power cut.
func (r *Run) Checkpoint(value any) error {
	data, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("encode checkpoint: %w", err)
	}
	return r.sink.Checkpoint(data)
}

// LoadCheckpoint reads what the earlier attempt stored last. It reports
// whether there was anything.
func (r *Run) LoadCheckpoint(into any) (bool, error) {
	if len(r.job.Checkpoint) == 0 {
		return false, nil
	}
	if err := json.Unmarshal(r.job.Checkpoint, into); err != nil {
		return false, fmt.Errorf("decode checkpoint: %w", err)
	}
	return true, nil
}

// RetryIn reschedules the job to be due after the delay, counted from when
// the function returns, whatever it returns.
func (r *Run) RetryIn(delay time.Duration, overrides Overrides) { r.sink.RetryIn(delay, overrides) }
