// Package servertest is a Kolibri server to test with. It answers as recorded
// ones do, with their quirks, from a content folder, and can be made to fail.
package servertest

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"nectar/backend/channel"
	"nectar/backend/channel/source"
	"nectar/backend/channel/source/disk"
)

// Server is a running Kolibri server.
type Server struct {
	URL string // without a slash at its end

	content  string
	kind     string
	instance string
	name     string
	tokens   map[string]channel.ID
	http     *httptest.Server

	mu       sync.Mutex
	requests []Request // guarded by mu
	faults   []*trap   // guarded by mu
	stopped  bool      // guarded by mu
}

// Request is one that the server got.
type Request struct {
	Method string
	Path   string
	Range  string // "" for the whole
	Header http.Header
}

// Option changes a Server.
type Option func(*Server)

// Studio makes the server say that it is Kolibri Studio, on which channels are
// also found by a token.
func Studio(tokens map[string]channel.ID) Option {
	return func(s *Server) {
		s.kind, s.name, s.tokens = "studio", "Kolibri Studio", tokens
	}
}

// Named sets the name of the server's device.
func Named(name string) Option { return func(s *Server) { s.name = name } }

// Instance sets the id of the server, 32 hexadecimal digits.
func Instance(id string) Option { return func(s *Server) { s.instance = id } }

// Start serves a content folder, one that holds databases and storage, until
// the test ends.
func Start(t testing.TB, content string, options ...Option) *Server {
	t.Helper()
	return StartAt(t, "127.0.0.1:0", content, options...)
}

// StartAt is Start at an address.
func StartAt(t testing.TB, address, content string, options ...Option) *Server {
	t.Helper()
	s, err := Serve(t.Context(), address, content, options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Stop)
	return s
}

// Serve is StartAt for a program that is no test: whoever starts the server
// stops it.
func Serve(ctx context.Context, address, content string, options ...Option) (*Server, error) {
	s := &Server{content: content, kind: "kolibri", instance: "bae00a78ecaed74e5b648c744d50963c", name: "library"}
	for _, option := range options {
		option(s)
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	s.http = httptest.NewUnstartedServer(s)
	_ = s.http.Listener.Close()
	s.http.Listener = listener
	s.http.Start()
	s.URL = s.http.URL
	return s, nil
}

// Stop ends the server, with whatever it is about. A request that comes while
// it ends is not answered, however often it is sent again: nobody is told more
// than before the stop.
func (s *Server) Stop() {
	s.mu.Lock()
	s.stopped = true
	s.mu.Unlock()
	_ = s.http.Listener.Close()
	s.http.CloseClientConnections()
	s.Recover()
	s.http.Close()
}

// Address answers the server's host and port.
func (s *Server) Address() string { return s.http.Listener.Addr().String() }

// Content answers the folder that is served.
func (s *Server) Content() string { return s.content }

// Requests answers what was asked of paths that hold the text, in order.
func (s *Server) Requests(of string) []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(s.requests), func(r Request) bool { return !strings.Contains(r.Path, of) })
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	trap, stopped := s.note(r)
	if stopped {
		panic(http.ErrAbortHandler)
	}
	w.Header().Set("Server", "Cheroot/9.0.0")
	if trap != nil {
		trap.fault(w, r, http.HandlerFunc(s.serve), trap.ended)
		return
	}
	s.serve(w, r)
}

// note remembers the request and answers the fault that it meets, if any, and
// whether the server has stopped.
func (s *Server) note(r *http.Request) (*trap, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopped {
		return nil, true
	}
	s.requests = append(s.requests, Request{r.Method, r.URL.Path, r.Header.Get("Range"), r.Header.Clone()})
	for _, t := range s.faults {
		if t.times != 0 && strings.Contains(r.URL.Path, t.of) {
			t.times--
			return t, false
		}
	}
	return nil, false
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	path := r.URL.Path
	switch {
	case path == "/api/public/info":
		http.Redirect(w, r, "/api/public/info/?"+r.URL.RawQuery, http.StatusMovedPermanently)
	case path == "/api/public/info/":
		s.info(w, r.URL.Query().Get("v"))
	case strings.TrimSuffix(path, "/") == "/api/public/v1/channels":
		s.channels(w, r, func(source.Listing) bool { return true })
	case strings.HasPrefix(path, "/api/public/v1/channels/lookup/"):
		s.lookup(w, r, strings.TrimPrefix(path, "/api/public/v1/channels/lookup/"))
	case strings.HasPrefix(path, "/api/public/v1/file_checksums/"):
		s.checksums(w, r)
	case strings.HasPrefix(path, "/content/"):
		s.file(w, r, strings.TrimPrefix(path, "/content/"))
	default:
		noPage(w)
	}
}

func (s *Server) info(w http.ResponseWriter, version string) {
	say := map[string]any{
		"application": s.kind, "kolibri_version": "0.18.0", "instance_id": s.instance,
		"device_name": s.name, "operating_system": "Linux",
	}
	if version != "" && version != "1" {
		say["subset_of_users_device"] = false
	}
	if version != "" && version != "1" && version != "2" {
		say["min_content_schema_version"] = "5"
	}
	answer(w, http.StatusOK, say)
}

