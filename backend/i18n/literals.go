package i18n

import (
	"slices"
	"strings"
)

// Literals answers what is always said in a text, between its values: in all plural forms
// of the key, and of those keys that go on after it by a "_", which are variants of it. It
// looks in the languages in the order in which Text does, up to the first that has any.
func (c *Catalog) Literals(lang, key string) []string {
	if key == "" {
		return nil
	}
	c.mu.RLock()
	defer c.mu.RUnlock()
	var literals []string
	for _, lang := range fallbacks(lang) {
		for other, m := range c.texts[lang] {
			if rest, ok := strings.CutPrefix(other, key); !ok || !strings.HasPrefix(rest, "_") && stem(other) != key {
				continue
			}
			for _, p := range m {
				if p.name == "" {
					literals = append(literals, p.literal)
				}
			}
		}
		if len(literals) > 0 {
			break
		}
	}
	return literals
}

// Between answers what stands between a prefix and a suffix in the keys of all texts, in
// order. It looks in English, in which every text is.
func (c *Catalog) Between(prefix, suffix string) []string {
	c.mu.RLock()
	defer c.mu.RUnlock()
	var found []string
	for key := range stems(c.texts[English]) {
		if rest, ok := strings.CutPrefix(key, prefix); ok {
			if name, ok := strings.CutSuffix(rest, suffix); ok {
				found = append(found, name)
			}
		}
	}
	slices.Sort(found)
	return found
}
