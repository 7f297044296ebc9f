// Command notices writes the licences of everything that is part of the
// programs, for the packages to bring along.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"nectar/build/licences"
)

func main() {
	if err := write(context.Background(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func write(ctx context.Context, to io.Writer) error {
	parts, err := licences.Parts(ctx, ".")
	if err != nil {
		return err
	}
	if _, err := io.WriteString(to, "Nectar holds parts that others made. These are their licences.\n"); err != nil {
		return err
	}
	for _, p := range parts {
		text, err := p.Licence()
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(to, "\n%s\n%s %s\n\n%s\n", strings.Repeat("=", 76), p.Name, p.Version, text); err != nil {
			return err
		}
	}
	return nil
}
