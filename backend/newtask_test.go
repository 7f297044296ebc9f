package backend_test

import (
	"bytes"
	"context"
	"io/fs"
	"log/slog"
	"os"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nectar/backend"
	"nectar/backend/bridge"
	"nectar/backend/cli"
	"nectar/backend/fault"
	maths "nectar/backend/plugins/mathstest"
	"nectar/backend/task"
	"nectar/backend/wire"
)

// window is what the window has of a program.
func (p *program) window() *bridge.Bridge {
	p.t.Helper()
	b := bridge.New(slog.New(slog.DiscardHandler))
	if err := b.Attach(p.t.Context(), p.Services, p.Maker, "en"); err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(b.Detach)
	return b
}

// TestANewKindOfJobIsKnownToTheWindow installs the plugin of the guide beside
// the others, and uses it as the window does. Nothing but its folder and the
// list of plugins knows of it.
func TestANewKindOfJobIsKnownToTheWindow(t *testing.T) {
	t.Parallel()
	p := startWith(t, backend.Config{Folder: t.TempDir()}.With(maths.Plugin()))
	window := p.window()

	t.Run("the form is drawn from its schema", func(t *testing.T) {
		tasks, err := window.Jobs.Tasks()
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(tasks, func(d wire.Task) bool { return d.Name == "maths.primes" })
		if i < 0 {
			t.Fatal("the window does not know the task")
		}
		properties, _ := tasks[i].Schema["properties"].(map[string]any)
		want := map[string]any{
			"from": map[string]any{"type": "integer", "title": "From", "minimum": 1.0, "maximum": 1e9, "default": 1.0},
			"to": map[string]any{
				"type": "integer", "title": "To", "description": "The last number that is looked at", "minimum": 1.0, "maximum": 1e9,
			},
		}
		if diff := cmp.Diff(want, properties); diff != "" {
			t.Errorf("the fields (-want +got):\n%s", diff)
		}

		window.SetLanguage("de")
		defer window.SetLanguage("en")
		tasks, err = window.Jobs.Tasks()
		if err != nil {
			t.Fatal(err)
		}
		properties, _ = tasks[i].Schema["properties"].(map[string]any)
		want["from"] = map[string]any{"type": "integer", "title": "Von", "minimum": 1.0, "maximum": 1e9, "default": 1.0}
		want["to"] = map[string]any{
			"type": "integer", "title": "Bis", "description": "Die letzte Zahl, die geprüft wird", "minimum": 1.0, "maximum": 1e9,
		}
		if diff := cmp.Diff(want, properties); diff != "" || tasks[i].Summary != "Die Primzahlen eines Bereichs zählen" {
			t.Errorf("in German: %s, and the fields (-want +got):\n%s", tasks[i].Summary, diff)
		}
	})

	t.Run("a request is checked, all of it at once", func(t *testing.T) {
		_, err := window.Jobs.Enqueue([]map[string]any{
			{"type": "maths.primes", "to": 5}, {"type": "maths.primes", "from": 9, "to": 5}, {"type": "maths.add", "z": 1},
		})
		var refused []string
		for _, f := range fault.Of(err).Fields {
			refused = append(refused, string(rune('0'+f.Index))+" "+f.Field+" "+string(f.Code))
		}
		if diff := cmp.Diff([]string{"1 to min", "2 x required", "2 z unknown"}, refused); diff != "" {
			t.Errorf("refused (-want +got):\n%s", diff)
		}
	})

	t.Run("it runs, says so in the reader's language, and runs again", func(t *testing.T) {
		jobs, err := window.Jobs.Enqueue([]map[string]any{{"type": "maths.primes", "to": 5000}})
		if err != nil {
			t.Fatal(err)
		}
		id := jobs[0].ID
		p.await(task.ID(id))
		for language, want := range map[string][2]string{
			"en": {"Primes from 1 to 5,000", "669 primes found"},
			"de": {"Primzahlen von 1 bis 5.000", "669 Primzahlen gefunden"},
			"ar": {"الأعداد الأولية من 1 إلى 5,000", "عُثر على 669 عددًا أوليًا"},
		} {
			window.SetLanguage(language)
			shown, err := window.Jobs.Show(id)
			if err != nil {
				t.Fatal(err)
			}
			if got := [2]string{western(shown.StatusTitle), western(shown.StatusText)}; got != want {
				t.Errorf("in %s the job says %q, want %q", language, got, want)
			}
		}
		window.SetLanguage("en")
		if _, err := window.Jobs.Restart([]string{id}); err != nil {
			t.Fatal(err)
		}
		p.await(task.ID(id))
		shown, err := window.Jobs.Show(id)
		if err != nil || shown.Status != "COMPLETED" || len(shown.History) != 2 {
			t.Errorf("restarted, it is %s after %d attempts, %v", shown.Status, len(shown.History), err)
		}
		if diff := cmp.Diff(map[string]any{"count": 669.0, "largest": 4999.0}, shown.Result); diff != "" {
			t.Errorf("result (-want +got):\n%s", diff)
		}
	})

	t.Run("what its plugin wants to run periodically is there", func(t *testing.T) {
		page, err := window.Jobs.Schedules(100, "")
		if err != nil || !slices.ContainsFunc(page.Schedules, func(s wire.Schedule) bool { return s.Type == "maths.primes" && s.Cron == "@weekly" }) {
			t.Errorf("the schedules are %+v, %v", page, err)
		}
	})

	t.Run("it is scheduled", func(t *testing.T) {
		jobs, err := window.Jobs.Enqueue([]map[string]any{
			{"type": "maths.power", "expression": "2^10", "enqueue_args": map[string]any{"cron": "@daily"}},
		})
		if err != nil || jobs[0].Status != "SCHEDULED" {
			t.Fatal(jobs, err)
		}
		if diff := cmp.Diff(map[string]any{"base": 2.0, "exponent": 10.0}, jobs[0].Args); diff != "" {
			t.Errorf("what the request became (-want +got):\n%s", diff)
		}
		page, err := window.Jobs.Schedules(10, "")
		ours := slices.DeleteFunc(page.Schedules, func(s wire.Schedule) bool { return s.Type != "maths.power" })
		if err != nil || len(ours) != 1 || len(ours[0].NextRuns) != 3 {
			t.Errorf("the schedules are %+v, %v", page, err)
		}
	})
}

