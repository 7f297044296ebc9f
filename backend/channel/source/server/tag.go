package server

import (
	"net/http"
	"strings"
	"time"
)

// settled is how long ago a file has to have been changed for the time of that to name
// its bytes. A later change has another time then, also where times are kept in whole
// seconds, or in every second one, as on a stick.
const settled = time.Minute

// tagOf answers what the server says of the state of the thing: its tag, or for one that
// changes under its name the time of its last change, where there is no tag and nothing
// can have happened to it within the same moment. "" where it says neither.
func (t thing) tagOf(header http.Header) string {
	tag := header.Get("Etag")
	if tag != "" || !t.changes {
		return tag
	}
	changed, err := http.ParseTime(header.Get("Last-Modified"))
	if err != nil {
		return ""
	}
	said, err := http.ParseTime(header.Get("Date"))
	if err != nil || said.Sub(changed) < settled {
		return ""
	}
	return header.Get("Last-Modified")
}

// promises reports whether what has the tag has the same bytes: it is none that stands
// for all that means the same, and nothing that is no tag.
func promises(tag string) bool {
	_, err := http.ParseTime(tag)
	return err == nil || strings.HasPrefix(tag, `"`)
}
