package service_test

import (
	"encoding/json"
	"testing"

	"nectar/backend/fault"
	"nectar/backend/service"
)

// Whatever is asked for, it is refused with a code of its own, or is objects
// that are JSON again.
func FuzzParseRequests(f *testing.F) {
	for _, seed := range []string{
		"", "{}", "[]", "[1]", "null", `{"type": "device.backup"} {}`, `{"type": "a", "type": "b"}`, `[{"enqueue_args": {"cron": "\u202e"}}]`,
		`{"n": 1e999999}`, `{"` + "\x00" + `": "' OR 1=1; --"}`, `[[[[[[]]]]]]`, `{"path": "<img src=x onerror=alert(1)>"}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		requests, list, err := service.ParseRequests(text)
		if err != nil {
			if fault.CodeOf(err) == fault.Internal {
				t.Errorf("%q is refused with %v", text, err)
			}
			return
		}
		if !list && len(requests) != 1 {
			t.Errorf("%q is %d requests", text, len(requests))
		}
		if _, err := json.Marshal(requests); err != nil {
			t.Errorf("%q cannot be written again: %v", text, err)
		}
	})
}
