package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"nectar/build/licences"
)

// licencesPage is what the window shows of the licences. The parts share most of
// their paragraphs, which stand here once.
type licencesPage struct {
	Paragraphs []string       `json:"paragraphs"`
	Parts      []licenceOf    `json:"parts"`
	places     map[string]int // of the paragraphs, by their words
}

// licenceOf is the licence of one part, as the numbers of its paragraphs.
type licenceOf struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	Text    []int  `json:"text"`
}

// licencesPageOf makes the file of licences. While the packages of the window
// are not installed their texts cannot be read: what is there stays then, as
// long as it tells of the same parts.
func licencesPageOf(ctx context.Context, root string) (string, error) {
	parts, err := licences.Parts(ctx, root)
	if err != nil {
		return "", err
	}
	if slices.ContainsFunc(parts, func(p licences.Part) bool { return !p.Here() }) {
		return sameLicences(root, parts)
	}
	page := licencesPage{places: map[string]int{}}
	own, err := os.ReadFile(filepath.Join(root, "LICENSE"))
	if err != nil {
		return "", err
	}
	page.add("Nectar", "", own)
	for _, p := range parts {
		text, err := p.Licence()
		if err != nil {
			return "", err
		}
		page.add(p.Name, p.Version, text)
	}
	var out bytes.Buffer
	write := json.NewEncoder(&out)
	write.SetEscapeHTML(false)
	write.SetIndent("", " ")
	err = write.Encode(page)
	return out.String(), err
}

var emptyLine = regexp.MustCompile(`\n\s*\n`)

func (l *licencesPage) add(name, version string, text []byte) {
	of := licenceOf{Name: name, Version: version}
	for _, paragraph := range emptyLine.Split(strings.TrimSpace(strings.ReplaceAll(string(text), "\r\n", "\n")), -1) {
		words := strings.Join(strings.Fields(paragraph), " ")
		place, known := l.places[words]
		if !known {
			place = len(l.Paragraphs)
			l.places[words], l.Paragraphs = place, append(l.Paragraphs, strings.TrimRight(paragraph, " \n"))
		}
		of.Text = append(of.Text, place)
	}
	l.Parts = append(l.Parts, of)
}

// sameLicences answers the file of licences that is there, or why it cannot stay.
func sameLicences(root string, parts []licences.Part) (string, error) {
	text, err := os.ReadFile(filepath.Join(root, licencesFile))
	if err != nil {
		return "", err
	}
	var page licencesPage
	if err := json.Unmarshal(text, &page); err != nil {
		return "", fmt.Errorf("%s: %w", licencesFile, err)
	}
	names := func(name, version string) string { return name + " " + version }
	var told, wanted []string
	for _, p := range page.Parts {
		told = append(told, names(p.Name, p.Version))
	}
	for _, p := range parts {
		wanted = append(wanted, names(p.Name, p.Version))
	}
	if len(told) == 0 || !slices.Equal(told[1:], wanted) {
		return "", fmt.Errorf("%s tells of other parts; install those of the window first: npm --prefix frontend ci", licencesFile)
	}
	return string(text), nil
}
