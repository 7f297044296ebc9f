package backend_test

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"nectar/backend/channel/channeltest"
	"nectar/backend/fault"
	"nectar/backend/handover"
)

func TestEveryCommandWorksBesideAnOwner(t *testing.T) {
	t.Parallel()
	for name, own := range map[string]func(*laptop) *process{
		"a window": func(l *laptop) *process { return l.window() },
		"work": func(l *laptop) *process {
			p, first := l.place(), l.begin("work")
			l.call("enqueue", "test.hold", p.args())
			p.begun()
			return first
		},
		"another command that waits": func(l *laptop) *process {
			p := l.place()
			first := l.begin("enqueue", "test.hold", p.args(), "--wait")
			p.begun()
			return first
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLaptop(t)
			owner := own(l)
			checkCommands(l)
			if err := owner.cmd.Process.Signal(os.Interrupt); err != nil {
				t.Errorf("the owner has ended: %s%s", owner.stdout, owner.stderr)
			}
		})
	}
}

func checkCommands(l *laptop) {
	l.t.Helper()
	free := l.place()
	free.letGo()

	// Storing.
	job := answers[told](l.call("enqueue", "test.hold", free.args(), "--in", "1h", "--json"), 0)
	answers[told](l.call("jobs", "cancel", job.ID, "--json"), 0)
	if read := answers[told](l.call("jobs", "show", job.ID, "--json"), 0); read.Status != "CANCELED" {
		l.t.Errorf("the cancelled job is %s", read.Status)
	}

	// Waiting, by each exit status; of several the worst.
	if done := answers[told](l.call("enqueue", "test.hold", free.args(), "--wait", "--json"), 0); done.Status != "COMPLETED" || len(done.History) != 1 {
		l.t.Errorf("the job ends as %+v", done)
	}
	answers[told](l.call("enqueue", "test.hold", free.args(`"fail": true`), "--wait", "--json"), 1)
	answers[told](l.call("enqueue", "test.hold", free.args(`"problems": 2`), "--wait", "--json"), 3)
	several := l.begin("enqueue", "-", "--wait", "--json")
	_, _ = io.WriteString(several.stdin, `[{"type": "test.hold", `+free.args(`"problems": 2`)[1:]+`, {"type": "test.hold", `+free.args(`"fail": true`)[1:]+`]`)
	_ = several.stdin.Close()
	if both := answers[[]told](several, 1); len(both) != 2 {
		l.t.Errorf("two jobs answer %+v", both)
	}

	// In words.
	if c := l.call("enqueue", "test.hold", free.args(), "--wait"); c.wait() != 0 || !strings.Contains(c.stdout.String(), "let go") || c.stderr.String() != "" {
		l.t.Errorf("in words: %s%s", c.stdout, c.stderr)
	}

	// Refusals.
	refuses(l.call("enqueue", "test.nothing", "--json"), 2, fault.InvalidRequest)
	refuses(l.call("enqueue", "test.hold", "--wait", "--json"), 2, fault.InvalidRequest)
	refuses(l.call("jobs", "cancel", "999", "--json"), 2, fault.NotFound)
	refuses(l.call("work", "--json"), 2, fault.InUse)
	refuses(l.call("work", "--until-idle", "--json"), 2, fault.InUse)

	checkRelativePath(l)
}

// checkRelativePath imports from a folder whose name begins where the command
// is called, which is not where the owner runs.
func checkRelativePath(l *laptop) {
	l.t.Helper()
	c, drive := channeltest.Make(l.t)
	relative, err := filepath.Rel(mustGetwd(l.t), drive)
	if err != nil || runtime.GOOS == "windows" {
		return
	}
	done := answers[told](l.call("import", string(c.ID), "--from", relative, "--json"), 0)
	if done.Status != "COMPLETED" {
		l.t.Errorf("the import ends as %+v", done)
	}
}

func mustGetwd(t *testing.T) string {
	t.Helper()
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	return here
}

