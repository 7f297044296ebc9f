package server_test

import (
	"cmp"
	"context"
	"crypto/md5"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"nectar/backend/channel"
	"nectar/backend/channel/channeltest"
	"nectar/backend/channel/source"
	"nectar/backend/channel/source/server"
	"nectar/backend/channel/source/servertest"
	"nectar/backend/channel/source/sourcetest"
	"nectar/backend/fault"
)

// forEver is longer than any machine is busy: a test of what a server says must not
// be one of how soon it says so.
const forEver = time.Hour

// patienceWith is that with a fault: short with those that keep silent, and else
// the usual one of these tests, which a slow machine does not try.
func patienceWith(name string) time.Duration {
	if strings.Contains(name, "stall") || strings.Contains(name, "stops") || strings.Contains(name, "silence") || strings.Contains(name, "says nothing") {
		return 2 * time.Second
	}
	return 0
}

func newClient(t *testing.T, config server.Config) *server.Client {
	t.Helper()
	if config.Pauses == nil {
		config.Pauses = []time.Duration{0, 0, time.Millisecond}
	}
	config.Patience = cmp.Or(config.Patience, forEver)
	config.Greeting = cmp.Or(config.Greeting, forEver)
	c := server.NewClient(config)
	t.Cleanup(c.Close)
	return c
}

func open(t *testing.T, c *server.Client, reference string) source.Ranged {
	t.Helper()
	opened, err := c.Open(t.Context(), reference)
	if err != nil {
		t.Fatal(err)
	}
	ranged, is := opened.(source.Ranged)
	if !is {
		t.Fatal("a server gives no parts of files")
	}
	return ranged
}

// serve starts a server with a channel, whose largest file is answered too.
func serve(t *testing.T, options ...servertest.Option) (*servertest.Server, *channeltest.Channel, channeltest.File) {
	t.Helper()
	c := channeltest.New(channeltest.FileSize(150_000))
	content := t.TempDir()
	if err := c.WriteContent(content); err != nil {
		t.Fatal(err)
	}
	files := c.Files()
	slices.SortFunc(files, func(a, b channeltest.File) int { return int(b.Size - a.Size) })
	return servertest.Start(t, content, options...), c, files[0]
}

func TestConformance(t *testing.T) {
	t.Parallel()
	sourcetest.Run(t, func(t *testing.T, content string) source.Source {
		return open(t, newClient(t, server.Config{}), servertest.Start(t, content).URL)
	})
}

func TestStudioConforms(t *testing.T) {
	t.Parallel()
	sourcetest.Run(t, func(t *testing.T, content string) source.Source {
		studio := servertest.Start(t, content, servertest.Studio(nil))
		opened := open(t, newClient(t, server.Config{Studio: studio.URL}), "studio")
		if kind := opened.Info().Kind; kind != source.Studio {
			t.Errorf("Studio is taken for a %s", kind)
		}
		return opened
	})
}

func TestGone(t *testing.T) {
	t.Parallel()
	s, c, _ := serve(t)
	opened := open(t, newClient(t, server.Config{}), s.URL)
	s.Stop()
	sourcetest.Gone(t, opened, c)
}

func TestAnotherServerAtTheAddressIsNotTakenForIt(t *testing.T) {
	t.Parallel()
	s, c, _ := serve(t)
	opened := open(t, newClient(t, server.Config{}), s.URL)
	address := s.Address()
	s.Stop()
	content := t.TempDir()
	if err := c.WriteContent(content); err != nil {
		t.Fatal(err)
	}
	servertest.StartAt(t, address, content, servertest.Instance(strings.Repeat("1", 32)))
	if err := opened.Alive(t.Context()); fault.CodeOf(err) != fault.SourceGone {
		t.Errorf("alive says %v", err)
	}
}

