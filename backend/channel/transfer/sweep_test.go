package transfer_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"nectar/backend/channel/transfer"
)

func TestSweep(t *testing.T) {
	t.Parallel()
	content := t.TempDir()
	a, b := strings.Repeat("a", 32), strings.Repeat("b", 32)
	put := func(parts ...string) string {
		path := filepath.Join(append([]string{content}, parts...)...)
		must(t, os.MkdirAll(filepath.Dir(path), 0o700))
		must(t, os.WriteFile(path, nil, 0o400))
		return path
	}
	keep := []string{
		put("storage", "a", "a", a+".mp4"),
		put("storage", "a", "a", "thesis.doc.transfer"),
		put("storage", "a", "a", a+".pdf.transfer", "not-a-file"),
		put("storage", "other", "a", a+".mp4.transfer"),
		put("databases", a+".sqlite3"),
		put(a + ".mp4.transfer"),
	}
	claimed := put("storage", "b", "b", b+".mp4.transfer")
	put("storage", "a", "a", a+".mp4.transfer")
	put("storage", "a", "b", "ab"+a[2:]+".vtt.transfer")
	put("databases", a+".sqlite3.transfer")
	put("databases", a+"-upgrade.sqlite3.transfer")

	claims := &transfer.Claims{}
	release, err := claims.Hold(t.Context(), strings.TrimSuffix(claimed, ".transfer"))
	must(t, err)
	removed, err := transfer.Sweep(t.Context(), content, claims)
	must(t, err)
	same(t, "removed", removed, 4)
	same(t, "what is left", filesIn(t, content), sorted(append(keep, claimed)))

	release()
	removed, err = transfer.Sweep(t.Context(), content, claims)
	must(t, err)
	same(t, "removed after the claim was given back", removed, 1)
	same(t, "what is left", filesIn(t, content), sorted(keep))

	removed, err = transfer.Sweep(t.Context(), filepath.Join(content, "none"), nil)
	must(t, err)
	same(t, "removed from a folder that is not there", removed, 0)
}

func TestSweepKeepsPartsThatAJobMayGoOnWith(t *testing.T) {
	t.Parallel()
	content := t.TempDir()
	put := func(name string, age time.Duration) string {
		path := filepath.Join(content, "storage", name[:1], name[1:2], name)
		must(t, os.MkdirAll(filepath.Dir(path), 0o700))
		must(t, os.WriteFile(path, []byte("part"), 0o600))
		at := time.Now().Add(-age)
		must(t, os.Chtimes(path, at, at))
		return path
	}
	const day = 24 * time.Hour
	recent := put(strings.Repeat("a", 32)+".mp4.partial", 3*day)
	foreign := put("thesis.doc.partial", 300*day)
	put(strings.Repeat("b", 32)+".mp4.partial", 30*day)
	removed, err := transfer.Sweep(t.Context(), content, nil)
	must(t, err)
	same(t, "removed", removed, 1)
	same(t, "what is left", filesIn(t, content), sorted([]string{recent, foreign}))

	removed, err = transfer.SweepAll(t.Context(), content, nil)
	must(t, err)
	same(t, "removed when no job is left", removed, 1)
	same(t, "what is left then", filesIn(t, content), []string{foreign})
}

func sorted(paths []string) []string {
	return slices.Sorted(slices.Values(paths))
}
