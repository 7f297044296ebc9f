package opener_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/md5"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"nectar/backend/channel"
	"nectar/backend/channel/db"
	"nectar/backend/fault"
	"nectar/backend/opener"
)

// desk is an opener over a content folder, and a system that remembers what it
// was to open.
type desk struct {
	*opener.Opener

	t       *testing.T
	content string
	copies  string
	opened  []string
	refuses error // what the system answers

	mu     sync.Mutex
	awaits []func() // of the pages, by the order in which they were touched
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{t: t, content: t.TempDir(), copies: filepath.Join(t.TempDir(), "opened")}
	d.Opener = opener.New(opener.Config{
		Content: func() string { return d.content }, Copies: d.copies,
		Launch: func(_ context.Context, target string) error {
			d.opened = append(d.opened, target)
			return d.refuses
		},
		After: func(_ time.Duration, f func()) func() {
			d.mu.Lock()
			defer d.mu.Unlock()
			d.awaits = append(d.awaits, f)
			return func() {}
		},
	})
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

// stored puts a file into the library.
func (d *desk) stored(extension string, content []byte) db.ResourceFile {
	d.t.Helper()
	file := channel.LocalFile{Checksum: md5.Sum(content), Extension: extension, Size: int64(len(content))}
	path := file.In(d.content)
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		d.t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		d.t.Fatal(err)
	}
	return db.ResourceFile{LocalFile: file}
}

// show opens a resource of the files and answers what the system was given.
func (d *desk) show(title string, files ...db.ResourceFile) string {
	d.t.Helper()
	if err := d.Show(d.t.Context(), db.Resource{Title: title, Files: files}); err != nil {
		d.t.Fatalf("show says %v", err)
	}
	return d.opened[len(d.opened)-1]
}

func TestPrograms(t *testing.T) {
	t.Parallel()

	t.Run("a video is given to its program as it is, the best one of several", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		low, high := d.stored("mp4", []byte("low")), d.stored("mp4", []byte("high resolution"))
		subtitle := d.stored("vtt", []byte("a very long subtitle, longer than all"))
		subtitle.Supplementary = true
		if got := d.show("Counting", low, subtitle, high); got != high.In(d.content) {
			t.Errorf("it opens %s", got)
		}
	})

	t.Run("a document is given as a copy with a name that people know", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		for title, want := range map[string]string{
			"Lesebuch für Größere":    "Lesebuch für Größere (copy).pdf",
			"../../etc: <a|b>?*\x00.": "etc a b (copy).pdf",
			"":                        "resource.pdf",
			"قراءة":                   "قراءة (copy).pdf",
		} {
			path := d.show(title, d.stored("pdf", []byte("a document")))
			content, err := os.ReadFile(path)
			if filepath.Base(path) != want || !strings.HasPrefix(path, d.copies) || err != nil || string(content) != "a document" {
				t.Errorf("%q opens %s, which holds %q, %v", title, path, content, err)
			}
		}
		long := d.show(strings.Repeat("ä", 500), d.stored("pdf", []byte("a document")))
		if len(filepath.Base(long)) > 120 {
			t.Errorf("a long title makes %s", long)
		}
		if err := d.Close(); err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(d.copies); !os.IsNotExist(err) {
			t.Errorf("the copies stay: %v", err)
		}
	})

	t.Run("where a program is missing it is said in words", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		d.refuses = opener.ErrNoProgram
		err := d.Show(t.Context(), db.Resource{Title: "A song", Files: []db.ResourceFile{d.stored("mp3", []byte("la"))}})
		if f := fault.Of(err); f.Code != fault.NoProgram || f.Params["title"] != "A song" || f.Params["extension"] != "mp3" {
			t.Errorf("it says %v", err)
		}
	})

	for _, extension := range []string{"exe", "html", "svg", "perseus", "zim", "json", "js", "vtt"} {
		t.Run("nothing is opened by the extension "+extension, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			err := d.Show(t.Context(), db.Resource{Title: "x", Files: []db.ResourceFile{d.stored(extension, []byte("x"))}})
			if fault.CodeOf(err) != fault.NoViewer || len(d.opened) > 0 {
				t.Errorf("it opens %v, %v", d.opened, err)
			}
		})
	}

	t.Run("a file that has gone, and a link in its place, are not opened", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		file, secret := d.stored("mp4", []byte("a video")), filepath.Join(t.TempDir(), "secret")
		if err := os.WriteFile(secret, []byte("secret"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Remove(file.In(d.content)); err != nil {
			t.Fatal(err)
		}
		resource := db.Resource{Title: "Counting", Files: []db.ResourceFile{file}}
		if err := d.Show(t.Context(), resource); fault.CodeOf(err) != fault.ResourceNotHere {
			t.Errorf("gone, it says %v", err)
		}
		if err := os.Symlink(secret, file.In(d.content)); err != nil {
			t.Fatal(err)
		}
		if err := d.Show(t.Context(), resource); fault.CodeOf(err) != fault.FileIsLink || len(d.opened) > 0 {
			t.Errorf("with a link it opens %v, %v", d.opened, err)
		}
	})
}

