package opener

import "nectar/backend/channel/db"

// how a file is opened.
type how int

const (
	asPage how = iota // served to the browser
	asCopy            // a copy, which programs may change
	asItIs            // itself: it may be large, and players only read
)

// ways are the files that can be opened, the best first. Of a system's
// programs only such are started that a kind of file which holds no program
// can start.
var ways = []struct {
	extension string
	how       how
}{
	{"mp4", asItIs},
	{"webm", asItIs},
	{"mp3", asItIs},
	{"pdf", asCopy},
	{"epub", asCopy},
	{"zip", asPage},
	{"h5p", asPage},
	{"png", asCopy},
	{"jpg", asCopy},
	{"jpeg", asCopy},
	{"gif", asCopy},
}

// choose answers the file by which the resource is shown: the best of those
// that are needed to show it, and of several alike the largest, which is the
// video in high resolution.
func choose(r db.Resource) (best db.ResourceFile, by how, ok bool) {
	for _, way := range ways {
		for _, file := range r.Files {
			if file.Supplementary || file.Extension != way.extension {
				continue
			}
			if !ok || file.Size > best.Size {
				best, by, ok = file, way.how, true
			}
		}
		if ok {
			return best, by, true
		}
	}
	return best, by, false
}
