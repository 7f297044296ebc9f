package task

import (
	"iter"
	"slices"
	"strconv"
)

// Stored is jobs that were stored together, in the order in which they were asked for.
// Those that are alike are held once, so that to store many costs little memory. It is a
// plain value, and may be read by many at once.
type Stored struct{ runs []Inserted }

// StoredAs answers what was stored for the drafts of a request.
func StoredAs(inserted []Inserted) Stored { return Stored{inserted} }

// StoredJobs answers the jobs as stored together.
func StoredJobs(jobs ...Job) Stored {
	runs := make([]Inserted, len(jobs))
	for i := range jobs {
		runs[i].Job = &jobs[i]
	}
	return Stored{runs}
}

// First answers the job that was asked for first; there is one.
func (s Stored) First() Job { return *s.runs[0].Job }

// All answers the jobs one by one.
func (s Stored) All() iter.Seq[Job] {
	return func(yield func(Job) bool) {
		for i := range s.runs {
			for j := range s.runs[i].Each() {
				if !yield(j) {
					return
				}
			}
		}
	}
}

// Jobs answers a copy of all.
func (s Stored) Jobs() []Job {
	n := 0
	for i := range s.runs {
		n += 1 + s.runs[i].More
	}
	return slices.AppendSeq(slices.Grow([]Job(nil), n), s.All())
}

// Each answers the job and then those that are like it.
func (i Inserted) Each() iter.Seq[Job] {
	return func(yield func(Job) bool) {
		if !yield(*i.Job) {
			return
		}
		j := *i.Job
		for range i.More {
			j.Number++
			j.ID = NumberID(j.Number)
			if !yield(j) {
				return
			}
		}
	}
}

// NumberID names a job by its number.
func NumberID(number int64) ID { return ID(strconv.FormatInt(number, 10)) }
