package main

import (
	"maps"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// root is the project's folder.
var root = filepath.Join("..", "..")

func TestWhatIsMadeIsFresh(t *testing.T) {
	t.Parallel()
	made, err := makeAll(root)
	if err != nil {
		t.Fatal(err)
	}
	stale, err := staleOf(root, made)
	if err != nil {
		t.Fatal(err)
	}
	if len(stale) > 0 {
		t.Errorf("stale: %s; make them anew with: go run ./build/generate", strings.Join(stale, ", "))
	}
}

// project writes a small project of a bridge with one object, and answers its
// folder.
func project(t *testing.T, changed map[string]string) string {
	t.Helper()
	files := map[string]string{
		"app.go": `package main

// App is the window.
type App struct{}

func (a *App) open() { run(Bind{Bind: list{a, a.bridge.Things}}) }
`,
		"backend/bridge/bridge.go": `package bridge

type Bridge struct {
	Things *Things
	log    *Log
}
`,
		"backend/bridge/things.go": `package bridge

import "nectar/backend/wire"

// Things is what the window may do with things.
type Things struct{ bridge *Bridge }

// Find answers the things of a name
// and a kind.
//
//api:permission signed in
//api:errors not_found
func (t *Things) Find(name string, kinds []string) ([]wire.Thing, error) { return nil, nil }

func (t *Things) help() {}
`,
		"backend/wire/thing.go": `package wire

// Thing is a thing.
type Thing struct {
	ID     string            ` + "`json:\"id\"`" + ` // its number
	Weight *float64          ` + "`json:\"weight\"`" + `
	Parts  []Thing           ` + "`json:\"parts,omitzero\"`" + `
	Names  map[string]string ` + "`json:\"names\"`" + `
	Secret string            ` + "`json:\"-\"`" + `
}
`,
		"backend/service/when.go": "package service\n\nvar whenFields = []string{" + fieldsOfWhen() + "}\n",
		"backend/fault/codes.go": `package fault

const (
	// NotFound is a thing that is not there.
	NotFound Code = "not_found"
	FieldRange Code = "range"
)
`,
	}
	maps.Copy(files, changed)
	folder := t.TempDir()
	for name, text := range files {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

func fieldsOfWhen() string {
	var list strings.Builder
	for _, w := range when {
		list.WriteString(strconv.Quote(w[0]) + ",")
	}
	return list.String()
}

func TestAMethodIsWrittenDownAsItIs(t *testing.T) {
	t.Parallel()
	a, err := readAPI(project(t, nil))
	if err != nil {
		t.Fatal(err)
	}
	types := typeScript(a)
	for _, want := range []string{
		"/** Things is what the window may do with things. */\nexport interface ThingsBinding {\n" +
			"  Find(name: string, kinds: string[]): Promise<WireThing[] | null>\n}\n",
		"/** Thing is a thing. */\nexport interface WireThing {\n  /** its number */\n  id: string\n  weight: number | null\n" +
			"  parts?: WireThing[]\n  names: Record<string, string> | null\n}\n",
	} {
		if !strings.Contains(types, want) {
			t.Errorf("the types lack\n%s\nin\n%s", want, types)
		}
	}
	page := apiPage(a)
	for _, want := range []string{
		"### Things.Find\n\nFind answers the things of a name and a kind.\n\n- Request: name: text, kinds: list of text\n" +
			"- Answer: list of [Thing](#thing)\n- Permission: signed in\n- Refusals: `not_found`\n",
		"| `parts` | list of [Thing](#thing), may be left out |  |\n",
		"| `not_found` | a thing that is not there. |\n",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks\n%s\nin\n%s", want, page)
		}
	}
	if strings.Contains(page, "Things.help") || strings.Contains(page, "Secret") || strings.Contains(page, "`range`") {
		t.Error("the page tells what no caller sees")
	}
}

func TestWhatIsForgottenIsNamed(t *testing.T) {
	t.Parallel()
	things := func(comment, answer string) map[string]string {
		return map[string]string{"backend/bridge/things.go": "package bridge\n\nimport \"nectar/backend/wire\"\n\n" +
			"var _ wire.Thing\n\ntype Things struct{}\n\n" + comment + "func (t *Things) Find() " + answer + " { return nil, nil }\n"}
	}
	const both = "//api:permission signed in\n//api:errors none\n"
	for _, c := range []struct {
		name    string
		changed map[string]string
		want    string
	}{
		{"who may call", things("//api:errors none\n", "(int, error)"), `Things.Find does not say who may call it: add a line such as "//api:permission`},
		{"what is refused", things("//api:permission signed in\n", "(int, error)"), `Things.Find does not say what it refuses: add a line such as "//api:errors`},
		{"a code that exists", things("//api:permission signed in\n//api:errors lost\n", "(int, error)"), `"lost", which is no code`},
		{"a form in JSON", things(both, "(chan int, error)"), `a value of an unknown form`},
		{"a type that exists", things(both, "(wire.Thong, error)"), `cannot find wire.Thong`},
		{"to bind", map[string]string{"app.go": "package main\n\ntype App struct{}\n"}, `bridge.Things is not given to the window: add app.bridge.Things to Bind in app.go`},
		{"what a field of enqueue_args means", map[string]string{"backend/service/when.go": "package service\n\nvar whenFields = []string{" + fieldsOfWhen() + "\"moon\"}\n"}, `enqueue_args may have the field moon and docs/api.md does not say`},
		{"that a field of enqueue_args is gone", map[string]string{"backend/service/when.go": "package service\n\nvar whenFields = []string{\"cron\"}\n"}, `enqueue_args has no field lifo`},
		{"to say what an event carries", map[string]string{"backend/bridge/events.go": "package bridge\n\nfunc tell(emit Emit) { emit(\"things\", 7) }\n"}, `add the line "//api:event things"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if _, err := readAPI(project(t, c.changed)); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

func TestAGuideIsFilledFromTheSources(t *testing.T) {
	t.Parallel()
	folder := project(t, nil)
	const before, after = "# Guide\n\n<!-- code: backend/wire/thing.go Thing -->\n", "\nand more\n"
	filled, err := fillGuide(folder, before+"```go\nold\n\nlines\n```"+after)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(filled, before+"```go\n// Thing is a thing.\ntype Thing struct {\n") || !strings.HasSuffix(filled, "}\n```"+after) {
		t.Errorf("filled:\n%s", filled)
	}
	if again, err := fillGuide(folder, filled); again != filled || err != nil {
		t.Errorf("filled twice:\n%s\n%v", again, err)
	}
	for text, want := range map[string]string{
		"```go\nx := 1\n```\n": "a code block with no marker",
		"<!-- code: backend/wire/thing.go Thong -->\n```go\n```\n": "declares no Thong",
		"<!-- code: backend/wire/thong.go -->\n```go\n```\n":       "no such file",
		"<!-- code: backend/wire/thing.go -->\nno block":           "a marker with no code block",
	} {
		if _, err := fillGuide(folder, text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", text, err, want)
		}
	}
}
