package i18n_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"nectar/backend/i18n"
)

func TestText(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name   string
		lang   string
		key    string
		params map[string]any
		want   string
	}{
		{"values are filled in", "en", "plain", map[string]any{"name": "Blockly"}, "Name: Blockly."},
		{"a missing value leaves a question mark", "en", "plain", nil, "Name: ?."},
		{"a missing number leaves a question mark", "ar", "number", nil, "العدد ?"},
		{"a number gets the separators of English", "en", "number", map[string]any{"n": 1234567}, "Number 1,234,567"},
		{"a number gets the separators of German", "de", "number", map[string]any{"n": int64(1234567)}, "Zahl 1.234.567"},
		{"a number gets Arabic digits", "ar", "number", map[string]any{"n": 1234567.0}, "العدد ١٬٢٣٤٬٥٦٧"},
		{"a text in place of a number stays a text", "en", "number", map[string]any{"n": "many"}, "Number many"},
		{"one is singular in English", "en", "files", map[string]any{"count": 1}, "1 file"},
		{"a number that went through JSON has a plural too", "en", "files", map[string]any{"count": 1.0}, "1 file"},
		{"zero is plural in English", "en", "files", map[string]any{"count": 0}, "0 files"},
		{"a plural without a count takes the last form", "en", "files", nil, "? files"},
		{"Arabic has a form for none", "ar", "files", map[string]any{"count": 0}, "لا ملفات"},
		{"Arabic has a form for two", "ar", "files", map[string]any{"count": 2}, "ملفان"},
		{"Arabic has a form for few", "ar", "files", map[string]any{"count": 103}, "١٠٣ ملفات"},
		{"Arabic has a form for many", "ar", "files", map[string]any{"count": 11}, "١١ ملفًا"},
		{"a very large count keeps its plural", "ar", "files", map[string]any{"count": int64(7_000_000_000_003)}, "٧٬٠٠٠٬٠٠٠٬٠٠٠٬٠٠٣ ملفات"},
		{"a region falls back to its language", "de-AT", "number", map[string]any{"n": 5}, "Zahl 5"},
		{"a text that is not translated is English", "de", "plain", map[string]any{"name": "x"}, "Name: x."},
		{"an unknown language is English", "xx", "number", map[string]any{"n": 5}, "Number 5"},
		{"no language is English", "", "number", map[string]any{"n": 5}, "Number 5"},
		{"a value is translated by its family", "de", "state", map[string]any{"state": "DONE"}, "Zustand: fertig"},
		{"a value without translation stays", "de", "state", map[string]any{"state": "ODD"}, "Zustand: ODD"},
		{"foreign words in Arabic are isolated", "ar", "place", map[string]any{"path": "/media/USB"}, "في \u2068/media/USB\u2069"},
		{"Arabic words in English are isolated", "en", "plain", map[string]any{"name": "قناة 3"}, "Name: \u2068قناة 3\u2069."},
		{"control characters become spaces", "en", "plain", map[string]any{"name": "a\x1b[2J\nb"}, "Name: a [2J b."},
		{"a stranger's direction marks are taken out", "en", "plain", map[string]any{"name": "a\u202eb\u2069c"}, "Name: abc."},
	}
	catalog := sample(t)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, ok := catalog.Text(c.lang, c.key, c.params)
			if !ok || got != c.want {
				t.Errorf("Text(%q, %q, %v) = %q, %v; want %q", c.lang, c.key, c.params, got, ok, c.want)
			}
		})
	}

	t.Run("an unknown key is told from an empty text", func(t *testing.T) {
		t.Parallel()
		if got, ok := catalog.Text("en", "no.such.key", nil); ok {
			t.Errorf("Text answered %q", got)
		}
	})
}

