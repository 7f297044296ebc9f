package selection

import (
	"crypto/md5"
	"strconv"
	"testing"

	"nectar/backend/channel"
)

func TestFilesAreFoundByTheirChecksums(t *testing.T) {
	t.Parallel()
	named := func(n int) channel.Checksum { return md5.Sum([]byte(strconv.Itoa(n))) }
	for _, count := range []int{0, 1, 15, 16, 17, 5000} {
		var files []channel.LocalFile
		for n := range count {
			files = append(files, channel.LocalFile{Checksum: named(n)})
		}
		l := newLookup(files)
		for n := range count {
			if index, ok := l.find(named(n)); !ok || int(index) != n {
				t.Errorf("of %d, file %d is found at %d: %v", count, n, index, ok)
			}
		}
		if _, ok := l.find(named(count)); ok {
			t.Errorf("of %d, one that is not there is found", count)
		}
	}
	twice := newLookup([]channel.LocalFile{{Checksum: named(1)}, {Checksum: named(1), Extension: "pdf"}})
	if index, ok := twice.find(named(1)); !ok || index != 1 {
		t.Errorf("of two the one at %d is found: %v", index, ok)
	}
}
