package channel

import (
	"fmt"
	"strings"
)

// ID names a channel: 32 lower-case hexadecimal digits, a UUID without
// hyphens.
type ID string

// NodeID names a topic or resource at its place in one channel: 32 lower-case
// hexadecimal digits.
type NodeID string

// ParseID reads a channel id. Hyphens and capitals, as people copy them, are
// understood; anything else is refused.
func ParseID(text string) (ID, error) {
	id := strings.ToLower(strings.ReplaceAll(strings.TrimSpace(text), "-", ""))
	if !IsID(id) {
		return "", fmt.Errorf("channel id %q: want 32 hexadecimal digits", text)
	}
	return ID(id), nil
}

// ParseNodeID reads a node id by the rules of ParseID.
func ParseNodeID(text string) (NodeID, error) {
	id, err := ParseID(text)
	if err != nil {
		return "", fmt.Errorf("node id %q: want 32 hexadecimal digits", text)
	}
	return NodeID(id), nil
}

// IsID reports whether an id is written exactly as Kolibri writes it: 32
// lower-case hexadecimal digits.
//
// It looks at all of them without a branch: whether the next of a million of random
// digits is a letter is what a processor guesses wrong every other time.
func IsID(s string) bool {
	if len(s) != 32 {
		return false
	}
	var wrong byte
	for i := range 32 {
		wrong |= noDigit[s[i]]
	}
	return wrong == 0
}

// noDigit holds 0 for the bytes that are hexadecimal digits in lower case, and 1 for
// all others.
var noDigit = func() (table [256]byte) {
	for c := range table {
		if !strings.ContainsRune("0123456789abcdef", rune(c)) {
			table[c] = 1
		}
	}
	return table
}()
