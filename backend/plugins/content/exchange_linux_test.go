package content_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"nectar/backend/channel/channeltest"
	"nectar/backend/task"
)

// TestADriveThatIsExchangedForAnother looks at what comes to a drive that takes
// the place of the one for which an export was meant, at each moment at which
// that looks again which drive it is, and between.
func TestADriveThatIsExchangedForAnother(t *testing.T) {
	t.Parallel()
	moments := map[string]func(l *laptop, exchange func()) (act func()){
		"when it was just recognised": func(l *laptop, exchange func()) func() {
			l.places.recognised = exchange
			return func() {}
		},
		"before the first file comes": func(l *laptop, exchange func()) func() {
			l.measured = func(n int) {
				if n == 2 { // by the request, and by the run
					exchange()
				}
			}
			return func() {}
		},
		"in the middle of a file": func(l *laptop, exchange func()) func() {
			gate := l.shut(5)
			return func() {
				l.reach(gate)
				exchange()
				l.open(gate)
			}
		},
	}
	for name, moment := range moments {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l, c := newLaptop(t), channeltest.New()
			l.has(c)
			path := l.blank("1234", "SANDISK")
			var aside string
			exchanged := make(chan struct{})
			exchange := func() {
				if aside != "" {
					return
				}
				aside = l.pull("1234")
				must(t, os.Mkdir(path, 0o750))
				l.sticks.Plug("5678", "OTHER", path)
				close(exchanged)
			}
			act := moment(l, exchange)
			id := l.export(c, path)
			act()
			<-exchanged
			l.waits(id, sandisk)
			if there := treeOf(t, path); len(there) != 1 {
				t.Errorf("on the other drive are %v", there)
			}
			elsewhere := filepath.Join(t.TempDir(), "another place")
			l.plug("1234", "SANDISK", aside, elsewhere)
			j := l.ends(id, task.Completed)
			_, wanted := c.Wanted(c.Root)
			if got := exportedFiles(t, elsewhere); !slices.Equal(got, namesOf(wanted)) || len(listed(t, elsewhere, c)) == 0 {
				t.Errorf("files are %v, want %v", got, namesOf(wanted))
			}
			if there := treeOf(t, path); len(there) != 1 {
				t.Errorf("on the other drive are %v", there)
			}
			lines, err := l.store.Log(t.Context(), j.Number, 1000)
			must(t, err)
			for _, line := range lines {
				if strings.Contains(line.Message, "/proc/") {
					t.Errorf("the log says %q", line.Message)
				}
			}
		})
	}
}
