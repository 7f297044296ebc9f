package backend_test

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	links    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	headings = regexp.MustCompile(`(?m)^#+ (.+)$`)
	pictured = regexp.MustCompile(`\{?\s*name: '([a-z-]+)'`)
)

// TestTheGuidePointsAtWhatIsThere holds that no link of the guide for teachers
// leads nowhere, and that its pictures are among those that the run makes; of its
// translations too.
func TestTheGuidePointsAtWhatIsThere(t *testing.T) {
	t.Parallel()
	translations, err := filepath.Glob("../docs/guide/*.md")
	if err != nil || len(translations) == 0 {
		t.Fatalf("no translations of the guide (%v)", err)
	}
	for _, file := range append(translations, "../docs/guide.md") {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			pointsAtWhatIsThere(t, file)
		})
	}
}

func pointsAtWhatIsThere(t *testing.T, file string) {
	t.Helper()
	guide := contentOf(t, file)
	anchors := map[string]bool{}
	for _, heading := range headings.FindAllStringSubmatch(guide, -1) {
		plain := strings.NewReplacer(",", "", "'", "").Replace(strings.ToLower(heading[1]))
		anchors["#"+strings.ReplaceAll(plain, " ", "-")] = true
	}
	pictures := map[string]bool{}
	for _, view := range pictured.FindAllStringSubmatch(contentOf(t, "../build/e2e/views.mjs"), -1) {
		pictures[view[1]+".png"] = true
	}
	for _, link := range links.FindAllStringSubmatch(guide, -1) {
		target := link[1]
		switch {
		case strings.HasPrefix(target, "https://"), anchors[target]:
		case path.Base(path.Dir(target)) == "images" && pictures[path.Base(target)]:
		default:
			if _, err := os.Stat(filepath.Join(filepath.Dir(file), target)); err != nil {
				t.Errorf("%s points at %s, which is not there", file, target)
			}
		}
	}
}

func contentOf(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
