package task

import (
	"encoding/json"
	"strconv"
	"time"

	"nectar/backend/fault"
)

// ID names a job. Most jobs are numbered in the order of their creation, so
// that people can say a job's name aloud; a task with a fixed job id has that
// text instead, which is never a number.
type ID string

// Number answers the number of a numbered job.
func (id ID) Number() (int64, bool) {
	n, err := strconv.ParseInt(string(id), 10, 64)
	return n, err == nil && n > 0
}

// Job is one persisted request to run a task, with all that is known of it.
// A Job is a plain value: it is changed inside a change of the store, and
// copies of it are handed out.
type Job struct {
	ID       ID
	Number   int64 // order of creation, unique
	Task     string
	State    State
	Queue    string
	Priority Priority
	Rank     int64 // below 0: placed before the others of its priority, lowest first
	// InTurn is the storage's own: of the REGULAR jobs of which it is true those with lower
	// numbers come first.
	InTurn   bool
	Args     json.RawMessage
	Metadata json.RawMessage // a JSON object shown to people
	Result   json.RawMessage

	Unit        Unit
	Progress    int64
	Total       int64 // 0 while unknown
	Cancellable bool  // as the running function set it last
	Checkpoint  json.RawMessage
	Waiting     *Waiting
	Problems    int64 // items that failed in the last attempt
	ProblemsOf  int64 // the attempt whose failed items alone the next or present attempt is for; 0: all items
	// ProblemsCode narrows ProblemsOf down to the items with this code; "": all of
	// them. It means nothing while ProblemsOf is 0.
	ProblemsCode fault.Code

	Due      time.Time
	Since    time.Time // when it began to wait for Due, by the same clock
	Wall     bool      // it waits for Due as a moment of the wall clock; otherwise Due is the end of a delay
	Planned  time.Time // the time of its schedule that this run is for, or, of a cron rule, the next that none stands for yet
	Extra    bool      // this run was asked for before its time: the planned one is still to come
	Schedule Schedule
	// SeriesCanceled says that the series was cancelled: the job is not due again by its
	// schedule, which is kept for a restart.
	SeriesCanceled bool

	Attempts      int64
	Retries       int64 // of the present run
	Interruptions int64 // deaths of the program in a row, with no progress stored between
	Outcome       Outcome
	Failure       *Failure

	ExclusiveKey string
	Resource     string

	StartedBy     string
	StartedByName string
	RequestID     string

	Created  time.Time
	Started  time.Time // of the last attempt; zero before the first
	Finished time.Time // of the last attempt; zero before its end
}

// Repeats reports whether the job is due again after a run, unless something ends it before.
func (j *Job) Repeats() bool { return j.Schedule.Repeats() && !j.SeriesCanceled }

// Move changes the state. It refuses what CanMove refuses.
func (j *Job) Move(to State) error {
	if !CanMove(j.State, to) {
		return fault.New(fault.IllegalMove, "id", string(j.ID), "state", j.State.String(), "action", to.String())
	}
	j.State = to
	return nil
}

// Unit says what a job's progress counts.
type Unit string

// The units.
const (
	NoUnit Unit = "" // the task tracks no progress
	Bytes  Unit = "bytes"
	Files  Unit = "files"
	Items  Unit = "items"
)

// Waiting says what of the world a QUEUED job waits for.
type Waiting struct {
	Need

	Since time.Time
}

// Outcome says how an attempt ended.
type Outcome string

// The outcomes.
const (
	NoOutcome          Outcome = ""
	OutcomeCompleted   Outcome = "completed"
	OutcomeFailed      Outcome = "failed"
	OutcomeCanceled    Outcome = "canceled"
	OutcomePaused      Outcome = "paused"
	OutcomeInterrupted Outcome = "interrupted" // the program stopped or died
	OutcomeRetried     Outcome = "retried"     // the function asked to be run again later
	OutcomeWaiting     Outcome = "waiting"     // the function asked to wait for a thing of the world
)

// Failure is why an attempt failed, without words: code and values.
type Failure struct {
	Code   fault.Code
	Params fault.Params
	Detail string // technical, with the stack of a panic
}

// FailureOf makes the failure of an error.
func FailureOf(err error) *Failure {
	f := fault.Of(err)
	return &Failure{Code: f.Code, Params: f.Params, Detail: err.Error()}
}

// Attempt is one execution of a job.
type Attempt struct {
	Number   int64 // from 1
	Started  time.Time
	Finished time.Time // zero while it runs
	Outcome  Outcome
	Failure  *Failure
}

// Problem is one item that failed without failing its job.
type Problem struct {
	Code   fault.Code
	Params fault.Params
	Item   string
}

// LogLine is one line that a job wrote.
type LogLine struct {
	Time    time.Time
	Level   string // debug, info, warn or error
	Message string
}
