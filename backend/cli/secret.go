package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

// AskAt answers a function that asks for a secret at the terminal without
// showing what is typed, or nil when the file is none. Prompts are written
// apart, because standard output is for the answer.
func AskAt(terminal *os.File, prompts io.Writer) func(ctx context.Context, prompt string) (string, error) {
	fd := int(terminal.Fd())
	if !term.IsTerminal(fd) {
		return nil
	}
	return func(ctx context.Context, prompt string) (string, error) {
		before, err := term.GetState(fd)
		if err != nil {
			return "", fmt.Errorf("look at the terminal: %w", err)
		}
		fmt.Fprint(prompts, prompt)
		defer fmt.Fprintln(prompts)
		typed := make(chan error, 1)
		var secret []byte
		go func() { // reads until a key ends it; the program may be gone by then
			var err error
			secret, err = term.ReadPassword(fd)
			typed <- err
		}()
		select {
		case err := <-typed:
			if err != nil {
				return "", fmt.Errorf("read the terminal: %w", err)
			}
			return string(secret), nil
		case <-ctx.Done():
			_ = term.Restore(fd, before)
			return "", ctx.Err()
		}
	}
}

// newPIN asks for a new PIN: twice at a terminal, else for a line of standard
// input.
func (f *face) newPIN(ctx context.Context) (string, error) {
	pin, err := f.secret(ctx, f.say.text("new_pin"))
	if err != nil || f.env.Ask == nil {
		return pin, err
	}
	again, err := f.secret(ctx, f.say.text("new_pin_again"))
	if err == nil && again != pin {
		err = f.usage("usage.pins_differ")
	}
	return pin, err
}

// secret asks for something that is not shown: at a terminal, else for a line
// of standard input. It is no argument, since those are seen by other programs
// and remembered by shells.
func (f *face) secret(ctx context.Context, prompt string) (string, error) {
	if f.env.Ask != nil {
		secret, err := f.env.Ask(ctx, plain(prompt)+" ")
		if err == nil {
			f.secrets = append(f.secrets, secret)
		}
		return secret, err
	}
	if f.lines == nil {
		f.lines = bufio.NewReader(io.LimitReader(f.stdin, maxSecrets))
	}
	line, err := f.lines.ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("read standard input: %w", err)
	}
	if line = strings.TrimSpace(line); line == "" {
		return "", f.usage("usage.no_secret")
	}
	return line, nil
}

// retell answers how another process, which carries the command out from its
// beginning, asks for secrets: what was typed here already is not asked again.
func (f *face) retell() func(ctx context.Context, prompt string) (string, error) {
	typed := f.secrets
	return func(ctx context.Context, prompt string) (string, error) {
		if len(typed) > 0 {
			secret := typed[0]
			typed = typed[1:]
			return secret, nil
		}
		return f.env.Ask(ctx, prompt)
	}
}

// maxSecrets is how much of standard input secrets may take, in bytes.
const maxSecrets = 4096
