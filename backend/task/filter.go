package task

import (
	"time"

	"nectar/backend/fault"
)

// Filter chooses jobs of a list. An empty field chooses all.
type Filter struct {
	States    []State
	Task      string
	Queue     string
	Group     string // jobs that were asked for together
	Repeating bool   // only jobs that are due again
	Planned   bool   // only jobs that are due later or again
	Search    []Word // each of them is a word of the job
	Since     time.Time
	Until     time.Time // created in [Since, Until)
	Readable  Readable
}

// Word is what somebody looks for. It is a word of the jobs in which its text is found,
// and of those of which it is said.
type Word struct {
	Text     string       // in the arguments, metadata, task or error
	Tasks    []string     // said of every job of these
	States   []State      // said of every job in these
	Failures []fault.Code // said of every job whose failure is one of these
}

// Readable limits a list to what one person may read. The zero Readable
// allows nothing.
type Readable struct {
	All    bool     // everything but the jobs of Hidden, also jobs of tasks that are not installed
	Hidden []string // of All: no job of these, unless of Own
	Tasks  []string // every job of these
	Own    []string // of these, those that the person started
	Person string
}

// Page asks for a part of a list. Jobs that have not started or ended yet sort as if that
// were longest ago, and so do those at rest by when they are due: they are due no more.
type Page struct {
	Sort  string // "created", "started", "finished" or "due"; a leading "-" puts the latest first; "" is "-created"
	Limit int
	After string // the cursor of the page before
}

// Listed is a page of jobs. Counts obey every filter but the state.
type Listed struct {
	Jobs   []Job
	Next   string // the cursor of the next page; "" at the end
	Counts map[State]int64
	// Partial says that a search went through a part of the jobs alone, and
	// that the counts are of that part. Next goes on after it.
	Partial bool
}

// Draft is a job about to be stored. Who stores it makes the job what is stored.
type Draft struct {
	Job *Job
	// More says how many more jobs are to be stored that are as this one. Only of a job
	// that is new whatever is stored may there be more.
	More  int
	IfNot bool // answer the twin (same task, same arguments) that waits or runs, if there is one
	// Reads tells which twins may be answered; nil for all. For one that may not
	// there might as well be none.
	Reads func(*Job) bool
	// Stored, if set, is called with a job that is new, before anybody can
	// read it. It must not wait. The change can still fail.
	Stored func(Job)
}

// Place is where a QUEUED job stands among those of its priority.
type Place struct {
	Rank   int64
	Due    time.Time
	Number int64
	// Turn is the number of a job in turn that stands here or before, if one is known: the
	// later it is, the less is looked through for what comes after the place.
	Turn int64
}

// Inserted is a job as stored. Found reports that it was there before: the
// twin of a draft, or the job of the same request id. More is as in the draft: so many
// more differ from it in nothing but the numbers, which follow.
type Inserted struct {
	*Job

	Found bool
	More  int
}
