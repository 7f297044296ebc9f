// Package server is the source that a Kolibri server on the network is, and
// Kolibri Studio by the same code.
//
// A server is a stranger: its answers have limits of size and time, redirects
// are few and stay within http and https, what is not Kolibri is refused, and
// no byte is believed before it was compared with its name. A file whose bytes
// stop coming is asked for again from the byte where it stopped.
package server

import (
	"cmp"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// StudioURL is where Kolibri Studio is.
const StudioURL = "https://studio.learningequality.org"

const (
	// greeting is how long a server may take to say what it is, and a connection to
	// come about.
	greeting = 10 * time.Second
	// maxRedirects is how often a request may be sent elsewhere.
	maxRedirects = 5
	// idleConnections is how many connections to one server are kept.
	idleConnections = 16
)

// Config says how a Client behaves.
type Config struct {
	// Studio is the address of Kolibri Studio; StudioURL by default.
	Studio string
	// Ports are those on which a Kolibri is looked for by http, where an address
	// does not say on which it is; Kolibri's own by default.
	Ports []string
	// Patience is how long a server may send nothing, before or within an
	// answer. Default 30 s.
	Patience time.Duration
	// Greeting is how long a connection may take to come about, and a server to say
	// what it is. Default 10 s.
	Greeting time.Duration
	// Pauses are those before each further try of an answer that broke off;
	// whenever bytes came the tries begin anew. By default none, then a
	// second, then three.
	Pauses []time.Duration
}

// Client opens servers. It is made once for a process, so that connections
// and the limit of the bandwidth are shared. Its methods may be called
// concurrently.
type Client struct {
	studio   string
	ports    []string
	patience time.Duration
	greeting time.Duration
	pauses   []time.Duration
	http     *http.Client
	brake    brake
}

// NewClient makes a client.
func NewClient(config Config) *Client {
	c := &Client{
		studio:   cmp.Or(config.Studio, StudioURL),
		ports:    config.Ports,
		patience: cmp.Or(config.Patience, 30*time.Second),
		greeting: cmp.Or(config.Greeting, greeting),
		pauses:   config.Pauses,
	}
	if len(c.ports) == 0 {
		c.ports = plainPorts
	}
	if c.pauses == nil {
		c.pauses = []time.Duration{0, time.Second, 3 * time.Second}
	}
	c.http = &http.Client{Transport: transport(c.patience, c.greeting), CheckRedirect: checkRedirect}
	return c
}

// Close ends the connections that nothing uses.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// transport speaks HTTP/1.1, whose several connections serve several large
// files better than the one of HTTP/2. Nothing is unpacked by it: a length
// that it changed could not be compared.
func transport(patience, connect time.Duration) *http.Transport {
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	return &http.Transport{
		Proxy:                  proxy,
		DialContext:            (&net.Dialer{Timeout: connect, KeepAlive: 30 * time.Second}).DialContext,
		TLSHandshakeTimeout:    connect,
		ResponseHeaderTimeout:  patience,
		IdleConnTimeout:        90 * time.Second,
		MaxIdleConnsPerHost:    idleConnections,
		MaxResponseHeaderBytes: 64 << 10,
		DisableCompression:     true,
		Protocols:              protocols,
	}
}

// proxy answers the proxy that the environment names, for the internet alone:
// no proxy knows the way to a laptop in the same room.
func proxy(r *http.Request) (*url.URL, error) {
	if isNear(r.URL.Hostname()) {
		return nil, nil
	}
	return http.ProxyFromEnvironment(r)
}

// isNear reports whether the host is on the local network.
func isNear(host string) bool {
	if ip, err := netip.ParseAddr(host); err == nil {
		return ip.IsPrivate() || ip.IsLoopback() || ip.IsLinkLocalUnicast()
	}
	return !strings.Contains(host, ".") || strings.HasSuffix(strings.ToLower(host), ".local")
}

func checkRedirect(r *http.Request, via []*http.Request) error {
	switch {
	case len(via) > maxRedirects:
		return errors.New("too many redirects")
	case r.URL.Scheme != "http" && r.URL.Scheme != "https":
		return errors.New("a redirect leaves the web")
	case r.URL.Scheme == "http" && via[0].URL.Scheme == "https":
		return errors.New("a redirect leaves the safe connection")
	}
	return nil
}
