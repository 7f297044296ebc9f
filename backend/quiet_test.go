package backend_test

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"nectar/backend"
	"nectar/backend/engine"
)

// news stands for the engine's.
type news chan struct{}

func (n news) News() <-chan struct{} { return n }
func (n news) Take() []engine.Live   { return nil }

// TestWhatCanWaitTakesNothingFromJobs holds that the look at all files of the
// content folder, some seconds after a start, does not take the disk from an import.
func TestWhatCanWaitTakesNothingFromJobs(t *testing.T) {
	t.Parallel()
	wait := func(running *atomic.Int64, jobs news, ctx context.Context) *atomic.Value {
		var answer atomic.Value
		go func() {
			answer.Store(backend.WhenQuiet(ctx, jobs, func() int { return int(running.Load()) }))
		}()
		return &answer
	}
	t.Run("it begins by itself where nothing runs, and whoever started the program is served first", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			answer := wait(&atomic.Int64{}, make(news, 1), t.Context())
			synctest.Wait()
			if answer.Load() != nil {
				t.Error("it began at once")
			}
			<-time.After(time.Minute)
			if answer.Load() != true {
				t.Error("it never began")
			}
		})
	})
	t.Run("it waits for the end of the last job", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			var running atomic.Int64
			jobs := make(news, 1)
			running.Store(2)
			answer := wait(&running, jobs, t.Context())
			for range 2 {
				<-time.After(time.Hour)
				if answer.Load() != nil {
					t.Fatal("it began while a job runs")
				}
				running.Add(-1)
				jobs <- struct{}{}
			}
			<-time.After(time.Minute)
			if answer.Load() != true {
				t.Error("it never began")
			}
		})
	})
	t.Run("it ends with the program", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			var running atomic.Int64
			running.Store(1)
			ctx, end := context.WithCancel(t.Context())
			answer := wait(&running, make(news, 1), ctx)
			<-time.After(time.Minute)
			end()
			synctest.Wait()
			if answer.Load() != false {
				t.Errorf("it answers %v", answer.Load())
			}
		})
	})
}
