package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
)

// table collects what was measured.
type table struct{ rows []row }

type row struct {
	what    string
	unit    string
	ours    float64
	others  string  // the peers, for people
	against string  // the peer of the ratio; "" for an absolute limit
	ratio   float64 // how well we do: 2 is twice as good; of an absolute limit, how often we fit in it
	limit   string
	met     string
}

// atLeast adds a rate that is to be so many times a peer's.
func (t *table) atLeast(what, unit string, rates map[string]float64, against string, times float64) {
	ours := rates[ours.name]
	r := row{what: what, unit: unit, ours: ours, others: listed(rates), against: against, ratio: ours / rates[against]}
	if times > 0 {
		r.limit, r.met = fmt.Sprintf("%.0f × %s", times, against), yesNo(r.ratio >= times)
		if bare, ok := rates[bareSQLite]; ok {
			r.limit += fmt.Sprintf(" = %s; %s %s", short(times*rates[against]), bareSQLite, short(bare))
		}
	}
	t.rows = append(t.rows, r)
}

// atMost adds a time that is to be at most so many times a peer's.
func (t *table) atMost(what, unit string, times map[string]float64, against string, most float64) {
	ours := times[ours.name]
	t.rows = append(t.rows, row{
		what: what, unit: unit, ours: ours, others: listed(times), against: against, ratio: times[against] / ours,
		limit: fmt.Sprintf("%.0f × %s", most, against), met: yesNo(ours <= most*times[against]),
	})
}

// within adds a value that has a limit of its own.
func (t *table) within(what, unit string, ours, limit float64) {
	t.rows = append(t.rows, row{what: what, unit: unit, ours: ours, ratio: limit / ours, limit: fmt.Sprintf("%g %s", limit, unit), met: yesNo(ours <= limit)})
}

func yesNo(yes bool) string {
	if yes {
		return "met"
	}
	return "NOT MET"
}

func listed(values map[string]float64) string {
	var parts []string
	for _, p := range []peer{backlitePeer, goqitePeer, riverPeer} {
		if v, ok := values[p.name]; ok {
			parts = append(parts, p.name+" "+short(v))
		}
	}
	return strings.Join(parts, ", ")
}

func short(v float64) string {
	switch {
	case v >= 10_000:
		return fmt.Sprintf("%.1fk", v/1000)
	case v >= 100:
		return fmt.Sprintf("%.0f", v)
	}
	return fmt.Sprintf("%.2f", v)
}

// text answers the table in Markdown.
func (t *table) text() string {
	var s strings.Builder
	s.WriteString("| what | Nectar | the others | ratio | limit | |\n| --- | --- | --- | --- | --- | --- |\n")
	for _, r := range t.rows {
		ratio := ""
		if r.against != "" {
			ratio = fmt.Sprintf("%.2f × %s", r.ratio, r.against)
		}
		fmt.Fprintf(&s, "| %s | %s %s | %s | %s | %s | %s |\n", r.what, short(r.ours), r.unit, r.others, ratio, r.limit, r.met)
	}
	return s.String()
}

// worseBy is from which part of its baseline on a ratio has become worse.
const worseBy = 0.8

// compare says which ratios got worse by a fifth since the baseline, or writes
// the baseline.
func (t *table) compare(path string, write bool) ([]string, error) {
	kept := map[string]float64{}
	text, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(text, &kept)
	}
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	var worse []string
	for _, r := range t.rows {
		name := strings.TrimSpace(r.what + " " + r.against)
		if was, known := kept[name]; known && !write && r.ratio < worseBy*was {
			worse = append(worse, fmt.Sprintf("WORSE by a fifth or more: %s was %.2f, is %.2f", name, was, r.ratio))
		}
		kept[name] = float64(int(r.ratio*100)) / 100
	}
	if !write {
		return worse, nil
	}
	if text, err = json.MarshalIndent(kept, "", "\t"); err != nil {
		return nil, err
	}
	return nil, os.WriteFile(path, append(text, '\n'), 0o644) //nolint:gosec // for everybody
}
