// Package ahead makes things ready on another processor before they are asked for.
package ahead

import "iter"

// Of answers the first thing, which is there already, and then the others in their
// order, made by a goroutine of its own from the moment on at which the loop begins. It is
// at most so many of them ahead of the loop. When the loop is over, however it ended, so
// is the goroutine; what it panics with, the loop panics with in its place.
func Of[T any](first T, others iter.Seq[T], most int) iter.Seq[T] {
	return func(yield func(T) bool) {
		ready, enough := make(chan T, most), make(chan struct{})
		var trouble any
		go func() {
			defer close(ready)
			defer func() { trouble = recover() }()
			for thing := range others {
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
		if !yield(first) {
			return
		}
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
