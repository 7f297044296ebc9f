// Command desktop stands in for the part of a desktop that shows notifications, on
// a message bus of its own, whose address it prints first. It prints each
// notification as a line of JSON, and reads what a person does: "click 1" or
// "dismiss 1", by its number.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/godbus/dbus/v5"

	"nectar/backend/notice/noticetest"
	"nectar/backend/power/bustest"
)

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context) (err error) {
	address, stop, err := bustest.Run(ctx)
	if err != nil {
		return err
	}
	defer stop()
	bus, err := dbus.Connect(address)
	if err != nil {
		return fmt.Errorf("reach the bus: %w", err)
	}
	defer func() { err = errors.Join(err, bus.Close()) }()
	to := json.NewEncoder(os.Stdout)
	desktop, err := noticetest.Serve(bus, func(shown noticetest.Shown) { _ = to.Encode(shown) })
	if err != nil {
		return err
	}
	fmt.Println(address)
	return obey(desktop)
}

// obey does what each line says, until there are no more.
func obey(desktop *noticetest.Desktop) error {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var what string
		var id uint32
		if _, err := fmt.Sscan(lines.Text(), &what, &id); err != nil {
			return fmt.Errorf("read %q: %w", lines.Text(), err)
		}
		do := desktop.Dismiss
		if what == "click" {
			do = desktop.Click
		}
		if err := do(id); err != nil {
			return err
		}
	}
	return lines.Err()
}
