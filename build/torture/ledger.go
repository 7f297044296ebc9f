package main

import (
	"sync"
	"time"
)

// told is what the program said of a job.
type told struct {
	ID        string     `json:"id"`
	Status    string     `json:"status"`
	Due       *time.Time `json:"scheduled_datetime"`
	Repeat    *int       `json:"repeat"`
	Cron      string     `json:"cron"`
	RequestID string     `json:"request_id"`
}

// fate is what is known of one job.
type fate struct {
	told
	// open says that something was asked of the job whose answer never came, so
	// that it may have been done or not.
	open bool
	gone bool // it was removed, on demand
	runs int  // how often a run was asked for
}

// ledger is what callers were told. Its methods may be called concurrently.
type ledger struct {
	mu    sync.Mutex
	fates map[string]*fate // guarded by mu
	// unanswered are the request ids of jobs that may have been stored or not.
	unanswered map[string]bool // guarded by mu
}

func newLedger() *ledger { return &ledger{fates: map[string]*fate{}, unanswered: map[string]bool{}} }

// answered notes what the program said.
func (l *ledger) answered(jobs ...told) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, j := range jobs {
		f := l.fates[j.ID]
		if f == nil {
			f = &fate{runs: 1}
			l.fates[j.ID] = f
		}
		f.told, f.open = j, false
		delete(l.unanswered, j.RequestID)
	}
}

// asking notes that something is asked of a job, which runs it again or not.
// What it answers notes that it was not done.
func (l *ledger) asking(id string, runs bool) (refused func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	f := l.fates[id]
	if f == nil {
		return func() {}
	}
	before := f.open // what was asked earlier may have been done all the same
	f.open = true
	if runs {
		f.runs++
	}
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		f.open = before
	}
}

// removed notes that a job was removed on demand.
func (l *ledger) removed(id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if f := l.fates[id]; f != nil {
		f.open, f.gone = false, true
	}
}

// forget drops the jobs, which were all removed.
func (l *ledger) forget(is func(*fate) bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for id, f := range l.fates {
		if is(f) {
			delete(l.fates, id)
		}
	}
}

// ask notes that a job is asked for under the request id.
func (l *ledger) ask(request string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.unanswered[request] = true
}

// declined notes that the job of the request id was not stored.
func (l *ledger) declined(request string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.unanswered, request)
}

// all answers what is known of every job.
func (l *ledger) all() []fate {
	l.mu.Lock()
	defer l.mu.Unlock()
	fates := make([]fate, 0, len(l.fates))
	for _, f := range l.fates {
		fates = append(fates, *f)
	}
	return fates
}

// open answers the request ids of which nobody knows what became.
func (l *ledger) open() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var found []string
	for id := range l.unanswered {
		found = append(found, id)
	}
	return found
}