// zipped makes a zip of the files by name.
func zipped(t *testing.T, files map[string]string) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for name, content := range files {
		w, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(w, content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// page opens a zip and answers the address of its page.
func (d *desk) page(content []byte) string {
	d.t.Helper()
	return d.show("A game", d.stored("zip", content))
}

type answer struct {
	*http.Response

	body string
}

// ask asks a page for something, as the change of the request says.
func ask(t *testing.T, address string, change ...func(*http.Request)) answer {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range change {
		c(request)
	}
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Fatal(err)
	}
	return answer{response, string(body)}
}

func TestPages(t *testing.T) {
	t.Parallel()
	media := strings.Repeat("0123456789", 5000)

	t.Run("a page is served from its zip, in a frame that it cannot leave", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		at := d.page(zipped(t, map[string]string{
			"index.html": "<!doctype html><html><head><title>x</title></head>Hello", "js/app.js": "run()", "img/a b.PNG": "picture", "sub/index.html": "<p>sub",
		}))
		if !strings.HasPrefix(at, "http://127.0.0.1:") || len(at) < 60 {
			t.Errorf("it is at %s", at)
		}
		around := ask(t, at)
		if !strings.Contains(around.body, `<iframe src="content/" title="A game" sandbox="allow-scripts"`) {
			t.Errorf("around it is %s", around.body)
		}
		if rules := around.Header.Get("Content-Security-Policy"); !strings.Contains(rules, "default-src 'none'; frame-src 'self'") {
			t.Errorf("around it holds %s", rules)
		}
		got := ask(t, at+"content/")
		if !strings.HasPrefix(got.body, "<!doctype html><html><head><script>") || !strings.HasSuffix(got.body, "<title>x</title></head>Hello") {
			t.Errorf("the page is %q", got.body)
		}
		for _, rule := range []string{"sandbox allow-scripts;", "default-src 'self'", "connect-src 'self' data: blob:;", "form-action 'none'", "webrtc 'block'"} {
			if rules := got.Header.Get("Content-Security-Policy"); !strings.Contains(rules, rule) || strings.Contains(rules, "allow-same-origin") || strings.Contains(rules, "http") {
				t.Errorf("the page has the rules %s, which lack %s", rules, rule)
			}
		}
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Access-Control-Allow-Origin": "null", "Cache-Control": "no-store",
		} {
			if got.Header.Get(name) != want {
				t.Errorf("%s is %q", name, got.Header.Get(name))
			}
		}
		for name, want := range map[string]string{"js/app.js": "text/javascript", "img/a%20b.PNG": "image/png", "sub/": "text/html"} {
			if got := ask(t, at+"content/"+name); got.StatusCode != http.StatusOK || got.Header.Get("Content-Type") != want {
				t.Errorf("%s answers %s, %s", name, got.Status, got.Header.Get("Content-Type"))
			}
		}
	})

	t.Run("a part of its media can be asked for, packed or not", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		var out bytes.Buffer
		z := zip.NewWriter(&out)
		for name, method := range map[string]uint16{"packed.mp4": zip.Deflate, "plain.mp4": zip.Store, "index.html": zip.Store} {
			w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: method})
			if err == nil {
				_, err = io.WriteString(w, media)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		at := d.page(out.Bytes())
		for _, name := range []string{"packed.mp4", "plain.mp4"} {
			for part, want := range map[string]string{"bytes=12345-12354": media[12345:12355], "bytes=-7": media[len(media)-7:], "bytes=49999-": "9"} {
				got := ask(t, at+"content/"+name, func(r *http.Request) { r.Header.Set("Range", part) })
				if got.StatusCode != http.StatusPartialContent || got.body != want {
					t.Errorf("%s, %s answers %s, %q", name, part, got.Status, got.body)
				}
			}
			if got := ask(t, at+"content/"+name, func(r *http.Request) { r.Header.Set("Range", "bytes=50000-") }); got.StatusCode != http.StatusRequestedRangeNotSatisfiable {
				t.Errorf("%s, past its end, answers %s", name, got.Status)
			}
			if got := ask(t, at+"content/"+name); got.body != media {
				t.Errorf("%s has %d bytes", name, len(got.body))
			}
		}
	})

	t.Run("nobody gets anything without the token, by another name, or but by reading", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		at := d.page(zipped(t, map[string]string{"index.html": "Hello"}))
		root := at[:strings.Index(at[7:], "/")+7]
		token := at[len(root)+1 : len(at)-1]
		for what, address := range map[string]string{
			"nothing": root + "/", "a wrong token": root + "/" + strings.Repeat("A", len(token)) + "/", "half the token": root + "/" + token[:20] + "/content/",
			"outside": at + "other", "a file that is not there": at + "content/x.js", "the way out": at + "content/../../x", "the way out, escaped": at + "content/%2e%2e/%2e%2e/etc/passwd",
		} {
			if got := ask(t, address); got.StatusCode != http.StatusNotFound {
				t.Errorf("%s answers %s", what, got.Status)
			}
		}
		if got := ask(t, at, func(r *http.Request) { r.Host = "evil.example" }); got.StatusCode != http.StatusMisdirectedRequest || strings.Contains(got.body, "iframe") {
			t.Errorf("by another name it answers %s", got.Status)
		}
		for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodOptions} {
			if got := ask(t, at+"content/", func(r *http.Request) { r.Method = method }); got.StatusCode != http.StatusMethodNotAllowed {
				t.Errorf("%s answers %s", method, got.Status)
			}
		}
		other := d.page(zipped(t, map[string]string{"index.html": "Other"}))
		otherRoot := other[:strings.Index(other[7:], "/")+7]
		if got := ask(t, otherRoot+"/"+token+"/"); otherRoot == root || got.StatusCode != http.StatusNotFound {
			t.Errorf("one page at %s answers the token of another at %s: %s", otherRoot, root, got.Status)
		}
	})

	t.Run("a page is served while somebody asks for it, and no longer", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		at := d.page(zipped(t, map[string]string{"index.html": "Hello"}))
		ask(t, at+"content/")
		d.mu.Lock()
		touched, last := len(d.awaits), d.awaits[len(d.awaits)-1]
		d.mu.Unlock()
		if touched != 2 {
			t.Errorf("its time was counted %d times anew", touched)
		}
		last()
		d.expectGone(at)

		kept := d.page(zipped(t, map[string]string{"index.html": "1"}))
		for i := range 8 {
			d.page(zipped(t, map[string]string{"index.html": fmt.Sprint(i)}))
		}
		d.expectGone(kept)
		last9 := d.opened[len(d.opened)-1]
		ask(t, last9)
		if err := d.Close(); err != nil {
			t.Error(err)
		}
		d.expectGone(last9)
		if err := d.Show(t.Context(), db.Resource{Files: []db.ResourceFile{d.stored("zip", zipped(t, map[string]string{"index.html": "x"}))}}); err == nil {
			t.Error("a page opens after the end")
		}
	})
}

