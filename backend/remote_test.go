package backend_test

import (
	"context"
	"crypto/md5"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"nectar/backend"
	"nectar/backend/channel/channeltest"
	"nectar/backend/channel/selection"
	"nectar/backend/channel/source"
	"nectar/backend/channel/source/servertest"
	"nectar/backend/drive/drivetest"
	"nectar/backend/peer"
	"nectar/backend/service"
	"nectar/backend/task"
)

// serve starts a Kolibri server with a channel, one of whose files is big.
func serve(t *testing.T) (*servertest.Server, *channeltest.Channel, channeltest.File) {
	t.Helper()
	c := channeltest.New(channeltest.FileSize(1_500_000), channeltest.Name("Blockly Games"))
	content := t.TempDir()
	if err := c.WriteContent(content); err != nil {
		t.Fatal(err)
	}
	return servertest.Start(t, content), c, c.Node(channeltest.Video).Files[0]
}

// TestAKilledImportFromAServerGoesOnFromTheByteWhereItStopped kills the real
// program in the middle of a file. Its transcript, shown by go test -v, is what
// the server was asked for.
func TestAKilledImportFromAServerGoesOnFromTheByteWhereItStopped(t *testing.T) {
	t.Parallel()
	l := newLaptop(t)
	s, c, big := serve(t)
	const stop = 1_000_000
	s.Fail(big.Name(), 1, servertest.Stall(stop))
	first := l.begin("import", string(c.ID), "--from", s.URL, "--json")
	partial := big.In(filepath.Join(l.folder, "content")) + ".partial"
	awaitSize(t, partial, stop)
	t.Logf("$ nectar import %s --from %s", c.ID, s.URL)
	if err := first.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	first.wait()
	left, err := os.Stat(partial)
	if err != nil || left.Size() != stop {
		t.Fatalf("after the kill there is no part of the file: %v", err)
	}
	t.Logf("killed while %d of %d bytes of %s are here", left.Size(), big.Size, big.Name())
	s.Recover()

	t.Logf("$ nectar import %s --from %s", c.ID, s.URL)
	job := answers[told](l.begin("import", string(c.ID), "--from", s.URL, "--json"), 0)
	if job.Status != "COMPLETED" {
		t.Errorf("the job is %+v", job)
	}
	asked := s.Requests(big.Name())
	for _, r := range asked {
		t.Logf("server: %s %s Range: %s", r.Method, r.Path, r.Range)
	}
	if len(asked) != 2 || asked[0].Range != "" || asked[1].Range != "bytes="+strconv.Itoa(stop)+"-" {
		t.Errorf("the server was asked for %+v", asked)
	}
	whole, err := os.ReadFile(big.In(filepath.Join(l.folder, "content")))
	if err != nil || md5.Sum(whole) != big.Checksum {
		t.Errorf("the file is another: %v", err)
	}
	if _, err := os.Stat(partial); err == nil {
		t.Error("the part is left beside the whole")
	}
}

func TestTheNextStartRemovesPartsThatNoJobIsLeftFor(t *testing.T) {
	t.Parallel()
	l := newLaptop(t)
	s, c, big := serve(t)
	s.Fail(big.Name(), 1, servertest.Stall(1_000_000))
	importing := l.begin("import", string(c.ID), "--from", s.URL, "--json")
	partial := big.In(filepath.Join(l.folder, "content")) + ".partial"
	awaitSize(t, partial, 1_000_000)
	if err := importing.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	importing.wait()
	answers[told](l.call("jobs", "cancel", "1", "--json"), 0)
	w := l.window()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	for _, err := os.Stat(partial); err == nil && ctx.Err() == nil; _, err = os.Stat(partial) {
		<-look.C
	}
	if ctx.Err() != nil {
		t.Error("the part stays, though its job was cancelled")
	}
	w.close()
}

// awaitSize waits until the file has so many bytes.
func awaitSize(t *testing.T, path string, size int64) {
	t.Helper()
	deadline := time.Now().Add(patience)
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	for time.Now().Before(deadline) {
		if info, err := os.Stat(path); err == nil && info.Size() >= size {
			return
		}
		<-look.C
	}
	t.Fatalf("%s never has %d bytes", path, size)
}

