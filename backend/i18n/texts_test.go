package i18n_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nectar/backend/i18n"
)

// languages are all that the program speaks, English first.
var languages = i18n.Languages()

// code is a constant of package fault.
type code struct {
	text   string
	field  bool     // of a field, not of a whole request
	values []string // that its comment promises
}

func TestEveryFaultSpeaksEveryLanguage(t *testing.T) {
	t.Parallel()
	codes := faultCodes(t)
	if len(codes) < 50 {
		t.Fatalf("found only %d codes: is the source still read right?", len(codes))
	}
	for _, lang := range languages {
		texts := readTexts(t, lang)
		for _, code := range codes {
			for _, key := range code.keys() {
				forms := withStem(texts, key)
				if len(forms) == 0 {
					t.Errorf("%s lacks %s", lang, key)
				}
				for _, name := range placeholders(forms) {
					name, _, _ = strings.Cut(name, ":")
					if !slices.Contains(code.values, name) {
						t.Errorf("%s: %s mentions {%s}, which the code does not carry", lang, key, name)
					}
				}
			}
		}
	}
}

func TestEveryLanguageSaysTheSame(t *testing.T) {
	t.Parallel()
	english := readTexts(t, "en")
	for _, lang := range languages[1:] {
		texts := readTexts(t, lang)
		if diff := cmp.Diff(keyStems(english), keyStems(texts)); diff != "" {
			t.Errorf("keys of en and %s differ (-en +%s):\n%s", lang, lang, diff)
		}
		for _, key := range keyStems(english) {
			want, got := placeholders(withStem(english, key)), placeholders(withStem(texts, key))
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("placeholders of %s differ (-en +%s):\n%s", key, lang, diff)
			}
		}
	}
}

func TestTextsFollowTheHouseStyle(t *testing.T) {
	t.Parallel()
	for _, lang := range languages {
		for key, text := range readTexts(t, lang) {
			if strings.ContainsAny(text, "!'\"") {
				t.Errorf("%s: %s uses an exclamation mark or straight quotes: %s", lang, key, text)
			}
			if strings.TrimSpace(text) != text || strings.Contains(text, "  ") {
				t.Errorf("%s: %s has stray spaces", lang, key)
			}
			if strings.HasPrefix(key, "fault.") && !strings.HasSuffix(text, ".") && !strings.HasSuffix(text, "।") {
				t.Errorf("%s: %s is no whole sentence: %s", lang, key, text)
			}
		}
	}
}

func TestEveryPluralFormIsThere(t *testing.T) {
	t.Parallel()
	want := map[string][]string{
		"en": {"one", "other"},
		"de": {"one", "other"},
		"fr": {"one", "other"},
		"es": {"one", "other"},
		"pt": {"one", "other"},
		"sw": {"one", "other"},
		"hi": {"one", "other"},
		"ar": {"few", "many", "one", "other", "two", "zero"},
	}
	for _, lang := range languages {
		texts := readTexts(t, lang)
		for _, key := range keyStems(texts) {
			if _, single := texts[key]; single {
				continue
			}
			var got []string
			for form := range withStem(texts, key) {
				got = append(got, strings.TrimPrefix(form, key+"."))
			}
			slices.Sort(got)
			if diff := cmp.Diff(want[lang], got); diff != "" {
				t.Errorf("%s: plural forms of %s (-want +got):\n%s", lang, key, diff)
			}
		}
	}
}

// TestNothingIsWrittenThatNobodySays holds that every text has somebody who
// says it. Keys are put together in the code, as in "device." + name + ".done",
// so what counts is that all pieces of one stand there.
func TestNothingIsWrittenThatNobodySays(t *testing.T) {
	t.Parallel()
	var faults []string
	for _, code := range faultCodes(t) {
		faults = append(faults, code.keys()...)
	}
	pieces := quoted(t, "..")
	for _, key := range keyStems(readTexts(t, "en")) {
		family, name, _ := strings.Cut(strings.TrimSuffix(key, ".advice"), ".")
		switch family {
		case "fault", "field":
			if !slices.Contains(faults, key) {
				t.Errorf("no code says %s", key)
			}
		default:
			// The wait for quiet hours is promised to the window.
			if !pieces[key] && !madeOf(name, pieces) && key != "waiting.quiet" {
				t.Errorf("nothing says %s", key)
			}
		}
	}

	plugins, err := filepath.Glob("../plugins/*/texts/en.json")
	if err != nil || len(plugins) == 0 {
		t.Fatalf("found %d plugins: %v", len(plugins), err)
	}
	for _, file := range plugins {
		folder := filepath.Dir(filepath.Dir(file))
		pieces := quoted(t, folder)
		for _, key := range keyStems(readFile(t, file)) {
			// Words of a declaration are held to it by the plugins' own test.
			if !strings.HasPrefix(key, i18n.Declared) && !madeOf(strings.TrimPrefix(key, "form."), pieces) {
				t.Errorf("nothing in %s says %s", folder, key)
			}
		}
	}
}