// TestANewKindOfJobIsKnownToTheCommandLine uses the plugin of the guide as a
// script does.
func TestANewKindOfJobIsKnownToTheCommandLine(t *testing.T) {
	t.Parallel()
	config := backend.Config{Folder: t.TempDir()}.With(maths.Plugin())
	nectar := func(want int, args ...string) string {
		t.Helper()
		var out, refusal bytes.Buffer
		status := cli.Run(t.Context(), args, cli.Env{
			Stdin: strings.NewReader(""), Stdout: &out, Stderr: &refusal, Open: func(string) cli.Open { return openWith(config) },
		})
		if status != want {
			t.Fatalf("nectar %s ends with %d, want %d\n%s%s", strings.Join(args, " "), status, want, &out, &refusal)
		}
		return out.String() + refusal.String()
	}
	for _, step := range []struct {
		status int
		args   []string
		want   []string
	}{
		{0, []string{"tasks"}, []string{"maths.add", "maths.power", "maths.primes", "content.diskimport"}},
		{0, []string{"tasks", "--markdown"}, []string{
			"## maths\n", "### maths.primes\n\nCount the primes of a range.\n", "- Priority: low\n",
			"- Permission: coordinator or own jobs\n", "- Flags: cancellable, pausable, long-running, waits for what it needs\n", "- Progress in: items\n",
			"- When interrupted: resume\n", "- When failed, again: every 1m0s, at most 3 times\n",
			"| `from` | integer | default 1 | ", "| `to` | integer | required | The last number that is looked at | 1 to 1000000000 |\n",
			"| `expression` | string | required | Power. Such as 2^10 |",
		}},
		{0, []string{"enqueue", "maths.add", `{"x": 4}`, "--wait"}, []string{"Result: 5"}},
		{0, []string{"enqueue", "maths.power", `{"expression": "2^10"}`, "--wait"}, []string{`Result: "1024"`}},
		{2, []string{"enqueue", "maths.power", `{"expression": "2^9999"}`}, []string{"a power such as 2^10"}},
		{0, []string{"enqueue", "maths.primes", `{"to": 100}`, "--cron", "@daily"}, nil},
		{0, []string{"schedules"}, []string{"Primes from 1 to 100"}},
	} {
		got := nectar(step.status, step.args...)
		for _, want := range step.want {
			if !strings.Contains(got, want) {
				t.Errorf("nectar %s lacks %q:\n%s", strings.Join(step.args, " "), want, got)
			}
		}
	}
}

// TestAPluginIsKnownToTheListAlone holds what makes a new kind of job one
// folder and one line: no package speaks of a plugin but the list, and the top
// that hands it what it stands on.
func TestAPluginIsKnownToTheListAlone(t *testing.T) {
	t.Parallel()
	root := os.DirFS(".")
	err := fs.WalkDir(root, ".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path.Ext(file) != ".go" || strings.HasSuffix(file, "_test.go") {
			return err
		}
		imports, err := importsOf(root, file)
		if err != nil {
			return err
		}
		for _, imported := range imports {
			plugin, isPlugin := strings.CutPrefix(imported, module+"/backend/plugins/")
			if isPlugin && path.Dir(file) != "plugins" && path.Dir(file) != "." && !strings.HasPrefix(file, "plugins/"+plugin) {
				t.Errorf("%s knows the plugin %s", file, plugin)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// western writes a text without the marks of direction, and with the digits
// that the other languages have.
func western(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '٠' && r <= '٩':
			return '0' + r - '٠'
		case r == '٬':
			return ','
		case r >= '\u2066' && r <= '\u2069' || r == '\u200f' || r == '\u200e':
			return -1
		}
		return r
	}, text)
}

// openWith opens the data folder of a configuration as the program does.
func openWith(config backend.Config) cli.Open {
	return func(ctx context.Context, mode cli.Mode) (*cli.Session, error) {
		open := backend.Open
		if mode == cli.ToRead {
			open = backend.OpenToRead
		}
		config.Focused = mode == cli.ToWait
		b, err := open(ctx, config)
		if err != nil {
			return nil, err
		}
		return &cli.Session{Services: b.Services, Maker: b.Maker, Runner: running{b, mode}}, nil
	}
}

// running starts a backend in the modes that run jobs.
type running struct {
	*backend.Backend

	mode cli.Mode
}

func (r running) Start(ctx context.Context) error {
	if r.mode == cli.ToRead || r.mode == cli.ToStore {
		return nil
	}
	return r.Backend.Start(ctx)
}
