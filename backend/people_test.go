package backend_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"strings"
	"testing"

	"nectar/backend"
	"nectar/backend/cli"
	"nectar/backend/fault"
)

// changed is what a command says of a person.
type changed struct {
	Person struct {
		Name   string `json:"name"`
		HasPIN bool   `json:"has_pin"`
	} `json:"person"`
	RecoveryCode *string `json:"recovery_code"`
}

// tell carries out a command that reads secrets from its standard input.
func (l *laptop) tell(secrets string, args ...string) *process {
	l.t.Helper()
	p := l.begin(args...)
	_, _ = io.WriteString(p.stdin, secrets)
	_ = p.stdin.Close()
	p.wait()
	return p
}

func TestWhoActsIsDecidedByTheOwner(t *testing.T) {
	t.Parallel()
	l := newLaptop(t)
	l.window()
	free := l.place()
	free.letGo()
	first := answers[changed](l.tell("2580\n", "people", "set-pin", "coordinator", "--json"), 0)
	if !first.Person.HasPIN || first.RecoveryCode == nil {
		t.Fatalf("the first PIN answers %+v", first)
	}

	refuses(l.call("enqueue", "test.hold", free.args(), "--json"), 2, fault.NotSignedIn)
	refuses(l.call("enqueue", "test.hold", free.args(), "--as", "coordinator", "--json"), 2, fault.PINNeeded)
	l.pin = "1111"
	refuses(l.call("enqueue", "test.hold", free.args(), "--as", "coordinator", "--json"), 2, fault.WrongPIN)
	l.pin = "2580"
	done := answers[told](l.call("enqueue", "test.hold", free.args(), "--wait", "--as", "coordinator", "--json"), 0)
	if done.Status != "COMPLETED" {
		t.Errorf("the job ends as %+v", done)
	}
	answers[changed](l.tell("1379\n", "people", "add", "Ben", "--pin", "--as", "coordinator", "--json"), 0)
	l.pin = "1379"
	refuses(l.call("people", "remove", "Ben", "--as", "Ben", "--json"), 2, fault.Forbidden)
	l.pin = ""
	next := answers[changed](l.tell(*first.RecoveryCode+"\n4680\n", "people", "recover", "coordinator", "--json"), 0)
	if next.RecoveryCode == nil || *next.RecoveryCode == *first.RecoveryCode {
		t.Errorf("the recovery answers %+v", next)
	}
	l.pin = "4680"
	answers[[]json.RawMessage](l.call("people", "--as", "coordinator", "--json"), 0)
}

// TestNobodyIsAskedTwice types secrets at a terminal, for commands that the
// owner of the folder carries out.
func TestNobodyIsAskedTwice(t *testing.T) {
	l := newLaptop(t)
	l.window()
	t.Setenv("XDG_RUNTIME_DIR", l.runtime)
	t.Setenv("NECTAR_PIN", "")
	ask := func(typed string, args ...string) (status int, questions string) {
		t.Helper()
		var asked []string
		var stdout, stderr bytes.Buffer
		keys := strings.Fields(typed)
		status = backend.CommandLine(t.Context(), backend.Config{}.With(testPlugins()...), append(args, "--data", l.folder), cli.Env{
			Stdin: strings.NewReader(""), Stdout: &stdout, Stderr: &stderr,
			Ask: func(_ context.Context, question string) (string, error) {
				asked = append(asked, strings.TrimSpace(question))
				if len(keys) == 0 {
					return "", io.EOF
				}
				key := keys[0]
				keys = keys[1:]
				return key, nil
			},
		})
		if status != 0 && stderr.Len() == 0 {
			t.Errorf("%v ends with %d and says nothing", args, status)
		}
		return status, strings.Join(asked, " ")
	}
	for _, c := range []struct {
		typed     string
		args      []string
		status    int
		questions string
	}{
		{"2580 2580", []string{"people", "set-pin", "coordinator"}, 0, "New PIN: The same PIN again:"},
		{"2580 1379 1379", []string{"people", "add", "Ben", "--pin", "--as", "coordinator"}, 0, "PIN of Coordinator: New PIN: The same PIN again:"},
		{"2580 1379 1378", []string{"people", "set-pin", "Ben", "--as", "coordinator"}, 2, "PIN of Coordinator: New PIN: The same PIN again:"},
		{"2580", []string{"settings", "set", "workers_high", "1", "--as", "coordinator"}, 0, "PIN of Coordinator:"},
		{"1111", []string{"settings", "set", "workers_high", "1", "--as", "coordinator"}, 2, "PIN of Coordinator:"},
		{"", []string{"settings", "set", "workers_high", "1", "--as", "coordinator"}, 2, "PIN of Coordinator:"},
	} {
		if status, questions := ask(c.typed, c.args...); status != c.status || questions != c.questions {
			t.Errorf("%v: status %d after %q", c.args, status, questions)
		}
	}
}
