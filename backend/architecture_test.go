package backend_test

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
)

const module = "nectar"

// floors is the architecture, from the ground up: a package may import only
// packages that stand on a strictly lower floor. A "*" stands for one folder.
var floors = [][]string{
	{"fault", "rounds"},
	{"i18n", "multimd5", "atomicfile", "sqlitedb", "config", "clock", "gentle", "launcher", "webpage", "notice"},
	{"auth", "channel", "drive", "power", "update", "datadir", "windowstate"},
	{"task", "channel/db", "channel/manifest", "peer"},
	{"engine", "store", "channel/selection", "channel/source"},
	{"library", "backup", "diagnostics", "doctor", "channel/transfer", "channel/source/*"},
	{"channel/preflight"},
	{"plugins/*", "service", "opener"},
	{"wire", "plugins"},
	{"handover"},
	{"cli", "bridge"},
	{"."},
}

// faces are the files of the module's root that may know the window.
var faces = []string{"main.go", "app.go"}

func TestArchitecture(t *testing.T) {
	t.Parallel()
	for _, breach := range breaches(t, os.DirFS("..")) {
		t.Error(breach)
	}
}

func TestArchitectureCanFail(t *testing.T) {
	t.Parallel()
	const wails = `import _ "github.com/wailsapp/wails/v2/pkg/runtime"`
	cases := []struct {
		name, file, source string
		want               string // part of the breach, "" for none
	}{
		{"a lower floor may be imported", "backend/store/a.go", `import _ "nectar/backend/task"`, ""},
		{"a higher floor may not", "backend/task/a.go", `import _ "nectar/backend/store"`, "task imports store"},
		{"a sibling may not", "backend/store/a.go", `import _ "nectar/backend/engine"`, "store imports engine"},
		{"a plugin does not know another", "backend/plugins/content/a.go", `import _ "nectar/backend/plugins/device"`, "plugins/content imports plugins/device"},
		{"the list of plugins knows them all", "backend/plugins/plugins.go", `import _ "nectar/backend/plugins/device"`, ""},
		{"nothing of ours imports the top", "backend/cli/a.go", `import _ "nectar/backend"`, "cli imports ."},
		{"nothing imports main", "backend/backend.go", `import _ "nectar"`, "imports nectar"},
		{"a package on no floor is noticed", "backend/helpers/a.go", ``, "helpers stands on no floor"},
		{"a package below a known one is noticed too", "backend/task/kinds/a.go", ``, "task/kinds stands on no floor"},
		{"an import from no floor is noticed", "backend/cli/a.go", `import _ "nectar/backend/helpers"`, "helpers"},
		{"the top may import any floor", "backend/backend.go", `import _ "nectar/backend/cli"`, ""},
		{"the faces may know the window", "app.go", wails, ""},
		{"a further file of the root may not", "window.go", wails, "window.go knows the window"},
		{"the backend may not", "backend/bridge/a.go", wails, "a.go knows the window"},
		{"a tool of the build may not", "build/sample/a.go", wails, "a.go knows the window"},
		{"tests are free", "backend/task/a_test.go", `import _ "nectar/backend/store"`, ""},
		{"packages for tests are free", "backend/task/tasktest/a.go", `import _ "nectar/backend/store"`, ""},
		{"only tests use packages for tests", "backend/store/a.go", `import _ "nectar/backend/channel/channeltest"`, "store imports channel/channeltest"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := breaches(t, fstest.MapFS{c.file: {Data: []byte("package p\n\n" + c.source + "\n")}})
			if c.want == "" && len(got) > 0 || c.want != "" && !slices.ContainsFunc(got, func(breach string) bool {
				return strings.Contains(breach, c.want)
			}) {
				t.Errorf("found %q, want %q", got, c.want)
			}
		})
	}
}

// breaches answers what breaks the architecture in a module's folder. Tests
// are free, and so are packages that exist for tests alone, which nothing else
// may import.
func breaches(t *testing.T, root fs.FS) []string {
	t.Helper()
	var found []string
	err := fs.WalkDir(root, ".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			return enter(root, file)
		}
		if path.Ext(file) != ".go" || strings.HasSuffix(file, "_test.go") || forTests(path.Dir(file)) {
			return nil
		}
		imports, err := importsOf(root, file)
		if err != nil {
			return err
		}
		found = append(found, check(file, imports)...)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// enter skips what is not Go of this module.
func enter(root fs.FS, folder string) error {
	name := path.Base(folder)
	if folder != "." && strings.HasPrefix(name, ".") || slices.Contains([]string{"frontend", "testdata", "node_modules"}, name) {
		return fs.SkipDir
	}
	if _, err := fs.Stat(root, path.Join(folder, "go.mod")); err == nil && folder != "." {
		return fs.SkipDir
	}
	return nil
}

func importsOf(root fs.FS, file string) ([]string, error) {
	source, err := fs.ReadFile(root, file)
	if err != nil {
		return nil, err
	}
	parsed, err := parser.ParseFile(token.NewFileSet(), file, source, parser.ImportsOnly)
	if err != nil {
		return nil, err
	}
	imports := make([]string, len(parsed.Imports))
	for i, spec := range parsed.Imports {
		if imports[i], err = strconv.Unquote(spec.Path.Value); err != nil {
			return nil, err
		}
	}
	return imports, nil
}

func check(file string, imports []string) []string {
	var found []string
	for _, imported := range imports {
		if strings.HasPrefix(imported, "github.com/wailsapp/") && !slices.Contains(faces, file) {
			found = append(found, fmt.Sprintf("%s knows the window: only %s may", file, strings.Join(faces, " and ")))
		}
	}
	pkg, ours := within(path.Dir(file), "backend")
	if !ours {
		return found
	}
	floor := floorOf(pkg)
	if floor < 0 {
		return append(found, fmt.Sprintf("%s stands on no floor", pkg))
	}
	for _, imported := range imports {
		if _, ours := within(imported, module); !ours {
			continue
		}
		other, ours := within(imported, module+"/backend")
		switch {
		case !ours:
			found = append(found, fmt.Sprintf("%s imports %s from outside the floors", file, imported))
		case floorOf(other) < 0:
			found = append(found, fmt.Sprintf("%s imports %s, which stands on no floor", pkg, other))
		case floorOf(other) >= floor:
			found = append(found, fmt.Sprintf("%s imports %s, which stands no lower", pkg, other))
		}
	}
	return found
}

// within answers the path below the folder, "." for the folder itself.
func within(name, folder string) (string, bool) {
	if name == folder {
		return ".", true
	}
	return strings.CutPrefix(name, folder+"/")
}

func floorOf(pkg string) int {
	return slices.IndexFunc(floors, func(patterns []string) bool {
		return slices.ContainsFunc(patterns, func(pattern string) bool {
			ok, err := path.Match(pattern, pkg)
			return ok && err == nil
		})
	})
}

// forTests reports whether the package exists for tests alone.
func forTests(folder string) bool {
	return strings.HasSuffix(folder, "test")
}
