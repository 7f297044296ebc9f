package main

import (
	"fmt"
	"os"
	"time"

	"nectar/backend/store"
	"nectar/backend/task"
)

// pages measures lists of the history. Of each kind the slowest page counts.
func (b *bench) pages(p past, of string) error {
	st, err := store.Open(b.ctx, p.path, store.Options{})
	if err != nil {
		return err
	}
	defer func() { _ = st.Close() }()
	filters := p.filters()
	for _, kind := range []struct {
		name    string
		filters []task.Filter
		sorts   []string
		limit   float64
		times   int // the shorter a page takes, the more else shows in it
	}{
		{"by state, task, queue, time", filters.plain, []string{"-created", "created"}, 5, 25},
		{"the same in the order of their ends", filters.plain, []string{"-finished", "finished"}, 5, 25},
		{"the same in the order of their starts and of when they are due", filters.plain, []string{"-started", "started", "-due", "due"}, 5, 25},
		{"by text", filters.text, []string{"-created", "-finished"}, 200, 5},
	} {
		slowest := 0.0
		for _, sort := range kind.sorts {
			for _, filter := range kind.filters {
				took, err := b.page(st, filter, sort, kind.times)
				if err != nil {
					return err
				}
				if took > kind.limit {
					fmt.Fprintf(os.Stderr, "slow page: %.1f ms by %s: %+v\n", took, sort, filter)
				}
				slowest = max(slowest, took)
			}
		}
		b.table.within("slowest page of "+of+", "+kind.name, "ms", slowest, kind.limit)
	}
	return b.counts(st, p.jobs, "counts by state of "+of)
}

// filters are what lists are asked for.
type filters struct{ plain, text []task.Filter }

func (p past) filters() filters {
	everything := task.Readable{All: true}
	teacher := task.Readable{Own: []string{"content.export", "device.backup"}, Person: "person-1"}
	const day = 1.0 / 365
	since, until := p.at(1-200*day), p.at(1-170*day)
	nearlyAll, late := p.at(5*day), p.at(1-10*day)
	return filters{
		plain: []task.Filter{
			{Readable: everything},
			{Readable: everything, States: []task.State{task.Failed}},
			{Readable: everything, States: []task.State{task.Queued, task.Running}},
			{Readable: everything, States: []task.State{task.Canceled, task.Failed}, Task: "device.backup"},
			{Readable: everything, Task: "content.export"},
			{Readable: everything, Queue: "content", States: []task.State{task.Failed}},
			{Readable: everything, Task: "bench.nothing", Queue: "content"},
			{Readable: everything, Since: p.at(1 - 7*day)},
			{Readable: everything, Since: since, Until: until},
			{Readable: everything, Since: since, Until: until, States: []task.State{task.Canceled}, Queue: "device"},
			{Readable: everything, Until: p.at(1 - 300*day), Task: "device.backup", States: []task.State{task.Failed}},
			{Readable: everything, Since: since, Until: p.at(1 - 200*day + day/24)},
			{Readable: everything, Since: nearlyAll},
			{Readable: everything, Since: nearlyAll, Task: "content.export"},
			{Readable: everything, Since: nearlyAll, Until: late, States: []task.State{task.Failed}},
			{Readable: teacher, Since: nearlyAll, Until: late, States: []task.State{task.Completed}},
			{Readable: everything, Repeating: true},
			{Readable: everything, Planned: true},
			{Readable: teacher},
			{Readable: teacher, States: []task.State{task.Failed}},
		},
		text: []task.Filter{
			{Readable: everything, Search: words("nowhere", "to", "be", "found")},
			{Readable: everything, Search: words("rare", "needle")},
			{Readable: everything, Search: words("channel", "17")},
			{Readable: everything, Search: []task.Word{{Text: "Prüfung", Tasks: []string{"device.backup"}}}},
			{Readable: everything, Search: []task.Word{{Text: "Export", Tasks: []string{"content.export"}}, {Text: "Über"}, {Text: "Failed", States: []task.State{task.Failed}}}},
			{Readable: everything, Search: []task.Word{{Text: "Work", Tasks: []string{"content.diskimport", "content.export", "device.backup"}}}},
			{Readable: teacher, Search: words("stick-5"), States: []task.State{task.Completed}},
		},
	}
}

// counts measures how long it takes to count all jobs by their states.
func (b *bench) counts(st *store.Store, jobs int, what string) error {
	everything := task.Readable{All: true}
	var times []float64
	for range 11 {
		began := time.Now()
		counts, err := st.Counts(b.ctx, task.Filter{Readable: everything})
		if err != nil {
			return err
		}
		if counts[task.Completed] < int64(jobs/2) {
			return fmt.Errorf("the history has %v jobs", counts)
		}
		times = append(times, milliseconds(time.Since(began)))
	}
	b.table.within(what, "ms", median(times), 1)
	return nil
}

// words are what somebody looks for, none of it said of whole tasks.
func words(texts ...string) []task.Word {
	var all []task.Word
	for _, text := range texts {
		all = append(all, task.Word{Text: text})
	}
	return all
}

// page answers the median time of the first and the second page, which are asked for so
// often.
func (b *bench) page(st *store.Store, filter task.Filter, sort string, times int) (float64, error) {
	var first, second []float64
	for range times {
		began := time.Now()
		listed, err := st.List(b.ctx, filter, task.Page{Sort: sort, Limit: 50})
		if err != nil {
			return 0, err
		}
		first = append(first, milliseconds(time.Since(began)))
		if listed.Next == "" {
			continue
		}
		began = time.Now()
		if _, err := st.List(b.ctx, filter, task.Page{Sort: sort, Limit: 50, After: listed.Next}); err != nil {
			return 0, err
		}
		second = append(second, milliseconds(time.Since(began)))
	}
	took := median(first)
	if len(second) > 0 {
		took = max(took, median(second))
	}
	return took, nil
}
