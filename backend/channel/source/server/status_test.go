package server_test

import (
	"io"
	"net/http"
	"testing"
	"time"

	"nectar/backend/channel/channeltest"
	"nectar/backend/channel/source/server"
	"nectar/backend/channel/source/servertest"
)

func TestAServerMayAskToBeLeftAloneForAWhile(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	for said, want := range map[string]time.Duration{
		"": 0, "7": 7 * time.Second, "soon": 0, "-5": 0,
		"86400": 30 * time.Second, "99999999999999999999": 0,
		now.Add(9 * time.Second).Format(http.TimeFormat): 9 * time.Second,
		now.Add(-time.Hour).Format(http.TimeFormat):      0,
		now.Add(time.Hour).Format(http.TimeFormat):       30 * time.Second,
	} {
		if got := server.RetryAfter(http.Header{"Retry-After": {said}}, now); got != want {
			t.Errorf("%q asks for %v, want %v", said, got, want)
		}
	}
	t.Run("and is", func(t *testing.T) {
		t.Parallel()
		c, drive := channeltest.Make(t)
		s := servertest.Start(t, channeltest.ContentIn(drive))
		client := server.NewClient(server.Config{Pauses: []time.Duration{0}})
		t.Cleanup(client.Close)
		opened, err := client.Open(t.Context(), s.URL)
		if err != nil {
			t.Fatal(err)
		}
		s.Fail("storage", 1, servertest.Busy(time.Second))
		file := c.Files()[0]
		began := time.Now()
		f, err := opened.OpenFile(t.Context(), file.LocalFile)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = f.Close() }()
		if _, err := io.Copy(io.Discard, f); err != nil {
			t.Error(err)
		}
		if waited := time.Since(began); waited < time.Second {
			t.Errorf("it was asked again after %v", waited)
		}
	})
}
