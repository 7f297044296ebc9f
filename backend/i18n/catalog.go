package i18n

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/samber/lo"
	"golang.org/x/text/language"
)

// English is the language that every text exists in and that others fall
// back to.
const English = "en"

// Declared begins the keys of texts whose English stands in a declaration of
// Go, such as the summary of a task.
const Declared = "task."

//go:embed texts/*.json
var own embed.FS

// Catalog holds texts by language and key. Its methods may be called
// concurrently.
type Catalog struct {
	mu    sync.RWMutex
	texts map[string]map[string]message // guarded by mu; language, then key
}

// New makes a catalog with the texts that belong to no plugin. They are part of
// the program, so that a mistake in them is one that the tests find.
func New() *Catalog {
	c := &Catalog{texts: map[string]map[string]message{}}
	for lang, texts := range ownTexts() {
		c.texts[lang] = maps.Clone(texts)
	}
	return c
}

// ownTexts answers the texts that belong to no plugin. They are read once, and
// not before somebody wants a sentence: every command would wait for that.
var ownTexts = sync.OnceValue(func() map[string]map[string]message {
	texts, err := read(own)
	if err == nil {
		err = complete(texts)
	}
	if err != nil {
		panic(err)
	}
	return texts
})

// Languages answers the tags of the languages that there are texts in, English
// first, then by tag.
func Languages() []string {
	names, err := fs.Glob(own, "texts/*.json")
	if err != nil {
		panic(err)
	}
	tags := lo.Without(lo.Map(names, func(name string, _ int) string { return tagOf(name) }), English)
	slices.Sort(tags)
	return append([]string{English}, tags...)
}

// tagOf answers the tag of the language of a file of texts.
func tagOf(name string) string { return strings.TrimSuffix(path.Base(name), ".json") }

// Add merges the files texts/*.json of a plugin. It refuses all of them when
// one is no flat JSON object of texts, when a text is already there, or when
// a text does not exist in English, but for those that are Declared.
func (c *Catalog) Add(files fs.FS) error {
	added, err := read(files)
	if err != nil {
		return err
	}
	if err := complete(added); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	taken := stems(c.texts[English])
	for stem := range stems(added[English]) {
		if taken[stem] {
			return fmt.Errorf("add texts: %s is already there", stem)
		}
	}
	for lang, texts := range added {
		if c.texts[lang] == nil {
			c.texts[lang] = map[string]message{}
		}
		maps.Copy(c.texts[lang], texts)
	}
	return nil
}

// Text answers the text of the key, filled with the values. It looks in the
// language, then in those that the language falls back to ("de-AT" to "de"),
// then in English. It answers false when no language has the key.
func (c *Catalog) Text(lang, key string, params map[string]any) (string, bool) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	for _, lang := range fallbacks(lang) {
		if text, ok := c.text(lang, key, params); ok {
			return text, true
		}
	}
	return "", false
}

// text answers the text of one language, without falling back to another. The
// caller holds mu.
func (c *Catalog) text(lang, key string, params map[string]any) (string, bool) {
	texts := c.texts[lang]
	for _, form := range forms(lang, key, params) {
		if m, ok := texts[form]; ok {
			return c.fill(lang, m, params), true
		}
	}
	return "", false
}

// fallbacks lists the languages to look in, the nearest first.
func fallbacks(lang string) []string {
	var chain []string
	for tag := language.Make(lang); tag != language.Und; tag = tag.Parent() {
		chain = append(chain, tag.String())
	}
	return append(chain, English)
}

func read(files fs.FS) (map[string]map[string]message, error) {
	names, err := fs.Glob(files, "texts/*.json")
	if err != nil {
		return nil, fmt.Errorf("list texts: %w", err)
	}
	all := make(map[string]map[string]message, len(names))
	for _, name := range names {
		tag, err := language.Parse(tagOf(name))
		if err != nil {
			return nil, fmt.Errorf("name of %s: %w", name, err)
		}
		texts, err := readFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		all[tag.String()] = texts
	}
	return all, nil
}

func complete(added map[string]map[string]message) error {
	english := stems(added[English])
	for lang, texts := range added {
		for stem := range stems(texts) {
			if !english[stem] && !strings.HasPrefix(stem, Declared) {
				return fmt.Errorf("add texts: %s of %s does not exist in English", stem, lang)
			}
		}
	}
	return nil
}
