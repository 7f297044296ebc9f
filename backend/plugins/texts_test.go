package plugins_test

import (
	"encoding/json"
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nectar/backend/i18n"
	"nectar/backend/plugins"
	maths "nectar/backend/plugins/mathstest"
	"nectar/backend/task"
)

// installed are the plugins of the program and that of the guide.
func installed() []task.Plugin { return append(plugins.All(plugins.Deps{}), maths.Plugin()) }

// textsOf reads the texts of a plugin in one language.
func textsOf(t *testing.T, p task.Plugin, language string) map[string]string {
	t.Helper()
	texts := map[string]string{}
	if p.Texts == nil {
		return texts
	}
	raw, err := fs.ReadFile(p.Texts, "texts/"+language+".json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &texts); err != nil {
		t.Fatal(err)
	}
	return texts
}

var (
	plural      = regexp.MustCompile(`\.(zero|one|two|few|many|other)$`)
	placeholder = regexp.MustCompile(`\{[a-z_]+(:[a-z_]+)?\}`)
)

// said answers what each text of a status or fault mentions, whatever its
// plural forms.
func said(texts map[string]string) map[string]map[string]bool {
	mentions := map[string]map[string]bool{}
	for key, text := range texts {
		stem := plural.ReplaceAllString(key, "")
		if strings.HasPrefix(key, i18n.Declared) {
			continue
		}
		if mentions[stem] == nil {
			mentions[stem] = map[string]bool{}
		}
		for _, value := range placeholder.FindAllString(text, -1) {
			mentions[stem][value] = true
		}
	}
	return mentions
}

func TestEveryPluginSpeaksEveryLanguage(t *testing.T) {
	t.Parallel()
	for _, p := range installed() {
		english := textsOf(t, p, i18n.English)
		for _, language := range i18n.Languages() {
			texts := textsOf(t, p, language)
			if diff := cmp.Diff(said(english), said(texts)); diff != "" {
				t.Errorf("the texts of en and %s differ (-en +%s):\n%s", language, language, diff)
			}
			for key, text := range texts {
				if strings.ContainsAny(text, "!'\"") || strings.TrimSpace(text) != text {
					t.Errorf("%s: %s uses an exclamation mark, straight quotes or stray spaces: %s", language, key, text)
				}
			}
		}
	}
}

// TestEveryTaskIsOfferedInEveryLanguage holds that the form of a task can be
// read: its summary, and the titles, descriptions and examples of its arguments.
func TestEveryTaskIsOfferedInEveryLanguage(t *testing.T) {
	t.Parallel()
	for _, p := range installed() {
		registry, err := task.NewRegistry(p.Tasks...)
		if err != nil {
			t.Fatal(err)
		}
		for _, language := range i18n.Languages() {
			texts := textsOf(t, p, language)
			declared := map[string]bool{}
			for _, d := range registry.All() {
				for _, key := range append(words("", d.Schema.Document()), "summary") {
					declared[i18n.Declared+d.Name+"."+key] = true
					// English stands in the declaration.
					if language != i18n.English && texts[i18n.Declared+d.Name+"."+key] == "" {
						t.Errorf("texts/%s.json of the plugin %s lacks %s%s.%s", language, d.Plugin, i18n.Declared, d.Name, key)
					}
				}
			}
			for key := range texts {
				if strings.HasPrefix(key, i18n.Declared) && !declared[key] {
					t.Errorf("texts/%s.json has %s, which no task declares", language, key)
				}
			}
		}
	}
}

// words answers the keys of what people read of an object's fields.
func words(path string, schema map[string]any) []string {
	var keys []string
	properties, _ := schema["properties"].(map[string]any)
	for name, property := range properties {
		field, _ := property.(map[string]any)
		for _, word := range []string{"title", "description"} {
			if _, ok := field[word]; ok {
				keys = append(keys, path+name+"."+word)
			}
		}
		if _, ok := field["examples"]; ok {
			keys = append(keys, path+name+".example")
		}
		keys = append(keys, words(path+name+".", field)...)
		if items, ok := field["items"].(map[string]any); ok {
			keys = append(keys, words(path+name+".", items)...)
		}
	}
	return keys
}
