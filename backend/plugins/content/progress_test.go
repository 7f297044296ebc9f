package content_test

import (
	"testing"

	"nectar/backend/engine"
	"nectar/backend/task"
)

// watchProgress watches all jobs of the laptop until it stops: whatever a test
// is about, the progress of no attempt goes back, or beyond the whole.
func (l *laptop) watchProgress() {
	news, stopped, watched := l.Subscribe(), make(chan struct{}), make(chan struct{})
	w := progressWatch{t: l.t, seen: map[int64]engine.Live{}, said: map[int64]bool{}}
	go func() {
		defer close(watched)
		for {
			select {
			case <-news.News():
				w.look(news.Take())
			case <-stopped:
				w.look(news.Take())
				return
			}
		}
	}()
	l.t.Cleanup(func() {
		close(stopped)
		<-watched
		news.Close()
		if l.t.Failed() {
			return
		}
		for _, last := range w.seen {
			if last.State == task.Completed && last.Progress != last.Total {
				l.t.Errorf("%s: the progress ends at %d of %d", last.Task, last.Progress, last.Total)
			}
		}
	})
}

type progressWatch struct {
	t    *testing.T
	seen map[int64]engine.Live // by job number
	said map[int64]bool        // the attempt has said how far it is; until then that is how far the one before was
}

func (w *progressWatch) look(jobs []engine.Live) {
	for _, now := range jobs {
		before := w.seen[now.Number]
		w.seen[now.Number] = now
		if now.Total > 0 && now.Progress > now.Total {
			w.t.Errorf("%s: the progress is %d of %d", now.Task, now.Progress, now.Total)
		}
		same := now.State == task.Running && before.State == task.Running && before.Attempts == now.Attempts
		if same && w.said[now.Number] && before.Total == now.Total && now.Progress < before.Progress {
			w.t.Errorf("%s: the progress goes back from %d to %d of %d", now.Task, before.Progress, now.Progress, now.Total)
		}
		w.said[now.Number] = same && (w.said[now.Number] || now.Progress != before.Progress)
	}
}
