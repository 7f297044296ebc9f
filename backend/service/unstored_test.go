package service_test

import (
	"context"
	"runtime"
	"sync/atomic"
	"testing"

	"nectar/backend/engine"
	"nectar/backend/fault"
	"nectar/backend/library"
	"nectar/backend/service"
	"nectar/backend/task"
)

// full is a storage whose disk can be full.
type full struct {
	engine.Store

	is atomic.Bool
}

func (f *full) Advance(ctx context.Context, steps ...*task.Step) error {
	if f.is.Load() {
		return fault.New(fault.DiskFull)
	}
	return f.Store.Advance(ctx, steps...)
}

func (f *full) Change(ctx context.Context, ids []task.ID, change func(*task.Job) error) ([]task.Job, error) {
	if f.is.Load() {
		return nil, fault.New(fault.DiskFull)
	}
	return f.Store.Change(ctx, ids, change)
}

// Home says that jobs wait for room to store what became of them, to whoever
// may read them.
func TestAJobThatWaitsForRoomToEndIsWanted(t *testing.T) {
	t.Parallel()
	running, goOn := make(chan struct{}), make(chan struct{})
	add := define("maths.add", task.CoordinatorOnly, func(s *task.Spec[sum]) {
		s.Run = func(context.Context, *task.Run, sum) (any, error) {
			close(running)
			<-goOn
			return 3, nil
		}
	})
	d := newDesk(t, add)
	disk := &full{Store: d.store}
	e := engine.New(engine.Config{Store: disk, Registry: d.registry})
	services := service.New(service.Config{
		Store: d.store, Registry: d.registry, Engine: e, Library: library.New(t.TempDir(), d.store),
		Space: func() (service.Space, error) { return service.Space{}, nil },
	})
	if err := e.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Stop(context.Background()) })
	if _, err := add.Enqueue(t.Context(), e, sum{X: 1, Y: 2}); err != nil {
		t.Fatal(err)
	}
	<-running
	disk.is.Store(true)
	close(goOn)
	for len(e.Unstored()) == 0 {
		runtime.Gosched()
	}

	now, err := services.Home.Now(t.Context(), coordinator)
	if err != nil {
		t.Fatal(err)
	}
	if len(now.Wanted) != 1 || now.Wanted[0].Code != "disk_full" || now.Wanted[0].Jobs != 1 {
		t.Errorf("wanted are %+v", now.Wanted)
	}
	if len(now.Running) != 1 || now.Running[0].Waiting == nil {
		t.Errorf("under way are %+v", now.Running)
	}
	if now, err = services.Home.Now(t.Context(), other); err != nil || len(now.Wanted) != 0 {
		t.Errorf("a teacher is told of %+v, %v", now.Wanted, err)
	}
}