func TestIsAddress(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"studio": true, "http://laptop": true, "HTTPS://laptop/kolibri": true, "192.168.1.5:8080": true, "laptop.local:80": true,
		"[fe80::1]:8080": true, "192.168.1.5": true, "1.2.3": false, "sample": false, "/media/usb": false, `C:\KOLIBRI_DATA`: false, "c:8080": false, "laptop": false,
		"laptop:0": false, "laptop:http": false, "a b:80": false, "../x:80": false, "": false, ":80": false,
	} {
		if got := server.IsAddress(text); got != want {
			t.Errorf("%q: %t", text, got)
		}
	}
}

func TestOpen(t *testing.T) {
	t.Parallel()
	s, _, _ := serve(t, servertest.Named("Room 3 \u202e<b>"))
	client := newClient(t, server.Config{})

	t.Run("a server is known by any of its addresses", func(t *testing.T) {
		t.Parallel()
		for _, reference := range []string{s.URL, s.URL + "/", s.Address(), s.URL + "/en/learn/#/home", "HTTP://" + s.Address()} {
			info := open(t, client, reference).Info()
			if info.URL != s.URL || info.Kind != source.Server || len(info.ID) != 32 || info.Name != "Room 3 <b>" {
				t.Errorf("%s is %+v", reference, info)
			}
		}
	})
	t.Run("a redirect of the first question says where the server is", func(t *testing.T) {
		t.Parallel()
		front, _, _ := serve(t)
		front.Fail("info", servertest.Always, servertest.Elsewhere(s.URL))
		if info := open(t, client, front.URL).Info(); info.URL != s.URL {
			t.Errorf("it is at %s", info.URL)
		}
	})

	bad := map[string]struct {
		fault servertest.Fault
		want  fault.Code
	}{
		"a page in its place":        {servertest.Nonsense(), fault.NotKolibri},
		"a page that is not there":   {servertest.Status(http.StatusNotFound), fault.NotKolibri},
		"an answer that never ends":  {servertest.Endless(), fault.NotKolibri},
		"redirects without end":      {servertest.Elsewhere(""), fault.ServerBusy},
		"a server that is too busy":  {servertest.Status(http.StatusServiceUnavailable), fault.ServerBusy},
		"a server that says nothing": {servertest.Silent, fault.ServerBusy},
		"a server that cuts off":     {servertest.Reset(10), fault.ServerBusy},
		"a server that stops":        {servertest.Stall(10), fault.ServerBusy},
	}
	for name, c := range bad {
		t.Run(name+" is refused in words", func(t *testing.T) {
			t.Parallel()
			s, _, _ := serve(t)
			s.Fail("info", servertest.Always, c.fault)
			client := newClient(t, server.Config{Patience: patienceWith(name)})
			if opened, err := client.Open(t.Context(), s.URL); fault.CodeOf(err) != c.want || opened != nil {
				t.Errorf("it says %v, want %s", err, c.want)
			}
		})
	}
	t.Run("some other program of the kind is refused", func(t *testing.T) {
		t.Parallel()
		other, _, _ := serve(t)
		other.Fail("info", servertest.Always, func(w http.ResponseWriter, _ *http.Request, _ http.Handler, _ <-chan struct{}) {
			_, _ = io.WriteString(w, `{"application": "ka-lite", "instance_id": "1"}`)
		})
		if _, err := client.Open(t.Context(), other.URL); fault.CodeOf(err) != fault.NotKolibri {
			t.Errorf("it says %v", err)
		}
	})
	t.Run("where nothing answers, nothing is found", func(t *testing.T) {
		t.Parallel()
		gone, _, _ := serve(t)
		gone.Stop()
		for _, reference := range []string{gone.URL, gone.Address(), "http://user:secret@" + s.Address(), "http://"} {
			if _, err := client.Open(t.Context(), reference); fault.CodeOf(err) != fault.SourceMissing {
				t.Errorf("%s says %v", reference, err)
			}
		}
	})
}

