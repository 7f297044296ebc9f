package server

import (
	"compress/gzip"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"strings"
	"time"

	"nectar/backend/fault"
)

// do sends a request. The answer's body ends when the server has sent nothing
// for as long as the client is patient.
func (c *Client) do(ctx context.Context, method, address string, header http.Header, content io.Reader) (*http.Response, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	request, err := http.NewRequestWithContext(ctx, method, address, content)
	if err != nil {
		cancel(nil)
		return nil, err
	}
	request.Header.Set("User-Agent", "Nectar")
	maps.Copy(request.Header, header)
	response, err := c.http.Do(request)
	if err != nil {
		cancel(nil)
		return nil, err
	}
	response.Body = &patient{in: response.Body, ctx: ctx, cancel: cancel, limit: c.patience}
	return response, nil
}

// errSilent says that a server stopped sending.
var errSilent = errors.New("the server has stopped sending")

// patient ends a body whose bytes do not come.
type patient struct {
	in     io.ReadCloser
	ctx    context.Context //nolint:containedctx // of the request
	cancel context.CancelCauseFunc
	limit  time.Duration
	watch  *time.Timer
}

func (p *patient) Read(b []byte) (int, error) {
	if p.watch == nil {
		p.watch = time.AfterFunc(p.limit, func() { p.cancel(errSilent) })
	} else {
		p.watch.Reset(p.limit)
	}
	n, err := p.in.Read(b)
	p.watch.Stop()
	if err != nil && errors.Is(context.Cause(p.ctx), errSilent) {
		err = errSilent
	}
	return n, err
}

func (p *patient) Close() error {
	if p.watch != nil {
		p.watch.Stop()
	}
	err := p.in.Close()
	p.cancel(nil)
	return err
}

// ask gets a JSON document of a limited size. It answers where the document
// was in the end.
func (c *Client) ask(ctx context.Context, method, address string, header http.Header, content io.Reader, limit int64, into any) (string, error) {
	if header == nil {
		header = http.Header{}
	}
	header.Set("Accept-Encoding", "gzip")
	response, err := c.do(ctx, method, address, header, content)
	if err != nil {
		return "", err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return "", statusOf(response)
	}
	plain, err := unpacked(response)
	if err != nil {
		return "", &nonsense{err}
	}
	text, err := io.ReadAll(io.LimitReader(plain, limit+1))
	switch {
	case err != nil:
		return "", err
	case int64(len(text)) > limit:
		return "", &nonsense{fmt.Errorf("answered with more than %d bytes", limit)}
	}
	if err := json.Unmarshal(text, into); err != nil {
		return "", &nonsense{err}
	}
	return response.Request.URL.String(), nil
}

// nonsense is an answer that is not what Kolibri would say.
type nonsense struct{ cause error }

func (n *nonsense) Error() string { return "makes no sense: " + n.cause.Error() }

func (n *nonsense) Unwrap() error { return n.cause }

// unpacked answers the bytes of an answer that may be packed.
func unpacked(response *http.Response) (io.Reader, error) {
	switch strings.ToLower(response.Header.Get("Content-Encoding")) {
	case "", "identity":
		return response.Body, nil
	case "gzip", "x-gzip":
		return gzip.NewReader(response.Body)
	}
	return nil, fmt.Errorf("is packed as %q", response.Header.Get("Content-Encoding"))
}

// unreached reports whether the error says that there was no connection.
func unreached(err error) bool {
	var op *net.OpError
	var name *net.DNSError
	return errors.As(err, &op) && op.Op == "dial" || errors.As(err, &name)
}

// explain makes the fault of a request that failed. What it says of a server
// that cannot be reached is up to the caller: it may never have been there, or
// have gone.
func explain(ctx context.Context, err error, unreachable fault.Code, address string) error {
	var made *fault.Fault
	var status *statusError
	var senseless *nonsense
	var certificate *tls.CertificateVerificationError
	code := fault.ServerBusy
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &made):
		return err
	case errors.As(err, &certificate):
		code = fault.ServerUntrusted
	case unreached(err):
		code = unreachable
	case errors.As(err, &senseless), errors.As(err, &status) && !status.busy():
		code = fault.BadAnswer
	}
	return fault.New(code, "path", address).Because(err)
}
