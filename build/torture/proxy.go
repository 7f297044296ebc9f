package main

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
)

// proxy stands before a server and counts who is connected. It can die, and
// come back at the same address.
type proxy struct {
	address string
	to      string

	mu       sync.Mutex
	listener net.Listener          // guarded by mu; nil while dead
	open     map[net.Conn]struct{} // guarded by mu
	most     int                   // guarded by mu
}

func newProxy(ctx context.Context, to string) (*proxy, error) {
	p := &proxy{address: "127.0.0.1:0", to: to, open: map[net.Conn]struct{}{}}
	return p, p.live(ctx)
}

// live begins to serve.
func (p *proxy) live(ctx context.Context) error {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", p.address)
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.listener, p.address = listener, listener.Addr().String()
	go p.accept(ctx, listener)
	return nil
}

// die ends with all that is under way.
func (p *proxy) die() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.listener != nil {
		_ = p.listener.Close()
		p.listener = nil
	}
	for conn := range p.open {
		_ = conn.Close()
	}
}

func (p *proxy) accept(ctx context.Context, listener net.Listener) {
	for {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		go p.carry(ctx, conn)
	}
}

func (p *proxy) carry(ctx context.Context, conn net.Conn) {
	server, err := (&net.Dialer{}).DialContext(ctx, "tcp", p.to)
	if err != nil {
		_ = conn.Close()
		return
	}
	p.mu.Lock()
	p.open[conn] = struct{}{}
	p.most = max(p.most, len(p.open))
	p.mu.Unlock()
	var both sync.WaitGroup
	end := func() { _ = errors.Join(conn.Close(), server.Close()) }
	both.Go(func() { _, _ = io.Copy(server, conn); end() })
	both.Go(func() { _, _ = io.Copy(conn, server); end() })
	both.Wait()
	p.mu.Lock()
	delete(p.open, conn)
	p.mu.Unlock()
}

// mostAtOnce answers how many connections there were at a time.
func (p *proxy) mostAtOnce() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.most
}
