package cli_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nectar/backend/i18n"
)

var (
	pluralForm  = regexp.MustCompile(`\.(zero|one|two|few|many|other)$`)
	placeholder = regexp.MustCompile(`\{[^}]*\}`)
)

// stems answers the keys without their plural forms, each with the names that
// its texts mention.
func stems(t *testing.T, path string) map[string][]string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var texts map[string]string
	if err := json.Unmarshal(data, &texts); err != nil {
		t.Fatal(err)
	}
	found := map[string][]string{}
	for key, text := range texts {
		stem := pluralForm.ReplaceAllString(key, "")
		names := slices.Compact(slices.Sorted(slices.Values(append(found[stem], placeholder.FindAllString(text, -1)...))))
		found[stem] = names
	}
	return found
}

func TestEveryLanguageSaysTheSame(t *testing.T) {
	t.Parallel()
	english := stems(t, "texts/en.json")
	for _, language := range i18n.Languages() {
		path := "texts/" + language + ".json"
		if diff := cmp.Diff(english, stems(t, path)); diff != "" {
			t.Errorf("en and %s differ (-en +other):\n%s", path, diff)
		}
	}
}

// said finds the keys that the code asks for.
var said = regexp.MustCompile(`(?:say\.text|f\.usage)\("([a-z_.]+)"`)

func TestEveryTextIsThereAndUsed(t *testing.T) {
	t.Parallel()
	known := stems(t, "texts/en.json")
	var code strings.Builder
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range sources {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		code.Write(text)
	}
	for _, match := range said.FindAllStringSubmatch(code.String(), -1) {
		if key := match[1]; !strings.HasSuffix(key, ".") && !has(known, "cli."+key) {
			t.Errorf("nobody wrote cli.%s", key)
		}
	}
	for key := range known {
		name := strings.TrimPrefix(key, "cli.")
		group, leaf, grouped := strings.Cut(name, ".")
		inParts := grouped && (group == "kind" || group == "source" || group == "outcome" || group == "role" || group == "setting" ||
			group == "head" && strings.Contains(code.String(), `line("`+leaf+`"`))
		if !inParts && !strings.Contains(code.String(), `"`+name+`"`) {
			t.Errorf("nothing says %s", key)
		}
	}
}

func has(m map[string][]string, key string) bool {
	_, ok := m[key]
	return ok
}
