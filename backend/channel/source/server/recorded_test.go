package server_test

import (
	"bufio"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nectar/backend/channel/channeltest"
	"nectar/backend/channel/source/servertest"
)

func checkRecorded(t *testing.T, s *servertest.Server, c *channeltest.Channel, folder string) {
	t.Helper()
	for name, path := range map[string]string{
		"info_v1.json": "/api/public/info/", "info_v2.json": "/api/public/info/?v=2", "info_v3.json": "/api/public/info/?v=3",
		"v1_channels.json": "/api/public/v1/channels", "v1_lookup.json": "/api/public/v1/channels/lookup/" + string(c.ID),
		"v1_lookup_404.json": "/api/public/v1/channels/lookup/nothing",
	} {
		text, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Errorf("%s is not recorded: %v", name, err)
			continue
		}
		if diff := cmp.Diff(keysOf(t, text), keysOf(t, fetch(t, s.URL+path, "", nil))); diff != "" {
			t.Errorf("%s (-recorded +ours):\n%s", name, diff)
		}
	}
	big := c.Node(channeltest.Video).Files[0]
	for name, asked := range map[string]string{
		"storage_range.headers.txt": "bytes=100-299", "storage_range_suffix.headers.txt": "bytes=-10",
		"storage_range_multi.headers.txt": "bytes=0-9,20-29", "storage_range_bad.headers.txt": "bytes=99999999-",
	} {
		recorded, err := os.Open(filepath.Join(folder, name))
		if err != nil {
			t.Errorf("%s is not recorded: %v", name, err)
			continue
		}
		want, err := http.ReadResponse(bufio.NewReader(recorded), nil) //nolint:bodyclose // a file with headers alone
		_ = recorded.Close()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var got http.Response
		fetch(t, s.URL+"/content/"+big.Path(), asked, &got)
		want.Header.Del("Content-Length")
		got.Header.Del("Content-Length") // a recorder of headers saw none where it was chunked
		if diff := cmp.Diff(slices.Sorted(maps.Keys(want.Header)), slices.Sorted(maps.Keys(got.Header))); diff != "" || got.StatusCode != want.StatusCode {
			t.Errorf("%s: status %d, want %d (-recorded +ours):\n%s", name, got.StatusCode, want.StatusCode, diff)
		}
		if shape(got.Header.Get("Content-Range")) != shape(want.Header.Get("Content-Range")) {
			t.Errorf("%s: range %q, recorded %q", name, got.Header.Get("Content-Range"), want.Header.Get("Content-Range"))
		}
	}
}

// shape answers a text with every number as 9.
func shape(text string) string {
	var b strings.Builder
	for i := range len(text) {
		digit := text[i] >= '0' && text[i] <= '9'
		switch {
		case !digit:
			b.WriteByte(text[i])
		case i == 0 || text[i-1] < '0' || text[i-1] > '9':
			b.WriteByte('9')
		}
	}
	return b.String()
}

// keysOf answers the keys of an object, or of the first one of a list.
func keysOf(t *testing.T, text []byte) []string {
	t.Helper()
	var list []map[string]any
	if err := json.Unmarshal(text, &list); err == nil && len(list) > 0 {
		return slices.Sorted(maps.Keys(list[0]))
	}
	var object map[string]any
	if err := json.Unmarshal(text, &object); err != nil {
		t.Errorf("%.80s: %v", text, err)
	}
	return slices.Sorted(maps.Keys(object))
}

func fetch(t *testing.T, address, asked string, into *http.Response) []byte {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), "GET", address, nil)
	if err != nil {
		t.Fatal(err)
	}
	if asked != "" {
		request.Header.Set("Range", asked)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if into != nil {
		*into = *response
	}
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