// expectGone expects that nothing listens at the address.
func (d *desk) expectGone(address string) {
	d.t.Helper()
	request, err := http.NewRequestWithContext(d.t.Context(), http.MethodGet, address, nil)
	if err != nil {
		d.t.Fatal(err)
	}
	if response, err := http.DefaultTransport.RoundTrip(request); err == nil {
		_ = response.Body.Close()
		d.t.Errorf("%s is still served", address)
	}
}

func TestHostileZips(t *testing.T) {
	t.Parallel()

	t.Run("names that lead elsewhere, links and devices are not there", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		var out bytes.Buffer
		z := zip.NewWriter(&out)
		link, device := &zip.FileHeader{Name: "link.txt"}, &zip.FileHeader{Name: "device.txt"}
		link.SetMode(os.ModeSymlink | 0o777)
		device.SetMode(os.ModeDevice | 0o777)
		headers := []*zip.FileHeader{link, device, {Name: "index.html"}, {Name: "fine/../fine.txt"}}
		for _, name := range []string{"../out.txt", "/etc/passwd", `..\out.txt`, `C:\x.txt`, "a/../../b", "./c", "//d", "e\x00.txt", "folder/"} {
			headers = append(headers, &zip.FileHeader{Name: name})
		}
		for _, header := range headers {
			w, err := z.CreateHeader(header)
			if err == nil && !strings.HasSuffix(header.Name, "/") {
				_, err = io.WriteString(w, "/etc/passwd")
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		at := d.page(out.Bytes())
		for _, name := range []string{"link.txt", "device.txt", "../out.txt", "out.txt", "etc/passwd", "/etc/passwd", "x.txt", "b", "c", "d", "e", "folder/", "fine.txt", "fine/../fine.txt"} {
			if got := ask(t, at+"content/"+name); got.StatusCode != http.StatusNotFound {
				t.Errorf("%s answers %s, %q", name, got.Status, got.body)
			}
		}
	})

	t.Run("one that says less than it holds gives no more than it says", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		content := zipped(t, map[string]string{"index.html": strings.Repeat("<p>", 1000), "big.txt": strings.Repeat("0", 1<<20)})
		at := d.page(claim(content, "big.txt", 10))
		if got := ask(t, at+"content/big.txt"); len(got.body) > 10 {
			t.Errorf("it answers %d bytes", len(got.body))
		}
	})

	t.Run("one that says more than it can hold is not there", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		at := d.page(claim(zipped(t, map[string]string{"index.html": "x", "big.txt": strings.Repeat("0", 1000)}), "big.txt", 1<<31))
		if got := ask(t, at+"content/big.txt"); got.StatusCode != http.StatusNotFound {
			t.Errorf("it answers %s", got.Status)
		}
	})

	tests := map[string][]byte{
		"no zip":                                      []byte("<html>"),
		"an empty file":                               {},
		"a zip without a page":                        zipped(t, map[string]string{"other.html": "x"}),
		"a zip whose page leads elsewhere":            zipped(t, map[string]string{"../index.html": "x"}),
		"a zip that ends early":                       zipped(t, map[string]string{"index.html": strings.Repeat("x", 1000)})[:60],
		"a zip with a list of contents of a gigabyte": directory(zipped(t, map[string]string{"index.html": "x"}), 1<<30),
		"a zip whose list of contents is long and says that it is short": directory(verbose(t), 100),
	}
	for name, content := range tests {
		t.Run(name+" is refused", func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			err := d.Show(t.Context(), db.Resource{Title: "A game", Files: []db.ResourceFile{d.stored("zip", content)}})
			if fault.CodeOf(err) != fault.NoViewer || len(d.opened) > 0 {
				t.Errorf("it opens %v, %v", d.opened, err)
			}
		})
	}
}

