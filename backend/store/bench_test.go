package store_test

import (
	"testing"

	"nectar/backend/task"
)

// history is a store with so many jobs at rest.
const history = 100_000

// alikes answers so many drafts that are alike.
func alikes(n int, change ...func(*task.Job)) []task.Draft {
	drafts := make([]task.Draft, n)
	for i := range drafts {
		drafts[i] = queued(change...)
	}
	return drafts
}

// BenchmarkInsert stores a thousand jobs in one transaction.
func BenchmarkInsert(b *testing.B) {
	s, _ := fresh(b)
	drafts := alikes(1000)
	for b.Loop() {
		insert(b, s, drafts...)
	}
	b.ReportMetric(float64(b.N)*1000/b.Elapsed().Seconds(), "jobs/s")
}

func BenchmarkList(b *testing.B) {
	s, _ := fresh(b)
	done := func(j *task.Job) { j.State, j.Started, j.Finished = task.Completed, noon, noon }
	for range history / 10_000 {
		insert(b, s, alikes(10_000, done)...)
	}
	own := task.Readable{Own: []string{"maths.add"}, Person: "t"}
	for _, c := range []struct {
		name   string
		filter task.Filter
		page   task.Page
	}{
		{"newest", task.Filter{Readable: everything}, task.Page{Limit: 50}},
		{"newest of a person", task.Filter{Readable: own}, task.Page{Limit: 50}},
		{"last finished", task.Filter{Readable: everything}, task.Page{Limit: 50, Sort: "-finished"}},
		{"search", task.Filter{Readable: everything, Search: words("nowhere")}, task.Page{Limit: 50}},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				if _, err := s.List(b.Context(), c.filter, c.page); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
