package handover_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"testing"

	"nectar/backend/fault"
	"nectar/backend/handover"
)

// owner is an owner of a data folder that does what the test says.
type owner struct {
	run   func(ctx context.Context, call *handover.Call) handover.Outcome
	shown chan string
}

func (o owner) Run(ctx context.Context, call *handover.Call) handover.Outcome {
	return o.run(ctx, call)
}

func (o owner) Show(folder string) { o.shown <- folder }

// own serves a new data folder until the test ends.
func own(t *testing.T, role handover.Role, run func(ctx context.Context, call *handover.Call) handover.Outcome) (string, *handover.Server) {
	t.Helper()
	folder := t.TempDir()
	return folder, serve(t, folder, role, owner{run: run})
}

func serve(t *testing.T, folder string, role handover.Role, o owner) *handover.Server {
	t.Helper()
	server, err := handover.Listen(folder, role, handover.Silent)
	if err != nil {
		t.Fatal(err)
	}
	server.Serve(o)
	t.Cleanup(func() {
		server.Drain(context.Background())
		server.Release()
	})
	return server
}

func dial(t *testing.T, folder string) *handover.Client {
	t.Helper()
	client, err := handover.Dial(t.Context(), folder)
	if err != nil {
		t.Fatalf("dial: %v", err)
	}
	t.Cleanup(func() { _ = client.Close() })
	return client
}

// hand hands a command over with the text as its standard input.
func hand(t *testing.T, folder, stdin string, command handover.Command) (stdout, stderr string, outcome handover.Outcome, err error) {
	t.Helper()
	var out, errs strings.Builder
	outcome, err = dial(t, folder).Run(t.Context(), command, handover.Console{
		Stdin: strings.NewReader(stdin), Stdout: &out, Stderr: &errs,
		Ask: func(_ context.Context, question string) (string, error) { return "answer to " + question, nil },
	})
	return out.String(), errs.String(), outcome, err
}

func TestACommandIsCarriedOutByTheOwner(t *testing.T) {
	t.Parallel()
	pin := "1234"
	sent := handover.Command{Args: []string{"enqueue", "-"}, Dir: "/there", Language: "de", Terminal: true, Width: 99, PIN: &pin, State: json.RawMessage(`{"a":1}`)}
	folder, _ := own(t, handover.Window, func(ctx context.Context, call *handover.Call) handover.Outcome {
		got, err := json.Marshal(call.Command)
		if err != nil {
			t.Error(err)
		}
		text, err := io.ReadAll(call.Stdin)
		answer, asked := call.Ask(ctx, "PIN")
		_, _ = fmt.Fprintf(call.Stdout, "%s %v %s %v", got, err, answer, asked)
		_, _ = call.Stderr.Write(text)
		return handover.Outcome{Status: 3}
	})
	long := strings.Repeat("ä\x00", 1<<20)
	stdout, stderr, outcome, err := hand(t, folder, long, sent)
	want, _ := json.Marshal(sent)
	if err != nil || outcome.Status != 3 || stdout != string(want)+" <nil> answer to PIN <nil>" || stderr != long {
		t.Errorf("outcome %+v, %v, %s, %d bytes of input came back", outcome, err, stdout, len(stderr))
	}
	if client := dial(t, folder); client.Owner() != handover.Window || client.PID() != os.Getpid() {
		t.Errorf("the owner is said to be %s, process %d", client.Owner(), client.PID())
	}
}

func TestInputThatNobodyReadsIsNotAskedFor(t *testing.T) {
	t.Parallel()
	folder, _ := own(t, handover.Work, func(context.Context, *handover.Call) handover.Outcome { return handover.Outcome{} })
	_, err := dial(t, folder).Run(t.Context(), handover.Command{}, handover.Console{Stdin: untouchable{t}, Stdout: io.Discard, Stderr: io.Discard})
	if err != nil {
		t.Error(err)
	}
}

type untouchable struct{ t *testing.T }

func (u untouchable) Read([]byte) (int, error) {
	u.t.Error("standard input was read")
	return 0, io.EOF
}

