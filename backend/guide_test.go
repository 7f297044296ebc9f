package backend_test

import (
	"os"
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
// leads nowhere, and that its pictures are among those that the run makes.
func TestTheGuidePointsAtWhatIsThere(t *testing.T) {
	t.Parallel()
	guide := contentOf(t, "../docs/guide.md")
	anchors := map[string]bool{}
	for _, heading := range headings.FindAllStringSubmatch(guide, -1) {
		plain := strings.NewReplacer(",", "", "'", "").Replace(strings.ToLower(heading[1]))
		anchors["#"+strings.ReplaceAll(plain, " ", "-")] = true
	}
	pictures := map[string]bool{}
	for _, view := range pictured.FindAllStringSubmatch(contentOf(t, "../build/e2e/views.mjs"), -1) {
		pictures["images/"+view[1]+".png"] = true
	}
	for _, link := range links.FindAllStringSubmatch(guide, -1) {
		target := link[1]
		switch {
		case strings.HasPrefix(target, "https://"), anchors[target], pictures[target]:
		default:
			if _, err := os.Stat(filepath.Join("../docs", target)); err != nil {
				t.Errorf("the guide points at %s, which is not there", target)
			}
		}
	}
}

func contentOf(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
