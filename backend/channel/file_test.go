package channel_test

import (
	"path/filepath"
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
