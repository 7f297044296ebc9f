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
	if !isHex32(id) {
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

func isHex32(s string) bool {
	if len(s) != 32 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}