func TestChannelsAreLookedUp(t *testing.T) {
	t.Parallel()
	tokens := map[string]channel.ID{}
	s, c, _ := serve(t, servertest.Studio(tokens))
	tokens["abcdefghij"] = c.ID
	opened := open(t, newClient(t, server.Config{}), s.URL)
	finder, is := opened.(source.Finder)
	if !is {
		t.Fatal("it looks nothing up")
	}
	for _, token := range []string{"abcde-fghij", string(c.ID), " abcdefghij "} {
		found, err := finder.Lookup(t.Context(), token)
		if err != nil || len(found) != 1 || found[0].ID != c.ID || found[0].Version != c.Version {
			t.Errorf("%q is %+v, %v", token, found, err)
		}
	}
	for _, token := range []string{"zzzzz-zzzzz", "../../info/", "a/b?c"} {
		if found, err := finder.Lookup(t.Context(), token); fault.CodeOf(err) != fault.ChannelMissing || found != nil {
			t.Errorf("%q is %+v, %v", token, found, err)
		}
	}
}

func TestWhatAStrangerSaysOfChannels(t *testing.T) {
	t.Parallel()
	s, _, _ := serve(t)
	opened := open(t, newClient(t, server.Config{}), s.URL)
	answer := func(text string) ([]source.Listing, error) {
		s.Fail("channels", 1, func(w http.ResponseWriter, _ *http.Request, _ http.Handler, _ <-chan struct{}) {
			_, _ = io.WriteString(w, text)
		})
		return opened.Channels(t.Context())
	}
	found, err := answer(`[{"id": "../../etc"}, {"id": "` + strings.Repeat("a", 32) + `", "name": "` + strings.Repeat("x", 9000) +
		`", "icon_encoding": "data:image/svg+xml;base64,AAAA", "published_size": -5, "total_resource_count": -1}]`)
	if err != nil || len(found) != 1 || len(found[0].Name) > 5000 || found[0].Thumbnail != "" || found[0].Size != 0 || found[0].Resources != 0 {
		t.Errorf("it makes of it %d channels, %v", len(found), err)
	}
	for _, text := range []string{`{"id": 5}`, `[`, `"x"`, ``} {
		if _, err := answer(text); fault.CodeOf(err) != fault.BadAnswer {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestAServerSaysWhichFilesItHas(t *testing.T) {
	t.Parallel()
	s, c, big := serve(t)
	opened := open(t, newClient(t, server.Config{}), s.URL)
	holder, is := opened.(source.Holder)
	if !is {
		t.Fatal("it does not say")
	}
	var asked []channel.Checksum
	for _, f := range c.Files() {
		asked = append(asked, f.Checksum)
	}
	absent := channel.Checksum(md5.Sum([]byte("absent")))
	asked = slices.Insert(asked, 3, absent)
	for range 100 { // more than a machine word of bits
		asked = append(asked, absent)
	}
	asked = append(asked, big.Checksum)
	for _, packed := range []bool{false, true} {
		if packed {
			s.Fail("file_checksums", 1, servertest.Packed())
		}
		holds, err := holder.Holds(t.Context(), c.ID, asked)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range c.Files() {
			if !holds(f.Checksum) {
				t.Errorf("it does not have %s", f.Name())
			}
		}
		if holds(absent) {
			t.Error("it has what is absent")
		}
	}
	s.Fail("file_checksums", 1, servertest.Endless())
	if _, err := holder.Holds(t.Context(), c.ID, asked); fault.CodeOf(err) != fault.BadAnswer {
		t.Errorf("an endless number: %v", err)
	}
}

// TestAFileComesInSpiteOf holds the faults of a server that a reader gets over
// by itself.
func TestAFileComesInSpiteOf(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		fault servertest.Fault
		times int
		from  int64  // where reading begins
		next  string // the range that is asked for after the fault, "" for the whole
	}{
		"a connection that is cut":               {servertest.Reset(100_000), 1, 0, "bytes=100000-"},
		"one that is cut again and again":        {servertest.Reset(40_000), 5, 0, "bytes=40000-"},
		"a stall":                                {servertest.Stall(100_000), 1, 0, "bytes=100000-"},
		"a stall within what was gone on with":   {servertest.Stall(50_000), 1, 200_000, "bytes=250000-"},
		"silence before the header":              {servertest.Silent, 1, 0, ""},
		"a body shorter than it says":            {servertest.Shorter(1000), 1, 0, "bytes=299000-"},
		"a body that lacks its last byte":        {servertest.Shorter(1), 1, 0, "bytes=299999-"},
		"an error of the server":                 {servertest.Status(http.StatusBadGateway), 2, 0, ""},
		"too many requests":                      {servertest.Status(http.StatusTooManyRequests), 1, 0, ""},
		"packing that nobody asked for":          {servertest.Packed(), servertest.Always, 0, ""},
		"packing of what was to be gone on with": {servertest.Packed(), servertest.Always, 200_000, ""},
		"no ranges":                              {servertest.NoRange(), servertest.Always, 200_000, ""},
		"a range that begins elsewhere":          {servertest.WrongRange(), 1, 200_000, ""},
		"a range that is not satisfiable":        {servertest.Status(http.StatusRequestedRangeNotSatisfiable), 1, 200_000, ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, _, big := serve(t)
			opened := open(t, newClient(t, server.Config{Patience: patienceWith(name)}), s.URL)
			s.Fail(big.Name(), c.times, c.fault)
			part, err := opened.OpenFileFrom(t.Context(), big.LocalFile, c.from)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = part.Close() }()
			begins := part.Start()
			got, err := io.ReadAll(part)
			want, _ := io.ReadAll(big.Open())
			if err != nil || begins != 0 && begins != c.from || string(got) != string(want[begins:]) {
				t.Errorf("%d bytes from %d on, %v", len(got), begins, err)
			}
			asked := s.Requests(big.Name())
			if last := asked[min(1, len(asked)-1)].Range; len(asked) > 1 && last != c.next {
				t.Errorf("after the fault it asks for %q, want %q", last, c.next)
			}
		})
	}
	t.Run("a redirect", func(t *testing.T) {
		t.Parallel()
		s, _, big := serve(t)
		other, _, _ := serve(t)
		opened := open(t, newClient(t, server.Config{}), s.URL)
		s.Fail("/content/", servertest.Always, servertest.Elsewhere(other.URL))
		f, err := opened.OpenFile(t.Context(), big.LocalFile)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = f.Close() }()
		if got, err := io.ReadAll(f); err != nil || md5.Sum(got) != big.Checksum {
			t.Errorf("%d bytes, %v", len(got), err)
		}
	})
}

