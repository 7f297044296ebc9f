package drive

import (
	"context"
	"time"
)

// patience is how long one drive may take to answer. A healthy one takes
// milliseconds, a sleeping disk some seconds, a dead one for ever.
const patience = 2 * time.Second

// Ask runs the function, which asks a drive something, and gives up waiting
// after patience. A system call on a dead drive cannot be ended, so the
// function then goes on alone; it must not touch what others use.
func Ask[T any](ctx context.Context, question func() T) (answer T, ok bool) {
	answers := make(chan T, 1)
	go func() { answers <- question() }()
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case answer = <-answers:
		return answer, true
	case <-timer.C:
	case <-ctx.Done():
	}
	return answer, false
}
