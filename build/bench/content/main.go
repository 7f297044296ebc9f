// Command content measures how long Nectar takes with large channels, beside
// the plain tools that do the same without knowing what they copy. All are
// whole processes, all are followed by a sync, and they take turns, since a
// machine is never quiet.
//
//	go build -o /tmp/nectar . && go run -C build/bench ./content -nectar /tmp/nectar
//	go run -C build/bench ./content -nectar /tmp/nectar -quick          # does it run?
//	go run -C build/bench ./content -nectar /tmp/nectar -only tiny      # a part: large, tiny, browse, network
//
// It prints a table and asserts nothing. It runs on Linux. The full size needs
// 10 GB in the folder of -dir.
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
	"strings"
	"syscall"

	"nectar/backend/channel/channeltest"
)

func main() {
	if len(os.Args) > 2 && os.Args[1] == asStarter {
		if err := start(os.Args[2:]); err != nil {
			fmt.Fprintln(os.Stderr, "content:", err)
			os.Exit(1)
		}
		return
	}
	b := bench{}
	quick := flag.Bool("quick", false, "a hundredth of the size, one round")
	only := flag.String("only", "large,tiny,browse,network", "what to measure")
	flag.StringVar(&b.nectar, "nectar", "nectar", "the program to measure")
	flag.StringVar(&b.folder, "dir", os.TempDir(), "a folder on the disk to measure; its files are removed afterwards")
	flag.IntVar(&b.rounds, "rounds", 5, "how often each is measured")
	flag.Parse()
	b.scale = 1
	if *quick {
		b.scale, b.rounds = 100, 1
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := b.run(ctx, strings.Split(*only, ",")); err != nil {
		fmt.Fprintln(os.Stderr, "content:", err)
		os.Exit(1)
	}
}

type bench struct {
	nectar, folder string
	rounds, scale  int

	scratch string
	rows    []row
}

// shared is how many in a hundred resources of a load bring no file of their
// own.
const shared = 5

func (b *bench) run(ctx context.Context, parts []string) (err error) {
	// The program is started in other folders.
	if b.nectar, err = exec.LookPath(b.nectar); err != nil {
		return fmt.Errorf("find the program: %w", err)
	}
	if b.nectar, err = filepath.Abs(b.nectar); err != nil {
		return fmt.Errorf("find the program: %w", err)
	}
	if b.scratch, err = os.MkdirTemp(b.folder, "nectar-bench-"); err != nil {
		return fmt.Errorf("make scratch folder: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(b.scratch)) }()
	measures := map[string]func(context.Context) error{
		"large": b.large, "tiny": b.tiny, "browse": b.browse, "network": b.network,
	}
	for _, part := range parts {
		measure, known := measures[part]
		if !known {
			return fmt.Errorf("nothing is called %q", part)
		}
		if err := measure(ctx); err != nil {
			return fmt.Errorf("%s: %w", part, err)
		}
		// Each part makes its own channel, and takes its room away.
		if err := os.RemoveAll(filepath.Join(b.scratch, "drive")); err != nil {
			return err
		}
	}
	b.table()
	return nil
}

// drive makes a channel of as many files and bytes on a drive.
func (b *bench) drive(files, each int, bytes int64) (*channeltest.Channel, string, error) {
	files, bytes = max(files/b.scale, 40), bytes/int64(b.scale)
	drive := filepath.Join(b.scratch, "drive")
	made := channeltest.New(channeltest.Load(files*100/(100-shared)/each, each, bytes))
	fmt.Printf("making a channel of %d files, %.3f GB\n", files, float64(bytes)/1e9)
	return made, drive, made.Write(drive)
}

// large measures 3 GB in 5,000 files from a drive.
func (b *bench) large(ctx context.Context) error {
	made, drive, err := b.drive(5000, 1, 3e9)
	if err != nil {
		return err
	}
	return b.fromDrive(ctx, made, drive, "3 GB in 5,000 files from a drive", 1.3, 1.05)
}

// tiny measures 45,000 files of some bytes.
func (b *bench) tiny(ctx context.Context) error {
	made, drive, err := b.drive(45_000, 1, 45_000*2000)
	if err != nil {
		return err
	}
	// A file system gives out 4 KB at least.
	return b.fromDrive(ctx, made, drive, "45,000 tiny files from a drive", 1.5, 0)
}

// fromDrive measures an import beside cp -r, and one again with nothing to do.
func (b *bench) fromDrive(ctx context.Context, made *channeltest.Channel, drive, what string, limit, written float64) error {
	copying := &contender{name: "cp -r", command: func(into string) []string {
		return []string{"cp", "-r", filepath.Join(drive, "KOLIBRI_DATA"), into}
	}}
	importing := &contender{name: "nectar import", command: b.importing(made, drive)}
	if err := b.inTurns(ctx, copying, importing); err != nil {
		return err
	}
	b.compare(what, importing, limit, copying)
	if written > 0 {
		b.bytesWritten(what, importing, made, written)
	}
	again := &contender{name: "nectar import again", command: b.importing(made, drive), kept: filepath.Join(b.scratch, "kept")}
	defer func() { _ = os.RemoveAll(again.kept) }()
	if err := b.inTurns(ctx, again); err != nil {
		return err
	}
	b.absolute(what+", again with nothing to do", again, 1)
	return nil
}

// browse measures reading the database of a channel of 50,000 nodes up to what
// a person sees of it: a topic, with the counts and sizes of what is in it.
func (b *bench) browse(ctx context.Context) error {
	resources := 47_500 / b.scale
	made := channeltest.New(channeltest.Load(resources, 4, int64(resources)*200))
	drive := filepath.Join(b.scratch, "drive")
	fmt.Printf("making the database of a channel of %d nodes\n", len(made.Nodes()))
	if err := made.WriteDatabase(made.ID.DatabaseIn(channeltest.ContentIn(drive))); err != nil {
		return err
	}
	reading := &contender{name: "nectar tree", command: func(into string) []string {
		return []string{b.nectar, "--data", into, "--json", "tree", string(made.ID), string(made.Node("Topic 1").ID), "--from", drive}
	}}
	if err := b.inTurns(ctx, reading); err != nil {
		return err
	}
	b.absolute("the database of 50,000 nodes, ready to browse", reading, 1)
	return b.hugest(ctx)
}

// hugest measures the memory with the list of a channel of 100,000 nodes and
// 380,000 files, twice as large as any that is known.
func (b *bench) hugest(ctx context.Context) error {
	resources := 95_000 / b.scale
	made := channeltest.New(channeltest.Load(resources, 4, int64(resources)*200))
	drive := filepath.Join(b.scratch, "huge")
	defer func() { _ = os.RemoveAll(drive) }()
	if err := made.WriteDatabase(made.ID.DatabaseIn(channeltest.ContentIn(drive))); err != nil {
		return err
	}
	importing := &contender{name: "nectar import --metadata-only", command: func(into string) []string {
		return append(b.importing(made, drive)(into), "--metadata-only")
	}}
	if err := b.inTurns(ctx, importing); err != nil {
		return err
	}
	b.memory("the list of a channel of 100,000 nodes, imported", importing)
	return nil
}

// network measures 3 GB over HTTP, beside the better of curl one file after
// another and many at a time.
func (b *bench) network(ctx context.Context) error {
	made, drive, err := b.drive(5000, 1, 3e9)
	if err != nil {
		return err
	}
	served, err := serve(ctx, made, channeltest.ContentIn(drive))
	if err != nil {
		return err
	}
	defer served.close()
	list := filepath.Join(b.scratch, "urls")
	if err := served.list(list); err != nil {
		return err
	}
	curl := func(name string, more ...string) *contender {
		return &contender{name: name, command: func(into string) []string {
			return append([]string{"curl", "--silent", "--show-error", "--fail", "--create-dirs", "--output-dir", into, "--config", list}, more...)
		}}
	}
	one, many := curl("curl"), curl("curl --parallel", "--parallel", "--parallel-max", "8")
	importing := &contender{name: "nectar import", command: b.importing(made, served.base)}
	if err := b.inTurns(ctx, one, many, importing); err != nil {
		return err
	}
	const what = "3 GB in 5,000 files over loopback HTTP"
	b.compare(what, importing, 1.2, one, many)
	b.bytesWritten(what, importing, made, 1.05)
	return nil
}

// bytesWritten adds what the process gave to the disk, for each byte of the
// content.
func (b *bench) bytesWritten(what string, ours *contender, made *channeltest.Channel, limit float64) {
	_, size := made.Totals()
	b.add(row{what: what + ", bytes written", ours: fmt.Sprintf("%.2f GB", ours.written()/1e9), ratio: ours.written() / float64(size), limit: limit})
}

func (b *bench) importing(made *channeltest.Channel, from string) func(into string) []string {
	return func(into string) []string {
		return []string{b.nectar, "--data", into, "--json", "import", string(made.ID), "--from", from}
	}
}
