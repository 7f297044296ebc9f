package handover

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"time"
)

// The limits of a server.
const (
	// handshakeLimit is how long a client may take to say what it wants.
	handshakeLimit = 10 * time.Second
	// takeLimit is how long a folder that was given up stays reserved for who
	// asked for it.
	takeLimit = time.Minute
	// maxClients is how many may be served at a time; more are sent away.
	maxClients = 200
)

// Handler is what the owner does for others. Its methods are called
// concurrently.
type Handler interface {
	// Run carries out a command. When the context ends nobody listens any
	// more.
	Run(ctx context.Context, call *Call) Outcome
	// Show shows the window, in a process whose role is Window. The folder to
	// import from is whatever another process says; "" for none.
	Show(folder string)
}

// Server is the owner's side. Its life: Listen, Serve, then Drain while the
// folder is still owned, and Release when it is not any more.
type Server struct {
	role     Role
	log      *slog.Logger
	listener listener
	moving   chan struct{} // closed when the folder will be given up
	stopping chan struct{} // closed when this process is to end
	released chan struct{} // closed when the folder is given up, and taken by whoever asked
	accept   sync.WaitGroup

	mu       sync.Mutex
	clients  map[*serving]struct{} // guarded by mu
	takers   []*serving            // guarded by mu
	asked    bool                  // guarded by mu: moving is closed
	stopped  bool                  // guarded by mu: stopping is closed
	draining bool                  // guarded by mu: no request is accepted any more
	commands sync.WaitGroup        // requests being carried out; added to under mu
	served   sync.WaitGroup        // clients; added to under mu
	once     sync.Once
}

// Listen makes the place at which others find the owner of the folder. This
// process owns it.
func Listen(folder string, role Role, log *slog.Logger) (*Server, error) {
	l, err := listen(folder)
	if err != nil {
		return nil, fmt.Errorf("listen for other processes: %w", err)
	}
	return &Server{
		role: role, log: log, listener: l, clients: map[*serving]struct{}{},
		moving: make(chan struct{}), stopping: make(chan struct{}), released: make(chan struct{}),
	}, nil
}

// Serve begins to serve, and answers at once.
func (s *Server) Serve(handler Handler) {
	s.accept.Go(func() {
		for {
			c, err := s.listener.Accept()
			switch {
			case errors.Is(err, net.ErrClosed):
				return
			case err != nil:
				s.log.Warn("a process was not let in", "error", err)
				if !errors.Is(err, errStranger) && !s.breathe() {
					return
				}
			default:
				s.admit(c, handler)
			}
		}
	})
}

// breathe waits a little after a failure that may come again at once. It
// reports whether to go on.
func (s *Server) breathe() bool {
	select {
	case <-s.released:
		return false
	case <-time.After(100 * time.Millisecond):
		return true
	}
}

func (s *Server) admit(c conn, handler Handler) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.draining || len(s.clients) >= maxClients {
		_ = c.Close()
		return
	}
	client := &serving{server: s, conn: c, to: &sender{conn: c}}
	s.clients[client] = struct{}{}
	s.served.Go(func() {
		defer s.leave(client)
		client.serve(handler)
	})
}

func (s *Server) leave(client *serving) {
	_ = client.conn.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.clients, client)
}

// Moving is closed when the folder will be given up: because another process
// asked for it, or by Drain. What runs long ends then, so that it can go on
// elsewhere.
func (s *Server) Moving() <-chan struct{} { return s.moving }

// Stopping is closed when another process asked this one to end. Commands of
// others are interrupted then, as if their people had stopped them.
func (s *Server) Stopping() <-chan struct{} { return s.stopping }

// begin lets a client's command be carried out, unless the owner ends.
func (s *Server) begin(client *serving) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.draining || s.stopped {
		return false
	}
	client.begun = true
	s.commands.Add(1)
	return true
}

// take notes that the client wants the folder.
func (s *Server) take(client *serving) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.draining {
		return false
	}
	client.begun = true
	s.takers = append(s.takers, client)
	s.move()
	return true
}

// stop asks this process to end, for the client.
func (s *Server) stop(client *serving) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.draining {
		return false
	}
	client.begun = true
	if s.stopped {
		return true
	}
	s.stopped = true
	close(s.stopping)
	for other := range s.clients {
		if other.call != nil {
			other.call.interrupt()
		}
	}
	return true
}

// carry notes the command that is carried out for the client.
func (s *Server) carry(client *serving, call *Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	client.call = call
	if s.stopped {
		call.interrupt()
	}
}

func (s *Server) move() {
	if !s.asked {
		s.asked = true
		close(s.moving)
	}
}

// Drain stops listening and answers when no command of a client is being
// carried out any more. When the context ends first, their processes are
// left alone with what they know.
func (s *Server) Drain(ctx context.Context) {
	s.mu.Lock()
	s.draining = true
	if !s.stopped { // else they end, and go on nowhere
		s.move()
	}
	for client := range s.clients {
		if !client.begun {
			_ = client.conn.Close()
		}
	}
	s.mu.Unlock()
	if err := s.listener.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
		s.log.Warn("cannot stop listening for other processes", "error", err)
	}
	s.accept.Wait()
	ended := make(chan struct{})
	go func() {
		s.commands.Wait()
		close(ended)
	}()
	select {
	case <-ended:
	case <-ctx.Done():
		s.hangUp()
		s.log.Warn("commands of other processes did not end")
	}
}

// Release says that this process does not own the folder any more. It lets
// whoever asked for it take it, tells the others to go on elsewhere, and
// answers when all have been told, or when they do not listen. It may be
// called more than once.
func (s *Server) Release() {
	s.once.Do(func() {
		s.mu.Lock()
		takers := s.takers
		s.mu.Unlock()
		for _, taker := range takers {
			taker.giveUp()
		}
		close(s.released)
		told := make(chan struct{})
		go func() {
			s.served.Wait()
			close(told)
		}()
		select {
		case <-told:
		case <-time.After(handshakeLimit):
			s.hangUp()
		}
	})
}

// hangUp ends all conversations.
func (s *Server) hangUp() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for client := range s.clients {
		_ = client.conn.Close()
	}
}
