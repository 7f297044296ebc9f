package content_test

import (
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"nectar/backend/plugins/content"
	"nectar/backend/task"
)

// steps is a sink that writes down the progress, after others had their turn.
type steps struct {
	task.Sink

	mu   sync.Mutex
	seen []int64 // guarded by mu
}

func (s *steps) SetProgress(done, _ int64) {
	runtime.Gosched()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen = append(s.seen, done)
}

func TestSeveralWorkersNeverMakeTheProgressGoBack(t *testing.T) {
	t.Parallel()
	const workers, each = 4, 500
	told := &steps{}
	config, err := content.Copying(content.Deps{}, task.NewRun(&task.Job{}, told), 10, 10+workers*each, &atomic.Int64{})
	if err != nil {
		t.Fatal(err)
	}
	var working sync.WaitGroup
	for range workers {
		working.Go(func() {
			for range each {
				config.OnBytes(1)
			}
		})
	}
	working.Wait()
	if !slices.IsSorted(told.seen) || told.seen[len(told.seen)-1] != 10+workers*each {
		t.Errorf("the progress went back, or ends at %d", told.seen[len(told.seen)-1])
	}
}

// meanwhile is a sink in which another worker brings a byte while the first is told of.
type meanwhile struct {
	task.Sink

	bring func()
	last  int64
}

func (m *meanwhile) SetProgress(done, _ int64) {
	m.last = done
	if bring := m.bring; bring != nil {
		m.bring = nil
		bring()
	}
}

func TestWhatComesWhileAnotherWorkerTellsIsToldAsWell(t *testing.T) {
	t.Parallel()
	told := &meanwhile{}
	config, err := content.Copying(content.Deps{}, task.NewRun(&task.Job{}, told), 0, 2, &atomic.Int64{})
	if err != nil {
		t.Fatal(err)
	}
	told.bring = func() {
		var other sync.WaitGroup
		other.Go(func() { config.OnBytes(1) })
		other.Wait()
	}
	config.OnBytes(1)
	if told.last != 2 {
		t.Errorf("of two bytes %d are told of", told.last)
	}
}