func TestManyProcessesStoreAtOnce(t *testing.T) {
	t.Parallel()
	l := newLaptop(t)
	var all []*process
	for range 6 {
		all = append(all, l.begin("enqueue", "test.hold", l.place().args(), "--json"))
	}
	ids := map[string]bool{}
	for _, p := range all {
		ids[answers[told](p, 0).ID] = true
	}
	if len(ids) != len(all) {
		t.Errorf("%d processes stored the jobs %v", len(all), ids)
	}
}

func TestAnOwnerIsKilled(t *testing.T) {
	t.Parallel()

	t.Run("while a job of another process runs: that one goes on with it", func(t *testing.T) {
		t.Parallel()
		l, client := orphan(t)
		if status := client.wait(); status != 0 || !strings.Contains(client.stderr.String(), "ended unexpectedly") || !strings.Contains(client.stdout.String(), "let go") {
			t.Errorf("status %d, %s%s", status, client.stdout, client.stderr)
		}
		if job := l.only(); job.Status != "COMPLETED" || len(job.History) != 2 {
			t.Errorf("the job is %+v", job)
		}
	})

	t.Run("the same with one document", func(t *testing.T) {
		t.Parallel()
		_, client := orphan(t, "--json")
		if job := answers[told](client, 0); job.Status != "COMPLETED" || len(job.History) != 2 {
			t.Errorf("the job is %+v", job)
		}
	})

	t.Run("before the request was stored: the command makes the job itself, once", func(t *testing.T) {
		t.Parallel()
		l, client := doubted(t)
		if job := answers[told](client, 0); job.Status != "COMPLETED" || job.ID != l.only().ID {
			t.Errorf("the job is %+v", job)
		}
	})
}

// doubted answers a command that asked an owner which was killed while it looked
// at the request.
func doubted(t *testing.T) (*laptop, *process) {
	t.Helper()
	l, p := newLaptop(t), newLaptop(t).place()
	owner := l.window()
	client := l.begin("enqueue", "test.hold", p.args(`"doubt": true`), "--wait", "--json")
	p.saw("doubted")
	_ = owner.cmd.Process.Kill()
	p.letGo()
	return l, client
}

// orphan answers a command that goes on with its job after the owner, which
// ran it, was killed. A job can begin before its command has heard of it: then
// the command finds it by its mark.
func orphan(t *testing.T, flags ...string) (*laptop, *process) {
	t.Helper()
	l, p := newLaptop(t), newLaptop(t).place()
	owner := l.window()
	client := l.begin(append([]string{"enqueue", "test.hold", p.args(), "--wait"}, flags...)...)
	p.begun()
	_ = owner.cmd.Process.Kill()
	p.begun() // by the command itself
	p.letGo()
	return l, client
}

func TestJobsThatNobodyRunsAreSaidToBeInterrupted(t *testing.T) {
	t.Parallel()
	type listed struct {
		Jobs []struct {
			ID, Status  string
			Text        string `json:"status_text"`
			Interrupted bool
		}
		Counts map[string]int
	}
	const goesOn = "Nectar ended meanwhile. It goes on when Nectar runs again"
	l := newLaptop(t)
	p, free := l.place(), l.place()
	owner := l.window()
	l.call("enqueue", "test.hold", free.args(), "--in", "1h").wait()
	l.call("enqueue", "test.hold", p.args()).wait()
	p.begun()
	look := func() (said listed, words string) {
		t.Helper()
		c := l.call("jobs", "list", "--task", "test.hold", "--sort", "created")
		c.wait()
		return answers[listed](l.call("jobs", "list", "--task", "test.hold", "--sort", "created", "--json"), 0), c.stdout.String()
	}
	if said, words := look(); said.Jobs[1].Status != "RUNNING" || said.Jobs[1].Interrupted || !strings.Contains(words, "Running") || strings.Contains(words, "Interrupted") {
		t.Errorf("beside its owner: %+v\n%s", said, words)
	}
	_ = owner.cmd.Process.Kill()
	owner.wait()
	// Another process has got the number of the dead one, as after a start of the laptop.
	signed := filepath.Join(l.folder, "owner.json")
	text, err := os.ReadFile(signed)
	if err != nil {
		t.Fatal(err)
	}
	text = []byte(strings.Replace(string(text), strconv.Itoa(owner.cmd.Process.Pid), strconv.Itoa(os.Getpid()), 1))
	if err := os.WriteFile(signed, text, 0o600); err != nil {
		t.Fatal(err)
	}
	said, words := look()
	if j := said.Jobs[1]; j.Status != "RUNNING" || !j.Interrupted || j.Text != goesOn || said.Counts["RUNNING"] != 1 {
		t.Errorf("of a job that nobody runs: %+v", said)
	}
	if said.Jobs[0].Interrupted || strings.Contains(words, "Running") || !strings.Contains(words, "Interrupted 1") || !strings.Contains(words, goesOn) {
		t.Errorf("of one that nobody runs, and one that is scheduled: %+v\n%s", said, words)
	}
	// Whoever opens the folder next takes up what was interrupted.
	l.window()
	p.begun()
	if said, words := look(); said.Jobs[1].Status != "RUNNING" || said.Jobs[1].Interrupted || strings.Contains(words, "Interrupted") {
		t.Errorf("beside the next owner: %+v\n%s", said, words)
	}
}

