// Command torture does to the real program what laptops in schools go through,
// and looks afterwards whether what was promised is so. Run it in the project's
// folder:
//
//	go run ./build/torture -short              every part for a few seconds
//	go run ./build/torture -only kill          one part, at its full length
//	go run ./build/torture -only kill -seed 7  the same choices as in another run
//
// Which choices are made follows from the seed; when the processes are
// scheduled does not. It ends with a table, and with the status 1 when
// something that was promised was not so. What a machine does not allow, such
// as mounting a file system without being root, is skipped, and the table says
// so. It runs on Linux.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
)

func main() {
	r := &rig{}
	only := flag.String("only", strings.Join(names(), ","), "the parts to run")
	flag.Uint64Var(&r.seed, "seed", 1, "decides every choice")
	flag.BoolVar(&r.short, "short", false, "every part for a few seconds, as the checks run it")
	flag.IntVar(&r.kills, "kills", 0, "how often the program is killed; 1,000, or 12 with -short, when 0")
	flag.IntVar(&r.jobs, "jobs", 0, "how many jobs are let through at once; 1,000,000, or 2,000 with -short, when 0")
	flag.StringVar(&r.program, "program", "", "the program to torture; built when empty")
	flag.StringVar(&r.folder, "dir", "", "a folder for everything; made and removed when empty")
	flag.StringVar(&r.graph, "graph", "", "where to draw a picture of the week of use, as SVG")
	stranger := flag.String("stranger", "", "try a socket, as this program does when it is another user")
	flag.Parse()
	if *stranger != "" {
		fmt.Print(try(*stranger))
		return
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, r, strings.Split(*only, ",")); err != nil {
		fmt.Fprintln(os.Stderr, "torture:", err)
		stop()
		os.Exit(1)
	}
}

// errFound says that something which was promised was not so.
var errFound = errors.New("not everything that is promised was so")

func run(ctx context.Context, r *rig, only []string) (err error) {
	for _, name := range only {
		if !slices.Contains(names(), name) {
			return fmt.Errorf("there is no part %q, but %s", name, strings.Join(names(), ", "))
		}
	}
	done, err := r.prepare(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	for _, p := range parts {
		if !slices.Contains(only, p.name) || ctx.Err() != nil {
			continue
		}
		fmt.Printf("--- %s: %s\n", p.name, p.about)
		r.begin(p.name)
		if err := p.run(ctx, r); err != nil {
			r.wrong("went to its end", "%v", err)
		}
	}
	r.print(os.Stdout)
	if r.found() > 0 {
		return errFound
	}
	return ctx.Err()
}
