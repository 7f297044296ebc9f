package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestProblems(t *testing.T) {
	t.Parallel()
	const codes = `package fault

// Code names a fault.
type Code string

// Codes of doors.
const (
	// Shut is a door that is shut. Values: name.
	Shut Code = "shut"
)
`
	for name, c := range map[string]struct {
		codes, texts string
		want         string // part of the page, or of the error
	}{
		"a code comes with its words, below what it concerns": {
			codes, `{"fault.shut.message": "{name:word} is shut.", "fault.shut.advice": "Open it."}`,
			"## Doors\n\n| Code | What is said | What to do |\n| --- | --- | --- |\n| `shut` | *name* is shut. | Open it. |\n",
		},
		"a plural says the form for many": {
			codes, `{"fault.shut.message.one": "One.", "fault.shut.message.other": "Some.", "fault.shut.advice": "Open it."}`, "| Some. |",
		},
		"a code without words is refused":          {codes, `{"fault.shut.message": "Shut."}`, "no text fault.shut.advice"},
		"words without a code are refused":         {strings.Replace(codes, `"shut"`, `"open"`, 1), `{"fault.open.message": "a", "fault.open.advice": "b", "fault.shut.advice": "c"}`, "texts of no code: fault.shut.advice"},
		"a block that concerns nothing is refused": {strings.Replace(codes, "Codes of doors.", "Doors.", 1), `{}`, `does not begin with "Codes of "`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root := t.TempDir()
			for file, content := range map[string]string{"backend/fault/codes.go": c.codes, "backend/i18n/texts/en.json": c.texts} {
				path := filepath.Join(root, file)
				if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			page, err := problemsPage(root)
			if err != nil {
				page = err.Error()
			}
			if !strings.Contains(page, c.want) {
				t.Errorf("it makes %s", page)
			}
		})
	}
}
