package server

import (
	"net/http"
	"slices"
	"time"
)

// RetryAfter answers the pause that an answer asks for.
func RetryAfter(header http.Header, now time.Time) time.Duration { return retryAfter(header, now) }

// Candidates answers the addresses at which the server of a reference is looked
// for, first and then.
func (c *Client) Candidates(reference string) (addresses []string, err error) {
	named, usual, err := c.candidates(reference)
	for _, address := range slices.Concat(named, usual) {
		addresses = append(addresses, address.String())
	}
	return addresses, err
}
