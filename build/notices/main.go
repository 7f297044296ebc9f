// Command notices writes the licences of everything that is part of the
// programs: Go's modules on all systems, and what the window is built from.
// What is installed is read, so that the licences are those of what is shipped.
package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// part is something that is not ours, the folder that it lies in, and the name
// of its licence where that is known.
type part struct{ name, version, folder, says string }

func main() {
	if err := write(context.Background(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func write(ctx context.Context, to io.Writer) error {
	modules, err := goModules(ctx)
	if err != nil {
		return err
	}
	packages, err := npmPackages("frontend")
	if err != nil {
		return err
	}
	if _, err := io.WriteString(to, "Nectar holds parts that others made. These are their licences.\n"); err != nil {
		return err
	}
	for _, p := range slices.Concat(modules, packages) {
		text, err := licence(p)
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(to, "\n%s\n%s %s\n\n%s\n", strings.Repeat("=", 76), p.name, p.version, text); err != nil {
			return err
		}
	}
	return nil
}

// goModules answers Go itself and the modules that the programs hold on any
// system.
func goModules(ctx context.Context) ([]part, error) {
	const tags, format = "desktop,production,webkit2_41", "{{with .Module}}{{if not .Main}}{{.Path}}\t{{.Version}}\t{{.Dir}}{{end}}{{end}}"
	found := map[string]part{}
	for _, system := range []string{"linux", "windows", "darwin"} {
		list := exec.CommandContext(ctx, "go", "list", "-deps", "-tags", tags, "-f", format, ".")
		list.Env = append(os.Environ(), "GOOS="+system, "CGO_ENABLED=1")
		list.Stderr = os.Stderr
		out, err := list.Output()
		if err != nil {
			return nil, fmt.Errorf("list the modules for %s: %w", system, err)
		}
		for line := range strings.Lines(string(out)) {
			if fields := strings.Split(strings.TrimSpace(line), "\t"); len(fields) == 3 {
				found[fields[0]] = part{fields[0], fields[1], fields[2], ""}
			}
		}
	}
	root, err := exec.CommandContext(ctx, "go", "env", "GOROOT").Output()
	if err != nil {
		return nil, fmt.Errorf("ask for the folder of Go: %w", err)
	}
	found["go"] = part{"go", "", strings.TrimSpace(string(root)), ""}
	return sorted(found), nil
}

// npmPackages answers the packages that become part of the window's pages.
func npmPackages(folder string) ([]part, error) {
	text, err := os.ReadFile(filepath.Join(folder, "package-lock.json"))
	if err != nil {
		return nil, err
	}
	var lock struct {
		Packages map[string]struct {
			Version, License           string
			Dev, Optional, DevOptional bool
			Peer                       bool
		}
	}
	if err := json.Unmarshal(text, &lock); err != nil {
		return nil, err
	}
	found := map[string]part{}
	for place, p := range lock.Packages {
		_, name, ok := strings.Cut(place, "node_modules/")
		if ok && !p.Dev && !p.Optional && !p.DevOptional && !p.Peer {
			found[name] = part{name, p.Version, filepath.Join(folder, filepath.FromSlash(place)), p.License}
		}
	}
	return sorted(found), nil
}

func sorted(parts map[string]part) []part {
	return slices.SortedFunc(maps.Values(parts), func(a, b part) int { return cmp.Compare(a.name, b.name) })
}

// licence answers the licence that lies in the folder of a part, else its name.
// A part without either is an error: it would be shipped without permission.
func licence(p part) ([]byte, error) {
	for _, pattern := range []string{"LICEN[SC]E*", "[Ll]icen[sc]e*", "COPYING*"} {
		files, err := filepath.Glob(filepath.Join(p.folder, pattern))
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			if info, err := os.Stat(file); err != nil || !info.Mode().IsRegular() {
				continue
			}
			text, err := os.ReadFile(file)
			return bytes.TrimSpace(text), err
		}
	}
	// A module below the root of its repository has the licence there.
	if above := filepath.Dir(p.folder); strings.Contains(above, "@v") {
		return licence(part{p.name, p.version, above, p.says})
	}
	if p.says != "" {
		return []byte("Licence: " + p.says), nil
	}
	return nil, fmt.Errorf("%s %s has no licence in %s", p.name, p.version, p.folder)
}
