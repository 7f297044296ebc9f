package engine_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"nectar/backend/clock/clocktest"
	"nectar/backend/engine"
	"nectar/backend/fault"
	"nectar/backend/store"
	"nectar/backend/task"
)

// longRun names the environment variable that lets the property test go on
// for so many sequences, each time others, instead of some seconds with the
// same ones.
const longRun = "NECTAR_TEST_SEQUENCES"

// propertyTime bounds the test in an ordinary run.
const propertyTime = 15 * time.Second

// step is one thing that happens. What the numbers mean depends on what; they
// choose among the jobs and the ways that there are.
type step struct {
	What string
	Job  int
	A, B int
}

func (s step) String() string { return fmt.Sprintf("%s job:%d a:%d b:%d", s.What, s.Job, s.A, s.B) }

// kindsOfSteps says what may happen; what is named more often does so.
var kindsOfSteps = []string{
	"enqueue", "enqueue", "enqueue several", "end", "end", "end", "end", "pass", "pass", "pass",
	"act", "act", "act", "act", "several", "several", "cancel all", "update", "sleep", "jump", "resize", "queue", "crash", "stop", "again", "world",
}

func steps() *rapid.Generator[step] {
	return rapid.Custom(func(t *rapid.T) step {
		return step{
			What: rapid.SampledFrom(kindsOfSteps).Draw(t, "what"),
			Job:  rapid.IntRange(0, 30).Draw(t, "job"),
			A:    rapid.IntRange(0, 1000).Draw(t, "a"),
			B:    rapid.IntRange(0, 1000).Draw(t, "b"),
		}
	})
}

// Whatever happens, in whatever order, no job is lost, none is doubled, none
// is stuck, and each is as a simple model of it says.
func TestEveryJobIsAsTheModelSays(t *testing.T) {
	t.Parallel()
	began, bounded := time.Now(), os.Getenv(longRun) == "" // until a sequence fails, which is then made shorter
	rapid.Check(t, func(rt *rapid.T) {
		if bounded && time.Since(began) > propertyTime {
			return
		}
		sequence := rapid.SliceOfN(steps(), 1, 80).Draw(rt, "steps")
		var err error
		synctest.Test(t, func(t *testing.T) { err = play(t, sequence) })
		if err != nil {
			bounded = false
			for _, s := range sequence {
				rt.Log(s)
			}
			rt.Fatal(err)
		}
	})
}

