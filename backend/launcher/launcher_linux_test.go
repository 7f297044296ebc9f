package launcher_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"nectar/backend/fault"
	"nectar/backend/launcher"
)

// compile makes a program that needs a library, and the library.
func compile(t *testing.T) (program, library string) {
	t.Helper()
	cc, err := exec.LookPath("cc")
	if err != nil {
		t.Skip("there is no C compiler")
	}
	folder := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	build := func(arguments ...string) {
		if out, err := exec.CommandContext(t.Context(), cc, arguments...).CombinedOutput(); err != nil {
			t.Fatalf("cc %v: %v\n%s", arguments, err, out)
		}
	}
	library = filepath.Join(folder, "libwebkit2gtk-4.1.so.0.nectartest")
	build("-shared", "-o", library, "-Wl,-soname,"+filepath.Base(library), write("library.c", "int answer(void) { return 42; }"))
	program = filepath.Join(folder, "nectar-window")
	build("-o", program, write("program.c", `
		#include <stdio.h>
		int answer(void);
		int main(void) { fopen("ran", "w"); return answer(); }`), library, "-Wl,-rpath,"+folder)
	return program, library
}

func TestWhatTheWindowLacksIsNamed(t *testing.T) {
	t.Parallel()
	program, library := compile(t)
	if err := launcher.Check(t.Context(), program); err != nil {
		t.Errorf("it has all it needs: %v", err)
	}
	if err := os.Remove(library); err != nil {
		t.Fatal(err)
	}
	err := launcher.Check(t.Context(), program)
	if fault.CodeOf(err) != fault.WindowParts {
		t.Fatalf("the library is gone: %v", err)
	}
	if parts := fault.Of(err).Params["parts"]; parts != filepath.Base(library) {
		t.Errorf("it lacks %v", parts)
	}
	if _, err := os.Stat("ran"); err == nil {
		t.Error("looking ran the program")
	}
}

func TestAPackageWithoutAWindow(t *testing.T) {
	t.Parallel()
	if _, err := launcher.In(t.TempDir()); fault.CodeOf(err) != fault.NoWindow {
		t.Errorf("there is no window program: %v", err)
	}
}

// tools makes programs that are known by their names alone.
func tools(t *testing.T, scripts map[string]string) {
	t.Helper()
	folder := t.TempDir()
	for name, script := range scripts {
		if err := os.WriteFile(filepath.Join(folder, name), []byte("#!/bin/sh\n"+script), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", folder)
}

func TestThePackageIsNamedAsTheSystemNamesIt(t *testing.T) {
	cases := []struct{ tool, lacks, want string }{
		{"apt-get", "libwebkit2gtk-4.1.so.0", "libwebkit2gtk-4.1-0 (sudo apt install libwebkit2gtk-4.1-0)"},
		{"apt-get", "libgtk-3.so.0", "libgtk-3-0 (sudo apt install libgtk-3-0)"},
		{"dnf", "libwebkit2gtk-4.1.so.0", "webkit2gtk4.1 (sudo dnf install webkit2gtk4.1)"},
		{"apk", "libwebkit2gtk-4.1.so.0", "WebKitGTK 4.1"},
	}
	for _, c := range cases {
		tools(t, map[string]string{c.tool: ""})
		if got := launcher.Advise([]string{c.lacks}); got != c.want {
			t.Errorf("%s without %s: %q, want %q", c.tool, c.lacks, got, c.want)
		}
	}
}

func TestAMessageIsShownByWhatIsThere(t *testing.T) {
	said := filepath.Join(t.TempDir(), "said")
	t.Setenv("SAID", said)
	const text = "--help; $(rm -rf /)\n<b>“WebKit”</b>"
	tools(t, map[string]string{
		"zenity":  "exit 255", // as without a screen
		"kdialog": `printf '%s|' "$@" >"$SAID"`,
	})
	if !launcher.Tell(t.Context(), "Nectar", text) {
		t.Fatal("nobody could show it")
	}
	got, err := os.ReadFile(said)
	if err != nil {
		t.Fatal(err)
	}
	if want := strings.Join([]string{"--title", "Nectar", "--error", text, ""}, "|"); string(got) != want {
		t.Errorf("it shows %q, want %q", got, want)
	}
	tools(t, nil)
	if launcher.Tell(t.Context(), "Nectar", text) {
		t.Error("it says that a message was shown by nothing")
	}
}
