// Nectar brings Kolibri content channels onto a laptop without Internet, as
// jobs that survive a power cut. Without a command it opens the window.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/term"

	"nectar/backend"
	"nectar/backend/cli"
	"nectar/backend/config"
	"nectar/backend/datadir"
	"nectar/backend/fault"
	"nectar/backend/i18n"
	"nectar/backend/launcher"
	"nectar/backend/wire"
)

func main() {
	backend.FitSmallLaptops()
	os.Exit(run(os.Args[1:]))
}

// run picks a face: a command is for the command line, none for the window.
func run(args []string) int {
	flags, window := cli.WantsWindow(args)
	switch {
	case config.Bindings:
		return openWindow("", "", language())
	case !window:
		return commandLine(args)
	case !config.HasWindow:
		return startWindow(args)
	}
	folder, err := datadir.Resolve(flags.Data, os.Getenv("NECTAR_DATA"))
	if err != nil {
		return refuse(err)
	}
	given := ""
	if dir, err := os.Getwd(); err == nil {
		given = cli.GivenFolder(args, dir)
	}
	if backend.ShowWindow(context.Background(), folder, given) {
		return 0
	}
	if code, tried := backend.Try(context.Background(), args); tried {
		return code
	}
	return openWindow(folder, given, language())
}

func commandLine(args []string) int {
	signals := make(chan os.Signal, 2)
	heedEnd(signals)
	width, _, err := term.GetSize(int(os.Stdout.Fd()))
	return backend.CommandLine(context.Background(), backend.Config{Language: language()}, args, cli.Env{
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		Terminal: err == nil, Width: width,
		PIN: os.Getenv("NECTAR_PIN"), Ask: cli.AskAt(os.Stdin, os.Stderr),
		Signals: signals,
	})
}

// heedEnd lets signals arrive by which the system asks the program to end: a
// shutdown, a terminal or a session that closes. nohup keeps its promise.
func heedEnd(signals chan<- os.Signal) {
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	if !signal.Ignored(syscall.SIGHUP) {
		signal.Notify(signals, syscall.SIGHUP)
	}
}

// startWindow starts the program with a window that a package holds beside
// this one.
func startWindow(args []string) int {
	code, err := launcher.Start(context.Background(), args)
	if err != nil {
		return refuse(err)
	}
	return code
}

// refuse says why the window does not open: in the terminal, or on the screen
// for whoever has none.
func refuse(err error) int {
	e := wire.NewMaker(i18n.New(), nil, language()).Error(err)
	fmt.Fprintf(os.Stderr, "%s\n%s\n", e.Message, e.Advice)
	if fault.CodeOf(err) == fault.NoWebView2 {
		return 2 // Wails has shown it
	}
	if !term.IsTerminal(int(os.Stderr.Fd())) {
		launcher.Tell(context.Background(), "Nectar", e.Message+"\n\n"+e.Advice)
	}
	return 2
}

// language answers the language of the system that we have texts for.
func language() string {
	return i18n.Match(i18n.System()...)
}
