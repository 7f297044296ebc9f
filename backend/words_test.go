package backend_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"nectar/backend/i18n"
)

// alike are the texts that a language has in common with English: names,
// units, and words that are the same in both. Everything else that reads as in
// English was not translated.
var alike = map[string][]string{
	"":   {"{page} – Nectar", "({n}) {page} – Nectar", "Studio", "PIN", "Id", "ok"},
	"de": {"Version {version}", "Version {version}: {text}", "Version", "Video", "Audio", "App", "Quiz", "In", "Name", "Server", "Import", "kB", "MB", "GB", "TB"},
	"fr": {"Version {version}", "Version", "Audio", "audio", "Document", "document", "Collection", "Quiz", "minutes", "Arguments", "Pause", "Guide", "Licence"},
	"es": {"Video", "video", "Audio", "audio", "Error", "no", "byte", "bytes", "kB", "MB", "GB", "TB"},
	"pt": {"Slides", "Quiz", "byte", "bytes", "kB", "MB", "GB", "TB"},
	"sw": {"Video", "video"},
	"hi": {"kB", "MB", "GB", "TB"},
}

// TestEverythingIsTranslated holds the texts of the window, of the program, of
// the plugins and of the terminal against the English ones.
func TestEverythingIsTranslated(t *testing.T) {
	t.Parallel()
	folders, err := filepath.Glob("plugins/*/texts")
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range append(folders, "i18n/texts", "cli/texts", "../frontend/src/i18n") {
		english := flatTexts(t, filepath.Join(folder, "en.json"))
		for _, language := range i18n.Languages() {
			if language == i18n.English {
				continue
			}
			for key, text := range flatTexts(t, filepath.Join(folder, language+".json")) {
				if english[key] == text && !mayBeAlike(language, text) && !strings.HasPrefix(key, "key.") { // what stands on a key of the keyboard
					t.Errorf("%s: %s of %s is the English text: %s", folder, key, language, text)
				}
			}
		}
	}
}

// value is what a text leaves open; a size, number or title alone has no words.
var value = regexp.MustCompile(`\{[^}]*\}`)

func mayBeAlike(language, text string) bool {
	bare := strings.TrimSpace(value.ReplaceAllString(text, ""))
	if !strings.ContainsFunc(bare, unicode.IsLetter) {
		return true
	}
	allowed := slices.Concat(alike[""], alike[language])
	return slices.Contains(allowed, text) || slices.Contains(allowed, bare)
}

// flatTexts reads texts by key; those of the window are nested.
func flatTexts(t *testing.T, path string) map[string]string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var tree map[string]any
	if err := json.Unmarshal(data, &tree); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	flat := map[string]string{}
	flatten(flat, "", tree)
	return flat
}

func flatten(flat map[string]string, prefix string, tree map[string]any) {
	for key, below := range tree {
		switch below := below.(type) {
		case string:
			flat[prefix+key] = below
		case map[string]any:
			flatten(flat, prefix+key+".", below)
		}
	}
}

// settingNames finds the settings in the code that declares them.
var settingNames = regexp.MustCompile(`(?m)^\t[a-z]+\("([a-z_]+)", "`)

// TestTheWindowAndTheTerminalNameEverySetting holds that none is offered under
// the English words of its declaration.
func TestTheWindowAndTheTerminalNameEverySetting(t *testing.T) {
	t.Parallel()
	code, err := os.ReadFile("service/setting.go")
	if err != nil {
		t.Fatal(err)
	}
	found := settingNames.FindAllSubmatch(code, -1)
	if len(found) < 7 {
		t.Fatalf("found only %d settings: is the source still read right?", len(found))
	}
	window, terminal := flatTexts(t, "../frontend/src/i18n/en.json"), flatTexts(t, "cli/texts/en.json")
	for _, match := range found {
		name := string(match[1])
		if window["setting."+name+".title"] == "" {
			t.Errorf("the window has no words for the setting %s", name)
		}
		if terminal["cli.setting."+name] == "" {
			t.Errorf("the terminal has no words for the setting %s", name)
		}
	}
}
