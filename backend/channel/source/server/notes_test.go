package server_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"nectar/backend/channel/source/server"
)

func TestWhatAServerSaysOfVersions(t *testing.T) {
	t.Parallel()
	s, _, _ := serve(t)
	opened := open(t, newClient(t, server.Config{}), s.URL)
	for said, want := range map[string]map[int64]string{
		`{"3": "More songs", "4": "", "next": "what?"}`: {3: "More songs"},
		`null`:         nil,
		`["a list"]`:   nil,
		`{"3": 5}`:     nil,
		`"a sentence"`: nil,
	} {
		s.Fail("channels", 1, func(w http.ResponseWriter, _ *http.Request, _ http.Handler, _ <-chan struct{}) {
			_, _ = io.WriteString(w, `[{"id": "`+strings.Repeat("a", 32)+`", "version": 3, "version_notes": `+said+`}]`)
		})
		found, err := opened.Channels(t.Context())
		if err != nil || len(found) != 1 || len(found[0].Notes) != len(want) || found[0].Notes[3] != want[3] {
			t.Errorf("%s is %+v, %v", said, found, err)
		}
	}
}
