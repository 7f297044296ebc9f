package opener_test

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"nectar/backend/opener"
)

// Whatever lies on a drive as the zip of a page, it is refused, or serves files
// whose names lead nowhere else, and of each no more than its list says.
func FuzzArchive(f *testing.F) {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, name := range []string{"index.html", "a/b.js", "../out", `c\d`, "e:f"} {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Comment: "c", Extra: []byte("xy\x00\x00")})
		if err == nil {
			_, err = io.WriteString(w, strings.Repeat("text ", 40))
		}
		if err != nil {
			f.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		f.Fatal(err)
	}
	sound := out.Bytes()
	f.Add(sound)
	f.Add(sound[:len(sound)-10])
	f.Add(directory(bytes.Clone(sound), 100))
	f.Add(claim(bytes.Clone(sound), "a/b.js", 1<<31))
	f.Add(append([]byte("before it"), sound...))
	f.Add([]byte("PK\x05\x06" + strings.Repeat("\x00", 18)))
	f.Add([]byte("PK\x05\x06" + strings.Repeat("\xff", 18)))
	f.Fuzz(func(t *testing.T, content []byte) {
		path := filepath.Join(t.TempDir(), "page.zip")
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		names, sizes, err := opener.ReadArchive(path)
		if err != nil {
			return
		}
		for n, name := range names {
			if strings.HasPrefix(name, "/") || strings.Contains("/"+name+"/", "/../") || strings.ContainsAny(name, "\\:\x00") {
				t.Errorf("a file is served as %q", name)
			}
			if given, most := sizes[n][0], sizes[n][1]; given > most {
				t.Errorf("%q says that it has %d bytes, and gives %d", name, most, given)
			}
		}
	})
}
