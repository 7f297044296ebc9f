package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// TestWhoFollowsTheGuideHasAProgramWithThePlugin does what the guide says: it
// puts the plugin's folder and the one line in the list into the program,
// nothing else, builds it, and runs every command of the guide.
func TestWhoFollowsTheGuideHasAProgramWithThePlugin(t *testing.T) {
	t.Parallel()
	if testing.Short() || runtime.GOOS == "windows" {
		t.Skip("it builds the whole program, and needs a shell")
	}
	folder := t.TempDir()
	program := filepath.Join(folder, "nectar")
	build := exec.CommandContext(t.Context(), "go", "build", "-overlay", overlay(t, folder), "-o", program, ".")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	commands := commandsOf(t)
	if len(commands) < 5 {
		t.Fatalf("the guide has the commands %q", commands)
	}
	var told strings.Builder
	for _, command := range commands {
		command, refused := strings.CutSuffix(command, " # refused")
		out, status := shell(t.Context(), folder, command)
		want := 0
		if refused {
			want = 2
		}
		if status != want {
			t.Errorf("%s ends with %d, want %d:\n%s", command, status, want, out)
		}
		told.WriteString(out)
	}
	for _, want := range []string{
		"Result: 5", "This kind of job has no such field.", "This has to be a whole number.", "Primes from 1 to 1,000,000",
	} {
		if !strings.Contains(told.String(), want) {
			t.Errorf("nothing said %q:\n%s", want, &told)
		}
	}
}

// overlay writes what the guide adds to the program, in the form that the
// compiler takes: files by the places that they are to have.
func overlay(t *testing.T, folder string) string {
	t.Helper()
	base, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	places := map[string]string{}
	put := func(place, text string) {
		file := filepath.Join(folder, "overlay", filepath.FromSlash(place))
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o750), os.WriteFile(file, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
		places[filepath.Join(base, filepath.FromSlash(place))] = file
	}
	const plugin = "backend/plugins/mathstest/"
	files, err := filepath.Glob(filepath.Join(base, plugin, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	texts, err := filepath.Glob(filepath.Join(base, plugin, "texts", "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range append(files, texts...) {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		name, err := filepath.Rel(filepath.Join(base, plugin), file)
		if err != nil {
			t.Fatal(err)
		}
		put("backend/plugins/maths/"+filepath.ToSlash(name), read(t, file))
	}
	list := read(t, filepath.Join(base, "backend/plugins/plugins.go"))
	lines := strings.Replace(list, "return []task.Plugin{\n", "return []task.Plugin{\n\t\tmaths.Plugin(),\n", 1)
	lines = strings.Replace(lines, "import (\n", "import (\n\t\"nectar/backend/plugins/maths\"\n", 1)
	if strings.Count(lines, "\n") != strings.Count(list, "\n")+2 {
		t.Fatal("the list of plugins does not look as the guide says")
	}
	put("backend/plugins/plugins.go", lines)

	text, err := json.Marshal(map[string]any{"Replace": places})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(folder, "overlay.json")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// commandsOf answers the commands of the guide that run the program.
func commandsOf(t *testing.T) []string {
	t.Helper()
	var commands []string
	inside := false
	for line := range strings.SplitSeq(read(t, filepath.Join(root, guideFile)), "\n") {
		switch {
		case line == "```sh":
			inside = true
		case line == "```":
			inside = false
		case inside && strings.Contains(line, "./nectar"):
			commands = append(commands, strings.TrimPrefix(line, "go build -o nectar . && "))
		}
	}
	return commands
}

// shell runs a command in the folder and answers what it wrote and how it
// ended.
func shell(ctx context.Context, folder, command string) (string, int) {
	var out bytes.Buffer
	run := exec.CommandContext(ctx, "sh", "-c", command)
	run.Dir, run.Stdout, run.Stderr = folder, &out, &out
	run.Env = append(os.Environ(), "NECTAR_DATA="+filepath.Join(folder, "data"), "LC_ALL=C.UTF-8")
	if err := run.Run(); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			return err.Error(), -1
		}
		return out.String(), exit.ExitCode()
	}
	return out.String(), 0
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
