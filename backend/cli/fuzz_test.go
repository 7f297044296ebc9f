package cli_test

import (
	"slices"
	"strings"
	"testing"

	"nectar/backend/cli"
)

// Whatever a second start is given, a window is only opened for what names a
// data folder, a person or nothing.
func FuzzWantsWindow(f *testing.F) {
	for _, seed := range []string{"", "--data\x00/x", "--data=/x", "--json", "jobs", "--data", "--as\x00Ada\x00--data=x", "nectar://open", "--data\x00--json"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, joined string) {
		args := strings.Split(joined, "\x00")
		if joined == "" {
			args = nil
		}
		flags, window := cli.WantsWindow(args)
		if !window {
			return
		}
		for _, given := range []string{flags.Data, flags.As} {
			if given != "" && !slices.ContainsFunc(args, func(arg string) bool { return strings.HasSuffix(arg, given) }) {
				t.Errorf("%q gives %q", args, given)
			}
		}
	})
}
