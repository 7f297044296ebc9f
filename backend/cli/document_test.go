package cli_test

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"nectar/backend/cli"
)

// TestEveryCommandPrintsOneDocument calls every command of the grammar in
// several ways, right and wrong: with --json an answer is one document on
// standard output, a refusal one on standard error, and there is nothing else.
func TestEveryCommandPrintsOneDocument(t *testing.T) {
	t.Parallel()
	usb := filepath.Join(t.TempDir(), "usb")
	makeDrive(t, usb)
	commands := cli.Commands()
	if len(commands) < 20 {
		t.Fatalf("the grammar has the commands %v alone", commands)
	}
	for _, command := range commands {
		t.Run(strings.Join(command, " "), func(t *testing.T) {
			t.Parallel()
			data := filepath.Join(t.TempDir(), "data")
			l := laptop{tasks: plainTasks}
			for _, word := range []string{"one", "two"} {
				if c := l.call(t, data, nil, "enqueue", "test.say", `{"word": "`+word+`"}`, "--json"); c.status != 0 {
					t.Fatalf("enqueue: %s", &c.stderr)
				}
			}
			for _, more := range [][]string{
				nil,
				{"1"},
				{"1", "2"},
				{"999"},
				{"1", "--in", "1h"},
				{"--all", "--state", "QUEUED"},
				{"words"},
				{"Blockly Games", "--from", usb},
				{"--from", usb},
				{"--from", filepath.Join(usb, "nowhere")},
				{"maths.add", `{"x": 1, "y": 1}`, "--wait"},
				{"test.say", `{"fail": true}`, "--wait"},
				{"-"},
				{"--nonsense\x1b[2J"},
			} {
				args := append(slices.Concat(command, more), "--json")
				if command[0] == "work" {
					args = append(args, "--until-idle")
				}
				checkOneDocument(t, args, l.call(t, data, nil, args...))
			}
		})
	}
}

func checkOneDocument(t *testing.T, args []string, c *console) {
	t.Helper()
	on, beside := &c.stdout, &c.stderr
	var refused struct {
		Error *struct {
			Code, Message string
			Fields        []struct{ Field, Message string }
		}
	}
	var document any = new(any)
	if c.status == 2 {
		on, beside, document = beside, on, &refused
	}
	decoder := json.NewDecoder(strings.NewReader(on.String()))
	err := decoder.Decode(document)
	if err != nil || decoder.More() || beside.Len() > 0 {
		t.Errorf("%q: status %d, %v\nstdout %q\nstderr %q", args, c.status, err, &c.stdout, &c.stderr)
	}
	if c.status == 2 && (refused.Error == nil || refused.Error.Code == "" || refused.Error.Message == "" || refused.Error.Fields == nil) {
		t.Errorf("%q is refused with %s", args, &c.stderr)
	}
	if c.status < 0 || c.status > 3 {
		t.Errorf("%q: status %d", args, c.status)
	}
}
