package main

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// problemGroup is a block of codes in backend/fault with what its comment
// says that they concern.
type problemGroup struct {
	concerns string
	codes    []code
}

// problemsPage makes the page of all that can go wrong.
func problemsPage(root string) (string, error) {
	groups, err := problemGroups(root)
	if err != nil {
		return "", err
	}
	texts, err := englishTexts(root)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	b.WriteString(`# What can go wrong

Every failure that a person can meet, as the program says it in English. Made by ` + "`go run ./build/generate`" + ` from
backend/fault and the texts of backend/i18n and of the plugins. Slanted words stand for what is filled in. A
script sees the code, in ` + "`code`" + `; one keeps its meaning from version to version.
`)
	for _, g := range groups {
		b.WriteString("\n## " + g.concerns + "\n\n")
		if err := problemRows(&b, g, texts); err != nil {
			return "", err
		}
	}
	if left := slices.Sorted(maps.Keys(texts)); len(left) > 0 {
		return "", fmt.Errorf("texts of no code: %s", strings.Join(left, ", "))
	}
	return b.String(), nil
}

// problemRows writes the table of a group and takes its texts away.
func problemRows(b *strings.Builder, g problemGroup, texts map[string]string) error {
	fields := len(g.codes) > 0 && g.codes[0].field
	if fields {
		b.WriteString("| Code | What is said |\n| --- | --- |\n")
	} else {
		b.WriteString("| Code | What is said | What to do |\n| --- | --- | --- |\n")
	}
	for _, c := range g.codes {
		keys := []string{"fault." + c.name + ".message", "fault." + c.name + ".advice"}
		if c.field {
			keys = []string{"field." + c.name}
		}
		fmt.Fprintf(b, "| `%s` |", c.name)
		for _, key := range keys {
			said, found := texts[key]
			if !found {
				return fmt.Errorf("no text %s", key)
			}
			delete(texts, key)
			fmt.Fprintf(b, " %s |", cell(said))
		}
		b.WriteString("\n")
	}
	return nil
}

// concerns is how the comment of a block of codes begins.
const concerns = "Codes of "

// problemGroups reads the blocks of codes: those of backend/fault, then those
// that a plugin brings texts for.
func problemGroups(root string) ([]problemGroup, error) {
	r := &reader{sources: &sources{root: root, packages: map[string]*pkg{}}, api: &api{}}
	p, err := r.sources.load(faultFolder)
	if err != nil {
		return nil, err
	}
	var groups []problemGroup
	for _, file := range p.files {
		for _, declaration := range file.Decls {
			block, ok := declaration.(*ast.GenDecl)
			if !ok {
				continue
			}
			codes := codesOf(block)
			if len(codes) == 0 {
				continue
			}
			sentence, _, _ := strings.Cut(words(block.Doc), ".")
			what, ok := strings.CutPrefix(sentence, concerns)
			if !ok || what == "" {
				return nil, fmt.Errorf("a block of codes whose comment does not begin with %q: %q", concerns, sentence)
			}
			groups = append(groups, problemGroup{strings.ToUpper(what[:1]) + what[1:], codes})
		}
	}
	return groups, nil
}

// englishTexts reads the sentences of faults and fields, of a plural the form
// for many.
func englishTexts(root string) (map[string]string, error) {
	files, err := filepath.Glob(filepath.Join(root, "backend/plugins/*/texts/en.json"))
	if err != nil {
		return nil, err
	}
	texts := map[string]string{}
	for _, file := range append(files, filepath.Join(root, "backend/i18n/texts/en.json")) {
		raw, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		var all map[string]string
		if err := json.Unmarshal(raw, &all); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		for key, text := range all {
			key = strings.TrimSuffix(key, ".other")
			spoken := strings.HasPrefix(key, "fault.") && (strings.HasSuffix(key, ".message") || strings.HasSuffix(key, ".advice"))
			if spoken || strings.HasPrefix(key, "field.") && strings.Count(key, ".") == 1 {
				texts[key] = placeholder.ReplaceAllString(text, "*$1*")
			}
		}
	}
	return texts, nil
}

// placeholder is a value in a text, with how it is said.
var placeholder = regexp.MustCompile(`\{(\w+)(?::\w+)?\}`)

// codesOf answers the codes of a block of constants.
func codesOf(block *ast.GenDecl) []code {
	var codes []code
	for _, spec := range block.Specs {
		constant, ok := spec.(*ast.ValueSpec)
		if !ok || len(constant.Values) != 1 {
			continue
		}
		name := constant.Names[0].Name
		literal, ok := constant.Values[0].(*ast.BasicLit)
		kind, typed := constant.Type.(*ast.Ident)
		if !ok || !typed || kind.Name != "Code" {
			continue
		}
		value, err := strconv.Unquote(literal.Value)
		if err != nil {
			continue
		}
		codes = append(codes, code{
			name: value, doc: strings.TrimPrefix(words(constant.Doc), name+" is "), field: strings.HasPrefix(name, "Field"),
		})
	}
	return codes
}