func TestTheCommandLineKnowsServers(t *testing.T) {
	t.Parallel()
	l := newLaptop(t)
	s, c, _ := serve(t)
	bare := strings.TrimPrefix(s.URL, "http://")
	for _, from := range []string{s.URL, bare, s.URL + "/en/learn"} {
		channels := answers[[]struct {
			ID   string `json:"id"`
			Size int64  `json:"size"`
		}](l.call("channels", "--from", from, "--json"), 0)
		if _, size := c.Totals(); len(channels) != 1 || channels[0].ID != string(c.ID) || channels[0].Size != size {
			t.Errorf("from %s: %+v", from, channels)
		}
	}
	tree := answers[struct {
		Total int `json:"total_resources"`
	}](l.call("tree", "Blockly Games", "--from", bare, "--json"), 0)
	if resources, _ := c.Totals(); tree.Total != resources {
		t.Errorf("the tree holds %d resources, want %d", tree.Total, resources)
	}
	job := answers[struct {
		Type string          `json:"type"`
		Args json.RawMessage `json:"args"`
	}](l.call("import", "blockly games", "--from", bare, "--json"), 0)
	if job.Type != "content.remoteimport" || !strings.Contains(string(job.Args), s.URL) {
		t.Errorf("the job is %s with %s", job.Type, job.Args)
	}
	s.Stop()
	refuses(l.call("channels", "--from", bare, "--json"), 2, "source_missing")
	refuses(l.call("import", string(c.ID), "--from", "http://127.0.0.1:1", "--json"), 2, "source_missing")
}

func TestServersOfTheNetworkAreListedAndHoldUpNothing(t *testing.T) {
	t.Parallel()
	s, c, _ := serve(t)
	var sticks drivetest.Sticks
	stick(t, &sticks, channeltest.New())
	answer := make(chan struct{})
	p := startWith(t, backend.Config{Folder: t.TempDir(), Drives: &sticks}.Hearing(func(ctx context.Context) []peer.Server {
		select {
		case <-answer:
		case <-ctx.Done():
		}
		return []peer.Server{{URL: s.URL}, {URL: s.URL + "/"}, {URL: "http://127.0.0.1:1"}}
	}))
	kinds := func() map[source.Kind]service.Found {
		t.Helper()
		found, err := p.Services.Sources.List(t.Context(), p.person)
		if err != nil {
			t.Fatal(err)
		}
		by := map[source.Kind]service.Found{}
		for _, f := range found {
			by[f.Kind] = f
		}
		if len(by) != len(found) {
			t.Errorf("some are listed twice: %+v", found)
		}
		return by
	}
	changed := make(chan struct{}, 100)
	watching, stop := context.WithCancel(t.Context())
	defer stop()
	go p.Services.Sources.Watch(watching, func() { changed <- struct{}{} })
	if by := kinds(); by[source.Drive].Channels != 1 || by[source.Server].Channels != 0 {
		t.Errorf("while the network is silent, there are %+v", by)
	}
	close(answer)
	for {
		by := kinds()
		if server, listed := by[source.Server]; listed {
			if server.Channels != 1 || server.URL != s.URL || by[source.Drive].Channels != 1 {
				t.Errorf("there are %+v", by)
			}
			break
		}
		select {
		case <-changed:
		case <-time.After(patience):
			t.Fatal("nobody tells of the server")
		}
	}
	found, err := p.Services.Sources.Open(t.Context(), p.person, strings.TrimPrefix(s.URL, "http://"))
	if err != nil || found.URL != s.URL || found.Channels != 1 || found.Kind != source.Server {
		t.Errorf("by its address it is %+v, %v", found, err)
	}
	if offers, err := p.Services.Sources.Lookup(t.Context(), p.person, s.URL, string(c.ID)); err != nil || len(offers) != 1 {
		t.Errorf("its channel is %+v, %v", offers, err)
	}
}

func TestAServerIsAskedWhichFilesItLacksBeforeAnythingComes(t *testing.T) {
	t.Parallel()
	s, c, big := serve(t)
	if err := channeltest.RemoveFile(big.LocalFile)(c, s.Content()); err != nil {
		t.Fatal(err)
	}
	p := start(t, t.TempDir())
	answer, err := p.Services.Sources.Preflight(t.Context(), p.person, c.ID, s.URL, selection.Options{})
	if err != nil || answer.MissingFiles != 1 || answer.MissingBytes != big.Size {
		t.Errorf("it would be %+v, %v", answer, err)
	}
	if asked := s.Requests("/storage/"); len(asked) != 0 {
		t.Errorf("files were asked for: %+v", asked)
	}
}

func TestAWaitForAServerSaysWhenItIsAskedAgain(t *testing.T) {
	t.Parallel()
	s, c, big := serve(t)
	p := start(t, t.TempDir())
	s.Fail(big.Name(), servertest.Always, servertest.Stall(500_000))
	id, err := p.enqueue(service.Request{"type": "content.remoteimport", "channel_id": string(c.ID), "url": s.URL})
	if err != nil {
		t.Fatal(err)
	}
	awaitSize(t, big.In(p.content())+".partial", 500_000)
	s.Stop()
	job := p.until(id, func(job service.Detail) bool {
		return job.State.Resting() || waits(job) && job.NextLook > 0
	})
	words := p.Maker.Job(job.Live)
	want := regexp.MustCompile(`^Waits for the server library, next try in \d+ s$`)
	if words.Waiting == nil || words.Waiting.NextIn == nil || !want.MatchString(words.StatusText) {
		t.Errorf("it waits for %+v and says %q", words.Waiting, words.StatusText)
	}
	servertest.StartAt(t, s.Address(), s.Content())
	if job := p.await(id); job.State != task.Completed || job.Retries != 0 {
		t.Errorf("it ends %v: %+v", job.State, job.Failure)
	}
}