func TestBytes(t *testing.T) {
	t.Parallel()
	cases := []struct {
		lang string
		n    int64
		want string
	}{
		{"en", 0, "0 bytes"},
		{"en", 1, "1 byte"},
		{"en", 999, "999 bytes"},
		{"en", 1000, "1 kB"},
		{"en", 9949, "9.9 kB"},
		{"en", 9999, "10 kB"},
		{"en", 999_499, "999 kB"},
		{"en", 999_500, "1 MB"},
		{"en", 3_400_000_000, "3.4 GB"},
		{"en", 12_600_000, "13 MB"},
		{"en", 5_000_000_000_000_000, "5,000 TB"},
		{"de", 3_400_000_000, "3,4 GB"},
		{"ar", 3_400_000_000, "٣٫٤ غيغابايت"},
		{"fr", 3_400_000_000, "3,4 Go"},
		{"ja", 3_400_000_000, "3.4 GB"},
	}
	catalog := i18n.New()
	for _, c := range cases {
		if got := catalog.Bytes(c.lang, c.n); got != c.want {
			t.Errorf("Bytes(%q, %d) = %q, want %q", c.lang, c.n, got, c.want)
		}
	}
	got, _ := catalog.Text("en", "fault.disk_full.message",
		map[string]any{"path": "/data", "needed": int64(3_400_000_000), "free": 12})
	if want := "There is not enough room in /data: 3.4 GB are needed, 12 bytes are free."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestLiterals(t *testing.T) {
	t.Parallel()
	catalog := sample(t)
	for _, c := range []struct {
		name, lang, key string
		want            []string
	}{
		{"what stands beside a value", "en", "plain", []string{".", "Name: "}},
		{"in all plural forms", "ar", "files", []string{" ملف", " ملفات", " ملفًا", "لا ملفات", "ملف", "ملفان"}},
		{"in the reader's language", "de-AT", "number", []string{"Zahl "}},
		{"in English, if there is none", "de", "plain", []string{".", "Name: "}},
		{"not of a key that only begins like it", "en", "fil", nil},
		{"in the variants of it", "en", "job", []string{"A job", "Two jobs"}},
		{"of what nobody wrote", "en", "no.such.key", nil},
		{"of no key", "en", "", nil},
	} {
		got := catalog.Literals(c.lang, c.key)
		slices.Sort(got)
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: Literals(%q, %q) = %q, want %q", c.name, c.lang, c.key, got, c.want)
		}
	}
}

func TestFold(t *testing.T) {
	t.Parallel()
	for _, c := range [][2]string{
		{"Größe", "GROSSE"},
		{"Größe", "GRÖSSE"},
		{"étude", "Etude"},
		{"Prüfung", "pru\u0308FUNG"},
		{"أحمد", "احمد"},
		{"مُدَرِّسَة", "مدرسه"},
		{"a\tb\nc", "A B C"},
		{"\u200f\u0301", ""},
	} {
		if one, other := i18n.Fold(c[0]), i18n.Fold(c[1]); one != other {
			t.Errorf("%q is not %q: %q and %q", c[0], c[1], one, other)
		}
	}
	if i18n.Fold("कि") == i18n.Fold("का") {
		t.Error("a vowel sign that makes another word is dropped")
	}
}

func TestMatch(t *testing.T) {
	t.Parallel()
	cases := []struct {
		tags []string
		want string
	}{
		{[]string{"de_DE.UTF-8"}, "de"},
		{[]string{"de_AT@euro"}, "de"},
		{[]string{"ar-EG"}, "ar"},
		{[]string{"", "ar_SD"}, "ar"},
		{[]string{"fr_SN.UTF-8"}, "fr"},
		{[]string{"ja:de:en"}, "de"},
		{[]string{"C"}, "en"},
		{[]string{"C.UTF-8", "de_DE"}, "en"},
		{[]string{"POSIX"}, "en"},
		{[]string{"not a language"}, "en"},
		{[]string{"ja_JP.UTF-8"}, "en"},
		{nil, "en"},
	}
	for _, c := range cases {
		if got := i18n.Match(c.tags...); got != c.want {
			t.Errorf("Match(%q) = %q, want %q", c.tags, got, c.want)
		}
	}
}

