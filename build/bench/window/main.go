// Command window measures how long a person waits for the window: from the
// start of the process to its first frame, and to its first view, each time
// with a data folder that was there before.
//
//	npm --prefix frontend run build && go build -tags desktop,production,webkit2_41 -o /tmp/nectar-window .
//	go run -C build/bench ./window -nectar /tmp/nectar-window -rounds 11
//
// By turns with it starts the smallest program that opens a window of WebKit
// (smallest.c, for which it wants cc and pkg-config): no program with WebKit can be
// faster than that, and a machine that is slow in one hour is slow for both.
//
// It wants a display (DISPLAY), or Xvfb to make one, and a session bus, which every
// desktop has: without one GTK looks for it at each start, and so it makes one. It
// prints the medians with the limit, and asserts nothing. It runs on Linux.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// limit is how long the first frame may take.
const limit = time.Second

// patience is how long one start may take before it counts as none.
const patience = time.Minute

func main() {
	program := flag.String("nectar", "nectar-window", "the program with its window")
	rounds := flag.Int("rounds", 11, "how often it is started")
	flag.Parse()
	if err := run(context.Background(), *program, *rounds); err != nil {
		fmt.Fprintln(os.Stderr, "window:", err)
		os.Exit(1)
	}
}

// seen is when something of a window was seen, since its process began.
type seen struct{ frame, view time.Duration }

func run(ctx context.Context, program string, rounds int) error {
	data, err := os.MkdirTemp("", "window")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(data) }()
	done, err := display(ctx)
	if err != nil {
		return err
	}
	defer done()
	end, err := sessionBus(ctx)
	if err != nil {
		return err
	}
	defer end()
	smallest, err := makeSmallest(ctx, data)
	if err != nil {
		return err
	}
	if _, err := start(ctx, program, data); err != nil { // makes the data folder
		return err
	}
	var all []seen
	var floor []time.Duration
	for n := range rounds {
		least, err := startSmallest(ctx, smallest)
		if err != nil {
			return err
		}
		floor = append(floor, least)
		s, err := start(ctx, program, data)
		if err != nil {
			return err
		}
		all = append(all, s)
		fmt.Printf("round %-3d first frame %4d ms   first view %4d ms   smallest %4d ms\n", n+1, s.frame.Milliseconds(), s.view.Milliseconds(), least.Milliseconds())
	}
	slices.Sort(floor)
	frames, views := sorted(all, func(s seen) time.Duration { return s.frame }), sorted(all, func(s seen) time.Duration { return s.view })
	word := "met"
	if frames[len(frames)/2] > limit {
		word = "NOT MET"
	}
	fmt.Printf("\n| what | median | limit | |\n| --- | --- | --- | --- |\n")
	fmt.Printf("| from exec to the first frame | %s | %d ms | %s |\n", spread(frames), limit.Milliseconds(), word)
	fmt.Printf("| the smallest window of WebKit | %s | %.2f × | |\n", spread(floor), float64(frames[len(frames)/2])/float64(floor[len(floor)/2]))
	fmt.Printf("| from exec to the first view | %s | | |\n", spread(views))
	return nil
}

func sorted(all []seen, of func(seen) time.Duration) []time.Duration {
	var times []time.Duration
	for _, s := range all {
		times = append(times, of(s))
	}
	slices.Sort(times)
	return times
}

func spread(times []time.Duration) string {
	return fmt.Sprintf("%d ms (%d to %d)", times[len(times)/2].Milliseconds(), times[0].Milliseconds(), times[len(times)-1].Milliseconds())
}

// display makes a display when there is none. What it answers takes it away.
func display(ctx context.Context) (done func(), err error) {
	if os.Getenv("DISPLAY") != "" {
		return func() {}, nil
	}
	const name = ":73"
	xvfb := exec.CommandContext(ctx, "Xvfb", name, "-screen", "0", "1366x768x24")
	if err := xvfb.Start(); err != nil {
		return nil, fmt.Errorf("there is no display and no Xvfb: %w", err)
	}
	for began := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		if _, err := os.Stat("/tmp/.X11-unix/X" + name[1:]); err == nil {
			break
		}
		if time.Since(began) > patience {
			return nil, errors.New("xvfb does not come")
		}
	}
	return func() {
		_ = xvfb.Process.Signal(syscall.SIGTERM)
		_ = xvfb.Wait()
	}, os.Setenv("DISPLAY", name)
}

// sessionBus makes a session bus when there is none. What it answers takes it away.
func sessionBus(ctx context.Context) (done func(), err error) {
	const name = "DBUS_SESSION_BUS_ADDRESS"
	if os.Getenv(name) != "" {
		return func() {}, nil
	}
	bus := exec.CommandContext(ctx, "dbus-daemon", "--session", "--nofork", "--print-address=1")
	out, err := bus.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := bus.Start(); err != nil {
		return nil, fmt.Errorf("there is no session bus and no dbus-daemon: %w", err)
	}
	done = func() {
		_ = bus.Process.Signal(syscall.SIGTERM)
		_ = bus.Wait()
	}
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		done()
		return nil, fmt.Errorf("the session bus tells no address: %w", err)
	}
	return done, os.Setenv(name, strings.TrimSpace(address))
}

// start starts the program, waits until it has told of its first view, and ends
// it.
func start(ctx context.Context, program, data string) (seen, error) {
	log := filepath.Join(data, "logs", "nectar.log")
	known := len(paints(log))
	cmd := exec.CommandContext(ctx, program, "--data", data)
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return seen{}, err
	}
	defer func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
	}()
	for {
		if all := paints(log); len(all) > known {
			return all[known].since(began), nil
		}
		if time.Since(began) > patience {
			return seen{}, errors.New("the window tells of no first view")
		}
		time.Sleep(50 * time.Millisecond) // rarely: it is measured by its own log
	}
}

// paint is what the log says of a window: at Time its first view was there,
// which came so many milliseconds after it began, and its first frame so many.
type paint struct {
	Time  time.Time `json:"time"`
	Msg   string    `json:"msg"`
	Frame int64     `json:"milliseconds"`
	View  int64     `json:"first_view"`
}

func (p paint) since(began time.Time) seen {
	view := p.Time.Sub(began)
	return seen{view - time.Duration(p.View-p.Frame)*time.Millisecond, view}
}

func paints(log string) (found []paint) {
	text, err := os.ReadFile(log)
	if err != nil {
		return nil
	}
	for line := range strings.Lines(string(text)) {
		var p paint
		if json.Unmarshal([]byte(line), &p) == nil && p.Msg == "first paint" {
			found = append(found, p)
		}
	}
	return found
}
