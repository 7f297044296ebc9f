package task_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nectar/backend/auth"
	"nectar/backend/fault"
	"nectar/backend/task"
)

// declared makes a task with arguments of type A and registers it.
func declared[A any](change func(*task.Spec[A])) (task.Task[A], error) {
	spec := task.Spec[A]{
		Name: "a.b", Summary: "Do nothing", Permission: task.SignedIn,
		Run: func(context.Context, *task.Run, A) (any, error) { return nil, nil },
	}
	if change != nil {
		change(&spec)
	}
	defined := task.Define(spec)
	_, err := task.NewRegistry(defined)
	return defined, err
}

func registered[A any](t *testing.T, change func(*task.Spec[A])) task.Task[A] {
	t.Helper()
	defined, err := declared(change)
	if err != nil {
		t.Fatal(err)
	}
	return defined
}

type pace struct {
	Every int    `json:"every" jsonschema:"title=Every,unit=seconds,minimum=1,default=60"`
	Kind  string `json:"kind,omitzero" jsonschema:"enum=slow,enum=fast,default=slow"`
}

type step struct {
	Name  string `json:"name"`
	Times int    `json:"times" jsonschema:"default=3"`
}

type base struct {
	Owner string `json:"owner" jsonschema:"format=person,default=nobody"`
}

type rich struct {
	base
	Keep   int64           `json:"keep" jsonschema:"title=Keep free,description=Bytes\\, at least,unit=bytes,minimum=0,default=250000000"`
	Pace   pace            `json:"pace"`
	Other  *pace           `json:"other,omitzero"`
	Steps  []step          `json:"steps,omitzero" jsonschema:"maxItems=9"`
	Named  map[string]step `json:"named,omitzero"`
	Words  []string        `json:"words" jsonschema:"default=one,default=two"`
	When   time.Time       `json:"when,omitzero"`
	Level  uint8           `json:"level,omitzero"`
	Folder string          `json:"folder,omitzero" jsonschema:"format=folder"`
	Truth  *bool           `json:"truth" jsonschema:"default=true"`
}