// TestAFileThatDoesNotCome holds the faults that last.
func TestAFileThatDoesNotCome(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		fault servertest.Fault
		want  fault.Code
	}{
		"an error of the server":       {servertest.Status(http.StatusInternalServerError), fault.ServerBusy},
		"a connection that is cut":     {servertest.Reset(0), fault.ServerBusy},
		"silence":                      {servertest.Silent, fault.ServerBusy},
		"a stall":                      {servertest.Stall(0), fault.ServerBusy},
		"a file that is not there":     {servertest.Status(http.StatusNotFound), fault.FileMissing},
		"a file that was removed":      {servertest.Status(http.StatusGone), fault.FileMissing},
		"a file that is not for us":    {servertest.Status(http.StatusForbidden), fault.FileNotServed},
		"redirects without end":        {servertest.Elsewhere(""), fault.ServerBusy},
		"a redirect out of the web":    {servertest.Elsewhere("ftp://127.0.0.1"), fault.ServerBusy},
		"a range where none was asked": {servertest.Status(http.StatusPartialContent), fault.FileNotServed},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, _, big := serve(t)
			opened := open(t, newClient(t, server.Config{Patience: patienceWith(name)}), s.URL)
			s.Fail(big.Name(), servertest.Always, c.fault)
			f, err := opened.OpenFile(t.Context(), big.LocalFile)
			if err == nil {
				_, err = io.ReadAll(f)
				_ = f.Close()
			}
			if fault.CodeOf(err) != c.want {
				t.Errorf("it says %v, want %s", err, c.want)
			}
		})
	}
}

