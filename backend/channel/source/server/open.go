package server

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"nectar/backend/channel/source"
	"nectar/backend/fault"
)

// infoPath is where Kolibri says what it is.
const infoPath = "/api/public/info"

// maxInfo bounds what it says, in bytes.
const maxInfo = 64 << 10

// maxName bounds the name of a device, in characters.
const maxName = 100

// answer is what a server says of itself.
type answer struct {
	Application string `json:"application"`
	Instance    string `json:"instance_id"`
	Device      string `json:"device_name"`
}

// kolibri is an opened server.
type kolibri struct {
	client *Client
	base   string // without a slash at its end
	info   source.Info
}

var _ source.Ranged = (*kolibri)(nil)

// Open opens the server of a reference; see IsAddress. An address without a
// port is looked for at the ports that Kolibri uses, and so is one at whose port
// nothing answers. The first Kolibri that answers is taken. Where nothing answers
// that is fault.SourceMissing, where something else does fault.NotKolibri.
func (c *Client) Open(ctx context.Context, reference string) (source.Source, error) {
	named, usual, err := c.candidates(reference)
	if err != nil {
		return nil, err
	}
	asking, cancel := context.WithTimeout(ctx, c.greeting)
	defer cancel()
	var found *kolibri
	if len(named) == 0 {
		found, err = c.first(asking, usual)
	} else if found, err = c.first(asking, named); fault.CodeOf(err) == fault.SourceMissing && len(usual) > 0 {
		// What is wrong is said of the port that was named, whatever is at the others.
		if elsewhere, failed := c.first(asking, usual); failed == nil {
			found, err = elsewhere, nil
		}
	}
	switch {
	case err == nil:
		return found, nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	}
	f := *fault.Of(err)
	f.Params = fault.Params{"path": reference}
	return nil, &f
}

// first asks at all the addresses at once, of which there is one at least, and
// answers the Kolibri that is the first to answer. Without one it is the error that
// says most.
func (c *Client) first(ctx context.Context, addresses []url.URL) (*kolibri, error) {
	type outcome struct {
		server *kolibri
		err    error
	}
	outcomes := make(chan outcome, len(addresses))
	for _, address := range addresses {
		go func() {
			server, err := c.openAt(ctx, address)
			outcomes <- outcome{server, err}
		}()
	}
	var best error
	for range addresses {
		o := <-outcomes
		if o.err == nil {
			return o.server, nil
		}
		best = better(best, o.err)
	}
	return nil, best
}

// better answers the error that says more: something that answered goes before
// nothing at all.
func better(a, b error) error {
	telling := []fault.Code{fault.ServerBusy, fault.ServerUntrusted, fault.NotKolibri}
	rank := func(err error) int { return slices.Index(telling, fault.CodeOf(err)) }
	if a == nil || rank(b) > rank(a) {
		return b
	}
	return a
}

func (c *Client) openAt(ctx context.Context, address url.URL) (*kolibri, error) {
	said, base, err := c.inform(ctx, address.String())
	if err != nil {
		return nil, err
	}
	name := plain(said.Device)
	if name == "" {
		name = address.Host
	}
	sum := sha256.Sum256([]byte("server\x00" + cmp.Or(said.Instance, base)))
	info := source.Info{
		ID: hex.EncodeToString(sum[:16]), Kind: source.Server, Name: name, URL: base, FreeBytes: -1, TotalBytes: -1,
	}
	if said.Application == string(source.Studio) {
		info.Kind = source.Studio
	}
	return &kolibri{client: c, base: base, info: info}, nil
}

// inform asks a server what it is, and answers where it is in the end.
func (c *Client) inform(ctx context.Context, base string) (answer, string, error) {
	var said answer
	at, err := c.ask(ctx, "GET", base+infoPath+"/?v=3", nil, nil, maxInfo, &said)
	var senseless *nonsense
	var status *statusError
	if errors.As(err, &senseless) || errors.As(err, &status) && !status.busy() {
		return answer{}, "", fault.New(fault.NotKolibri, "path", base).Because(err)
	}
	if err != nil {
		if unresponsive := context.Cause(ctx); errors.Is(unresponsive, context.DeadlineExceeded) {
			return answer{}, "", fault.New(fault.SourceMissing, "path", base).Because(err)
		}
		return answer{}, "", explain(ctx, err, fault.SourceMissing, base)
	}
	where, parsing := url.Parse(at)
	if parsing != nil {
		return answer{}, "", fault.New(fault.NotKolibri, "path", base).Because(parsing)
	}
	below, isInfo := strings.CutSuffix(strings.TrimRight(where.Path, "/"), infoPath)
	if !isInfo || said.Application != "kolibri" && said.Application != string(source.Studio) {
		return answer{}, "", fault.New(fault.NotKolibri, "path", base)
	}
	where.Path, where.RawPath, where.RawQuery, where.Fragment = below, "", "", ""
	return said, where.String(), nil
}

// plain makes a name of a stranger fit to be shown.
func plain(name string) string {
	name = strings.TrimSpace(strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(name, "")))
	if runes := []rune(name); len(runes) > maxName {
		name = string(runes[:maxName])
	}
	return name
}

// Info implements source.Source.
func (k *kolibri) Info() source.Info { return k.info }

// Alive implements source.Source. Another Kolibri at the same address is not
// taken for this one.
func (k *kolibri) Alive(ctx context.Context) error {
	asking, cancel := context.WithTimeout(ctx, k.client.greeting)
	defer cancel()
	again, err := k.client.openAt(asking, mustParse(k.base))
	switch {
	case err == nil && again.info.ID == k.info.ID:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	}
	return fault.New(fault.SourceGone, "path", k.base).Because(err)
}

// mustParse reads an address that was made of a parsed one.
func mustParse(base string) url.URL {
	parsed, err := url.Parse(base)
	if err != nil {
		return url.URL{Host: base}
	}
	return *parsed
}
