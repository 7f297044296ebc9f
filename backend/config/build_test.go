package config_test

import (
	"encoding/json"
	"os"
	"regexp"
	"runtime/debug"
	"testing"

	"nectar/backend/config"
)

func TestVersion(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, stamped string
		noted         string // by Go, "-" when it noted nothing at all
		want          string
	}{
		{"the stamp comes first", "1.2.3", "v1.2.4", "1.2.3"},
		{"a tag", "", "v1.2.3", "1.2.3"},
		{"a commit after a tag", "", "v1.2.4-0.20260102030405-0123456789ab", "1.2.4-0.20260102030405-0123456789ab"},
		{"a checkout that Git says nothing of", "", "(devel)", "0.0.0-dev"},
		{"a program of which nothing is known", "", "-", "0.0.0-dev"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := config.VersionOf(c.stamped, func() (*debug.BuildInfo, bool) {
				return &debug.BuildInfo{Main: debug.Module{Version: c.noted}}, c.noted != "-"
			})
			if got != c.want {
				t.Errorf("it is %q, want %q", got, c.want)
			}
		})
	}
}

// Until a tag is set, the packages are named after the newest heading of the
// changelog; Windows' resources have the version from wails.json.
func TestTheChangelogAndWailsSpeakOfOneVersion(t *testing.T) {
	t.Parallel()
	changes, err := os.ReadFile("../../CHANGELOG.md")
	if err != nil {
		t.Fatal(err)
	}
	heading := regexp.MustCompile(`(?m)^## (\d+\.\d+\.\d+)\b`).FindSubmatch(changes)
	if heading == nil {
		t.Fatal("CHANGELOG.md has no heading like “## 1.2.3”")
	}
	text, err := os.ReadFile("../../wails.json")
	if err != nil {
		t.Fatal(err)
	}
	var wails struct {
		Info struct {
			Version string `json:"productVersion"`
		} `json:"info"`
	}
	if err := json.Unmarshal(text, &wails); err != nil {
		t.Fatal(err)
	}
	if wails.Info.Version != string(heading[1]) {
		t.Errorf("CHANGELOG.md speaks of %s, wails.json of %s", heading[1], wails.Info.Version)
	}
}