// Sequences that the model once was wrong about.
func TestEveryJobIsAsTheModelSaysOnceMore(t *testing.T) {
	t.Parallel()
	for name, sequence := range map[string][]step{
		"a job that was placed first takes the turn of one that has waited for long, and leaves no room for it": {
			{"enqueue", 15, 1, 239},
			{"enqueue", 0, 82, 12},
			{"act", 7, 948, 2},
			{"enqueue", 22, 38, 36},
			{"enqueue", 1, 372, 3},
			{"enqueue", 26, 0, 325},
			{"pass", 24, 13, 0},
			{"enqueue", 4, 1, 0},
			{"enqueue", 8, 10, 442},
			{"crash", 11, 30, 499},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				if err := play(t, sequence); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// setRapid makes the property test the same every time, unless it is asked to
// go on for long.
func setRapid() error {
	checks, seed := "10000", "1"
	if long := os.Getenv(longRun); long != "" {
		if _, err := strconv.Atoi(long); err != nil {
			return err
		}
		checks, seed = long, "0"
	}
	return errors.Join(flag.Set("rapid.checks", checks), flag.Set("rapid.seed", seed), flag.Set("rapid.nofailfile", "true"))
}

// play lets the steps happen and answers the first thing that is wrong.
func play(t *testing.T, sequence []step) (err error) {
	p := &play1{
		t: t, path: filepath.Join(memory(t), "app.sqlite3"), clock: &clocktest.Clock{}, things: newThings(),
		running: map[task.ID]*execution{}, regular: 2, high: 1,
	}
	// Inside a bubble nothing but the end of the world may fail the test.
	defer func() {
		if failure := recover(); failure != nil {
			if f, ok := failure.(wrong); ok {
				err = f
			} else {
				panic(failure)
			}
		}
		p.crash()
	}()
	p.open()
	for i, s := range sequence {
		p.doing = fmt.Sprintf("step %d, %v", i, s)
		p.do(s)
		p.check()
	}
	p.doing = "in the end"
	p.bringToRest()
	return nil
}

// wrong is what the property test finds.
type wrong string

func (w wrong) Error() string { return string(w) }

// execution is one call of a function.
type execution struct {
	run *task.Run
	end chan func(*task.Run) error // what the function does then
}

// play1 is one laptop with its jobs, and the model of them.
type play1 struct {
	t       *testing.T
	path    string
	clock   *clocktest.Clock
	store   *store.Store
	line    *cut
	engine  *engine.Engine
	things  *things
	tasks   map[string]task.Task[args] // by name; the jobs of one need a stick
	jobs    []*modelled
	regular int
	high    int
	ended   []*modelled // whose functions are just returning
	held    bool        // the queue is paused
	away    bool        // so is the stick
	jumped  bool        // the clock was set
	doing   string

	mu      sync.Mutex
	running map[task.ID]*execution // guarded by mu
	doubled string                 // guarded by mu
	keys    map[string]task.ID     // guarded by mu
}

// cut is a store whose line can be cut, as a crash does.
type cut struct {
	shaky

	mu   sync.Mutex
	left int // guarded by mu: calls until the line is cut; below 0: never
}

func (p *play1) fail(format string, values ...any) {
	panic(wrong(p.doing + ": " + fmt.Sprintf(format, values...)))
}

func (p *play1) must(err error) {
	if err != nil {
		p.fail("%v", err)
	}
}

// open starts the program.
func (p *play1) open() {
	s, err := store.Open(context.Background(), p.path, store.Options{})
	p.must(err)
	p.store = s
	p.line = &cut{left: -1}
	p.line.Store = s
	p.line.failing(func(string) bool {
		p.line.mu.Lock()
		defer p.line.mu.Unlock()
		if p.line.left > 0 {
			p.line.left--
		}
		return p.line.left == 0
	})
	p.tasks = map[string]task.Task[args]{}
	var declared []task.Declared
	for name, option := range kindsOfTasks {
		p.tasks[name] = define(name, p.function, retriesProblems, option)
		declared = append(declared, p.tasks[name])
	}
	registry, err := task.NewRegistry(declared...)
	p.must(err)
	p.engine = engine.New(engine.Config{
		Store: p.line, Registry: registry, Log: slog.New(slog.DiscardHandler), Clock: p.clock, Regular: p.regular, High: p.high, World: p.things,
	})
	p.must(p.engine.Start(context.Background()))
	synctest.Wait()
}

var kindsOfTasks = map[string]option{
	"test.work":     func(*task.Spec[args]) {},
	"test.fixed":    func(s *task.Spec[args]) { s.FixedID = "the only one" },
	"test.failing":  func(s *task.Spec[args]) { s.OnInterruption = task.FailInterrupted },
	"test.resuming": func(s *task.Spec[args]) { s.OnInterruption = task.Resume },
	"test.needing": func(s *task.Spec[args]) {
		s.Needs = func(d task.Described[args]) []task.Need { return []task.Need{stick(d.Args.Stick)} }
	},
}

func retriesProblems(s *task.Spec[args]) { s.RetriesProblems = true }

// function runs until the test tells it how to end, or its context does.
func (p *play1) function(ctx context.Context, run *task.Run, a args) (any, error) {
	id := run.Job().ID
	x := &execution{run: run, end: make(chan func(*task.Run) error)}
	p.mu.Lock()
	if p.running[id] != nil {
		p.doubled = "job " + string(id) + " runs twice at once"
	}
	if other, taken := p.keys[a.Exclusive]; taken && a.Exclusive != "" {
		p.doubled = fmt.Sprintf("jobs %s and %s of one key run at once", other, id)
	}
	if p.keys == nil {
		p.keys = map[string]task.ID{}
	}
	p.running[id], p.keys[a.Exclusive] = x, id
	p.mu.Unlock()
	defer func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.running[id] == x {
			delete(p.running, id)
			delete(p.keys, a.Exclusive)
		}
	}()
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case end := <-x.end:
		return nil, end(run)
	}
}

// crash ends the program without a word.
func (p *play1) crash() {
	if p.engine == nil {
		return
	}
	p.line.mu.Lock()
	p.line.left = 0
	p.line.mu.Unlock()
	_ = p.engine.Stop(context.Background()) // it cannot store anything any more
	synctest.Wait()
	_ = p.store.Close()
	p.engine = nil
}

// do lets one thing happen.
func (p *play1) do(s step) {
	switch s.What {
	case "enqueue":
		p.enqueue(s)
	case "enqueue several":
		p.enqueueSeveral(s)
	case "end":
		p.end(s)
	case "pass":
		p.pass(durations[s.A%len(durations)])
	case "sleep":
		p.clock.Sleep(durations[s.A%len(durations)])
		synctest.Wait()
		p.sync()
	case "jump":
		p.jump(s)
	case "act":
		p.act(s)
	case "several":
		p.actOnSeveral(s)
	case "cancel all":
		p.cancelAll(s)
	case "again":
		p.again(s)
	case "world":
		p.turn(s.A%2 == 0)
	case "update":
		p.update(s)
	case "resize":
		p.regular, p.high = 1+s.A%3, s.B%3
		p.engine.Resize(p.regular, p.high)
		p.sync()
	case "queue":
		p.pauseQueue(s.A%3 == 0)
	case "crash":
		p.restart(s, p.crashAfter(s.A%7))
	case "stop":
		p.must(p.engine.Stop(context.Background()))
		p.must(p.store.Close())
		p.engine = nil
		p.restart(s, false)
	}
	p.letWaitsEnd()
}

var durations = []time.Duration{
	time.Second, 10 * time.Second, time.Minute, 7 * time.Minute, 20 * time.Minute, time.Hour, 3 * time.Hour, 25 * time.Hour, 9 * day,
}

var jumpsOf = []time.Duration{
	time.Second, -2 * time.Second, 10 * time.Minute, -10 * time.Minute, time.Hour, -time.Hour, 24 * time.Hour, -24 * time.Hour, 40 * day, -40 * day, year, -year,
}

func (p *play1) jump(s step) {
	by := jumpsOf[s.A%len(jumpsOf)]
	if s.B%5 == 0 {
		by = to1970(p.clock).Truncate(time.Second)
	}
	if to := p.clock.Now().Add(by).Year(); to < 1970 || to > 2200 {
		return // no clock shows that
	}
	p.jumped = true
	p.clock.Jump(by)
	_, err := p.engine.Do(context.Background(), task.First) // with no job, but every command looks at the clock
	p.must(err)
	synctest.Wait()
	for _, m := range p.jobs {
		m.adoptCron(p)
	}
	p.sync()
}

func (p *play1) pauseQueue(hold bool) {
	change := p.engine.ResumeQueue
	if hold {
		change = p.engine.PauseQueue
	}
	p.must(change(context.Background(), "test"))
	p.held = hold
	p.sync()
}

// crashAfter lets the program die after so many calls of the storage, which
// some command makes meanwhile. It reports that the program died.
func (p *play1) crashAfter(calls int) bool {
	if calls == 0 {
		p.crash()
		return true
	}
	p.line.mu.Lock()
	p.line.left = calls
	p.line.mu.Unlock()
	p.mu.Lock()
	for _, x := range p.running {
		select {
		case x.end <- func(*task.Run) error { return nil }:
		default:
		}
	}
	p.mu.Unlock()
	synctest.Wait()
	p.crash()
	return true
}

// restart opens the program again, after some time and perhaps with another
// clock.
func (p *play1) restart(s step, died bool) {
	if s.B%2 == 0 {
		pass(durations[s.A%len(durations)])
	}
	var by time.Duration
	if s.B%3 == 0 {
		by = jumpsOf[s.B%len(jumpsOf)]
		p.clock.Jump(by)
		p.jumped = true
	}
	p.mu.Lock()
	p.running, p.keys = map[task.ID]*execution{}, nil
	p.mu.Unlock()
	p.open()
	for _, m := range p.jobs {
		m.adoptRestart(p, died, by)
	}
	p.sync()
}

// all answers the stored jobs by id.
func (p *play1) all() map[task.ID]task.Job {
	jobs, err := p.store.InStates(context.Background(), task.States()...)
	p.must(err)
	byID := map[task.ID]task.Job{}
	for _, j := range jobs {
		byID[j.ID] = j
	}
	return byID
}

// refused checks that the engine refused what the model refuses, and nothing
// else.
func (p *play1) refused(err error, legal bool) bool {
	switch {
	case legal:
		p.must(err)
	case err == nil:
		p.fail("it was allowed")
	case fault.CodeOf(err) != fault.IllegalMove && fault.CodeOf(err) != fault.AlreadyRunning:
		p.fail("refused for another reason: %v", err)
	}
	return !legal
}