var (
	inQuotes = regexp.MustCompile(`"([A-Za-z_.]{2,})"`)
	inATag   = regexp.MustCompile(`(?:format|needs)=([a-z_-]+)`)
)

// quoted answers the short texts that stand in the code of a folder and those
// below it.
func quoted(t *testing.T, folder string) map[string]bool {
	t.Helper()
	pieces := map[string]bool{}
	err := filepath.WalkDir(folder, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return err
		}
		source, err := os.ReadFile(path)
		for _, found := range append(inQuotes.FindAllSubmatch(source, -1), inATag.FindAllSubmatch(source, -1)...) {
			pieces[string(found[1])] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return pieces
}

// madeOf tells whether the key is some of the pieces, one after the other, with
// or without dots between them.
func madeOf(key string, pieces map[string]bool) bool {
	reached := map[int]bool{0: true}
	for start := range key {
		if !reached[start] {
			continue
		}
		if key[start] == '.' {
			reached[start+1] = true
		}
		for end := start + 2; end <= len(key); end++ {
			if pieces[key[start:end]] {
				reached[end] = true
			}
		}
	}
	return reached[len(key)]
}

func (c code) keys() []string {
	if c.field {
		return []string{"field." + c.text}
	}
	return []string{"fault." + c.text + ".message", "fault." + c.text + ".advice"}
}

var promised = regexp.MustCompile(`Values:\s*([a-z_, \n]+)`)

func faultCodes(t *testing.T) []code {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../fault/codes.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	var codes []code
	for _, declaration := range file.Decls {
		block, ok := declaration.(*ast.GenDecl)
		if !ok || block.Tok != token.CONST {
			continue
		}
		for _, spec := range block.Specs {
			codes = append(codes, constant(t, spec.(*ast.ValueSpec)))
		}
	}
	return codes
}

func constant(t *testing.T, spec *ast.ValueSpec) code {
	t.Helper()
	text, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
	if err != nil {
		t.Fatal(err)
	}
	c := code{text: text, field: strings.HasPrefix(spec.Names[0].Name, "Field"), values: []string{"count"}}
	if match := promised.FindStringSubmatch(spec.Doc.Text()); match != nil {
		for value := range strings.SplitSeq(match[1], ",") {
			c.values = append(c.values, strings.TrimSpace(value))
		}
	}
	return c
}

func readTexts(t *testing.T, lang string) map[string]string {
	t.Helper()
	return readFile(t, filepath.Join("texts", lang+".json"))
}

func readFile(t *testing.T, path string) map[string]string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var texts map[string]string
	if err := json.Unmarshal(data, &texts); err != nil {
		t.Fatal(err)
	}
	return texts
}

var plural = regexp.MustCompile(`\.(zero|one|two|few|many|other)$`)

func keyStems(texts map[string]string) []string {
	var stems []string
	for key := range texts {
		stems = append(stems, plural.ReplaceAllString(key, ""))
	}
	slices.Sort(stems)
	return slices.Compact(stems)
}

func withStem(texts map[string]string, stem string) map[string]string {
	found := map[string]string{}
	for key, text := range texts {
		if plural.ReplaceAllString(key, "") == stem {
			found[key] = text
		}
	}
	return found
}

var inBraces = regexp.MustCompile(`\{([^}]*)\}`)

func placeholders(texts map[string]string) []string {
	var names []string
	for _, text := range texts {
		for _, match := range inBraces.FindAllStringSubmatch(text, -1) {
			names = append(names, match[1])
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
