package task

// Step is a change of one job that was decided from what its state and
// attempt were known to be. It is stored only if they still are.
type Step struct {
	Before  Job
	Through State // a state passed within the step; Pending for none
	After   Job
	Done    bool // it was stored; set by who stores it
}

// Legal reports whether each move of the step is one that CanMove allows.
func (s *Step) Legal() bool {
	if s.Through == Pending {
		return CanMove(s.Before.State, s.After.State)
	}
	return CanMove(s.Before.State, s.Through) && CanMove(s.Through, s.After.State)
}