// claim changes the size that the zip's list says of a file.
func claim(content []byte, name string, size uint32) []byte {
	at := bytes.LastIndex(content, []byte(name)) // in the list, which comes last
	binary.LittleEndian.PutUint32(content[at-46+24:], size)
	return content
}

// directory makes the zip say that its list of contents is so long.
func directory(content []byte, length uint32) []byte {
	end := bytes.LastIndex(content, []byte("PK\x05\x06"))
	binary.LittleEndian.PutUint32(content[end+12:], length)
	return content
}

// verbose makes a zip of a page whose list of contents has 18 MB.
func verbose(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for n := range 300 {
		name := "index.html"
		if n > 0 {
			name = fmt.Sprint(n)
		}
		if _, err := z.CreateHeader(&zip.FileHeader{Name: name, Comment: strings.Repeat("x", 60_000)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestLaunch(t *testing.T) {
	const say = "#!/bin/sh\necho \"$1\" > \"$(dirname \"$0\")/opened\"\nexit "
	for name, test := range map[string]struct {
		script string
		want   error
	}{
		"the system's program gets the file":          {say + "0\n", nil},
		"a system that finds no program says so":      {say + "3\n", opener.ErrNoProgram},
		"a system without its opener has no programs": {"", opener.ErrNoProgram},
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			if test.script != "" {
				for _, program := range []string{"xdg-open", "open"} {
					if err := os.WriteFile(filepath.Join(folder, program), []byte(test.script), 0o700); err != nil {
						t.Fatal(err)
					}
				}
			}
			t.Setenv("PATH", folder+string(filepath.ListSeparator)+"/usr/bin")
			if test.script == "" {
				t.Setenv("PATH", folder)
			}
			if err := opener.Launch(t.Context(), "/some file.mp4"); !errors.Is(err, test.want) {
				t.Errorf("it says %v", err)
			}
			if test.script != "" {
				opened, err := os.ReadFile(filepath.Join(folder, "opened"))
				if err != nil || string(opened) != "/some file.mp4\n" {
					t.Errorf("it gets %q, %v", opened, err)
				}
			}
		})
	}
}
