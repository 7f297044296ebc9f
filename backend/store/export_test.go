package store

// Cramp lets the store take a dozen jobs for many, so that a test with few
// meets the ways of many.
func Cramp(s *Store) { s.few, s.many = 12, 12 }

// Leap lets the next jobs have numbers that are so much higher, so that a test with
// few jobs meets the ways of a long history.
func Leap(s *Store, by int) { s.nextNumbers(by) }
