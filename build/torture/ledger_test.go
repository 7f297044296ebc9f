package main

import "testing"

func TestTwoCallersSpeakOfOneJob(t *testing.T) {
	t.Parallel()
	said := func(status string) told {
		return told{ID: "7", Status: status, Args: []byte(`{"channel_id":"1ceff53605e55bef987d88e0908658c5"}`)}
	}
	knows := func(l *ledger) string {
		f := l.all()[0]
		if f.open {
			return "unknown"
		}
		return f.Status
	}
	for _, c := range []struct {
		name string
		do   func(l *ledger)
		want string
	}{
		{"one after the other, the last answer counts", func(l *ledger) {
			l.asking("7", false).done(said("PAUSED"))
			l.asking("7", false).done(said("QUEUED"))
		}, "QUEUED"},
		{"answers to both at once may have come in another order", func(l *ledger) {
			pause, resume := l.asking("7", false), l.asking("7", false)
			resume.done(said("QUEUED"))
			pause.done(said("PAUSED"))
		}, "unknown"},
		{"who joined the job before it was paused and hears of it late knows nothing", func(l *ledger) {
			begun := l.moment()
			l.asking("7", false).done(said("PAUSED"))
			l.answered(begun, said("QUEUED"))
		}, "unknown"},
		{"a refusal leaves what was known", func(l *ledger) {
			l.asking("7", false).done(said("PAUSED"))
			l.asking("7", false).refused()
		}, "PAUSED"},
		{"a refusal beside another question says nothing of that", func(l *ledger) {
			lost, refused := l.asking("7", false), l.asking("7", false)
			refused.refused()
			lost.lost()
		}, "unknown"},
		{"who waits for work with its channel lets a paused job go on", func(l *ledger) {
			l.asking("7", false).done(said("PAUSED"))
			l.waited("1ceff53605e55bef987d88e0908658c5")
		}, "unknown"},
		{"who waits for work with another channel does not", func(l *ledger) {
			l.asking("7", false).done(said("PAUSED"))
			l.waited("21ae1e2d3ecf5d1f97b1b7c4d3a9ee02")
		}, "PAUSED"},
		{"a pause that is asked for after the waiting counts", func(l *ledger) {
			l.waited("1ceff53605e55bef987d88e0908658c5")
			l.asking("7", false).done(said("PAUSED"))
		}, "PAUSED"},
		{"what is asked after a lost answer counts", func(l *ledger) {
			l.asking("7", false).lost()
			l.asking("7", false).done(said("CANCELED"))
		}, "CANCELED"},
	} {
		l := newLedger()
		l.answered(l.moment(), said("QUEUED"))
		c.do(l)
		if got := knows(l); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}