func TestAServerThatComesBackAtAnotherAddressIsFoundAgain(t *testing.T) {
	t.Parallel()
	s, c, big := serve(t)
	var mu sync.Mutex
	var announced []peer.Server
	p := startWith(t, backend.Config{Folder: t.TempDir()}.Hearing(func(context.Context) []peer.Server {
		mu.Lock()
		defer mu.Unlock()
		return announced
	}))
	s.Fail(big.Name(), 1, servertest.Stall(500_000))
	s.Fail(big.Name(), servertest.Always, servertest.Silent)
	id, err := p.enqueue(service.Request{"type": "content.remoteimport", "channel_id": string(c.ID), "url": s.URL})
	if err != nil {
		t.Fatal(err)
	}
	awaitSize(t, big.In(p.content())+".partial", 500_000)
	moved := servertest.Start(t, s.Content())
	mu.Lock()
	announced = []peer.Server{{URL: moved.URL}}
	mu.Unlock()
	s.Stop()
	impostor(t, s.Address())
	if job := p.await(id); job.State != task.Completed || job.Retries != 0 {
		t.Errorf("it ends %v: %+v", job.State, job.Failure)
	}
	if len(moved.Requests(big.Name())) == 0 {
		t.Error("at its new address nothing was asked for")
	}
}

func TestARepairGoesOnWithItsServerAtAnotherAddress(t *testing.T) {
	t.Parallel()
	s, c, big := serve(t)
	var mu sync.Mutex
	var announced []peer.Server
	p := startWith(t, backend.Config{Folder: t.TempDir()}.Hearing(func(context.Context) []peer.Server {
		mu.Lock()
		defer mu.Unlock()
		return announced
	}))
	p.bring(c)
	if err := os.Remove(big.In(p.content())); err != nil {
		t.Fatal(err)
	}
	asked := make(chan struct{}, 1)
	s.Fail(big.Name(), servertest.Always, func(w http.ResponseWriter, r *http.Request, right http.Handler, stopped <-chan struct{}) {
		select {
		case asked <- struct{}{}:
		default:
		}
		servertest.Silent(w, r, right, stopped)
	})
	request := verifying(c)
	request["repair_from"] = s.URL
	id, err := p.enqueue(request)
	if err != nil {
		t.Fatal(err)
	}
	<-asked
	moved := servertest.Start(t, s.Content())
	mu.Lock()
	announced = []peer.Server{{URL: moved.URL}}
	mu.Unlock()
	s.Stop()
	impostor(t, s.Address())
	if job := p.await(id); job.State != task.Completed || verified(t, job).FilesRepaired != 1 {
		t.Errorf("it ends %v: %+v, %s", job.State, job.Failure, job.Result)
	}
	if len(moved.Requests(big.Name())) != 1 {
		t.Error("at its new address nothing was asked for")
	}
}

// impostor is another server that has got the address, and gives nothing.
func impostor(t *testing.T, address string) {
	t.Helper()
	var config net.ListenConfig
	listener, err := config.Listen(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.URL.Path, "/api/public/info") {
			panic(http.ErrAbortHandler)
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"application": "kolibri", "kolibri_version": "0.18.0", "instance_id": "00000000000000000000000000000000",
			"device_name": "impostor", "operating_system": "Linux", "subset_of_users_device": false, "min_content_schema_version": "5"}`)
	}))
	_ = server.Listener.Close()
	server.Listener = listener
	server.Start()
	t.Cleanup(server.Close)
}

func TestTheLimitOfTheBandwidthIsHeededWhileAnImportRuns(t *testing.T) {
	t.Parallel()
	s, c, big := serve(t)
	p := start(t, t.TempDir())
	limit := func(value string) {
		t.Helper()
		if _, err := p.Services.Settings.Set(t.Context(), p.person, "download_limit", json.RawMessage(value)); err != nil {
			t.Fatal(err)
		}
	}
	limit("1")
	id, err := p.enqueue(service.Request{"type": "content.remoteimport", "channel_id": string(c.ID), "url": s.URL, "node_ids": []any{string(c.Node(channeltest.Video).ID)}})
	if err != nil {
		t.Fatal(err)
	}
	job := p.until(id, func(job service.Detail) bool { return job.State == task.Running || job.State.Resting() })
	if job.State.Resting() {
		t.Fatalf("%d bytes come at once: %v", big.Size, job.State)
	}
	limit("0")
	if job := p.await(id); job.State != task.Completed {
		t.Errorf("it ends %v: %+v", job.State, job.Failure)
	}
}
