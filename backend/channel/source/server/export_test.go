package server

import (
	"net/http"
	"time"
)

// RetryAfter answers the pause that an answer asks for.
func RetryAfter(header http.Header, now time.Time) time.Duration { return retryAfter(header, now) }
