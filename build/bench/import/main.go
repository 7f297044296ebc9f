// Command import measures how long Nectar takes to import a channel from a
// folder, beside cp -r of the same folder. Both are whole processes, both are
// followed by a sync, and they take turns, since a machine is never quiet.
//
//	go build -o /tmp/nectar . && go run -C build/bench ./import -nectar /tmp/nectar
//
// It prints figures and asserts nothing. It runs on Linux.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"nectar/backend/channel/channeltest"
)

func main() {
	b := bench{}
	flag.StringVar(&b.nectar, "nectar", "nectar", "the program to measure")
	flag.StringVar(&b.folder, "dir", os.TempDir(), "a folder on the disk to measure; its files are removed afterwards")
	flag.IntVar(&b.files, "files", 5000, "files of the channel")
	flag.Int64Var(&b.bytes, "bytes", 3e9, "bytes of all of them")
	flag.IntVar(&b.rounds, "rounds", 5, "how often each is measured")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := b.run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "import:", err)
		os.Exit(1)
	}
}

type bench struct {
	nectar, folder string
	files, rounds  int
	bytes          int64
}

// shared is how many in a hundred resources of a load bring no file of their
// own.
const shared = 5

func (b *bench) run(ctx context.Context) (err error) {
	// The program is started in other folders.
	if b.nectar, err = exec.LookPath(b.nectar); err != nil {
		return fmt.Errorf("find the program: %w", err)
	}
	if b.nectar, err = filepath.Abs(b.nectar); err != nil {
		return fmt.Errorf("find the program: %w", err)
	}
	scratch, err := os.MkdirTemp(b.folder, "nectar-bench-")
	if err != nil {
		return fmt.Errorf("make scratch folder: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(scratch)) }()

	drive := filepath.Join(scratch, "drive")
	made := channeltest.New(channeltest.Load(b.files*100/(100-shared), 1, b.bytes))
	fmt.Printf("making a channel of %d files, %.2f GB, in %s\n", b.files, float64(b.bytes)/1e9, drive)
	if err := made.Write(drive); err != nil {
		return fmt.Errorf("make the channel: %w", err)
	}

	copying := &contender{name: "cp -r", command: func(into string) []string {
		return []string{"cp", "-r", filepath.Join(drive, "KOLIBRI_DATA"), into}
	}}
	importing := &contender{name: "nectar import", command: func(into string) []string {
		return []string{b.nectar, "--data", into, "--json", "import", string(made.ID), "--from", drive}
	}}
	for round := range b.rounds + 1 {
		turns := []*contender{copying, importing}
		if round%2 == 1 {
			turns[0], turns[1] = turns[1], turns[0]
		}
		for _, c := range turns {
			m, err := c.measure(ctx, filepath.Join(scratch, "into"))
			if err != nil {
				return err
			}
			if round == 0 {
				continue // warms the page cache for both alike
			}
			c.measured = append(c.measured, m)
			fmt.Printf("round %d  %-14s %7.2f s   %6.2f s of processor   %4d MB at most\n",
				round, c.name, m.time.Seconds(), m.processor.Seconds(), m.memory/1e6)
		}
	}
	report(copying, importing, b.bytes)
	return nil
}

// contender is a program that is measured.
type contender struct {
	name     string
	command  func(into string) []string
	measured []measurement
}

type measurement struct {
	time      time.Duration // until everything was on the disk
	processor time.Duration
	memory    int64 // the largest resident set, in bytes
}

// measure runs the program once, into a fresh folder.
func (c *contender) measure(ctx context.Context, into string) (m measurement, err error) {
	if err := os.Mkdir(into, 0o700); err != nil {
		return m, fmt.Errorf("make fresh folder: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(into)) }()
	if err := sync(ctx, into); err != nil {
		return m, err
	}
	args := c.command(into)
	command := exec.CommandContext(ctx, args[0], args[1:]...) //nolint:gosec // what the developer asked to measure
	start := time.Now()
	out, err := command.CombinedOutput()
	if err != nil {
		return m, fmt.Errorf("run %s: %w: %s", c.name, err, out)
	}
	if err := sync(ctx, into); err != nil {
		return m, err
	}
	m.time = time.Since(start)
	m.processor = command.ProcessState.UserTime() + command.ProcessState.SystemTime()
	if usage, ok := command.ProcessState.SysUsage().(*syscall.Rusage); ok {
		m.memory = usage.Maxrss * 1024
	}
	return m, nil
}

// sync flushes the disk that holds the folder.
func sync(ctx context.Context, folder string) error {
	if out, err := exec.CommandContext(ctx, "sync", "-f", folder).CombinedOutput(); err != nil {
		return fmt.Errorf("sync: %w: %s", err, out)
	}
	return nil
}

func report(copying, importing *contender, bytes int64) {
	fmt.Println()
	for _, c := range []*contender{copying, importing} {
		low, middle, high := spread(c.measured, func(m measurement) float64 { return m.time.Seconds() })
		_, _, memory := spread(c.measured, func(m measurement) float64 { return float64(m.memory) })
		fmt.Printf("%-14s median %.2f s (%.2f to %.2f), %s MB/s, at most %.0f MB of memory\n",
			c.name, middle, low, high, strconv.FormatFloat(float64(bytes)/middle/1e6, 'f', 0, 64), memory/1e6)
	}
	_, plain, _ := spread(copying.measured, func(m measurement) float64 { return m.time.Seconds() })
	_, ours, _ := spread(importing.measured, func(m measurement) float64 { return m.time.Seconds() })
	fmt.Printf("%-14s %.2f of the medians\n", "ratio", ours/plain)
}
