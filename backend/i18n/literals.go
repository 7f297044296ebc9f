package i18n

import "strings"

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
