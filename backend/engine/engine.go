package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"nectar/backend/clock"
	"nectar/backend/rounds"
	"nectar/backend/task"
)

// Config is what an engine stands on.
type Config struct {
	Store    Store
	Registry *task.Registry
	// Log receives changes of state and faults of storage. Discarded by
	// default.
	Log *slog.Logger
	// Clock tells the time; clock.Plain by default.
	Clock clock.Clock
	// Regular is the number of workers for any job; 4 by default.
	Regular int
	// High is the number of further workers for high-priority jobs; 2 by
	// default.
	High int
	// Eligible, if set, limits the engine to some jobs; others stay where they
	// are, and are looked at again when they change or by Reconsider. It must
	// be quick and not call the engine.
	Eligible func(job *task.Job) bool
	// World knows the things that jobs wait for; by default every need is met.
	World World
}

// Store is where the engine keeps jobs. Everything is durable when a method
// answers; see package store for the promises.
type Store interface {
	Insert(ctx context.Context, drafts []task.Draft) ([]task.Inserted, error)
	Change(ctx context.Context, ids []task.ID, change func(*task.Job) error) ([]task.Job, error)
	Delete(ctx context.Context, ids []task.ID, check func(*task.Job) error) error
	Job(ctx context.Context, id task.ID) (task.Job, error)
	InStates(ctx context.Context, states ...task.State) ([]task.Job, error)
	Advance(ctx context.Context, steps ...*task.Step) error
	Waiting(ctx context.Context) ([]task.Job, error)
	Ready(ctx context.Context, priority task.Priority, after *task.Place, limit int) ([]task.Job, error)
	DueBy(ctx context.Context, now time.Time) ([]task.Job, error)
	NextDue(ctx context.Context) (time.Time, bool, error)
	AwaitsClock(ctx context.Context) (bool, error)
	CronJobs(ctx context.Context) ([]task.Job, error)
	Ahead(ctx context.Context, now time.Time) ([]task.Job, error)
	MoveClock(ctx context.Context, by time.Duration, replan func(*task.Job)) error
	SaveNotes(ctx context.Context, notes ...task.Notes) error
	PausedQueues(ctx context.Context) (map[string]time.Time, error)
	PauseQueue(ctx context.Context, queue string, since time.Time) error
	ResumeQueue(ctx context.Context, queue string) error
	Matching(ctx context.Context, filter task.Filter, after int64, limit int) ([]task.Job, error)
	Problems(ctx context.Context, job, attempt int64, limit int) ([]task.Problem, error)
	RunsAhead(ctx context.Context) ([]string, error)
	RunAhead(ctx context.Context, task string) error
	RanAhead(ctx context.Context, tasks ...string) error
	NoteBegun(place int, begun task.Begun) error
	Begun() ([]task.Begun, error)
	ForgetBegun() error
	SweepBy(ctx context.Context, now time.Time) (time.Time, error)
	Surplus(ctx context.Context, keep int64) (time.Time, error)
	Expire(ctx context.Context, before, surplus time.Time, limit int) ([]task.Job, error)
}

// Engine runs jobs. Its methods may be called concurrently.
type Engine struct {
	store    Store
	registry *task.Registry
	log      *slog.Logger
	times    *times
	eligible func(*task.Job) bool
	world    World
	focused  bool // some jobs are not for this engine
	bus      *bus
	scribe   *scribe
	lookout  *lookout
	wake     chan struct{} // of one: somebody has news for the dispatcher
	stopping chan struct{} // closed by Stop
	turns    turns
	trust    trust
	recalls  atomic.Bool // what is remembered of jobs is not as it is stored

	changeovers rounds.Rounds[*changeover]
	steps       []task.Step // of the round of changeovers that runs
	ledger      *ledger
	places      places

	queueing sync.Mutex // one queue is paused or resumed at a time

	mu       sync.Mutex
	held     map[string]time.Time // guarded by mu: the paused queues, each with since when
	pool     pool                 // guarded by mu
	ready    ready                // guarded by mu
	lines    lines                // guarded by mu
	running  inHand               // guarded by mu
	quick    map[string]int       // guarded by mu, by task: how much it is trusted to return at once
	marks    map[string]mark      // guarded by mu, by task
	started  bool                 // guarded by mu
	stopped  bool                 // guarded by mu
	foremost int64                // guarded by mu: the lowest rank that was given
	claimed  int64                // guarded by mu: how many jobs were claimed before they had a number
	due      time.Time            // guarded by mu: no SCHEDULED job is due before; zero for none
	dueKnown bool                 // guarded by mu
	wall     bool                 // guarded by mu: a SCHEDULED job may wait for a moment of the wall clock

	workers  sync.WaitGroup  // attempts under way
	services sync.WaitGroup  // dispatcher, scribe and lookout
	life     context.Context //nolint:containedctx // what the contexts of attempts are made of
	quit     context.CancelFunc
}

