package servertest_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"nectar/backend/channel/channeltest"
	"nectar/backend/channel/source/servertest"
)

func TestARequestThatComesWhileTheServerStopsIsNotAnswered(t *testing.T) {
	t.Parallel()
	c, drive := channeltest.Make(t)
	s := servertest.Start(t, channeltest.ContentIn(drive))
	s.Fail("/storage/", servertest.Always, servertest.Stall(1))
	s.Stop()
	answer := httptest.NewRecorder()
	defer func() {
		if reason := recover(); reason != http.ErrAbortHandler { //nolint:errorlint // what is recovered is that very value
			t.Errorf("it goes on after %v", reason)
		}
		if answer.Body.Len() != 0 || len(s.Requests("/storage/")) != 0 {
			t.Errorf("%d bytes come", answer.Body.Len())
		}
	}()
	file := c.Node(channeltest.Video).Files[0].LocalFile
	s.ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/content/"+file.Path(), http.NoBody))
}
