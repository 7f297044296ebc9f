package server

import (
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"nectar/backend/channel/source"
	"nectar/backend/fault"
)

// The ports on which Kolibri is looked for where an address names none, in
// Kolibri's own order.
var (
	plainPorts = []string{"8080", "80", "8008", "8000", "5000"}
	safePorts  = []string{"443"}
)

// IsAddress reports whether a reference to a source means a server: the word
// studio, an address with http or https, or a host with a port.
func IsAddress(reference string) bool {
	lower := strings.ToLower(reference)
	if lower == string(source.Studio) || strings.HasPrefix(lower, "http://") || strings.HasPrefix(lower, "https://") {
		return true
	}
	host, port, err := net.SplitHostPort(lower)
	if err != nil || len(host) < 2 || !isPort(port) { // C:8080 is a file on a drive
		return false
	}
	if _, err := netip.ParseAddr(host); err == nil {
		return true
	}
	return isHostName(host)
}

func isPort(port string) bool {
	n, err := strconv.ParseUint(port, 10, 16)
	return err == nil && n > 0
}

func isHostName(host string) bool {
	for i := range len(host) {
		c := host[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '.' {
			return false
		}
	}
	return host[0] != '.' && host[0] != '-'
}

// candidates answers the addresses at which the server of a reference may be.
// An address with a path may mean a Kolibri below that path, or one beside it.
func (c *Client) candidates(reference string) ([]url.URL, error) {
	if strings.EqualFold(reference, string(source.Studio)) {
		reference = c.studio
	}
	schemes := []string{"http", "https"}
	text := reference
	if scheme, rest, given := strings.Cut(reference, "://"); given {
		schemes, text = []string{strings.ToLower(scheme)}, rest
	}
	given, err := url.Parse("//" + text)
	if err != nil || given.Hostname() == "" || given.User != nil || given.Port() != "" && !isPort(given.Port()) {
		return nil, fault.New(fault.SourceMissing, "path", reference)
	}
	var found []url.URL
	for _, path := range pathsOf(given.Path) {
		for _, scheme := range schemes {
			for _, port := range portsOf(scheme, given.Port()) {
				found = append(found, url.URL{Scheme: scheme, Host: hostOf(given.Hostname(), scheme, port), Path: path})
			}
		}
	}
	return found, nil
}

func pathsOf(path string) []string {
	path = strings.TrimRight(path, "/")
	if path == "" {
		return []string{""}
	}
	return []string{path, ""}
}

func portsOf(scheme, given string) []string {
	switch {
	case given != "":
		return []string{given}
	case scheme == "https":
		return safePorts
	}
	return plainPorts
}

// hostOf joins host and port, without a port that goes without saying.
func hostOf(host, scheme, port string) string {
	host = strings.ToLower(host)
	if scheme == "http" && port == "80" || scheme == "https" && port == "443" {
		if strings.Contains(host, ":") {
			return "[" + host + "]"
		}
		return host
	}
	return net.JoinHostPort(host, port)
}
