package servertest

import (
	"bytes"
	"compress/gzip"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"time"
)

// Fault answers a request in a way that it should not be. It must come to an
// end when the server is stopped.
type Fault func(w http.ResponseWriter, r *http.Request, right http.Handler, stopped <-chan struct{})

// Always is for a fault that does not pass.
const Always = -1

// trap is a fault that waits for its requests.
type trap struct {
	of    string // part of the path
	times int    // guarded by Server.mu
	fault Fault
	ended chan struct{}
	once  sync.Once
}

func (t *trap) end() { t.once.Do(func() { close(t.ended) }) }

// Fail answers the next so many requests for paths that hold the text by the
// fault. Faults come in the order in which they were added.
func (s *Server) Fail(of string, times int, fault Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, &trap{of: of, times: times, fault: fault, ended: make(chan struct{})})
}

// Recover ends all faults, also those under way.
func (s *Server) Recover() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range s.faults {
		t.end()
	}
	s.faults = nil
}

// Stall sends so many bytes of the body and then nothing more.
func Stall(after int) Fault {
	return func(w http.ResponseWriter, r *http.Request, right http.Handler, stopped <-chan struct{}) {
		send(w, r, right, after)
		hold(r, stopped)
	}
}

// Reset sends so many bytes of the body and cuts the connection.
func Reset(after int) Fault {
	return func(w http.ResponseWriter, r *http.Request, right http.Handler, _ <-chan struct{}) {
		send(w, r, right, after)
		panic(http.ErrAbortHandler)
	}
}

// Slowly sends the body in pieces of so many bytes, each after the pause.
func Slowly(piece int, pause time.Duration) Fault {
	return func(w http.ResponseWriter, r *http.Request, right http.Handler, stopped <-chan struct{}) {
		whole := record(r, right)
		copyHeader(w, whole)
		for rest := whole.Body; rest.Len() > 0; {
			_, _ = w.Write(rest.Next(piece))
			_ = http.NewResponseController(w).Flush()
			select {
			case <-stopped:
			case <-r.Context().Done():
				return
			case <-time.After(pause):
			}
		}
	}
}

// Silent sends nothing at all.
func Silent(_ http.ResponseWriter, r *http.Request, _ http.Handler, stopped <-chan struct{}) {
	hold(r, stopped)
}

// Shorter says the right length and sends so many bytes fewer.
func Shorter(by int) Fault {
	return func(w http.ResponseWriter, r *http.Request, right http.Handler, _ <-chan struct{}) {
		send(w, r, right, record(r, right).Body.Len()-by)
		panic(http.ErrAbortHandler)
	}
}

// Truncated says and sends so many bytes fewer than there are.
func Truncated(by int) Fault {
	return changed(func(body []byte) []byte { return body[:max(len(body)-by, 0)] })
}

// Longer says and sends more bytes than there are.
func Longer(by int) Fault {
	return changed(func(body []byte) []byte { return append(body, make([]byte, by)...) })
}

// WrongBytes sends bytes that are not the file's, as many as there are.
func WrongBytes() Fault {
	return changed(func(body []byte) []byte {
		for i := range body {
			body[i] ^= 0x55
		}
		return body
	})
}

// Nonsense sends a page in place of anything.
func Nonsense() Fault {
	return func(w http.ResponseWriter, _ *http.Request, _ http.Handler, _ <-chan struct{}) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, "<html><title>Welcome to our hotel</title></html>")
	}
}

// Endless sends a body without a length that does not end.
func Endless() Fault {
	return func(w http.ResponseWriter, r *http.Request, _ http.Handler, stopped <-chan struct{}) {
		for chunk := bytes.Repeat([]byte(" "), 64<<10); ; {
			if _, err := w.Write(chunk); err != nil {
				return
			}
			select {
			case <-stopped:
				return
			case <-r.Context().Done():
				return
			default:
			}
		}
	}
}

// Status answers with a status alone.
func Status(status int) Fault {
	return func(w http.ResponseWriter, _ *http.Request, _ http.Handler, _ <-chan struct{}) { w.WriteHeader(status) }
}

// Saying sends what is right, with other things said of it. What the header has for nil
// is not said at all.
func Saying(change func(http.Header)) Fault {
	return func(w http.ResponseWriter, r *http.Request, right http.Handler, _ <-chan struct{}) {
		whole := record(r, right)
		maps.Copy(w.Header(), whole.Header())
		change(w.Header())
		w.WriteHeader(whole.Code)
		_, _ = w.Write(whole.Body.Bytes())
	}
}

// Busy asks to be asked again after the pause, in whole seconds.
func Busy(pause time.Duration) Fault {
	return func(w http.ResponseWriter, _ *http.Request, _ http.Handler, _ <-chan struct{}) {
		w.Header().Set("Retry-After", strconv.Itoa(int(pause.Seconds())))
		w.WriteHeader(http.StatusServiceUnavailable)
	}
}

// NoRange answers a range with the whole.
func NoRange() Fault {
	return func(w http.ResponseWriter, r *http.Request, right http.Handler, _ <-chan struct{}) {
		r.Header.Del("Range")
		right.ServeHTTP(w, r)
	}
}

// WrongRange answers a range with one that begins elsewhere.
func WrongRange() Fault {
	return func(w http.ResponseWriter, r *http.Request, right http.Handler, _ <-chan struct{}) {
		if r.Header.Get("Range") != "" {
			r.Header.Set("Range", "bytes=1-9")
		}
		right.ServeHTTP(w, r)
	}
}

// Packed packs whatever is sent, asked for or not.
func Packed() Fault {
	return func(w http.ResponseWriter, r *http.Request, right http.Handler, _ <-chan struct{}) {
		r.Header.Del("Range")
		whole := record(r, right)
		var packed bytes.Buffer
		z := gzip.NewWriter(&packed)
		_, _ = z.Write(whole.Body.Bytes())
		_ = z.Close()
		whole.Header().Set("Content-Encoding", "gzip")
		whole.Header().Set("Content-Length", strconv.Itoa(packed.Len()))
		copyHeader(w, whole)
		_, _ = w.Write(packed.Bytes())
	}
}

// Elsewhere sends the request to another address; "" for the same again.
func Elsewhere(base string) Fault {
	return func(w http.ResponseWriter, r *http.Request, _ http.Handler, _ <-chan struct{}) {
		http.Redirect(w, r, base+r.URL.RequestURI(), http.StatusFound)
	}
}

// record answers what would be right.
func record(r *http.Request, right http.Handler) *httptest.ResponseRecorder {
	whole := httptest.NewRecorder()
	right.ServeHTTP(whole, r)
	return whole
}

func copyHeader(w http.ResponseWriter, whole *httptest.ResponseRecorder) {
	maps.Copy(w.Header(), whole.Header())
	w.WriteHeader(whole.Code)
}

// send sends the right header and the beginning of the body.
func send(w http.ResponseWriter, r *http.Request, right http.Handler, n int) {
	whole := record(r, right)
	copyHeader(w, whole)
	_, _ = w.Write(whole.Body.Next(n))
	_ = http.NewResponseController(w).Flush()
}

func changed(change func(body []byte) []byte) Fault {
	return func(w http.ResponseWriter, r *http.Request, right http.Handler, _ <-chan struct{}) {
		whole := record(r, right)
		body := change(whole.Body.Bytes())
		whole.Header().Set("Content-Length", strconv.Itoa(len(body)))
		copyHeader(w, whole)
		_, _ = w.Write(body)
	}
}

func hold(r *http.Request, stopped <-chan struct{}) {
	select {
	case <-stopped:
	case <-r.Context().Done():
	}
}
