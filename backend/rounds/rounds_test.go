package rounds_test

import (
	"slices"
	"sync"
	"testing"
	"testing/synctest"

	"nectar/backend/rounds"
)

func TestRounds(t *testing.T) {
	t.Parallel()

	t.Run("those who come while a round runs go together in the next", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			var r rounds.Rounds[int]
			var ran [][]int
			first := make(chan struct{})
			run := func(items []int) {
				if len(ran) == 0 {
					<-first
				}
				ran = append(ran, slices.Sorted(slices.Values(items)))
			}
			var group sync.WaitGroup
			group.Go(func() { r.Do(0, run) })
			synctest.Wait()
			for n := 1; n <= 5; n++ {
				group.Go(func() { r.Do(n, run) })
			}
			synctest.Wait()
			close(first)
			group.Wait()
			if len(ran) != 2 || !slices.Equal(ran[1], []int{1, 2, 3, 4, 5}) {
				t.Errorf("rounds are %v", ran)
			}
		})
	})

	t.Run("nobody is left out, and nobody is answered before", func(t *testing.T) {
		t.Parallel()
		var r rounds.Rounds[int]
		var over sync.Map
		run := func(items []int) {
			for _, item := range items {
				over.Store(item, true)
			}
		}
		var group sync.WaitGroup
		for w := range 8 {
			group.Go(func() {
				for i := range 500 {
					if !r.Do(w*500+i, run) {
						t.Error("it is closed")
					}
					if _, done := over.Load(w*500 + i); !done {
						t.Errorf("%d was answered and not done", w*500+i)
					}
				}
			})
		}
		group.Wait()
	})

	t.Run("close waits for those who came, and lets nobody come", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			var r rounds.Rounds[int]
			proceed, sum := make(chan struct{}), 0
			run := func(items []int) {
				<-proceed
				for _, n := range items {
					sum += n
				}
			}
			for n := 1; n <= 3; n++ {
				go func() { r.Do(n, run) }()
				synctest.Wait()
			}
			closed := false
			go func() {
				if !r.Close() {
					t.Error("somebody else closed")
				}
				closed = true
			}()
			synctest.Wait()
			if closed || r.Do(100, run) {
				t.Error("it did not wait, or let somebody come")
			}
			close(proceed)
			synctest.Wait()
			if !closed || sum != 6 || r.Close() {
				t.Errorf("closed %v, sum %d", closed, sum)
			}
		})
	})
}
