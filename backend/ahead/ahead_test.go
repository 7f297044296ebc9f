package ahead_test

import (
	"iter"
	"slices"
	"testing"
	"testing/synctest"

	"nectar/backend/ahead"
)

// to answers the numbers after the first up to n, and notes how many were made.
func to(n int, made *int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := 2; i <= n; i++ {
			*made = i
			if !yield(i) {
				return
			}
		}
	}
}

// A goroutine that is left when the test is over fails it: each runs in a bubble.
func TestOf(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]func(*testing.T){
		"all come in their order": func(t *testing.T) {
			made := 0
			if got := slices.Collect(ahead.Of(1, to(100, &made), 3)); len(got) != 100 || !slices.IsSorted(got) || made != 100 {
				t.Errorf("got %v", got)
			}
		},
		"the first comes also when there is no other": func(t *testing.T) {
			made := 0
			if got := slices.Collect(ahead.Of(1, to(1, &made), 3)); !slices.Equal(got, []int{1}) || made != 0 {
				t.Errorf("got %v", got)
			}
		},
		"so many are made before they are asked for, and no more": func(t *testing.T) {
			made := 0
			for got := range ahead.Of(1, to(100, &made), 3) {
				synctest.Wait()
				if want := min(got+3+1, 100); made != want { // and one that waits for its place
					t.Fatalf("at %d there are %d made, want %d", got, made, want)
				}
			}
		},
		"whoever has enough leaves nobody behind": func(t *testing.T) {
			made := 0
			for got := range ahead.Of(1, to(100, &made), 3) {
				if got == 5 {
					break
				}
			}
			if made > 5+3+1 {
				t.Errorf("%d were made", made)
			}
		},
		"a loop that panics leaves nobody behind": func(t *testing.T) {
			made := 0
			defer func() {
				if p := recover(); p != "the loop" {
					t.Errorf("recovered %v", p)
				}
			}()
			for range ahead.Of(1, to(100, &made), 3) {
				panic("the loop")
			}
		},
		"a panic comes to the loop, after all that was made before it": func(t *testing.T) {
			var got []int
			defer func() {
				if p := recover(); p != "the fifth" || !slices.Equal(got, []int{1, 2, 3, 4}) {
					t.Errorf("recovered %v after %v", p, got)
				}
			}()
			for n := range ahead.Of(1, func(yield func(int) bool) {
				for i := 2; i < 5 && yield(i); i++ {
				}
				panic("the fifth")
			}, 3) {
				got = append(got, n)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, test)
		})
	}
}
