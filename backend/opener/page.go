package opener

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"

	"nectar/backend/fault"
)

// page is a zip that is served. It has a listener, and so an origin, of its
// own: pages know nothing of each other.
type page struct {
	archive  *archive
	title    string
	token    string
	listener net.Listener
	server   *http.Server
	await    func(*page) (stop func()) // ends the page after a while, unless it is stopped

	mu   sync.Mutex
	stop func() // guarded by mu
}

// newPage serves the zip until it is closed.
func newPage(path, title string, await func(*page) (stop func())) (*page, error) {
	opened, err := openArchive(path)
	if err != nil {
		return nil, fault.New(fault.NoViewer, "title", title).Because(err)
	}
	if _, ok := opened.inner(""); !ok {
		_ = opened.close()
		return nil, fault.New(fault.NoViewer, "title", title).Because(errors.New("the zip has no index.html"))
	}
	var config net.ListenConfig
	listener, err := config.Listen(context.Background(), "tcp4", "127.0.0.1:0")
	if err != nil {
		_ = opened.close()
		return nil, fmt.Errorf("listen for a page: %w", err)
	}
	secret := make([]byte, 32)
	_, _ = rand.Read(secret) // never fails
	p := &page{archive: opened, title: title, token: base64.RawURLEncoding.EncodeToString(secret), listener: listener, await: await}
	p.server = &http.Server{
		Handler: p, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: time.Minute, MaxHeaderBytes: 64 << 10,
	}
	p.touch()
	go func() { _ = p.server.Serve(listener) }()
	return p, nil
}

// address answers where the page is.
func (p *page) address() string { return "http://" + p.listener.Addr().String() + "/" + p.token + "/" }

// touch lets the page live for another while.
func (p *page) touch() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.stop != nil {
		p.stop()
	}
	p.stop = p.await(p)
}

func (p *page) close() {
	p.mu.Lock()
	stop := p.stop
	p.mu.Unlock()
	if stop != nil {
		stop()
	}
	_ = p.server.Close()
	_ = p.archive.close()
}

// inside is where the content of the zip is, below the token.
const inside = "content/"

// ServeHTTP implements http.Handler.
func (p *page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	harden(w.Header())
	name, known := strings.CutPrefix(r.URL.Path, "/"+p.token+"/")
	switch {
	case r.Host != p.listener.Addr().String():
		// A name of the network that was made to point here.
		http.Error(w, "wrong host", http.StatusMisdirectedRequest)
		return
	case !known || r.URL.RawQuery != "" && name == "":
		http.Error(w, "not found", http.StatusNotFound)
		return
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "only reading", http.StatusMethodNotAllowed)
		return
	}
	p.touch()
	if name == "" {
		frame(w, p.title)
		return
	}
	if name, known = strings.CutPrefix(name, inside); !known {
		http.Error(w, "not found", http.StatusNotFound)
		return
	}
	p.serveInner(w, r, name)
}

// serveInner serves a file of the zip.
func (p *page) serveInner(w http.ResponseWriter, r *http.Request, name string) {
	inner, ok := p.archive.inner(name)
	if !ok {
		http.Error(w, "not found", http.StatusNotFound)
		return
	}
	confine(w.Header())
	kind := contentType(inner.Name)
	w.Header().Set("Content-Type", kind)
	body := newContent(inner)
	defer body.close()
	if strings.HasPrefix(kind, "text/html") && body.size <= maxShimmed {
		serveShimmed(w, body)
		return
	}
	http.ServeContent(w, r, "", time.Time{}, body)
}

// contentTypes are those of what pages are made of. The system's own list
// differs from laptop to laptop.
var contentTypes = map[string]string{
	".html": "text/html", ".htm": "text/html", ".xhtml": "application/xhtml+xml",
	".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css", ".json": "application/json", ".xml": "text/xml",
	".txt": "text/plain", ".vtt": "text/vtt", ".wasm": "application/wasm", ".pdf": "application/pdf",
	".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".svg": "image/svg+xml",
	".webp": "image/webp", ".ico": "image/x-icon", ".bmp": "image/bmp",
	".mp4": "video/mp4", ".m4v": "video/mp4", ".webm": "video/webm", ".ogv": "video/ogg",
	".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".ogg": "audio/ogg", ".wav": "audio/wav",
	".woff": "font/woff", ".woff2": "font/woff2", ".ttf": "font/ttf", ".otf": "font/otf",
}

func contentType(name string) string {
	if known, ok := contentTypes[strings.ToLower(path.Ext(name))]; ok {
		return known
	}
	return "application/octet-stream"
}