func TestAWindowTakesTheFolderOver(t *testing.T) {
	t.Parallel()

	t.Run("from work, which follows", func(t *testing.T) {
		t.Parallel()
		l := newLaptop(t)
		p, quick := l.place(), l.place()
		quick.letGo()
		l.call("enqueue", "test.hold", quick.args())
		held := answers[told](l.call("enqueue", "test.hold", p.args(), "--json"), 0)
		work := l.begin("work", "--until-idle", "--json")
		p.begun()
		l.window()
		p.begun()
		p.letGo()
		said := answers[struct {
			Ended  map[string]int64 `json:"ended"`
			Counts map[string]int64 `json:"counts"`
		}](work, 0)
		if said.Ended["completed"] != 2 || said.Counts["COMPLETED"] != 2 {
			t.Errorf("work says %+v", said)
		}
		if job := answers[told](l.call("jobs", "show", held.ID, "--json"), 0); len(job.History) != 2 || job.History[0].Outcome != "interrupted" {
			t.Errorf("the job was not stopped safely: %+v", job)
		}
	})

	t.Run("from a command that waits, and from those that it serves", func(t *testing.T) {
		t.Parallel()
		l := newLaptop(t)
		p, other := l.place(), l.place()
		first := l.begin("enqueue", "test.hold", p.args(), "--wait", "--json")
		p.begun()
		second := l.begin("enqueue", "test.hold", other.args(), "--wait")
		other.begun()
		l.window()
		p.begun()
		other.begun()
		p.letGo()
		other.letGo()
		if job := answers[told](first, 0); job.Status != "COMPLETED" || len(job.History) != 2 {
			t.Errorf("the first job is %+v", job)
		}
		if status := second.wait(); status != 0 || strings.Count(second.stdout.String(), "Result:") != 1 || !strings.Contains(second.stdout.String(), "hands over") {
			t.Errorf("the second: status %d, %s%s", status, second.stdout, second.stderr)
		}
	})
}

func TestAnOwnerEndsBeforeThoseThatItServes(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(owner *process, own place){
		"because its own job has ended": func(_ *process, own place) { own.letGo() },
		"because it was interrupted":    func(owner *process, _ place) { owner.interrupt() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLaptop(t)
			own, p := l.place(), l.place()
			owner := l.begin("enqueue", "test.hold", own.args(), "--wait")
			own.begun()
			client := l.begin("enqueue", "test.hold", p.args(), "--wait", "--json")
			p.begun()
			end(owner, own)
			owner.wait()
			p.begun()
			p.letGo()
			if job := answers[told](client, 0); job.Status != "COMPLETED" {
				t.Errorf("the job is %+v", job)
			}
		})
	}

	t.Run("because the window was closed", func(t *testing.T) {
		t.Parallel()
		l := newLaptop(t)
		p, window := l.place(), l.window()
		client := l.begin("enqueue", "test.hold", p.args(), "--wait", "--json")
		p.begun()
		window.close()
		p.begun()
		p.letGo()
		if job := answers[told](client, 0); job.Status != "COMPLETED" || job.History[0].Outcome != "interrupted" {
			t.Errorf("the job is %+v", job)
		}
	})
}