func TestADatabaseIsGoneOnWithOnlyWhileItIsTheSame(t *testing.T) {
	t.Parallel()
	hourAgo := time.Now().Add(-time.Hour).Truncate(time.Second)
	for name, c := range map[string]struct {
		says    func(http.Header)
		another string // names a state that the database does not have
	}{
		"by its tag":                {func(http.Header) {}, `"another"`},
		"by the time of its change": {func(h http.Header) { h.Del("Etag") }, hourAgo.Add(-time.Second).UTC().Format(http.TimeFormat)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			served, content := channeltest.New(), t.TempDir()
			if err := served.WriteContent(content); err != nil {
				t.Fatal(err)
			}
			if err := os.Chtimes(served.ID.DatabaseIn(content), hourAgo, hourAgo); err != nil {
				t.Fatal(err)
			}
			s := servertest.Start(t, content)
			s.Fail("/databases/", servertest.Always, servertest.Saying(c.says))
			opened := open(t, newClient(t, server.Config{}), s.URL)
			first, err := opened.OpenDatabaseFrom(t.Context(), served.ID, 0, "")
			if err != nil {
				t.Fatal(err)
			}
			tag, size := first.Tag(), first.Size()
			_ = first.Close()
			if tag == "" || size <= 5000 {
				t.Fatalf("the tag is %q, the size %d", tag, size)
			}
			for asked, start := range map[string]int64{tag: 5000, c.another: 0} {
				part, err := opened.OpenDatabaseFrom(t.Context(), served.ID, 5000, asked)
				if err != nil {
					t.Fatal(err)
				}
				rest, err := io.ReadAll(part)
				if err != nil || part.Start() != start || int64(len(rest)) != size-start || part.Tag() != tag {
					t.Errorf("for %q: %d bytes from %d on, %v", asked, len(rest), part.Start(), err)
				}
				_ = part.Close()
			}
		})
	}
}

func TestTheBandwidthIsLimitedWhileItRuns(t *testing.T) {
	t.Parallel()
	s, _, big := serve(t)
	client := newClient(t, server.Config{})
	opened := open(t, client, s.URL)
	client.Limit(1) // so slow that a second portion never comes
	f, err := opened.OpenFile(t.Context(), big.LocalFile)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	slow := make([]byte, 1<<20)
	if n, err := f.Read(slow); err != nil || n > 16<<10 {
		t.Errorf("%d bytes come at once, %v", n, err)
	}
	client.Limit(0)
	if rest, err := io.ReadAll(f); err != nil || len(rest) < 200_000 {
		t.Errorf("%d bytes come, %v", len(rest), err)
	}
}

func TestACancelledReadEnds(t *testing.T) {
	t.Parallel()
	s, _, big := serve(t)
	opened := open(t, newClient(t, server.Config{}), s.URL)
	s.Fail(big.Name(), servertest.Always, servertest.Stall(1000))
	ctx, cancel := context.WithCancel(t.Context())
	f, err := opened.OpenFile(ctx, big.LocalFile)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	if _, err := io.ReadFull(f, make([]byte, 1000)); err != nil {
		t.Fatal(err)
	}
	time.AfterFunc(10*time.Millisecond, cancel)
	if _, err := f.Read(make([]byte, 10)); !errors.Is(err, context.Canceled) {
		t.Errorf("it says %v", err)
	}
}

// TestTheServerAnswersAsRecorded holds the server of the tests against what a
// real Kolibri 0.18 said: else all the tests above would hold for nobody.
func TestTheServerAnswersAsRecorded(t *testing.T) {
	t.Parallel()
	s, c, _ := serve(t)
	checkRecorded(t, s, c, filepath.Join("testdata", "recorded"))
}
