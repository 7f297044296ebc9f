package store

import (
	"nectar/backend/task"
)

// Cramp lets the store take a dozen jobs for many, and a piece of a search for all that
// it has time for, so that a test with few jobs meets the ways of many.
func Cramp(s *Store) { s.few, s.many, s.look, s.piece, s.patience = 12, 12, 12, 300, 0 }

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

// Omitted answers the columns that an insertion does not name where they are empty, and in
// SQL what they have then.
func Omitted() map[string]string {
	omitted := map[string]string{}
	for i := range columns {
		if empty := columns[i].value(&noJob); isDefault(empty) {
			omitted[columns[i].name] = literal(empty)
		}
	}
	return omitted
}