func (s *Server) channels(w http.ResponseWriter, r *http.Request, which func(source.Listing) bool) {
	found := []map[string]any{}
	from, err := disk.Open(s.content)
	var listings []source.Listing
	if err == nil {
		listings, err = from.Channels(r.Context())
	}
	if err != nil {
		answer(w, http.StatusInternalServerError, map[string]any{"id": "ERROR"})
		return
	}
	for _, l := range listings {
		if !which(l) {
			continue
		}
		found = append(found, map[string]any{
			"id": l.ID, "name": l.Name, "language": l.Language, "included_languages": l.Languages,
			"description": l.Description, "tagline": nil, "total_resource_count": l.Resources, "version": l.Version,
			"published_size": l.Size, "last_published": "2026-11-23 12:03:10.491953(Etc/UTC)",
			"icon_encoding": l.Thumbnail, "matching_tokens": []string{}, "public": nil,
		})
	}
	if len(found) == 0 && strings.Contains(r.URL.Path, "lookup") {
		answer(w, http.StatusNotFound, map[string]any{"id": "NOT_FOUND", "metadata": map[string]string{"view": ""}})
		return
	}
	answer(w, http.StatusOK, found)
}

func (s *Server) lookup(w http.ResponseWriter, r *http.Request, token string) {
	token = strings.ReplaceAll(token, "-", "")
	s.channels(w, r, func(l source.Listing) bool {
		return token == string(l.ID) || s.tokens[token] == l.ID
	})
}

var md5Name = regexp.MustCompile(`^[a-f0-9]{32}$`)

// checksums answers a number whose bits say which files are there. What is no
// checksum is left out before the bits are counted.
func (s *Server) checksums(w http.ResponseWriter, r *http.Request) {
	var names []string
	body := io.Reader(r.Body)
	if r.Header.Get("Content-Type") == "application/gzip" {
		packed, err := gzip.NewReader(body)
		if err != nil {
			answer(w, http.StatusBadRequest, []string{})
			return
		}
		body = packed
	}
	if err := json.NewDecoder(body).Decode(&names); err != nil || r.Method != http.MethodPost || s.kind == "studio" {
		answer(w, http.StatusBadRequest, []string{})
		return
	}
	mask, bit := new(big.Int), 0
	for _, name := range names {
		if !md5Name.MatchString(name) {
			continue
		}
		if found, _ := filepath.Glob(filepath.Join(s.content, "storage", name[:1], name[1:2], name+".*")); len(found) > 0 {
			mask.SetBit(mask, bit, 1)
		}
		bit++
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	_, _ = io.WriteString(w, mask.String())
}

// file serves what lies in the content folder as Kolibri does: one range or a
// suffix, several as the whole, and no range of a single byte.
func (s *Server) file(w http.ResponseWriter, r *http.Request, below string) {
	if !filepath.IsLocal(below) {
		noPage(w)
		return
	}
	file, err := os.Open(filepath.Join(s.content, filepath.FromSlash(below)))
	if err != nil {
		noPage(w)
		return
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	if err != nil || !info.Mode().IsRegular() {
		noPage(w)
		return
	}
	header := w.Header()
	from, to, status := rangeOf(r.Header.Get("Range"), info.Size())
	if status == http.StatusRequestedRangeNotSatisfiable {
		header.Set("Content-Range", fmt.Sprintf("bytes */%d", info.Size()))
		w.WriteHeader(status)
		return
	}
	header.Set("Content-Type", typeOf(below))
	header.Set("Cache-Control", "max-age=315360000, public, immutable")
	header.Set("Access-Control-Allow-Origin", "*")
	header.Set("Accept-Ranges", "bytes")
	header.Set("Last-Modified", info.ModTime().UTC().Format(http.TimeFormat))
	header.Set("Etag", fmt.Sprintf(`"%x-%x"`, info.ModTime().Unix(), info.Size()))
	if status == http.StatusPartialContent {
		header.Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, to, info.Size()))
	}
	header.Set("Content-Length", strconv.FormatInt(to-from+1, 10))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = io.Copy(w, io.NewSectionReader(file, from, to-from+1))
	}
}

// rangeOf answers the first and the last byte of a range, and the status.
func rangeOf(asked string, size int64) (from, to int64, status int) {
	text, isBytes := strings.CutPrefix(asked, "bytes=")
	if !isBytes || strings.Contains(text, ",") {
		return 0, size - 1, http.StatusOK
	}
	first, last, _ := strings.Cut(text, "-")
	from, errFrom := strconv.ParseInt(first, 10, 64)
	to, errTo := strconv.ParseInt(last, 10, 64)
	switch {
	case first == "" && errTo == nil:
		from, to = max(size-to, 0), size-1
	case errFrom != nil:
		return 0, size - 1, http.StatusOK
	case last == "" || to >= size:
		to = size - 1
	}
	if from >= to {
		return 0, 0, http.StatusRequestedRangeNotSatisfiable
	}
	return from, to, http.StatusPartialContent
}

func typeOf(path string) string {
	switch filepath.Ext(path) {
	case ".mp4":
		return "video/mp4"
	case ".png":
		return "image/png"
	}
	return "application/octet-stream"
}

func answer(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(value)
}

func noPage(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/html")
	w.WriteHeader(http.StatusNotFound)
	_, _ = io.WriteString(w, "<!doctype html><html><head><title>Not Found</title></head><body><h1>Not Found</h1><p>The requested resource was not found on this server.</p></body></html>")
}
