package main

import (
	"bytes"
	"encoding/json"
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

	Args json.RawMessage `json:"args"`
}

// fate is what is known of one job.
type fate struct {
	told
	// open says that what became of the job is not known: something was asked of
	// it whose answer never came, or several callers asked at once, whose answers
	// may have come in another order.
	open  bool
	gone  bool // it was removed, on demand
	runs  int  // how often a run was asked for
	asked int  // how many ask something of it right now
	since int  // the moment of the ledger when this became known
}

// ledger is what callers were told. Two callers may speak of one job: who asks
// for what is asked for already is answered the job that is there. Its methods
// may be called concurrently.
type ledger struct {
	mu    sync.Mutex
	now   int              // guarded by mu; counts what happens
	fates map[string]*fate // guarded by mu
	// unanswered are the request ids of jobs that may have been stored or not.
	unanswered map[string]bool // guarded by mu
}

func newLedger() *ledger { return &ledger{fates: map[string]*fate{}, unanswered: map[string]bool{}} }

// moment answers when something is begun to be asked.
func (l *ledger) moment() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.now++
	return l.now
}

// answered notes what the program said to who began to ask at a moment.
func (l *ledger) answered(begun int, jobs ...told) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, j := range jobs {
		l.now++
		f := l.fates[j.ID]
		if f == nil {
			f = &fate{runs: 1}
			l.fates[j.ID] = f
		}
		f.told, f.open, f.since = j, f.since > begun || f.asked > 0, l.now
		delete(l.unanswered, j.RequestID)
	}
}

// question is something that is asked of a job. It ends with the answer.
type question struct {
	ledger *ledger
	fate   *fate // nil of a job that nobody knows any more
	begun  int
	before bool // what was asked earlier is open
}

// asking notes that something is asked of a job, which runs it again or not.
func (l *ledger) asking(id string, runs bool) question {
	begun := l.moment()
	l.mu.Lock()
	defer l.mu.Unlock()
	f := l.fates[id]
	if f == nil {
		return question{ledger: l, begun: begun}
	}
	q := question{l, f, begun, f.open}
	f.open = true
	f.asked++
	if runs {
		f.runs++
	}
	return q
}

// ended notes that the question has its answer, or never gets one.
func (q question) ended() {
	q.ledger.mu.Lock()
	defer q.ledger.mu.Unlock()
	if q.fate != nil {
		q.ledger.now++
		q.fate.asked--
	}
}

// refused notes that it was not done.
func (q question) refused() {
	q.ended()
	q.ledger.mu.Lock()
	defer q.ledger.mu.Unlock()
	if f := q.fate; f != nil && f.since <= q.begun { // else another answer said what is known
		f.open = q.before || f.asked > 0
	}
}

// lost notes that the answer never came. What was begun before is older than
// whatever it did.
func (q question) lost() {
	q.ended()
	q.ledger.mu.Lock()
	defer q.ledger.mu.Unlock()
	if q.fate != nil {
		q.fate.open, q.fate.since = true, q.ledger.now
	}
}

// done notes what the program said.
func (q question) done(jobs ...told) {
	q.ended()
	q.ledger.answered(q.begun, jobs...)
}

// waited notes that a command asked for work with a channel and waited for it, or
// died before it could: a job of that channel that was paused may have gone on.
func (l *ledger) waited(channel string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.now++
	for _, f := range l.fates {
		if f.Status == "PAUSED" && bytes.Contains(f.Args, []byte(channel)) {
			f.open, f.since = true, l.now
		}
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
