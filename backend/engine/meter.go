package engine

import "time"

// The meter smooths over this long, so that the shown rate and the time left
// do not jump with every file.
const (
	meterWindow = 10 * time.Second
	meterStep   = 250 * time.Millisecond // the samples are at least so far apart
	meterSettle = 3 * time.Second        // before this, the time left means nothing
)

// meter measures the rate of progress. The first value is where it starts:
// what was done before does not count as speed.
type meter struct {
	samples []sample
	began   time.Time
}

type sample struct {
	at   time.Time
	done int64
}

func (m *meter) add(now time.Time, done int64) {
	if len(m.samples) == 0 {
		m.began = now
	}
	last := len(m.samples) - 1
	if last >= 1 && now.Sub(m.samples[last-1].at) < meterStep {
		m.samples[last] = sample{now, done}
	} else {
		m.samples = append(m.samples, sample{now, done})
	}
	for len(m.samples) > 2 && now.Sub(m.samples[1].at) > meterWindow {
		m.samples = m.samples[1:]
	}
}

// rate answers units a second over the last ten seconds; 0 while unknown.
func (m *meter) rate(now time.Time) float64 {
	if len(m.samples) < 2 {
		return 0
	}
	first, last := m.samples[0], m.samples[len(m.samples)-1]
	seconds := now.Sub(first.at).Seconds()
	if seconds <= 0 || last.done <= first.done {
		return 0
	}
	return float64(last.done-first.done) / seconds
}

// remaining answers the seconds left; nil while that means nothing.
func (m *meter) remaining(now time.Time, done, total int64) *float64 {
	rate := m.rate(now)
	if rate <= 0 || total <= 0 || done > total || now.Sub(m.began) < meterSettle {
		return nil
	}
	seconds := float64(total-done) / rate
	return &seconds
}
