package main

import (
	"fmt"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// once opens a system on a new database, measures it and closes it.
func (b *bench) once(p peer, how syncing, ran func(), measure func(system) (float64, error)) (float64, error) {
	folder, err := os.MkdirTemp(b.folder, p.name)
	if err != nil {
		return 0, err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	s, err := p.open(b.ctx, folder, how, ran)
	if err != nil {
		return 0, fmt.Errorf("open %s: %w", p.name, err)
	}
	value, err := measure(s)
	if closing := s.close(); err == nil {
		err = closing
	}
	if err != nil {
		return 0, fmt.Errorf("%s: %w", p.name, err)
	}
	return value, nil
}

// medians measures each peer once a round, in turn.
func (b *bench) medians(peers []peer, measure func(peer) (float64, error)) (map[string]float64, error) {
	values := map[string][]float64{}
	for range b.rounds {
		for _, p := range peers {
			value, err := measure(p)
			if err != nil {
				return nil, err
			}
			values[p.name] = append(values[p.name], value)
		}
	}
	result := map[string]float64{}
	for name, all := range values {
		result[name] = median(all)
	}
	return result, nil
}

func median(values []float64) float64 {
	values = slices.Clone(values)
	slices.Sort(values)
	return values[len(values)/2]
}

func (b *bench) enqueue() error {
	for _, how := range []syncing{normal, full} {
		rates, err := b.medians([]peer{ours, backlitePeer, goqitePeer, riverPeer}, func(p peer) (float64, error) {
			return b.once(p, how, func() {}, func(s system) (float64, error) { return b.producers(s, 1, b.jobs(2000)) })
		})
		if err != nil {
			return err
		}
		b.table.atLeast("enqueue, 1 producer, "+string(how), "jobs/s", rates, backlitePeer.name, 1)
	}
	for _, how := range []syncing{normal, full} {
		rates, err := b.medians([]peer{ours, backlitePeer, goqitePeer, riverPeer}, func(p peer) (float64, error) {
			return b.once(p, how, func() {}, func(s system) (float64, error) { return b.producers(s, 8, b.jobs(4000)) })
		})
		if err != nil {
			return err
		}
		least := 4.0
		if how == normal {
			least = 0 // the issue asks for FULL
		}
		b.table.atLeast("enqueue, 8 producers, "+string(how), "jobs/s", rates, backlitePeer.name, least)
	}
	return nil
}

func (b *bench) batches() error {
	rates, err := b.medians([]peer{ours, backlitePeer, goqitePeer, riverPeer, {name: bareSQLite}}, func(p peer) (float64, error) {
		batches := b.jobs(20)
		if p.name == bareSQLite {
			return b.bareInserts(normal, batches)
		}
		return b.once(p, normal, func() {}, func(s system) (float64, error) {
			began := time.Now()
			for range batches {
				if err := s.enqueueMany(b.ctx, 1000); err != nil {
					return 0, err
				}
			}
			return float64(batches*1000) / time.Since(began).Seconds(), nil
		})
	})
	if err != nil {
		return err
	}
	b.table.atLeast("enqueue, batches of 1,000, NORMAL", "jobs/s", rates, backlitePeer.name, 3)
	return nil
}

// producers answers how many jobs a second so many callers store, one by one.
func (b *bench) producers(s system, n, jobs int) (float64, error) {
	var group sync.WaitGroup
	var failed atomic.Pointer[error]
	began := time.Now()
	for range n {
		group.Go(func() {
			for range jobs / n {
				if err := s.enqueue(b.ctx); err != nil {
					failed.Store(&err)
					return
				}
			}
		})
	}
	group.Wait()
	took := time.Since(began)
	if err := failed.Load(); err != nil {
		return 0, *err
	}
	return float64(jobs/n*n) / took.Seconds(), nil
}

func (b *bench) drain() error {
	for _, how := range []syncing{normal, full} {
		rates, err := b.medians([]peer{ours, goqitePeer, riverPeer, {name: bareSQLite}}, func(p peer) (float64, error) {
			jobs := b.jobs(2000)
			switch p.name {
			case bareSQLite:
				return b.bareChanges(how, 10*jobs)
			case ours.name:
				jobs *= 10
			}
			done := newCountdown(jobs)
			return b.once(p, how, done.one, func(s system) (float64, error) { return b.drained(s, jobs, done) })
		})
		if err != nil {
			return err
		}
		b.table.atLeast("drain of no-ops, 8 workers, "+string(how), "jobs/s", rates, goqitePeer.name, 10)
		b.table.atLeast("drain of no-ops, 8 workers, "+string(how), "jobs/s", rates, riverPeer.name, 10)
	}
	return nil
}

// drained answers how many jobs a second the system runs that were all there
// when it began.
func (b *bench) drained(s system, jobs int, done *countdown) (float64, error) {
	for left := jobs; left > 0; left -= 1000 {
		if err := s.enqueueMany(b.ctx, min(left, 1000)); err != nil {
			return 0, err
		}
	}
	began := time.Now()
	if err := s.start(b.ctx); err != nil {
		return 0, err
	}
	<-done.over
	if s, ahead := s.(interface{ settle() error }); ahead { // it counts when it is stored
		if err := s.settle(); err != nil {
			return 0, err
		}
	}
	return float64(jobs) / time.Since(began).Seconds(), nil
}

// countdown says when so many jobs have run.
type countdown struct {
	left atomic.Int64
	over chan struct{}
}

func newCountdown(n int) *countdown {
	c := &countdown{over: make(chan struct{})}
	c.left.Store(int64(n))
	return c
}

func (c *countdown) one() {
	if c.left.Add(-1) == 0 {
		close(c.over)
	}
}

func (b *bench) latency() error {
	half, tail := map[string][]float64{}, map[string][]float64{}
	for _, how := range []syncing{normal, full} {
		clear(half)
		clear(tail)
		for range b.rounds {
			for _, p := range []peer{ours, backlitePeer, goqitePeer, riverPeer} {
				ran := make(chan struct{}, 1)
				_, err := b.once(p, how, func() { ran <- struct{}{} }, func(s system) (float64, error) {
					times, err := b.starts(s, ran, b.jobs(400))
					half[p.name] = append(half[p.name], percentile(times, 50))
					tail[p.name] = append(tail[p.name], percentile(times, 99))
					return 0, err
				})
				if err != nil {
					return err
				}
			}
		}
		b.table.atMost("enqueue to start, idle, p50, "+string(how), "ms", medianOf(half), backlitePeer.name, 1)
		b.table.atMost("enqueue to start, idle, p99, "+string(how), "ms", medianOf(tail), backlitePeer.name, 1)
	}
	return nil
}

// starts answers how many milliseconds each of so many jobs took from the
// enqueue to its start, while nothing else was to do.
func (b *bench) starts(s system, ran <-chan struct{}, jobs int) ([]float64, error) {
	if err := s.start(b.ctx); err != nil {
		return nil, err
	}
	times := make([]float64, 0, jobs)
	for i := range jobs + 10 {
		time.Sleep(2 * time.Millisecond) // let it become idle
		began := time.Now()
		if err := s.enqueue(b.ctx); err != nil {
			return nil, err
		}
		<-ran
		if i >= 10 { // the first ones warm it up
			times = append(times, float64(time.Since(began).Microseconds())/1000)
		}
	}
	return times, nil
}

func medianOf(values map[string][]float64) map[string]float64 {
	result := map[string]float64{}
	for name, all := range values {
		result[name] = median(all)
	}
	return result
}

func percentile(values []float64, p int) float64 {
	values = slices.Clone(values)
	slices.Sort(values)
	return values[min(len(values)*p/100, len(values)-1)]
}
