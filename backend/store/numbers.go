package store

import (
	"context"
	"fmt"
)

// lastNumber is the highest number that a job has or had.
const lastNumber = "max(coalesce((SELECT max(number) FROM jobs), 0), (SELECT gone FROM job_numbers))"

// nextNumbers gives new jobs their numbers: the first of so many. No number is
// given twice; one whose job was not stored in the end is left out. It is for
// whoever has the writer's turn.
func (s *Store) nextNumbers(n int) int64 {
	s.last += int64(n)
	return s.last - int64(n) + 1
}

// learnLast reads up to where numbers were given.
func (s *Store) learnLast(ctx context.Context) error {
	if err := s.db.Reader().QueryRowContext(ctx, "SELECT "+lastNumber).Scan(&s.last); err != nil {
		return fmt.Errorf("read the last number of a job: %w", err)
	}
	return nil
}