func TestInputHasALimit(t *testing.T) {
	t.Parallel()
	folder, _ := own(t, handover.Work, func(_ context.Context, call *handover.Call) handover.Outcome {
		n, err := io.Copy(io.Discard, call.Stdin)
		_, _ = fmt.Fprint(call.Stdout, n, " ", err)
		return handover.Outcome{}
	})
	stdout, _, _, err := hand(t, folder, strings.Repeat("x", handover.MaxInput+1<<20), handover.Command{})
	if want := fmt.Sprint(handover.MaxInput, " <nil>"); err != nil || stdout != want {
		t.Errorf("the owner took %s, %v", stdout, err)
	}
}

func TestOnlyTheWatchingStops(t *testing.T) {
	t.Parallel()
	watching := make(chan struct{})
	folder, _ := own(t, handover.Work, func(ctx context.Context, call *handover.Call) handover.Outcome {
		close(watching)
		select {
		case <-call.Signals:
			return handover.Outcome{Status: 130}
		case <-ctx.Done():
			return handover.Outcome{Status: 1}
		}
	})
	ctx, stop := context.WithCancel(t.Context())
	go func() {
		<-watching
		stop()
	}()
	outcome, err := dial(t, folder).Run(ctx, handover.Command{}, handover.Console{Stdout: io.Discard, Stderr: io.Discard})
	if err != nil || outcome.Status != 130 {
		t.Errorf("outcome %+v, %v", outcome, err)
	}
}

func TestADeadClientIsNoticed(t *testing.T) {
	t.Parallel()
	began, noticed := make(chan struct{}), make(chan error, 1)
	folder, _ := own(t, handover.Work, func(ctx context.Context, call *handover.Call) handover.Outcome {
		close(began)
		<-ctx.Done()
		_, err := call.Ask(t.Context(), "are you there?")
		noticed <- err
		return handover.Outcome{}
	})
	client := dial(t, folder)
	go func() {
		_, _ = client.Run(t.Context(), handover.Command{}, handover.Console{Stdout: io.Discard, Stderr: io.Discard})
	}()
	<-began
	if err := client.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-noticed; err == nil {
		t.Error("a dead client answered")
	}
}

func TestASlowClientHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	folder, _ := own(t, handover.Work, func(ctx context.Context, call *handover.Call) handover.Outcome {
		for call.Args[0] == "flood" && ctx.Err() == nil {
			_, _ = call.Stdout.Write(make([]byte, 1<<20))
		}
		return handover.Outcome{Status: 3}
	})
	for range 3 { // connects and says nothing
		silent, err := handover.DialRaw(folder)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = silent.Close() }()
	}
	stuck, full := io.Pipe() // nobody reads from it
	defer func() { _ = stuck.Close() }()
	slow := dial(t, folder)
	go func() {
		_, _ = slow.Run(t.Context(), handover.Command{Args: []string{"flood"}}, handover.Console{Stdout: full, Stderr: io.Discard})
	}()
	if _, _, outcome, err := hand(t, folder, "", handover.Command{Args: []string{"quick"}}); err != nil || outcome.Status != 3 {
		t.Errorf("outcome %+v, %v", outcome, err)
	}
}

