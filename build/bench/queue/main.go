// Command queue measures Nectar's engine beside other job queues on SQLite, in
// the same run and with the same promise of durability.
//
//	cd build/bench/queue && go run . [-quick] [-folder DIR] [-only TEXT] [-write]
//
// It prints one table and compares its ratios with those of baseline.json: one
// that got worse by a fifth is named, and the exit status is 1.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"time"
)

// bench is one run of the program.
type bench struct {
	ctx    context.Context //nolint:containedctx // of the whole program
	folder string
	quick  bool
	only   string
	rounds int
	table  table
}

func main() {
	var b bench
	write := flag.Bool("write", false, "keep the ratios as the baseline")
	baseline := flag.String("baseline", "baseline.json", "file of the ratios to compare with")
	flag.BoolVar(&b.quick, "quick", false, "a tenth of the jobs and a single round: does it run?")
	flag.StringVar(&b.only, "only", "", "measure only what has this text in its name")
	parent := flag.String("folder", "", "folder for the databases; on the disk that is to be measured")
	flag.IntVar(&b.rounds, "rounds", 5, "interleaved rounds")
	flag.Parse()

	b.ctx = context.Background()
	if b.quick {
		b.rounds = 1
	}
	if err := b.runIn(*parent); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Print(b.table.text())
	worse, err := b.table.compare(*baseline, *write)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	for _, line := range worse {
		fmt.Println(line)
	}
	if err != nil || len(worse) > 0 {
		os.Exit(1)
	}
}

// runIn measures in a folder of its own there, which is gone afterwards.
func (b *bench) runIn(parent string) (err error) {
	if b.folder, err = os.MkdirTemp(parent, "queue-bench"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(b.folder)) }()
	return b.run()
}

func (b *bench) run() error {
	for _, part := range []struct {
		name string
		run  func() error
	}{
		{"enqueue", b.enqueue}, {"batches", b.batches}, {"drain", b.drain}, {"latency", b.latency}, {"history", b.history}, {"waiting", b.waiting},
	} {
		if b.only != "" && !strings.Contains(part.name, b.only) {
			continue
		}
		began := time.Now()
		if err := part.run(); err != nil {
			return fmt.Errorf("%s: %w", part.name, err)
		}
		fmt.Fprintf(os.Stderr, "measured %s in %.0f s\n", part.name, time.Since(began).Seconds())
	}
	return nil
}

// jobs answers how many jobs a measurement takes.
func (b *bench) jobs(n int) int {
	if b.quick {
		return max(n/10, 10)
	}
	return n
}
