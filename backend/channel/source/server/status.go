package server

import (
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// maxRetryAfter bounds the pause that a server may ask for: a job that waits
// longer waits without a worker, and looks itself whether the server is there.
const maxRetryAfter = 30 * time.Second

// statusError is an answer of another status than was hoped for.
type statusError struct {
	status int
	after  time.Duration // that the server asks to be left alone for
}

func statusOf(response *http.Response) *statusError {
	return &statusError{response.StatusCode, retryAfter(response.Header, time.Now())}
}

// retryAfter answers the pause that a server asks for, in seconds or until a
// time, within its bound.
func retryAfter(header http.Header, now time.Time) time.Duration {
	asked := header.Get("Retry-After")
	if seconds, err := strconv.ParseUint(asked, 10, 31); err == nil {
		return min(time.Duration(seconds)*time.Second, maxRetryAfter)
	}
	if until, err := http.ParseTime(asked); err == nil {
		return max(0, min(until.Sub(now), maxRetryAfter))
	}
	return 0
}

func (e *statusError) Error() string { return fmt.Sprintf("answered with status %d", e.status) }

// busy reports whether the answer may be another one soon.
func (e *statusError) busy() bool {
	return e.status >= 500 || e.status == http.StatusTooManyRequests || e.status == http.StatusRequestTimeout
}

// absent reports whether the server says that it does not have the thing.
func (e *statusError) absent() bool {
	return e.status == http.StatusNotFound || e.status == http.StatusGone
}