func TestNonsenseIsRefused(t *testing.T) {
	t.Parallel()
	folder, _ := own(t, handover.Work, func(context.Context, *handover.Call) handover.Outcome {
		t.Error("nonsense was carried out")
		return handover.Outcome{}
	})
	hello := []byte(`{"nectar_handover":1}`)
	for _, c := range []struct {
		name string
		say  func(handover.Conn)
		want fault.Code // "" for a connection that just ends
	}{
		{"no hello", func(c handover.Conn) { _ = handover.SendFrame(c, handover.KindRequest, []byte(`{}`)) }, fault.Garbled},
		{"a hello that is no JSON", func(c handover.Conn) { _ = handover.SendFrame(c, handover.KindHello, []byte(`{`)) }, fault.Garbled},
		{"a hello without end", func(c handover.Conn) {
			_ = handover.SendFrame(c, handover.KindHello, make([]byte, handover.MaxHello+1))
		}, fault.TooLarge},
		{"another version", func(c handover.Conn) {
			_ = handover.SendFrame(c, handover.KindHello, []byte(`{"nectar_handover":2}`))
		}, fault.OtherVersion},
		{"a request that claims 4 GB", func(c handover.Conn) {
			_ = handover.SendFrame(c, handover.KindHello, hello)
			_, _ = c.Write([]byte{handover.KindRequest, 255, 255, 255, 255})
		}, fault.TooLarge},
		{"a request that is no JSON", func(c handover.Conn) {
			_ = handover.SendFrame(c, handover.KindHello, hello)
			_ = handover.SendFrame(c, handover.KindRequest, []byte("\xff"))
		}, fault.Garbled},
		{"a request of another shape", func(c handover.Conn) {
			_ = handover.SendFrame(c, handover.KindHello, hello)
			_ = handover.SendFrame(c, handover.KindRequest, []byte(`{"verb":"run","command":{"args":7}}`))
		}, fault.Garbled},
		{"something that nobody does", func(c handover.Conn) {
			_ = handover.SendFrame(c, handover.KindHello, hello)
			_ = handover.SendFrame(c, handover.KindRequest, []byte(`{"verb":"format"}`))
		}, fault.Garbled},
		{"to show a window where there is none", func(c handover.Conn) {
			_ = handover.SendFrame(c, handover.KindHello, hello)
			_ = handover.SendFrame(c, handover.KindRequest, []byte(`{"verb":"show"}`))
		}, fault.Garbled},
		{"half a frame", func(c handover.Conn) {
			_, _ = c.Write([]byte{handover.KindHello, 0, 0})
			_ = c.Close()
		}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			conn, err := handover.DialRaw(folder)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = conn.Close() }()
			if _, _, err := handover.ReadFrame(conn, handover.MaxHello); err != nil {
				t.Fatalf("no hello: %v", err)
			}
			go c.say(conn)
			kind, payload, err := handover.ReadFrame(conn, handover.MaxHello)
			if c.want == "" {
				if err == nil {
					t.Errorf("answered kind %d with %s", kind, payload)
				}
				return
			}
			var refusal struct{ Code fault.Code }
			if err != nil || kind != handover.KindRefused || json.Unmarshal(payload, &refusal) != nil || refusal.Code != c.want {
				t.Errorf("answered kind %d with %s, %v; want %s", kind, payload, err, c.want)
			}
		})
	}
}

func TestAnOwnerOfAnotherVersion(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	l, err := handover.ListenRaw(folder)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_ = handover.SendFrame(c, handover.KindHello, []byte(`{"nectar_handover":2,"more":"to come"}`))
		}
	}()
	if _, err := handover.Dial(t.Context(), folder); fault.CodeOf(err) != fault.OtherVersion {
		t.Errorf("dial answers %v", err)
	}
}

