package engine_test

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"testing"

	"nectar/backend/engine"
	"nectar/backend/store"
	"nectar/backend/task"
)

func TestDrain(t *testing.T) {
	t.Parallel()
	const jobs, producers = 1000, 4
	var runs sync.Map
	work := define("test.work", func(_ context.Context, run *task.Run, a args) (any, error) {
		if _, twice := runs.LoadOrStore(run.Job().Number, true); twice {
			t.Errorf("job %d ran twice", run.Job().Number)
		}
		run.SetProgress(1, 1)
		return a.Name, nil
	})
	w := started(t, work)
	watch := w.Subscribe()
	defer watch.Close()
	var group sync.WaitGroup
	for p := range producers {
		group.Go(func() {
			for i := range jobs / producers {
				if _, err := work.Enqueue(t.Context(), w, args{Name: fmt.Sprintf("%d.%d", p, i)}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	ended := map[int64]task.State{}
	for len(ended) < jobs {
		<-watch.News()
		for _, j := range watch.Take() {
			switch {
			case j.State.Resting():
				ended[j.Number] = j.State
			case ended[j.Number] != 0:
				t.Errorf("job %d was %v and is shown as %v again", j.Number, ended[j.Number], j.State)
			}
		}
	}
	group.Wait()
	listed, err := w.store.List(t.Context(), task.Filter{Readable: task.Readable{All: true}}, task.Page{Limit: 1})
	if err != nil || listed.Counts[task.Completed] != jobs || len(listed.Counts) != 1 {
		t.Errorf("at the end there are %v, %v", listed.Counts, err)
	}
}

// bench opens an engine on a database in the benchmark's folder.
func bench(b *testing.B, run function) (*engine.Engine, *store.Store, task.Task[args]) {
	b.Helper()
	engine.HoldMany()
	s, err := store.Open(b.Context(), filepath.Join(b.TempDir(), "app.sqlite3"), store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	work := define("test.work", run)
	registry, err := task.NewRegistry(work)
	if err != nil {
		b.Fatal(err)
	}
	e := engine.New(engine.Config{Store: s, Registry: registry, Regular: 8, High: 2})
	b.Cleanup(func() {
		if err := e.Stop(context.Background()); err != nil {
			b.Error(err)
		}
		if err := s.Close(); err != nil {
			b.Error(err)
		}
	})
	return e, s, work
}

// BenchmarkEnqueue stores jobs one by one, each durable before the next of
// its producer.
func BenchmarkEnqueue(b *testing.B) {
	for _, producers := range []int{1, 8} {
		b.Run(fmt.Sprintf("producers=%d", producers), func(b *testing.B) {
			e, _, work := bench(b, succeed)
			var group sync.WaitGroup
			b.ResetTimer()
			for p := range producers {
				group.Go(func() {
					for range b.N/producers + min(1, max(0, b.N%producers-p)) {
						if _, err := work.Enqueue(b.Context(), e, args{}); err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			group.Wait()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "jobs/s")
		})
	}
}

// BenchmarkDrain runs jobs that do nothing, every step durable.
func BenchmarkDrain(b *testing.B) {
	var left sync.WaitGroup
	e, _, work := bench(b, func(context.Context, *task.Run, args) (any, error) {
		left.Done()
		return nil, nil
	})
	jobs := make([]task.NewJob, b.N)
	var draft drafted
	if _, err := work.Enqueue(b.Context(), &draft, args{}); err != nil {
		b.Fatal(err)
	}
	for i := range jobs {
		jobs[i] = draft.job
	}
	left.Add(b.N)
	if _, err := e.Enqueue(b.Context(), jobs...); err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	if err := e.Start(b.Context()); err != nil {
		b.Fatal(err)
	}
	left.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "jobs/s")
}

// BenchmarkLatency measures from the enqueue to the start of a job on an idle
// engine.
func BenchmarkLatency(b *testing.B) {
	ran := make(chan struct{})
	e, _, work := bench(b, func(context.Context, *task.Run, args) (any, error) {
		ran <- struct{}{}
		return nil, nil
	})
	if err := e.Start(b.Context()); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := work.Enqueue(b.Context(), e, args{}); err != nil {
			b.Fatal(err)
		}
		<-ran
	}
}