func TestAdd(t *testing.T) {
	t.Parallel()
	refused := []struct {
		name  string
		files fstest.MapFS
		says  string
	}{
		{"a key that is there already is refused", texts("en", `{"state.FAILED": "Broken"}`), "state.FAILED"},
		{"a further plural form of a key of others is refused", texts("en", `{"state.FAILED.two": "Broken"}`), "state.FAILED"},
		{"a key that stands twice is refused", texts("en", `{"a": "1", "a": "2"}`), "twice"},
		{"a key without English is refused", texts("de", `{"a": "1"}`), "English"},
		{"broken JSON is refused", texts("en", `{"a": "1"`), "texts/en.json"},
		{"a list is refused", texts("en", `["a"]`), "object"},
		{"a nested text is refused", texts("en", `{"a": {"b": "c"}}`), "no text"},
		{"a second value is refused", texts("en", `{"a": "1"} {}`), "more than one"},
		{"an open brace is refused", texts("en", `{"a": "{name"}`), "placeholder"},
		{"a stray brace is refused", texts("en", `{"a": "name}"}`), "brace"},
		{"a strange placeholder is refused", texts("en", `{"a": "{the name}"}`), "placeholder"},
		{"a file that names no language is refused", texts("english words", `{}`), "name of"},
	}
	for _, c := range refused {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			catalog := i18n.New()
			c.files["texts/en-GB.json"] = &fstest.MapFile{Data: []byte(`{}`)}
			err := catalog.Add(c.files)
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("Add answered %v, want something about %q", err, c.says)
			}
			if got, ok := catalog.Text("en", "a", nil); ok {
				t.Errorf("a refused file left the text %q", got)
			}
		})
	}

	t.Run("a plugin may bring a language of its own", func(t *testing.T) {
		t.Parallel()
		catalog := sample(t)
		files := texts("en", `{"bee": "bee"}`)
		files["texts/zu.json"] = &fstest.MapFile{Data: []byte(`{"bee": "inyosi"}`)}
		if err := catalog.Add(files); err != nil {
			t.Fatal(err)
		}
		if got, _ := catalog.Text("zu-ZA", "bee", nil); got != "inyosi" {
			t.Errorf("got %q", got)
		}
	})

	t.Run("texts can be read while a plugin adds its own", func(t *testing.T) {
		t.Parallel()
		catalog := i18n.New()
		var readers sync.WaitGroup
		for range 4 {
			readers.Go(func() {
				for range 100 {
					catalog.Text("ar", "fault.items_failed.message", map[string]any{"count": 3})
				}
			})
		}
		if err := catalog.Add(texts("en", `{"a": "1"}`)); err != nil {
			t.Error(err)
		}
		readers.Wait()
	})
}

// sample is a catalog with a few texts of a made-up plugin.
func sample(t *testing.T) *i18n.Catalog {
	t.Helper()
	files := texts("en", `{
		"plain": "Name: {name}.", "number": "Number {n:number}", "place": "in {path}",
		"files.one": "{count:number} file", "files.other": "{count:number} files",
		"state": "State: {state:words}", "words.DONE": "done",
		"job": "A job", "job_two": "Two jobs", "jobs": "Jobs"
	}`)
	files["texts/de.json"] = &fstest.MapFile{Data: []byte(`{
		"number": "Zahl {n:number}", "state": "Zustand: {state:words}", "words.DONE": "fertig"
	}`)}
	files["texts/ar.json"] = &fstest.MapFile{Data: []byte(`{
		"number": "العدد {n:number}", "place": "في {path}",
		"files.zero": "لا ملفات", "files.one": "ملف", "files.two": "ملفان",
		"files.few": "{count:number} ملفات", "files.many": "{count:number} ملفًا", "files.other": "{count:number} ملف"
	}`)}
	catalog := i18n.New()
	if err := catalog.Add(files); err != nil {
		t.Fatal(err)
	}
	return catalog
}

func texts(lang, json string) fstest.MapFS {
	return fstest.MapFS{"texts/" + lang + ".json": {Data: []byte(json)}}
}
