package launcher

import (
	"bytes"
	"context"
	"debug/elf"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// tracePatience is how long the loader may take to look for libraries.
const tracePatience = 10 * time.Second

// lacks answers the libraries that the program needs and this machine has not.
// The loader's own list of libraries answers at once in the ordinary case;
// where a name is not in it, the loader is asked.
func lacks(ctx context.Context, program string) []string {
	if libraries, err := needs(program); err == nil && listed("/etc/ld.so.cache", libraries) {
		return nil
	}
	return trace(ctx, program)
}

// needs answers the libraries that a program names itself.
func needs(program string) ([]string, error) {
	file, err := elf.Open(program)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	return file.ImportedLibraries()
}

// listed reports whether all libraries stand in the list of the loader, where
// each name ends with a zero byte.
func listed(list string, libraries []string) bool {
	names, err := os.ReadFile(list)
	return err == nil && !slices.ContainsFunc(libraries, func(library string) bool {
		return !bytes.Contains(names, []byte(library+"\x00"))
	})
}

// trace lets the loader look for all libraries, also those that others need,
// without running the program.
func trace(ctx context.Context, program string) []string {
	ctx, cancel := context.WithTimeout(ctx, tracePatience)
	defer cancel()
	loader := exec.CommandContext(ctx, program)
	loader.Env = append(os.Environ(), "LD_TRACE_LOADED_OBJECTS=1", "LC_ALL=C")
	out, _ := loader.Output() // it may complain, too, of what it does not find
	var missing []string
	for line := range strings.Lines(string(out)) {
		if name, ok := strings.CutSuffix(strings.TrimSpace(line), " => not found"); ok && !slices.Contains(missing, name) {
			missing = append(missing, name)
		}
	}
	return missing
}
