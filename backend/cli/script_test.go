package cli_test

import (
	"context"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"nectar/backend/channel"
	"nectar/backend/channel/channeltest"
	"nectar/backend/channel/manifest"
	"nectar/backend/cli"
	"nectar/backend/clock/clocktest"
	"nectar/backend/task"
)

// TestScripts runs testdata/*.txtar. Beside the usual commands there are
//
//	nectar ARGS... [<FILE]    a command on the data folder $WORK/data, with no
//	                          terminal; waits cost no time
//	status N                  compares the exit status of the last one
//	json PATH VALUE           compares a value of the JSON on standard output
//	keys PATH NAME...         compares the names of an object in it, all of them
//	error PATH VALUE          json, of standard error
//	recovery ANSWER FILE      writes what "people recover" reads: the recovery
//	                          code of an answer, and the new PIN 9753
//
// With UPDATE set in the environment, the files that cmp compares are written
// anew. A path is names and numbers with dots between; "." is the whole document,
// and "len" at its end the length of a list.
func TestScripts(t *testing.T) {
	t.Parallel()
	runScripts(t, "testdata", plainTasks)
}

// TestChannelScripts runs testdata/channels/*.txtar, with all the tasks that the
// commands about channels make jobs of.
func TestChannelScripts(t *testing.T) {
	t.Parallel()
	runScripts(t, filepath.Join("testdata", "channels"), channelTasks)
}

func runScripts(t *testing.T, dir string, tasks func(content string) []task.Declared) {
	t.Helper()
	shared := filepath.Join(t.TempDir(), "usb")
	makeDrive(t, shared)
	newer := t.TempDir()
	next := channeltest.Next(channeltest.ID(gamesID), channeltest.Name("Blockly Games"))
	if err := next.WriteDatabase(gamesID.DatabaseIn(contentIn(newer))); err != nil {
		t.Fatal(err)
	}
	l := laptop{tasks: tasks, registries: &sync.Map{}}
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:           dir,
		UpdateScripts: os.Getenv("UPDATE") != "",
		Setup: func(env *testscript.Env) error {
			usb := filepath.Join(env.WorkDir, "usb")
			relative, err := filepath.Rel(here, usb)
			if err != nil {
				return err
			}
			env.Setenv("USB", usb)
			env.Setenv("RELATIVE", relative)
			env.Setenv("NEWER", newer)
			listed := manifest.Manifest{Channels: []manifest.Entry{{ID: gamesID, Version: 3, Nodes: []channel.NodeID{next.Root.ID}}}}
			text, err := listed.Encode()
			if err != nil {
				return err
			}
			if err := os.WriteFile(filepath.Join(env.WorkDir, "root.json"), text, 0o600); err != nil {
				return err
			}
			for _, id := range []struct{ name, id string }{
				{"GAMES", string(gamesID)}, {"TWIN", string(twinID)}, {"WILD", string(wildID)}, {"BROKEN", string(brokenID)},
			} {
				env.Setenv(id.name, id.id)
			}
			return os.CopyFS(usb, os.DirFS(shared))
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"nectar": func(ts *testscript.TestScript, _ bool, args []string) { l.nectar(t.Context(), ts, args) },
			"status": func(ts *testscript.TestScript, _ bool, args []string) {
				if got := ts.Getenv("STATUS"); got != args[0] {
					ts.Fatalf("exit status %s, want %s", got, args[0])
				}
			},
			"json": func(ts *testscript.TestScript, neg bool, args []string) {
				compare(ts, neg, "stdout", args[0], args[1])
			},
			"error": func(ts *testscript.TestScript, neg bool, args []string) {
				compare(ts, neg, "stderr", args[0], args[1])
			},
			"keys":     keys,
			"recovery": recovery,
		},
	})
}

func (l laptop) nectar(ctx context.Context, ts *testscript.TestScript, args []string) {
	stdin := ""
	if n := len(args) - 1; n >= 0 && strings.HasPrefix(args[n], "<") {
		stdin, args = ts.ReadFile(args[n][1:]), args[:n]
	}
	ran := &clocktest.Clock{} // by this process
	l.clock = ran
	status := cli.Run(ctx, args, cli.Env{
		PIN: ts.Getenv("NECTAR_PIN"),
		Sleep: func(_ context.Context, d time.Duration) error {
			ran.Sleep(d)
			return nil
		},
		Stdin: strings.NewReader(stdin), Stdout: ts.Stdout(), Stderr: ts.Stderr(), Version: "1.2.3",
		Open: func(data string) cli.Open {
			if data == "" {
				data = "data"
			}
			return l.open(ts.MkAbs(data))
		},
	})
	ts.Setenv("STATUS", strconv.Itoa(status))
}

func compare(ts *testscript.TestScript, neg bool, file, path, want string) {
	value := lookUp(ts, file, path)
	got, ok := value.(string)
	if !ok {
		text, err := json.Marshal(value)
		ts.Check(err)
		got = string(text)
	}
	if (got == want) == neg {
		ts.Fatalf("%s is %s, want %s", path, got, want)
	}
}

func keys(ts *testscript.TestScript, _ bool, args []string) {
	object, ok := lookUp(ts, "stdout", args[0]).(map[string]any)
	if !ok {
		ts.Fatalf("%s is no object", args[0])
	}
	want := slices.Sorted(slices.Values(args[1:]))
	if got := slices.Sorted(maps.Keys(object)); !slices.Equal(got, want) {
		ts.Fatalf("names of %s:\n got %v\nwant %v", args[0], got, want)
	}
}

func recovery(ts *testscript.TestScript, _ bool, args []string) {
	code, ok := lookUp(ts, args[0], "recovery_code").(string)
	if !ok {
		ts.Fatalf("%s has no recovery code", args[0])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(code+"\n9753\n"), 0o600))
}

func lookUp(ts *testscript.TestScript, file, path string) any {
	var value any
	text := ts.ReadFile(file)
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		ts.Fatalf("%s is not one JSON document: %v\n%s", file, err, text)
	}
	for name := range strings.SplitSeq(strings.Trim(path, "."), ".") {
		switch v := value.(type) {
		case map[string]any:
			if name != "" {
				value = v[name]
			}
		case []any:
			if name == "len" {
				return len(v)
			}
			if i, err := strconv.Atoi(name); err == nil && i < len(v) {
				value = v[i]
			} else if name != "" {
				ts.Fatalf("%s: no item %s", path, name)
			}
		}
	}
	return value
}
