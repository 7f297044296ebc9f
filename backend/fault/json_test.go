package fault_test

import (
	"encoding/json"
	"errors"
	"testing"

	"nectar/backend/fault"
)

func TestNotJSONSaysWhatIsWrongAndWhere(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]fault.Params{
		``:                           {"reason": "ends", "line": 1, "column": 1},
		"{\n  \"x\": ":               {"reason": "ends", "line": 2, "column": 8},
		`{"x": 1,}`:                  {"reason": "unexpected", "line": 1, "column": 9},
		"{\n\t\"größe\": 1\n\t\"y\"": {"reason": "unexpected", "line": 3, "column": 2},
		`{"größe": x}`:               {"reason": "unexpected", "line": 1, "column": 11},
		"{\"x\": \"a\nb\"}":          {"reason": "unexpected", "line": 1, "column": 9},
		`{"x": "a", "n": "b"}`:       {"reason": "kind", "line": 1, "column": 19},
	} {
		var into struct {
			N int `json:"n"`
		}
		err := json.Unmarshal([]byte(text), &into)
		f := fault.NotJSON([]byte(text), err)
		if f.Code != fault.InvalidJSON || !errors.Is(f, err) {
			t.Errorf("%s: %v", text, f)
		}
		for name, value := range want {
			if f.Params[name] != value {
				t.Errorf("%s: %s is %v, want %v (%v)", text, name, f.Params[name], value, err)
			}
		}
	}
}
