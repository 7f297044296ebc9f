package wire

// Job is one job as scripts and the window see it. Times are RFC 3339 in UTC
// with milliseconds, null when unset; sizes are bytes.
type Job struct {
	ID                string         `json:"id"`
	Type              string         `json:"type"`
	Status            string         `json:"status"` // PENDING SCHEDULED QUEUED SELECTED RUNNING PAUSED CANCELING CANCELED FAILED COMPLETED
	Queue             string         `json:"queue"`
	Priority          string         `json:"priority"` // high, regular or low
	Args              map[string]any `json:"args"`
	ExtraMetadata     map[string]any `json:"extra_metadata"`
	Result            any            `json:"result"`
	Unit              string         `json:"unit"` // bytes, files, items or "" of the progress
	Progress          int64          `json:"progress"`
	TotalProgress     int64          `json:"total_progress"`
	Percentage        float64        `json:"percentage"`            // 0 to 1
	Rate              float64        `json:"rate"`                  // units a second, smoothed; 0 when not running
	RemainingSeconds  *float64       `json:"remaining_seconds"`     // null while it means nothing
	Cancellable       bool           `json:"cancellable"`           // can be cancelled now
	Pausable          bool           `json:"pausable"`              // can be paused now
	Clearable         bool           `json:"clearable"`             // can be cleared now
	Restartable       bool           `json:"restartable"`           // can be restarted now
	Installed         bool           `json:"installed"`             // its task is registered
	Interrupted       bool           `json:"interrupted,omitempty"` // the program ended while it ran, and has not begun again since: its status is the stored one
	Waiting           *Waiting       `json:"waiting"`
	Exception         *string        `json:"exception"` // stable code of the failure
	Error             *string        `json:"error"`     // the sentence
	Advice            *string        `json:"advice"`    // what to do
	Traceback         string         `json:"traceback"` // technical detail
	ScheduledDatetime *string        `json:"scheduled_datetime"`
	Repeat            *int64         `json:"repeat"` // 0 none, null for ever
	RepeatInterval    int64          `json:"repeat_interval"`
	Cron              string         `json:"cron"`
	SeriesCanceled    bool           `json:"series_canceled,omitempty"` // it is not due again by its rule, which is kept for a restart
	CatchUp           string         `json:"catch_up"`
	RetryInterval     *int64         `json:"retry_interval"`
	MaxRetries        *int64         `json:"max_retries"`
	Attempts          int64          `json:"attempts"`
	LastOutcome       *string        `json:"last_outcome"`
	StartedBy         string         `json:"started_by"`
	StartedByName     string         `json:"started_by_name"`
	RequestID         *string        `json:"request_id"`
	Created           string         `json:"created"`
	Started           *string        `json:"started"`
	Finished          *string        `json:"finished"`
	StatusTitle       string         `json:"status_title"`
	StatusText        string         `json:"status_text"`
	ProblemCount      int64          `json:"problem_count"`
	ProblemsOnly      bool           `json:"problems_only,omitempty"` // its attempt is, or was until it was stopped, for the items alone that failed before: "retry problems" goes on with them
}

// Waiting says what a queued job waits for: a thing of the world, or, with the
// code "after_others", for as many jobs as item says that go before it on the
// same channel or drive. A job of any state waits with the code "disk_full" or
// "disk_trouble" while what became of it cannot be stored.
type Waiting struct {
	Code  string `json:"code"`
	Item  string `json:"item"`
	Since string `json:"since"`
	// NextIn is in how many seconds it is looked at next, where that is known.
	NextIn *int `json:"next_in,omitempty"`
}

// JobDetail is a job with its problems, attempts and log: the answer of
// "jobs show", and of a command that waited for its job.
type JobDetail struct {
	Job

	Problems []Problem `json:"problems"` // the first 1,000
	History  []Attempt `json:"history"`
	Log      []LogLine `json:"log"`
}

// Problem is one item of a job that failed without failing the job.
type Problem struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Item    string `json:"item"`
}

// Attempt is one execution of a job.
type Attempt struct {
	Attempt   int64   `json:"attempt"`
	Started   string  `json:"started"`
	Finished  *string `json:"finished"`
	Outcome   *string `json:"outcome"`
	Exception *string `json:"exception"`
	Error     *string `json:"error"`
}

// LogLine is one line that a job wrote while it ran.
type LogLine struct {
	Time    string `json:"time"`
	Level   string `json:"level"` // debug, info, warn or error
	Message string `json:"message"`
}

// JobPage is a page of a list of jobs. Counts obey every filter but the state.
type JobPage struct {
	Jobs    []Job            `json:"jobs"`
	Next    *string          `json:"next"`
	Counts  map[string]int64 `json:"counts"`
	Partial bool             `json:"partial,omitempty"` // a search that took long stopped here: next goes on, and counts are of this part
}

// Queue is a queue with how many of its jobs are in each state.
type Queue struct {
	Name        string           `json:"name"`
	Paused      bool             `json:"paused"`
	PausedSince *string          `json:"paused_since"`
	Counts      map[string]int64 `json:"counts"`
}

// Schedule is a job that is due later or again.
type Schedule struct {
	Job

	NextRuns []string `json:"next_runs"` // at most three; none while it is paused
}

// SchedulePage is a page of schedules, the next one due first.
type SchedulePage struct {
	Schedules []Schedule `json:"schedules"`
	Next      *string    `json:"next"`
}
