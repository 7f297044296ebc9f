package store

// Cramp lets the store take a dozen jobs for many, so that a test with few
// meets the ways of many.
func Cramp(s *Store) { s.few, s.many = 12, 12 }
