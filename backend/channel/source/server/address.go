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

// The ports on which Kolibri is looked for where an address names none, or nothing
// answers at the one that it names, in Kolibri's own order.
var (
	plainPorts = []string{"8080", "80", "8008", "8000", "5000"}
	safePorts  = []string{"443"}
)

// IsAddress reports whether a reference to a source means a server: the word
// studio, an address with http or https, a host with a port, or four numbers as
// in 192.168.1.5. A name alone is that of a folder.
func IsAddress(reference string) bool {
	lower := strings.ToLower(reference)
	if lower == string(source.Studio) || strings.HasPrefix(lower, "http://") || strings.HasPrefix(lower, "https://") {
		return true
	}
	if numbers, err := netip.ParseAddr(lower); err == nil && numbers.Is4() {
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

// candidates answers the addresses at which the server of a reference may be:
// those of the port that it names, and those to ask then, if nothing answers
// there. One that names no port has the latter alone. An address with a path may
// mean a Kolibri below that path, or one beside it.
func (c *Client) candidates(reference string) (named, usual []url.URL, err error) {
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
		return nil, nil, fault.New(fault.SourceMissing, "path", reference)
	}
	for _, path := range pathsOf(given.Path) {
		for _, scheme := range schemes {
			at := func(port string) url.URL {
				return url.URL{Scheme: scheme, Host: hostOf(given.Hostname(), scheme, port), Path: path}
			}
			if given.Port() != "" {
				named = append(named, at(given.Port()))
			}
			for _, port := range c.usualPorts(scheme) {
				if port != given.Port() {
					usual = append(usual, at(port))
				}
			}
		}
	}
	return named, usual, nil
}

func pathsOf(path string) []string {
	path = strings.TrimRight(path, "/")
	if path == "" {
		return []string{""}
	}
	return []string{path, ""}
}

func (c *Client) usualPorts(scheme string) []string {
	if scheme == "https" {
		return safePorts
	}
	return c.ports
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
