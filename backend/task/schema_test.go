package task_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nectar/backend/auth"
	"nectar/backend/fault"
	"nectar/backend/task"
)

type sourceArgs struct {
	Kind string `json:"kind" jsonschema:"enum=disk,enum=http"`
	Path string `json:"path"`
}

type importArgs struct {
	Channel string     `json:"channel" jsonschema:"title=Channel,description=The channel to import,minLength=3"`
	Source  sourceArgs `json:"source"`
	Workers int        `json:"workers,omitempty" jsonschema:"title=Workers,minimum=1,maximum=8,default=2"`
	Depth   int        `json:"depth,omitempty" jsonschema:"minimum=0"`
	Nodes   []string   `json:"nodes,omitempty"`
	Label   string     `json:"label,omitempty" jsonschema:"maxLength=2"`
	Verify  *bool      `json:"verify,omitempty"`
}

var importTask = task.Define(task.Spec[importArgs]{
	Name: "content.import", Summary: "Import a channel", Permission: task.ManageContent,
	Run: func(_ context.Context, _ *task.Run, args importArgs) (any, error) { return args.Workers, nil },
})

// decoded reads JSON as encoding/json does.
func decoded(t *testing.T, text string) map[string]any {
	t.Helper()
	var args map[string]any
	if err := json.Unmarshal([]byte(text), &args); err != nil {
		t.Fatal(err)
	}
	return args
}

func TestSchemaCheck(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, args string
		want       map[string]fault.Code
	}{
		{"good arguments are good", `{"channel": "abc", "source": {"kind": "disk", "path": "/media"}, "workers": 8}`, nil},
		{"a missing field is named", `{"channel": "abc"}`, map[string]fault.Code{"source": fault.FieldRequired}},
		{"a missing field inside is named with its path", `{"channel": "abc", "source": {"kind": "disk"}}`, map[string]fault.Code{"source.path": fault.FieldRequired}},
		{"an unknown field is named", `{"channel": "abc", "source": {"kind": "disk", "path": "p"}, "chanel": 1}`, map[string]fault.Code{"chanel": fault.FieldUnknown}},
		{"an unknown field inside is named with its path", `{"channel": "abc", "source": {"kind": "disk", "path": "p", "speed": 1}}`, map[string]fault.Code{"source.speed": fault.FieldUnknown}},
		{"a wrong type is named", `{"channel": 7, "source": {"kind": "disk", "path": "p"}}`, map[string]fault.Code{"channel": fault.FieldType}},
		{"a fraction is no integer", `{"channel": "abc", "source": {"kind": "disk", "path": "p"}, "workers": 1.5}`, map[string]fault.Code{"workers": fault.FieldType}},
		{"null is no text", `{"channel": null, "source": {"kind": "disk", "path": "p"}}`, map[string]fault.Code{"channel": fault.FieldType}},
		{"a wrong item is named with its place", `{"channel": "abc", "source": {"kind": "disk", "path": "p"}, "nodes": ["a", 2]}`, map[string]fault.Code{"nodes.1": fault.FieldType}},
		{"a value that is no choice is named", `{"channel": "abc", "source": {"kind": "tape", "path": "p"}}`, map[string]fault.Code{"source.kind": fault.FieldChoice}},
		{"a number below its limit is named", `{"channel": "abc", "source": {"kind": "disk", "path": "p"}, "workers": 0}`, map[string]fault.Code{"workers": fault.FieldRange}},
		{"a number above its limit is named", `{"channel": "abc", "source": {"kind": "disk", "path": "p"}, "workers": 9}`, map[string]fault.Code{"workers": fault.FieldRange}},
		{"a number below its only limit is named", `{"channel": "abc", "source": {"kind": "disk", "path": "p"}, "depth": -1}`, map[string]fault.Code{"depth": fault.FieldMin}},
		{"a text that is too short is named", `{"channel": "a", "source": {"kind": "disk", "path": "p"}}`, map[string]fault.Code{"channel": fault.FieldShort}},
		{"an empty text that has to be there is missing", `{"channel": "", "source": {"kind": "disk", "path": "p"}}`, map[string]fault.Code{"channel": fault.FieldRequired}},
		{"all of them are named at once", `{"source": {"kind": "tape", "sped": 1}, "workers": 0, "nodes": "all"}`, map[string]fault.Code{
			"channel": fault.FieldRequired, "source.kind": fault.FieldChoice, "source.path": fault.FieldRequired,
			"source.sped": fault.FieldUnknown, "workers": fault.FieldRange, "nodes": fault.FieldType,
		}},
		{"nothing at all lacks all that is required", `null`, map[string]fault.Code{"channel": fault.FieldRequired, "source": fault.FieldRequired}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			fields := importTask.Schema.Check(decoded(t, c.args))
			got := map[string]fault.Code{}
			for _, f := range fields {
				if _, twice := got[f.Field]; twice {
					t.Errorf("%s is named twice", f.Field)
				}
				got[f.Field] = f.Code
			}
			if len(got) == 0 {
				got = nil
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("refused (-want +got):\n%s", diff)
			}
		})
	}

	t.Run("a refusal says what is wanted", func(t *testing.T) {
		t.Parallel()
		fields := importTask.Schema.Check(decoded(t, `{"channel": 1, "source": {"kind": "tape", "path": "p"}, "workers": 0, "depth": -1, "nodes": {}, "label": "abc"}`))
		got := map[string]fault.Params{}
		for _, f := range fields {
			got[f.Field] = f.Params
		}
		want := map[string]fault.Params{
			"channel": {"want": "string"}, "source.kind": {"choices": "disk, http"}, "workers": {"min": 1.0, "max": 8.0},
			"depth": {"min": 0.0}, "nodes": {"want": "array"}, "label": {"max": 2.0},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("values (-want +got):\n%s", diff)
		}
	})
}

