package opener

import (
	"io"
	"maps"
	"slices"
)

// mostRead is how many bytes ReadArchive reads of a file.
const mostRead = 1 << 20

// ReadArchive opens a zip and reads what is served of it. Of each file it
// answers how many bytes came, and how many the list of the zip says.
func ReadArchive(path string) (names []string, sizes [][2]int64, err error) {
	a, err := openArchive(path)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = a.close() }()
	names = slices.Sorted(maps.Keys(a.files))
	for _, name := range names {
		c := newContent(a.files[name])
		given, _ := io.Copy(io.Discard, io.LimitReader(c, mostRead)) // a damaged one breaks off
		_, _ = c.Seek(0, io.SeekStart)
		_, _ = c.Read(make([]byte, 1))
		c.close()
		sizes = append(sizes, [2]int64{given, c.size})
	}
	return names, sizes, nil
}