func TestASchemaIsMadeOfTheType(t *testing.T) {
	t.Parallel()
	document := registered[rich](t, nil).Schema.Document()
	properties, _ := document["properties"].(map[string]any)
	for name, want := range map[string]map[string]any{
		"keep": {
			"type": "integer", "title": "Keep free", "description": "Bytes, at least",
			"unit": "bytes", "minimum": 0.0, "default": 250000000.0,
		},
		"owner":  {"type": "string", "title": "Owner", "format": "person", "default": "nobody"},
		"when":   {"type": "string", "title": "When", "format": "date-time"},
		"level":  {"type": "integer", "title": "Level", "minimum": 0.0, "maximum": 255.0},
		"words":  {"type": "array", "title": "Words", "items": map[string]any{"type": "string"}, "default": []any{"one", "two"}},
		"folder": {"type": "string", "title": "Folder", "format": "folder"},
		"truth":  {"type": "boolean", "title": "Truth", "default": true},
		"pace": {
			"type": "object", "title": "Pace", "additionalProperties": false, "default": map[string]any{},
			"order": []any{"every", "kind"},
			"properties": map[string]any{
				"every": map[string]any{"type": "integer", "title": "Every", "unit": "seconds", "minimum": 1.0, "default": 60.0},
				"kind":  map[string]any{"type": "string", "title": "Kind", "enum": []any{"slow", "fast"}, "default": "slow"},
			},
		},
	} {
		if diff := cmp.Diff(any(want), properties[name]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if required, ok := document["required"]; ok {
		t.Errorf("%v are required, though each has a default or may be left out", required)
	}
}

// A person's name is part of the folder that a program is started in.
func TestASchemaIsMadeInAFolderOfAnyName(t *testing.T) { //nolint:paralleltest // the folder is of the whole process
	folder := filepath.Join(t.TempDir(), "لينا يوسف 100%", "#1")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Chdir(folder)
	registered[rich](t, nil)
}

func TestDefaultsArePutIn(t *testing.T) {
	t.Parallel()
	const nothing = `{"owner":"nobody","keep":250000000,"pace":{"every":60,"kind":"slow"},"words":["one","two"],"truth":true}`
	for _, c := range []struct{ name, request, want string }{
		{"where a field is missing", `{}`, nothing},
		{
			"and not where one is given, be it nothing",
			`{"keep": 0, "words": [], "truth": false, "owner": ""}`,
			`{"owner":"","keep":0,"pace":{"every":60,"kind":"slow"},"words":[],"truth":false}`,
		},
		{
			"inside objects, lists and maps",
			`{"pace": {"every": 5}, "steps": [{"name": "a"}, {"name": "b", "times": 1}], "named": {"c": {"name": "d"}}}`,
			`{"owner":"nobody","keep":250000000,"pace":{"every":5,"kind":"slow"},"steps":[{"name":"a","times":3},{"name":"b","times":1}],` +
				`"named":{"c":{"name":"d","times":3}},"words":["one","two"],"truth":true}`,
		},
		{
			"inside an object that may be left out, once it is there",
			`{"other": {}}`,
			`{"owner":"nobody","keep":250000000,"pace":{"every":60,"kind":"slow"},"other":{"every":60,"kind":"slow"},"words":["one","two"],"truth":true}`,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			request := decoded(t, c.request)
			args, _, err := registered[rich](t, nil).Validate(t.Context(), auth.Program(), request)
			if err != nil || string(args) != c.want {
				t.Errorf("the arguments are\n%s, want\n%s; %v", args, c.want, err)
			}
			if diff := cmp.Diff(decoded(t, c.request), request); diff != "" {
				t.Errorf("the request was changed:\n%s", diff)
			}
		})
	}
}

func TestWhatTheTypeCannotHoldIsNamed(t *testing.T) {
	t.Parallel()
	for request, want := range map[string]fault.Code{
		`{"level": 256}`:                 fault.FieldRange,
		`{"level": -1}`:                  fault.FieldRange,
		`{"level": 1.0}`:                 fault.FieldType,
		`{"level": 1e30}`:                fault.FieldRange,
		`{"when": "tomorrow"}`:           fault.FieldFormat,
		`{"pace": {"every": 1e30}}`:      fault.FieldType,
		`{"steps": [{"name": "a"}, {}]}`: fault.FieldRequired,
	} {
		decoder := json.NewDecoder(strings.NewReader(request))
		decoder.UseNumber()
		var args map[string]any
		if err := decoder.Decode(&args); err != nil {
			t.Fatal(err)
		}
		_, _, err := registered[rich](t, nil).Validate(t.Context(), auth.Program(), args)
		f := fault.Of(err)
		if f == nil || f.Code != fault.InvalidRequest || len(f.Fields) != 1 || f.Fields[0].Code != want || f.Fields[0].Field == "" {
			t.Errorf("%s is answered by %v, want the code %s of its field", request, err, want)
		}
	}
}

type (
	loop     struct{ Next *loop }
	untagged struct {
		X int `json:"x" jsonschema:"maxmum=3"`
	}
	commas struct {
		X int `json:"x" jsonschema:"description=One, two"`
	}
	misfit struct {
		X string `json:"x" jsonschema:"minimum=3"`
	}
	noNumber struct {
		X int `json:"x" jsonschema:"minimum=three"`
	}
	badDefault struct {
		X int `json:"x" jsonschema:"maximum=3,default=4"`
	}
	badUnit struct {
		X int `json:"x" jsonschema:"unit=miles"`
	}
	wordUnit struct {
		X string `json:"x" jsonschema:"unit=bytes"`
	}
	badFormat struct {
		X string `json:"x" jsonschema:"format=colour"`
	}
	deep struct {
		Steps []struct {
			X any `json:"x"`
		} `json:"steps"`
	}
)

func TestADeclarationWithoutASchemaIsRefused(t *testing.T) {
	t.Parallel()
	refusal := func(_ any, err error) error { return err }
	for _, c := range []struct {
		name string
		err  error
		want string // said of the task "a.b"
	}{
		{"anything at all", refusal(declared[struct{ X any }](nil)), `argument "X": type interface {} has no schema`},
		{"a function", refusal(declared[struct{ X func() }](nil)), `argument "X": type func() has no schema`},
		{"numbered keys", refusal(declared[struct{ X map[int]string }](nil)), `the keys have to be texts`},
		{"a duration", refusal(declared[struct{ X time.Duration }](nil)), `argument "X": a duration has no schema: use a number with unit=seconds`},
		{"a type that holds itself", refusal(declared[loop](nil)), `holds itself`},
		{"deep inside", refusal(declared[deep](nil)), `argument "steps.x": type interface {} has no schema`},
		{"a keyword that does not exist", refusal(declared[untagged](nil)), `argument "x": the tag "maxmum=3" has no effect`},
		{"a comma that ends a text", refusal(declared[commas](nil)), `the tag " two" has no effect`},
		{"a keyword of another type", refusal(declared[misfit](nil)), `the tag "minimum=3" has no effect`},
		{"a limit that is no number", refusal(declared[noNumber](nil)), `the tag "minimum=three" has no effect`},
		{"a default outside its limits", refusal(declared[badDefault](nil)), `its own limits refuse the default 4`},
		{"an unknown unit", refusal(declared[badUnit](nil)), `unknown unit "miles"`},
		{"a unit of a text", refusal(declared[wordUnit](nil)), `unit "bytes" on what is no number`},
		{"an unknown format", refusal(declared[badFormat](nil)), `unknown format "colour"`},
		{"a request type that has none", refusal(declared(func(s *task.Spec[noArgs]) {
			s.Requests = task.From(func(context.Context, task.Request[loop]) (task.Validated[noArgs], error) {
				return task.Validated[noArgs]{}, nil
			})
		})), `holds itself`},
		{"a request type without its function", refusal(declared(func(s *task.Spec[noArgs]) {
			s.Requests = task.From[noArgs, noArgs](nil)
		})), `no function for requests`},
		{"two validators", refusal(declared(func(s *task.Spec[noArgs]) {
			s.Validate = func(context.Context, task.Request[noArgs]) (task.Validated[noArgs], error) {
				return task.Validated[noArgs]{}, nil
			}
			s.Requests = task.From(s.Validate)
		})), `both Validate and Requests`},
		{"an unknown unit of progress", refusal(declared(func(s *task.Spec[noArgs]) { s.Unit = "miles" })), `unknown unit of progress "miles"`},
		{"a retry rule below zero", refusal(declared(func(s *task.Spec[noArgs]) { s.Retry.Interval = -1 })), `a retry rule below zero`},
		{"a maximum of no retries", refusal(declared(func(s *task.Spec[noArgs]) { s.Retry.Max = 3 })), `a maximum and no interval`},
	} {
		if c.err == nil || !strings.Contains(c.err.Error(), c.want) || !strings.HasPrefix(c.err.Error(), `task "a.b": `) {
			t.Errorf("%s: got %v, want the task's name and %q", c.name, c.err, c.want)
		}
	}
}

type lendRequest struct {
	Title string `json:"title" jsonschema:"description=What is on the cover"`
	Weeks int    `json:"weeks" jsonschema:"minimum=1,maximum=8,default=2"`
}

type lendArgs struct {
	Book int `json:"book"`
	Days int `json:"days"`
}

func TestARequestTypeBecomesArguments(t *testing.T) {
	t.Parallel()
	lend := registered(t, func(s *task.Spec[lendArgs]) {
		s.Requests = task.From(func(_ context.Context, r task.Request[lendRequest]) (task.Validated[lendArgs], error) {
			if r.Args.Title != "Momo" {
				return task.Validated[lendArgs]{}, fault.New(fault.NotFound, "what", "book", "id", r.Args.Title)
			}
			return task.Validated[lendArgs]{
				Args:     lendArgs{Book: 7, Days: 7 * r.Args.Weeks},
				Metadata: map[string]any{"title": r.Args.Title, "by": r.Person.Name},
			}, nil
		})
		s.ExclusiveKey = func(a lendArgs) string { return "book" + string(rune('0'+a.Book)) }
	})

	args, metadata, err := lend.Validate(t.Context(), auth.Person{Name: "Ada"}, decoded(t, `{"title": "Momo"}`))
	if err != nil || string(args) != `{"book":7,"days":14}` {
		t.Errorf("the arguments are %s, %v", args, err)
	}
	if diff := cmp.Diff(map[string]any{"title": "Momo", "by": "Ada"}, metadata); diff != "" {
		t.Error(diff)
	}
	if key, _, err := lend.Keys(args); key != "book7" || err != nil {
		t.Errorf("the key is %q, %v", key, err)
	}
	if _, _, err := lend.Validate(t.Context(), auth.Person{}, decoded(t, `{"title": "Moby"}`)); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("the refusal is %v", err)
	}
	_, _, err = lend.Validate(t.Context(), auth.Person{}, decoded(t, `{"book": 7, "weeks": 9}`))
	if f := fault.Of(err); f == nil || f.Code != fault.InvalidRequest || len(f.Fields) != 3 {
		t.Errorf("arguments in place of the request are answered by %v", err)
	}
	properties, _ := lend.Schema.Document()["properties"].(map[string]any)
	if _, asks := properties["title"]; !asks || len(properties) != 2 {
		t.Errorf("the catalogue asks for %v", properties)
	}
}