func TestSchemaDocument(t *testing.T) {
	t.Parallel()
	properties, _ := importTask.Schema.Document()["properties"].(map[string]any)
	want := map[string]any{
		"channel": map[string]any{"type": "string", "title": "Channel", "description": "The channel to import", "minLength": 3.0},
		"workers": map[string]any{"type": "integer", "title": "Workers", "minimum": 1.0, "maximum": 8.0, "default": 2.0},
		"nodes":   map[string]any{"type": "array", "title": "Nodes", "items": map[string]any{"type": "string"}},
		"depth":   map[string]any{"type": "integer", "title": "Depth", "minimum": 0.0},
		"label":   map[string]any{"type": "string", "title": "Label", "maxLength": 2.0},
		"verify":  map[string]any{"type": "boolean", "title": "Verify"},
		"source": map[string]any{
			"type": "object", "title": "Source", "additionalProperties": false, "required": []any{"kind", "path"},
			"order": []any{"kind", "path"}, // as the fields are declared
			"properties": map[string]any{
				"kind": map[string]any{"type": "string", "title": "Kind", "enum": []any{"disk", "http"}},
				"path": map[string]any{"type": "string", "title": "Path"},
			},
		},
	}
	if diff := cmp.Diff(want, properties); diff != "" {
		t.Errorf("properties (-want +got):\n%s", diff)
	}
	if got := importTask.Schema.Document()["additionalProperties"]; got != false {
		t.Errorf("additionalProperties is %v: unknown fields pass", got)
	}
}

func TestValidate(t *testing.T) {
	t.Parallel()
	teacher := auth.Person{ID: "t", Role: auth.Teacher}
	drawer := errors.New("the drawer is locked")
	checked := task.Define(task.Spec[importArgs]{
		Name: "content.import", Summary: "Import a channel", Permission: task.ManageContent,
		Validate: func(_ context.Context, r task.Request[importArgs]) (task.Validated[importArgs], error) {
			if r.Args.Source.Path == "/drawer" {
				return task.Validated[importArgs]{}, drawer
			}
			r.Args.Workers *= 4 // of the default
			return task.Validated[importArgs]{Args: r.Args, Metadata: map[string]any{"asked_by": r.Person.ID}}, nil
		},
		Run: func(context.Context, *task.Run, importArgs) (any, error) { return nil, nil },
	})

	t.Run("without a validator the request and its defaults are the arguments", func(t *testing.T) {
		t.Parallel()
		args, metadata, err := importTask.Validate(t.Context(), teacher, decoded(t, `{"source": {"path": "p", "kind": "disk"}, "channel": "abc"}`))
		if err != nil || metadata != nil {
			t.Fatal(metadata, err)
		}
		if want := `{"channel":"abc","source":{"kind":"disk","path":"p"},"workers":2}`; string(args) != want {
			t.Errorf("arguments are %s, want %s", args, want)
		}
	})

	t.Run("a validator completes the arguments and adds what people see", func(t *testing.T) {
		t.Parallel()
		args, metadata, err := checked.Validate(t.Context(), teacher, decoded(t, `{"channel": "abc", "source": {"kind": "disk", "path": "p"}}`))
		if err != nil {
			t.Fatal(err)
		}
		if want := `{"channel":"abc","source":{"kind":"disk","path":"p"},"workers":8}`; string(args) != want {
			t.Errorf("arguments are %s, want %s", args, want)
		}
		if diff := cmp.Diff(map[string]any{"asked_by": "t"}, metadata); diff != "" {
			t.Error(diff)
		}
	})

	t.Run("a validator's refusal reaches the person", func(t *testing.T) {
		t.Parallel()
		_, _, err := checked.Validate(t.Context(), teacher, decoded(t, `{"channel": "abc", "source": {"kind": "disk", "path": "/drawer"}}`))
		if !errors.Is(err, drawer) {
			t.Errorf("got %v", err)
		}
	})

	t.Run("a validator never sees what the schema refuses", func(t *testing.T) {
		t.Parallel()
		_, _, err := checked.Validate(t.Context(), teacher, decoded(t, `{"channel": "abc", "source": {"path": "/drawer"}}`))
		if f := fault.Of(err); f.Code != fault.InvalidRequest || len(f.Fields) != 1 || f.Fields[0].Field != "source.kind" {
			t.Errorf("got %v", err)
		}
	})
}
