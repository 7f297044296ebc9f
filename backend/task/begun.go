package task

// Begun is a job whose function is under way although it is not stored that it runs, and
// how many attempts it had before.
type Begun struct{ Number, Attempts int64 }
