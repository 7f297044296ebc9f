package backend_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"nectar/backend"
	"nectar/backend/channel"
	"nectar/backend/channel/channeltest"
	"nectar/backend/fault"
	"nectar/backend/opener"
)

func TestResourcesOfTheLaptopAreOpened(t *testing.T) {
	t.Parallel()
	c, drive := channeltest.Make(t)
	var opened []string
	var refuses error
	p := startWith(t, backend.Config{Folder: t.TempDir(), Launch: func(_ context.Context, target string) error {
		opened = append(opened, target)
		return refuses
	}})
	request := importing(c, drive)
	request["exclude_node_ids"] = []any{string(c.Node(channeltest.Audio).ID)}
	p.run(request)
	open := func(title string) error {
		return p.Services.Library.OpenResource(t.Context(), p.person, c.ID, c.Node(title).ID)
	}

	if err := open(channeltest.Video); err != nil || opened[0] != c.Node(channeltest.Video).Files[0].In(p.content()) {
		t.Errorf("a video opens %v, %v", opened, err)
	}
	if err := open(channeltest.Document); err != nil || filepath.Base(opened[1]) != channeltest.Document+" (copy).pdf" {
		t.Errorf("a document opens %v, %v", opened, err)
	}
	if err := open(channeltest.App); err != nil || !strings.HasPrefix(opened[2], "http://127.0.0.1:") {
		t.Fatalf("an app opens %v, %v", opened, err)
	}
	page := func() (string, error) {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, opened[2]+"content/index.html", nil)
		if err != nil {
			return "", err
		}
		response, err := http.DefaultTransport.RoundTrip(request)
		if err != nil {
			return "", err
		}
		defer func() { _ = response.Body.Close() }()
		body, err := io.ReadAll(response.Body)
		return string(body), err
	}
	if body, err := page(); err != nil || !strings.Contains(body, "<title>"+channeltest.App) {
		t.Errorf("the page of the app is %q, %v", body, err)
	}

	for title, want := range map[string]fault.Code{
		channeltest.Audio: fault.ResourceNotHere, channeltest.Exercise: fault.NoViewer, channeltest.Videos: fault.NoViewer,
	} {
		if err := open(title); fault.CodeOf(err) != want || fault.Of(err).Params["title"] != title {
			t.Errorf("%q says %v, want %s", title, err, want)
		}
	}
	unknown := channel.NodeID(strings.Repeat("f", 32))
	if err := p.Services.Library.OpenResource(t.Context(), p.person, c.ID, unknown); fault.CodeOf(err) != fault.NodeMissing {
		t.Errorf("an unknown resource says %v", err)
	}
	refuses = errors.Join(opener.ErrNoProgram)
	if err := open(channeltest.Video); fault.CodeOf(err) != fault.NoProgram {
		t.Errorf("without a program it says %v", err)
	}
	if err := p.Close(t.Context()); err != nil {
		t.Error(err)
	}
	if _, err := page(); err == nil {
		t.Error("the page outlives the program")
	}
}
