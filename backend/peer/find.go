// Package peer finds the Kolibri servers of the local network: they announce
// themselves by multicast DNS.
//
// What is heard is a stranger's word and only a hint of where to ask: it is
// limited in number and size, and an address is believed only if it is one of
// a local network, else it is that from which the answer came.
package peer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

// service is what Kolibri announces.
const service = "Kolibri._sub._http._tcp.local."

const (
	// limit is how long answers are awaited.
	limit = 2 * time.Second
	// again is when the question is asked a second time: a lost packet is not
	// sent again by itself.
	again = 500 * time.Millisecond
	// maxServers is how many servers are told of at most.
	maxServers = 50
	// maxPacket bounds an answer, in bytes.
	maxPacket = 9000
)

var group = net.UDPAddr{IP: net.IPv4(224, 0, 0, 251), Port: 5353}

// Server is a server that announced itself.
type Server struct {
	URL  string // where it says that it is
	Name string // of its device, as it says; "" when it does not
}

// Find asks the networks of this machine for Kolibri servers, and answers
// those that are heard of within two seconds or until the context ends,
// ordered by their addresses. It is empty where there is no network.
func Find(ctx context.Context) []Server {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	interfaces, err := net.Interfaces()
	if err != nil {
		return nil
	}
	h := &heard{servers: map[string]Server{}}
	var asking sync.WaitGroup
	for _, i := range interfaces {
		if i.Flags&net.FlagUp != 0 && i.Flags&net.FlagMulticast != 0 {
			asking.Go(func() { h.ask(ctx, i) })
		}
	}
	asking.Wait()
	return h.all()
}

// heard collects the servers that answered.
type heard struct {
	mu      sync.Mutex
	servers map[string]Server // guarded by mu, by URL
}

func (h *heard) add(s Server) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if known, twice := h.servers[s.URL]; !twice && len(h.servers) >= maxServers || twice && known.Name != "" {
		return
	}
	h.servers[s.URL] = s
}

func (h *heard) all() []Server {
	h.mu.Lock()
	defer h.mu.Unlock()
	all := make([]Server, 0, len(h.servers))
	for _, s := range h.servers {
		all = append(all, s)
	}
	slices.SortFunc(all, func(a, b Server) int { return strings.Compare(a.URL, b.URL) })
	return all
}

// ask asks on one network until the context ends. It asks from a port of its
// own, to which the answers come: nothing else that listens is disturbed.
func (h *heard) ask(ctx context.Context, on net.Interface) {
	conn, err := listen(ctx, on)
	if err != nil {
		return
	}
	defer func() { _ = conn.Close() }()
	stop := context.AfterFunc(ctx, func() { _ = conn.SetReadDeadline(time.Unix(1, 0)) })
	defer stop()
	question, err := question()
	if err != nil {
		return
	}
	send := func() { _, _ = conn.WriteTo(question, &group) }
	send()
	repeat := time.AfterFunc(again, send)
	defer repeat.Stop()
	packet := make([]byte, maxPacket)
	for ctx.Err() == nil {
		n, from, err := conn.ReadFrom(packet)
		var timeout net.Error
		switch sender, is := from.(*net.UDPAddr); {
		case err == nil && is:
			for _, s := range read(packet[:n], sender.AddrPort().Addr()) {
				h.add(s)
			}
		case errors.As(err, &timeout) && timeout.Timeout(), errors.Is(err, net.ErrClosed):
			return
		case err != nil:
			// A refusal that some host sent is one of it alone; do not spin.
			select {
			case <-ctx.Done():
			case <-time.After(time.Millisecond):
			}
		}
	}
}

// question answers the packet that asks who offers the service.
func question() ([]byte, error) {
	name, err := dnsmessage.NewName(service)
	if err != nil {
		return nil, err
	}
	m := dnsmessage.Message{Questions: []dnsmessage.Question{{Name: name, Type: dnsmessage.TypePTR, Class: dnsmessage.ClassINET}}}
	return m.Pack()
}

// records is what one answer says.
type records struct {
	instances []string
	services  map[string]dnsmessage.SRVResource
	texts     map[string][]string
	addresses map[string]netip.Addr
}

// read answers the servers that a packet tells of.
func read(packet []byte, sender netip.Addr) []Server {
	r, err := parse(packet)
	if err != nil {
		return nil
	}
	var servers []Server
	for _, instance := range r.instances {
		at, told := r.services[instance]
		if !told || at.Port == 0 {
			continue
		}
		host := sender.Unmap()
		if said, told := r.addresses[canonical(at.Target.String())]; told && isLocal(said) {
			host = said
		}
		if host.Is6() { // Kolibri announces IPv4 alone
			continue
		}
		about := r.texts[instance]
		servers = append(servers, Server{
			URL:  fmt.Sprintf("http://%s%s", netip.AddrPortFrom(host, at.Port), prefix(value(about, "prefix"))),
			Name: value(about, "device_name"),
		})
	}
	return servers
}

func isLocal(a netip.Addr) bool { return a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast() }

// prefix answers the path below which a server says that it is.
func prefix(path string) string {
	path = strings.Trim(path, "/")
	if path == "" || strings.ContainsFunc(path, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("-_/", r)
	}) {
		return ""
	}
	return "/" + path
}

// value reads one of the properties, each of which is JSON.
func value(texts []string, name string) string {
	for _, text := range texts {
		if coded, is := strings.CutPrefix(text, name+"="); is {
			var value string
			if json.Unmarshal([]byte(coded), &value) == nil {
				return value
			}
		}
	}
	return ""
}

func parse(packet []byte) (records, error) {
	r := records{
		services: map[string]dnsmessage.SRVResource{}, texts: map[string][]string{}, addresses: map[string]netip.Addr{},
	}
	var p dnsmessage.Parser
	header, err := p.Start(packet)
	if err != nil {
		return r, err
	}
	if !header.Response {
		return r, errors.New("is no answer")
	}
	if err := p.SkipAllQuestions(); err != nil {
		return r, err
	}
	answers, err := p.AllAnswers()
	if err != nil {
		return r, err
	}
	if err := p.SkipAllAuthorities(); err != nil {
		return r, err
	}
	further, err := p.AllAdditionals()
	if err != nil {
		return r, err
	}
	for _, record := range append(answers, further...) {
		r.add(record)
	}
	return r, nil
}

func (r *records) add(record dnsmessage.Resource) {
	name := canonical(record.Header.Name.String())
	switch body := record.Body.(type) {
	case *dnsmessage.PTRResource:
		if name == canonical(service) && len(r.instances) < maxServers {
			r.instances = append(r.instances, canonical(body.PTR.String()))
		}
	case *dnsmessage.SRVResource:
		r.services[name] = *body
	case *dnsmessage.TXTResource:
		r.texts[name] = body.TXT
	case *dnsmessage.AResource:
		r.addresses[name] = netip.AddrFrom4(body.A)
	}
}

// canonical answers a name as it is compared: capitals mean nothing.
func canonical(name string) string { return strings.ToLower(name) }
