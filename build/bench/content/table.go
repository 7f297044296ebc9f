package main

import (
	"fmt"
	"strings"
)

// row is a line of the table.
type row struct {
	what, ours, beside string
	ratio, limit       float64 // of the peers' time, or seconds
	unit               string  // "s" for seconds
}

func (b *bench) add(r row) { b.rows = append(b.rows, r) }

// compare adds the ratio of the times to the fastest of the others.
func (b *bench) compare(what string, ours *contender, limit float64, others ...*contender) {
	var beside []string
	best := 0.0
	for _, other := range others {
		beside = append(beside, other.text())
		if _, middle, _ := spread(other.measured, seconds); best == 0 || middle < best {
			best = middle
		}
	}
	_, middle, _ := spread(ours.measured, seconds)
	b.add(row{what: what, ours: ours.text(), beside: strings.Join(beside, "; "), ratio: middle / best, limit: limit})
	b.memory(what, ours)
}

// absolute adds a time that has a limit of its own.
func (b *bench) absolute(what string, ours *contender, limit float64) {
	_, middle, _ := spread(ours.measured, seconds)
	b.add(row{what: what, ours: ours.text(), ratio: middle, limit: limit, unit: "s"})
	b.memory(what, ours)
}

func (b *bench) memory(what string, ours *contender) {
	_, _, most := spread(ours.measured, func(m measurement) float64 { return float64(m.memory) })
	b.add(row{what: what + ", memory at most", ours: fmt.Sprintf("%.0f MB", most/1e6), ratio: most / 1e6, limit: 100, unit: "MB"})
}

func (c *contender) text() string {
	low, middle, high := spread(c.measured, seconds)
	_, processor, _ := spread(c.measured, func(m measurement) float64 { return m.processor.Seconds() })
	return fmt.Sprintf("%s %.2f s (%.2f to %.2f), processor %.1f s", c.name, middle, low, high, processor)
}

func (b *bench) table() {
	fmt.Print("\n| what | Nectar | beside | ratio | limit | |\n| --- | --- | --- | --- | --- | --- |\n")
	for _, r := range b.rows {
		unit, verdict := "×", "met"
		if r.unit != "" {
			unit = r.unit
		}
		if r.ratio > r.limit {
			verdict = "NOT MET"
		}
		fmt.Printf("| %s | %s | %s | %.2f %s | %g %s | %s |\n", r.what, r.ours, r.beside, r.ratio, unit, r.limit, unit, verdict)
	}
}
