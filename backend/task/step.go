package task

// Step is a change of one job that was decided from what its state and
// attempt were known to be. It is stored only if they still are.
type Step struct {
	Before  *Job     // nobody changes it any more
	Through [2]State // the states passed within the step, in order; Pending for none
	After   Job
	Done    bool // it was stored; set by who stores it
}

// Legal reports whether each move of the step is one that CanMove allows.
func (s *Step) Legal() bool {
	state := s.Before.State
	for _, next := range s.Through {
		if next == Pending {
			continue
		}
		if !CanMove(state, next) {
			return false
		}
		state = next
	}
	return CanMove(state, s.After.State)
}
