package backend_test

import (
	"context"
	"encoding/json"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"nectar/backend"
	"nectar/backend/channel/channeltest"
	"nectar/backend/power"
	"nectar/backend/service"
	"nectar/backend/task"
	"nectar/backend/wire"
)

// current is the power of a test.
type current struct {
	mu      sync.Mutex
	state   power.State   // guarded by mu
	held    int           // guarded by mu: how many hold sleep off
	changed chan struct{} // guarded by mu; closed when held changes
}

func newCurrent(percent int, mains bool) *current {
	return &current{state: power.State{Battery: true, Mains: mains, Percent: percent}, changed: make(chan struct{})}
}

func (c *current) Read() power.State {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.state
}

func (c *current) StayAwake(string) (func(), error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.hold(1)
	return sync.OnceFunc(func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.hold(-1)
	}), nil
}

// reaches waits until so many hold sleep off.
func (c *current) reaches(t *testing.T, holds int) {
	t.Helper()
	deadline := time.After(patience)
	for {
		c.mu.Lock()
		held, changed := c.held, c.changed
		c.mu.Unlock()
		if held == holds {
			return
		}
		select {
		case <-changed:
		case <-deadline:
			t.Fatalf("%d hold sleep off, want %d", held, holds)
		}
	}
}

// plug puts the charger in, or takes it out.
func (c *current) plug(in bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.state.Mains = in
}

// holds answers how many hold sleep off.
func (c *current) holds() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.held
}

// hold needs mu.
func (c *current) hold(change int) {
	c.held += change
	close(c.changed)
	c.changed = make(chan struct{})
}

// waitsFor waits until the job waits in the queue for the thing.
func (p *program) waitsFor(id task.ID, code string) {
	p.t.Helper()
	job := p.until(id, func(job service.Detail) bool { return waits(job) || job.State.Resting() })
	if job.Waiting == nil || job.Waiting.Code != code {
		p.t.Fatalf("the job is %v and waits for %+v, want %s", job.State, job.Waiting, code)
	}
}

// ends waits until the job is done.
func (p *program) ends(id task.ID) {
	p.t.Helper()
	if job := p.await(id); job.State != task.Completed {
		p.t.Fatalf("the job ends %v: %+v", job.State, job.Failure)
	}
}

// ask enqueues a job.
func (p *program) ask(request service.Request) task.ID {
	p.t.Helper()
	id, err := p.enqueue(request)
	if err != nil {
		p.t.Fatal(err)
	}
	return id
}

func (p *program) set(name, value string) {
	p.t.Helper()
	if _, err := p.Services.Settings.Set(p.t.Context(), p.person, name, json.RawMessage(value)); err != nil {
		p.t.Fatal(err)
	}
}

func TestALongJobWaitsForTheCharger(t *testing.T) {
	t.Parallel()
	c, drive := channeltest.Make(t)
	p := startWith(t, backend.Config{Folder: t.TempDir(), Power: newCurrent(15, false)})
	id := p.ask(importing(c, drive))
	p.waitsFor(id, task.NeedPower)
	if text := p.Maker.WaitText(wire.Waiting{Code: task.NeedPower}); text != "Waits for the charger" {
		t.Errorf("it says %q", text)
	}
	p.ends(p.ask(service.Request{"type": "device.backup"})) // what is short does not wait
	p.set("battery_floor", "10")
	p.ends(id)
}

func TestAJobThatDisturbsWaitsForTheEndOfTheQuietHours(t *testing.T) {
	t.Parallel()
	c, drive := channeltest.Make(t)
	noon := func() time.Time { return time.Date(2026, 5, 4, 12, 0, 0, 0, time.Local) }
	p := startWith(t, backend.Config{Folder: t.TempDir()}.At(noon))
	p.set("quiet_hours", `"08:00-13:00"`)
	p.ends(p.ask(importing(c, drive)))
	id := p.ask(service.Request{"type": "content.verify", "channel_ids": []any{string(c.ID)}})
	p.waitsFor(id, task.NeedCalm)
	p.set("quiet_hours", `"08:00-11:00"`)
	p.ends(id)
}

func TestTheLaptopStaysAwakeWhileJobsRun(t *testing.T) {
	t.Parallel()
	mains := newCurrent(80, true)
	p := startWith(t, backend.Config{Folder: t.TempDir(), Power: mains}.With(testPlugins()...))
	held := place{t, t.TempDir()}
	id := p.ask(service.Request{"type": "test.hold", "place": held.path})
	mains.reaches(t, 1)
	p.set("keep_awake", `"never"`)
	mains.reaches(t, 0)
	p.set("keep_awake", `"mains"`)
	mains.reaches(t, 1)
	held.letGo()
	p.ends(id)
	mains.reaches(t, 0)
}

// TestSleepIsHeldOffWhilePluggedInAlone holds that the charger is looked at while jobs
// run, and that a program that ends lets the laptop sleep.
func TestSleepIsHeldOffWhilePluggedInAlone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		laptop := newCurrent(80, false)
		ctx, end := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			backend.KeepAwake(ctx, laptop, func() int { return 1 })
		}()
		for _, step := range []struct {
			plugged bool
			want    int
		}{{false, 0}, {true, 1}, {false, 0}, {true, 1}} {
			laptop.plug(step.plugged)
			<-time.After(time.Minute)
			synctest.Wait()
			if held := laptop.holds(); held != step.want {
				t.Errorf("plugged in is %v, and %d hold sleep off", step.plugged, held)
			}
		}
		end()
		<-ended
		if held := laptop.holds(); held != 0 {
			t.Errorf("after the end %d hold sleep off", held)
		}
	})
}

// TestWhatWaitsForTheChargerHearsOfIt holds that a battery that is low is no reason to
// wait while the charger is in, and that who waits for it goes on by itself.
func TestWhatWaitsForTheChargerHearsOfIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		laptop := newCurrent(15, false)
		ctx, end := context.WithCancel(t.Context())
		ended := make(chan struct{})
		var heard []bool
		go func() {
			defer close(ended)
			backend.WatchPower(ctx, laptop, 20, func(met bool) { heard = append(heard, met) })
		}()
		synctest.Wait()
		laptop.plug(true)
		<-time.After(time.Minute)
		synctest.Wait()
		end()
		<-ended
		if len(heard) < 2 || heard[0] || !slices.Contains(heard, true) {
			t.Errorf("it hears that the need is met: %v", heard)
		}
	})
}
