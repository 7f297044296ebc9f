package main

import (
	"fmt"
	"io"
	"slices"
	"sync"
	"text/tabwriter"
)

// record is what was done and found.
type record struct {
	mu   sync.Mutex
	part string   // guarded by mu
	rows []*row   // guarded by mu
	told []string // guarded by mu; what was not as promised
}

// row is one line of the table.
type row struct {
	part, what string
	times      int
	wrong      int
	note       string
}

// shown is how many of one kind of findings are printed.
const shown = 5

func (r *record) begin(part string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.part = part
}

// did counts what was done or looked at.
func (r *record) did(what string, times int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.row(what).times += times
}

// wrong is a promise that was not kept.
func (r *record) wrong(what, format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	at := r.row(what)
	at.wrong++
	if at.wrong <= shown {
		finding := fmt.Sprintf("FOUND %s: %s: %s", r.part, what, fmt.Sprintf(format, args...))
		fmt.Println(finding)
		r.told = append(r.told, finding)
	}
}

// skipped says aloud what could not be done here.
func (r *record) skipped(what, why string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.row(what).note = "SKIPPED: " + why
	fmt.Printf("SKIPPED %s: %s: %s\n", r.part, what, why)
}

// row answers the row of the part under way. The caller holds mu.
func (r *record) row(what string) *row {
	at := slices.IndexFunc(r.rows, func(row *row) bool { return row.part == r.part && row.what == what })
	if at < 0 {
		at = len(r.rows)
		r.rows = append(r.rows, &row{part: r.part, what: what})
	}
	return r.rows[at]
}

// found answers how much was not as promised.
func (r *record) found() (n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, row := range r.rows {
		n += row.wrong
	}
	return n
}

// print writes the table, and below it once more what was not as promised,
// which a long run has left far behind.
func (r *record) print(out io.Writer) {
	r.mu.Lock()
	defer r.mu.Unlock()
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "part\twhat\ttimes\twrong\t")
	for _, row := range r.rows {
		_, _ = fmt.Fprintf(table, "%s\t%s\t%d\t%d\t%s\n", row.part, row.what, row.times, row.wrong, row.note)
	}
	_ = table.Flush()
	for _, finding := range r.told {
		_, _ = fmt.Fprintln(out, finding)
	}
}
