package store

import (
	"strings"

	"nectar/backend/task"
)

// Cramp lets the store take a dozen jobs for many, so that a test with few
// meets the ways of many.
func Cramp(s *Store) { s.few, s.many = 12, 12 }

// Leap lets the next jobs have numbers that are so much higher, so that a test with
// few jobs meets the ways of a long history.
func Leap(s *Store, by int) { s.nextNumbers(by) }

// Differing answers the names of the columns in which the jobs differ, and of those that
// differ when each is looked at by itself.
func Differing(a, b *task.Job) (found, plainly []string) {
	mask := differing(a, b)
	for i := range columns {
		if mask&(1<<i) != 0 {
			found = append(found, columns[i].name)
		}
		if !columns[i].same(a, b) {
			plainly = append(plainly, columns[i].name)
		}
	}
	return found, plainly
}

// Inserted answers the columns of an insertion, in the order in which they are handed over.
func Inserted() []string {
	text := insertion{filled: ^uint64(0) >> (64 - len(columns)), rows: 1}.statement()
	_, text, _ = strings.Cut(text, "(")
	text, _, _ = strings.Cut(text, ")")
	return strings.Split(text, ", ")
}