func TestASecondWindowShowsTheFirst(t *testing.T) {
	t.Parallel()
	l := newLaptop(t)
	first := l.window()
	second := l.launch("window", l.folder)
	if status := second.wait(); status != 0 || second.stdout.String() != "the first is shown\n" {
		t.Errorf("the second: status %d, %s", status, second.stdout)
	}
	first.says("shown\n")
}

func TestASecondWindowHandsItsFolderToTheFirst(t *testing.T) {
	t.Parallel()
	l := newLaptop(t)
	first := l.window()
	drive := t.TempDir()
	l.launch("window", l.folder, drive).wait()
	first.says("shown" + drive + "\n")
	l.launch("window", l.folder, drive+"\x1b]0;gone").wait()
	first.says("shown\n")
}

func TestInterruptingOnlyStopsTheWatching(t *testing.T) {
	t.Parallel()
	l := newLaptop(t)
	p := l.place()
	l.window()
	client := l.begin("enqueue", "test.hold", p.args(), "--wait", "--json")
	p.begun()
	client.interrupt()
	if job := answers[told](client, 130); job.Status != "RUNNING" {
		t.Errorf("the job is %+v", job)
	}
	p.letGo()
	again := l.begin("enqueue", "test.hold", p.args(), "--if-not", "--wait", "--json")
	if job := answers[told](again, 0); job.Status != "COMPLETED" || len(job.History) != 1 {
		t.Errorf("the job is %+v", job)
	}
}

// only answers the one job of test.hold.
func (l *laptop) only() told {
	l.t.Helper()
	list := answers[struct{ Jobs []told }](l.call("jobs", "--task", "test.hold", "--json"), 0)
	if len(list.Jobs) != 1 {
		l.t.Fatalf("there are the jobs %+v", list.Jobs)
	}
	return answers[told](l.call("jobs", "show", list.Jobs[0].ID, "--json"), 0)
}

func TestThePersonIsProvenToTheOwner(t *testing.T) {
	l := newLaptop(t)
	t.Setenv("XDG_RUNTIME_DIR", l.runtime)
	p := l.place()
	l.window()
	setUp := l.begin("people", "set-up", "Amal", "--pin", "--json")
	_, _ = io.WriteString(setUp.stdin, "2580\n")
	_ = setUp.stdin.Close()
	answers[any](setUp, 0)

	refuses(l.call("enqueue", "test.hold", p.args(), "--json"), 2, fault.NotSignedIn)
	refuses(l.call("enqueue", "test.hold", p.args(), "--as", "Amal", "--json"), 2, fault.PINNeeded)
	// Who speaks to the owner without asking the command line is asked there.
	wrong := "1111"
	for _, pin := range []*string{nil, &wrong} {
		client, err := handover.Dial(t.Context(), l.folder)
		if err != nil {
			t.Fatal(err)
		}
		var said heard
		ctx, cancel := context.WithCancel(t.Context())
		outcome, err := client.Run(ctx, handover.Command{Args: []string{"enqueue", "test.hold", p.args(), "--as", "Amal", "--json"}, PIN: pin},
			handover.Console{Stdin: strings.NewReader(""), Stdout: &said, Stderr: &said})
		cancel()
		if err != nil || outcome.Status != 2 {
			t.Errorf("outcome %+v, %v: %s", outcome, err, &said)
		}
	}
	l.pin = "2580"
	job := answers[struct {
		By string `json:"started_by_name"`
	}](l.call("enqueue", "test.hold", p.args(), "--as", "Amal", "--json"), 0)
	if job.By != "Amal" {
		t.Errorf("the job was started by %q", job.By)
	}
}
