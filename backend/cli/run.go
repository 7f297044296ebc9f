package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"time"

	"github.com/samber/lo"

	"nectar/backend/fault"
	"nectar/backend/handover"
	"nectar/backend/i18n"
)

// Env is the world around the command line.
type Env struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Terminal       bool   // Stdout is a terminal
	Width          int    // its columns; 0 when unknown
	Dir            string // where relative paths begin; "" is the working directory
	// Open answers how to open the data folder that the flag --data names;
	// "" when it was not given. Faults of the name come back when it is used.
	Open func(dataFlag string) Open
	// PIN is that of the person of --as; "" to ask for it.
	PIN string
	// Ask asks for a secret at a terminal, without showing it; nil when there
	// is no terminal. See AskAt.
	Ask func(ctx context.Context, prompt string) (string, error)
	// Sleep waits, or answers why the context ended; by the clock of the
	// system by default.
	Sleep func(ctx context.Context, d time.Duration) error
	// Upkeep answers what can be done for the data folder that the flag names
	// while it is not open.
	Upkeep func(dataFlag string) (Upkeep, error)
	// Stop asks the process that owns the data folder of the flag to stop its
	// jobs safely and to end, and answers which kind of process it was; "" when
	// there was none.
	Stop func(ctx context.Context, dataFlag string) (handover.Role, error)
	// Signals receives what asks the program to stop. The first one stops
	// safely; at the second one Run answers at once.
	Signals <-chan os.Signal
	Version string
	// Language of the words, a tag such as "de"; English by default. It should
	// be that of the session's Maker.
	Language string
	// Guest is set for a command of another process; see Serve.
	Guest *Guest
}

// Run carries out one command, here or in the process that owns the data
// folder, and answers the exit status of the process:
//
//	0    done
//	1    a job failed or was cancelled
//	2    the request was refused, and nothing was stored
//	3    done, but some items failed
//	130  interrupted
//
// The context ends the command like a first signal.
func Run(ctx context.Context, args []string, env Env) int {
	ctx, interrupt := context.WithCancel(ctx)
	defer interrupt()
	ended := make(chan int, 1)
	go func() { ended <- execute(ctx, args, env).Status }()
	for signals := 0; ; signals++ {
		select {
		case status := <-ended:
			return status
		case <-env.Signals:
			if signals > 0 {
				return statusInterrupted
			}
			interrupt()
		}
	}
}

// execute parses and runs the command, and writes its refusal if there is one.
func execute(ctx context.Context, args []string, env Env) (outcome handover.Outcome) {
	ctx, interrupt := context.WithCancel(ctx)
	defer interrupt()
	f := &face{
		env: env, args: args, interrupt: interrupt, stdin: &rewinder{from: env.Stdin},
		json: wantsJSON(args), // also for what is wrong with the other flags
		say:  newWords(lo.CoalesceOrEmpty(env.Language, i18n.English)),
	}
	f.maker = f.say.maker()
	if env.Guest != nil {
		f.mark, f.stand = env.Guest.Mark, env.Guest.State
		// A mistake of ours must not end the process for a guest.
		defer func() {
			if p := recover(); p != nil {
				f.refuse(fault.New(fault.Internal).Because(fmt.Errorf("panic: %v\n\n%s", p, debug.Stack())))
				outcome = handover.Outcome{Status: statusFailed}
			}
		}()
	}
	parsed, exit, err := f.parse(args)
	if err != nil {
		f.refuse(err)
		return handover.Outcome{Status: statusRefused}
	}
	if exit {
		return handover.Outcome{Status: statusDone}
	}
	f.globals = parsed.globals
	status, err := f.carryOut(ctx, parsed.command)
	var moved *movedError
	if errors.As(err, &moved) {
		return handover.Outcome{Moved: true, State: moved.state}
	}
	return handover.Outcome{Status: f.end(ctx, status, err)}
}

// end says why the command was refused, if it was, and answers its exit
// status.
func (f *face) end(ctx context.Context, status int, err error) int {
	if err == nil {
		return status
	}
	if status == statusDone {
		if ctx.Err() != nil {
			return statusInterrupted
		}
		status = statusRefused
	}
	f.refuse(err)
	return status
}
