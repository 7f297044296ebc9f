package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"nectar/build/licences"
)

func TestLicencesTellOfEveryPart(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join(root, licencesFile))
	if err != nil {
		t.Fatal(err)
	}
	parts, err := licences.Parts(t.Context(), root)
	if err != nil {
		t.Fatal(err)
	}
	same, err := sameLicences(root, parts)
	if err != nil || same != string(text) {
		t.Errorf("the licences of the window are stale: %v; make them anew with: go run ./build/generate", err)
	}
	if _, err := sameLicences(root, parts[1:]); err == nil || !strings.Contains(err.Error(), licencesFile) {
		t.Errorf("a part that is gone is not noticed: %v", err)
	}
}

func TestALicenceIsWholeThoughItsParagraphsAreShared(t *testing.T) {
	t.Parallel()
	page := licencesPage{places: map[string]int{}}
	page.add("one", "1", []byte("Copyright One\n\nDo as\nyou like.\n"))
	page.add("two", "2", []byte("Copyright Two\r\n \r\nDo as you like."))
	if len(page.Paragraphs) != 3 {
		t.Errorf("paragraphs: %q", page.Paragraphs)
	}
	for i, want := range []string{"Copyright One|Do as\nyou like.", "Copyright Two|Do as\nyou like."} {
		var words []string
		for _, place := range page.Parts[i].Text {
			words = append(words, page.Paragraphs[place])
		}
		if got := strings.Join(words, "|"); got != want {
			t.Errorf("%s: %q", page.Parts[i].Name, got)
		}
	}
}
