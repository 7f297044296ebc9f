// Package ahead makes things ready on another processor before they are asked for.
package ahead

import "iter"

// Of answers the same things in the same order, made by a goroutine of its own, which is
// at most so many of them ahead of the loop. When the loop is over, however it ended, so
// is the goroutine; what it panics with, the loop panics with in its place.
func Of[T any](things iter.Seq[T], most int) iter.Seq[T] {
	return func(yield func(T) bool) {
		ready, enough := make(chan T, most), make(chan struct{})
		var trouble any
		go func() {
			defer close(ready)
			defer func() { trouble = recover() }()
			for thing := range things {
				select {
				case ready <- thing:
				case <-enough:
					return
				}
			}
		}()
		defer func() {
			close(enough)
			for range ready { // until the goroutine is gone
			}
		}()
		for thing := range ready {
			if !yield(thing) {
				return
			}
		}
		if trouble != nil {
			panic(trouble)
		}
	}
}