func TestAnOwnerThatEnds(t *testing.T) {
	t.Parallel()

	t.Run("before it did anything leaves nothing done", func(t *testing.T) {
		t.Parallel()
		folder, server := own(t, handover.Work, nil)
		client := dial(t, folder)
		server.Drain(t.Context())
		_, err := client.Run(t.Context(), handover.Command{}, handover.Console{})
		if !handover.IsNobody(err) {
			t.Errorf("run answers %v", err)
		}
		if _, err := handover.Dial(t.Context(), folder); !handover.IsNobody(err) {
			t.Errorf("dial answers %v", err)
		}
	})

	t.Run("tells a command where to go on, when the folder is free", func(t *testing.T) {
		t.Parallel()
		began := make(chan struct{})
		var mu sync.Mutex
		free := false
		folder, server := own(t, handover.Work, func(_ context.Context, call *handover.Call) handover.Outcome {
			close(began)
			<-call.Moving
			return handover.Outcome{Moved: true, State: json.RawMessage(`"half"`)}
		})
		go func() {
			<-began
			server.Drain(context.Background())
			mu.Lock()
			free = true
			mu.Unlock()
			server.Release()
		}()
		_, _, outcome, err := hand(t, folder, "", handover.Command{})
		mu.Lock()
		defer mu.Unlock()
		if err != nil || !outcome.Moved || string(outcome.State) != `"half"` || !free {
			t.Errorf("outcome %+v, %v; free: %v", outcome, err, free)
		}
	})

	t.Run("lets a command that stores something end first", func(t *testing.T) {
		t.Parallel()
		began, goOn := make(chan struct{}), make(chan struct{})
		folder, server := own(t, handover.Work, func(_ context.Context, call *handover.Call) handover.Outcome {
			close(began)
			<-call.Moving
			<-goOn
			return handover.Outcome{Status: 3}
		})
		drained := make(chan struct{})
		go func() {
			<-began
			go close(goOn)
			server.Drain(context.Background())
			close(drained)
		}()
		if _, _, outcome, err := hand(t, folder, "", handover.Command{}); err != nil || outcome.Status != 3 {
			t.Errorf("outcome %+v, %v", outcome, err)
		}
		<-drained
	})

	t.Run("without a word leaves the last state that it told", func(t *testing.T) {
		t.Parallel()
		folder := t.TempDir()
		l, err := handover.ListenRaw(folder)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = l.Close() }()
		go func() {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			_ = handover.SendFrame(conn, handover.KindHello, []byte(`{"nectar_handover":1}`))
			_ = handover.SendFrame(conn, handover.KindAccepted, nil)
			_ = handover.SendFrame(conn, handover.KindState, []byte(`"stored"`))
			_, _, _ = handover.ReadFrame(conn, handover.MaxHello)
			_, _, _ = handover.ReadFrame(conn, handover.MaxRequest)
			_ = conn.Close()
		}()
		_, _, outcome, err := hand(t, folder, "", handover.Command{})
		if !errors.Is(err, handover.ErrLost) || string(outcome.State) != `"stored"` {
			t.Errorf("outcome %+v, %v", outcome, err)
		}
	})
}

func TestTheFolderIsHandedOver(t *testing.T) {
	t.Parallel()
	moved := make(chan handover.Outcome, 1)
	watching := make(chan struct{})
	folder, server := own(t, handover.Work, func(_ context.Context, call *handover.Call) handover.Outcome {
		close(watching)
		<-call.Moving
		return handover.Outcome{Moved: true}
	})
	follower := dial(t, folder)
	go func() {
		outcome, err := follower.Run(context.Background(), handover.Command{}, handover.Console{Stdout: io.Discard, Stderr: io.Discard})
		if err != nil {
			t.Error(err)
		}
		moved <- outcome
	}()
	<-watching
	released := make(chan struct{})
	go func() {
		defer close(released)
		<-server.Moving()
		server.Drain(context.Background())
		server.Release()
	}()
	taker := dial(t, folder)
	if err := taker.Take(t.Context()); err != nil {
		t.Fatalf("take: %v", err)
	}
	select {
	case <-moved:
		t.Fatal("the follower moved before the folder was taken")
	case <-released:
		t.Fatal("the owner went on before the folder was taken")
	default:
	}
	serve(t, folder, handover.Window, owner{})
	if err := taker.Close(); err != nil {
		t.Error(err)
	}
	if outcome := <-moved; !outcome.Moved {
		t.Errorf("the follower has %+v", outcome)
	}
	<-released
	if client := dial(t, folder); client.Owner() != handover.Window {
		t.Errorf("the owner is now %s", client.Owner())
	}
}

func TestAWindow(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	shown := make(chan string, 1)
	serve(t, folder, handover.Window, owner{shown: shown})
	if err := dial(t, folder).Take(t.Context()); fault.CodeOf(err) != fault.Garbled {
		t.Errorf("a window gave its folder away: %v", err)
	}
	if err := dial(t, folder).Show(t.Context(), "/media/usb"); err != nil {
		t.Fatal(err)
	}
	if folder := <-shown; folder != "/media/usb" {
		t.Errorf("it was given the folder %q", folder)
	}
}
