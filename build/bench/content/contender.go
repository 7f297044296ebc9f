package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"
)

// contender is a program that is measured.
type contender struct {
	name     string
	command  func(into string) []string
	kept     string // a folder that all rounds have in common; "" for a fresh one each
	measured []measurement
}

type measurement struct {
	time      time.Duration // until everything was on the disk
	processor time.Duration
	memory    int64 // the largest resident set, in bytes
	written   int64 // bytes that the process gave to the disk
}

// inTurns measures the contenders, the one that begins changing from round to
// round. A round before the first warms the page cache for all alike.
func (b *bench) inTurns(ctx context.Context, contenders ...*contender) error {
	for round := range b.rounds + 1 {
		turns := slices.Clone(contenders)
		if round%2 == 1 {
			slices.Reverse(turns)
		}
		for _, c := range turns {
			into := filepath.Join(b.scratch, "into", fmt.Sprintf("%d %s", round, c.name))
			m, err := c.measure(ctx, into)
			if err != nil {
				return err
			}
			if round == 0 {
				continue
			}
			c.measured = append(c.measured, m)
			fmt.Printf("round %d  %-20s %7.2f s   %6.2f s of processor   %4d MB at most   %.3f GB written\n",
				round, c.name, m.time.Seconds(), m.processor.Seconds(), m.memory/1e6, float64(m.written)/1e9)
		}
	}
	return nil
}

// measure runs the program once.
func (c *contender) measure(ctx context.Context, into string) (m measurement, err error) {
	if c.kept != "" {
		into = c.kept
	}
	if err := os.MkdirAll(into, 0o700); err != nil {
		return m, fmt.Errorf("make folder: %w", err)
	}
	if c.kept == "" {
		defer func() { err = errors.Join(err, empty(into)) }()
	}
	if err := sync(ctx, into); err != nil {
		return m, err
	}
	self, err := os.Executable()
	if err != nil {
		return m, fmt.Errorf("find this program: %w", err)
	}
	command := exec.CommandContext(ctx, self, append([]string{asStarter}, c.command(into)...)...) //nolint:gosec // what the developer asked to measure
	var said bytes.Buffer
	command.Stderr = &said
	start := time.Now()
	out, err := command.Output()
	if err != nil {
		return m, fmt.Errorf("run %s: %w: %s", c.name, err, said.Bytes()[:min(said.Len(), 2000)])
	}
	if err := sync(ctx, into); err != nil {
		return m, err
	}
	m.time = time.Since(start)
	var spent usage
	if err := json.Unmarshal(out, &spent); err != nil {
		return m, fmt.Errorf("run %s: %w: %s", c.name, err, out[:min(len(out), 2000)])
	}
	m.processor, m.memory, m.written = spent.Processor, spent.Memory, spent.Written
	return m, nil
}

// empty gives the room of all files in the folder back, and leaves them there:
// ext4 looks through the files that were removed in the last minutes before it
// makes new ones, which took a quarter of the processor time of a copy.
func empty(folder string) error {
	return filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		return os.Truncate(path, 0)
	})
}

// sync flushes the disk that holds the folder.
func sync(ctx context.Context, folder string) error {
	if out, err := exec.CommandContext(ctx, "sync", "-f", folder).CombinedOutput(); err != nil {
		return fmt.Errorf("sync: %w: %s", err, out)
	}
	return nil
}

func seconds(m measurement) float64 { return m.time.Seconds() }

// written answers the median of the bytes given to the disk.
func (c *contender) written() float64 {
	_, middle, _ := spread(c.measured, func(m measurement) float64 { return float64(m.written) })
	return middle
}
