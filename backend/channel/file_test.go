package channel_test

import (
	"path/filepath"
	"strings"
	"testing"

	"nectar/backend/channel"
)

func TestAFileLiesInItsContentFolderHoweverThatIsSpelled(t *testing.T) {
	t.Parallel()
	file, err := channel.ParseLocalFile("d41d8cd98f00b204e9800998ecf8427e", "mp4", -1)
	if err != nil {
		t.Fatal(err)
	}
	sep := string(filepath.Separator)
	for _, content := range []string{
		"", ".", sep, "content", "content" + sep, sep + "a" + sep + sep + "content", sep + "a" + sep + ".." + sep + "content",
		filepath.VolumeName(t.TempDir()), t.TempDir(),
	} {
		if got, want := file.In(content), filepath.Join(content, "storage", "d", "4", file.Name()); got != want {
			t.Errorf("in %q it is %q, want %q", content, got, want)
		}
	}
}

func TestOnlyHexadecimalDigitsInLowerCaseAreAnID(t *testing.T) {
	t.Parallel()
	const id = "0123456789abcdef0123456789abcdef"
	for c := range 256 {
		want := strings.ContainsRune("0123456789abcdef", rune(c)) && c < 0x80
		for _, at := range []int{0, 15, 31} {
			changed := []byte(id)
			changed[at] = byte(c)
			if got := channel.IsID(string(changed)); got != want {
				t.Errorf("byte %#x at %d: %v", c, at, got)
			}
		}
	}
	for _, other := range []string{"", id[:31], id + "0", id[:31] + "\x00", strings.ToUpper(id)} {
		if channel.IsID(other) {
			t.Errorf("%q is one", other)
		}
	}
}