// New makes an engine. It does nothing until Start, but jobs can be enqueued.
func New(config Config) *Engine {
	e := &Engine{
		store:    config.Store,
		registry: config.Registry,
		log:      cmp.Or(config.Log, slog.New(slog.DiscardHandler)),
		eligible: config.Eligible,
		world:    config.World,
		lines:    newLines(),
		bus:      newBus(),
		wake:     make(chan struct{}, 1),
		stopping: make(chan struct{}),
		pool:     pool{regular: cmp.Or(config.Regular, 4), high: cmp.Or(config.High, 2)},
		running:  newInHand(),
		quick:    map[string]int{},
		marks:    map[string]mark{},
		trust:    trusted,
		ledger:   newLedger(),
		held:     map[string]time.Time{},
		life:     context.Background(),
		quit:     func() {},
		focused:  config.Eligible != nil,
	}
	e.ready.forget()
	e.ready.forget()
	if config.Clock == nil {
		config.Clock = clock.Plain()
	}
	e.times = newTimes(config.Clock)
	if e.eligible == nil {
		e.eligible = func(*task.Job) bool { return true }
	}
	if e.world == nil {
		e.world = nothingAway{}
	}
	e.scribe = newScribe(config.Store, e.log)
	e.lookout = newLookout(e.world)
	return e
}

// Start puts right what an earlier process left behind and begins to run due
// jobs. The context ends nothing later on: Stop does.
func (e *Engine) Start(ctx context.Context) error {
	if err := e.recover(ctx); err != nil {
		return fmt.Errorf("recover jobs: %w", err)
	}
	if err := e.store.ForgetBegun(); err != nil {
		return fmt.Errorf("forget the jobs that had begun: %w", err)
	}
	if err := e.settle(ctx); err != nil {
		return fmt.Errorf("settle jobs by the clock: %w", err)
	}
	held, err := e.store.PausedQueues(ctx)
	if err != nil {
		return err
	}
	if err := e.learnMarks(ctx); err != nil {
		return err
	}
	e.mu.Lock()
	e.held = held
	e.mu.Unlock()
	if err := e.Reconsider(ctx); err != nil {
		return err
	}
	e.life = context.WithoutCancel(ctx)
	run, quit := context.WithCancel(e.life)
	e.quit = quit
	e.mu.Lock()
	e.started = true
	e.mu.Unlock()
	e.services.Go(e.keepUp)
	e.services.Go(func() { e.dispatch(run) })
	e.services.Go(func() { e.scribe.run(run) })
	e.services.Go(func() { e.lookOut(run) })
	return nil
}

// Stop ends all attempts safely, so that their jobs go on at the next start,
// and answers when the last one has stored its end, or the context's error if
// that ends first. Nothing starts after Stop was called. Stopping twice, or
// an engine that was never started, is allowed.
func (e *Engine) Stop(ctx context.Context) error {
	e.mu.Lock()
	if !e.stopped {
		e.stopped = true
		close(e.stopping)
	}
	for _, a := range e.running.attempts {
		a.cancel(errStopped)
	}
	e.mu.Unlock()

	done := make(chan struct{})
	go func() {
		e.workers.Wait()
		e.ledger.close()
		e.quit()
		e.services.Wait()
		e.unmark(context.WithoutCancel(ctx))
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("stop jobs: %w", ctx.Err())
	}
}

// Resize changes the numbers of workers. Running jobs are not disturbed.
func (e *Engine) Resize(regular, high int) {
	e.mu.Lock()
	e.pool = pool{regular: max(regular, 1), high: max(high, 0)}
	e.mu.Unlock()
	e.nudge()
}

// Workers answers the numbers of workers.
func (e *Engine) Workers() (regular, high int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.pool.regular, e.pool.high
}

// Busy answers how many attempts are under way.
func (e *Engine) Busy() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.running.now.all
}

// now answers the time that the engine goes by.
func (e *Engine) now() time.Time { return e.times.now() }

// nudge wakes the dispatcher. A nudge that is already waiting serves for both.
func (e *Engine) nudge() {
	select {
	case e.wake <- struct{}{}:
	default:
	}
}

// The reasons for which an attempt's context ends.
var (
	errCanceled = task.ErrCanceled
	errPaused   = errors.New("job was paused")
	errStopped  = errors.New("program stops")
)
