package cli

import (
	"io"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"

	"nectar/backend/engine"
	"nectar/backend/task"
	"nectar/backend/wire"
)

// The steps of progress where there is no terminal: a line when so much, or
// so long, has passed.
const (
	lineSteps = 10 // lines from 0 to 100 %
	lineEvery = 10 * time.Second
)

// progress shows how jobs get on: a bar on a terminal, lines elsewhere,
// nothing with --json.
type progress struct {
	face *face
	seen map[int64]*seen
	bar  *progressbar.ProgressBar
	of   int64 // the job that the bar is of
}

// seen is what was shown of a job.
type seen struct {
	named   bool
	due     string // when it begins that is planned for later
	waiting string
	step    int64
	at      time.Time
}

func newProgress(f *face) *progress { return &progress{face: f, seen: map[int64]*seen{}} }

// show shows a job as it is now.
func (p *progress) show(live engine.Live) error {
	if p.face.json {
		return nil
	}
	j := p.face.maker.Job(live)
	s := p.seen[live.Number]
	if s == nil {
		s = &seen{}
		p.seen[live.Number] = s
	}
	if err := p.words(j, s); err != nil {
		return err
	}
	if live.State != task.Running || live.Total <= 0 {
		return nil
	}
	if p.face.env.Terminal {
		return p.draw(live, j)
	}
	return p.line(j, s)
}

// words says once which job it is, and what it waits for when that changes.
func (p *progress) words(j wire.Job, s *seen) error {
	if !s.named {
		s.named = true
		if err := p.face.print(p.face.jobName(j)); err != nil {
			return err
		}
	}
	if due := local(j.ScheduledDatetime); j.Status == "SCHEDULED" && due != s.due {
		s.due = due
		p.hide()
		if err := p.face.print(p.face.say.text("begins_later", "time", due, "id", j.ID)); err != nil {
			return err
		}
	}
	waiting := ""
	if j.Waiting != nil {
		waiting = p.face.maker.WaitText(*j.Waiting)
	}
	if waiting == s.waiting {
		return nil
	}
	s.waiting = waiting
	p.hide()
	return p.face.print(plain(waiting))
}

// line writes a line when there is something new to say.
func (p *progress) line(j wire.Job, s *seen) error {
	step := int64(j.Percentage * lineSteps)
	now := time.Now()
	if step == s.step && now.Sub(s.at) < lineEvery {
		return nil
	}
	s.step, s.at = step, now
	return p.face.print("  " + p.face.percent(j) + " %  " + p.face.pace(j))
}

// permille is the length of the bar in steps.
const permille = 1000

// draw moves the bar. While several jobs run it is that of the first of them.
func (p *progress) draw(live engine.Live, j wire.Job) error {
	if p.bar != nil && p.of != live.Number {
		return nil
	}
	if p.bar == nil {
		p.of = live.Number
		p.bar = progressbar.NewOptions64(permille,
			progressbar.OptionSetWriter(p.face.env.Stdout),
			progressbar.OptionSetWidth(barWidth(p.face.env.Width)),
			progressbar.OptionSetElapsedTime(false),
			progressbar.OptionSetPredictTime(false),
			progressbar.OptionShowDescriptionAtLineEnd(),
			progressbar.OptionUseANSICodes(true),
			progressbar.OptionClearOnFinish(),
		)
	}
	p.bar.Describe(p.face.pace(j))
	// The last step would finish the bar; the job's end does that.
	return p.bar.Set64(min(int64(j.Percentage*permille), permille-1))
}

// barWidth leaves room for the words behind the bar.
func barWidth(columns int) int {
	if columns <= 0 {
		columns = 80
	}
	return min(max(columns-60, 10), 40)
}

// hide takes the bar away, so that a line can be written in its place.
func (p *progress) hide() {
	if p.bar == nil {
		return
	}
	_ = p.bar.Exit()
	_, _ = io.WriteString(p.face.env.Stdout, "\r\x1b[K")
	p.bar = nil
}

// pace says how much is done, how fast it goes, and how long it will take.
func (f *face) pace(j wire.Job) string {
	amount := f.say.number
	if j.Unit == string(task.Bytes) {
		amount = f.say.bytes
	}
	parts := []string{f.say.text("of", "part", amount(j.Progress), "whole", amount(j.TotalProgress))}
	if j.Rate > 0 {
		parts = append(parts, f.say.text("rate", "amount", amount(int64(j.Rate))))
	}
	if j.RemainingSeconds != nil {
		left := time.Duration(*j.RemainingSeconds * float64(time.Second))
		parts = append(parts, f.say.text("left", "time", clock(left)))
	}
	return strings.Join(parts, ", ")
}
