// Package licences gathers the licences of everything that is part of the
// programs: Go's modules on all systems, and what the window is built from.
// What is installed is read, so that the licences are those of what is shipped.
package licences

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// Part is something that is not ours.
type Part struct {
	Name, Version string

	folder string // that it lies in
	says   string // the name of its licence, where that is known
}

// Parts answers everything that is part of the programs of the project in a
// folder: Go and its modules, and the packages of the window.
func Parts(ctx context.Context, root string) ([]Part, error) {
	modules, err := goModules(ctx, root)
	if err != nil {
		return nil, err
	}
	packages, err := npmPackages(filepath.Join(root, "frontend"))
	return slices.Concat(modules, packages), err
}

// Here reports whether the part is installed, so that its licence can be read.
func (p Part) Here() bool {
	_, err := os.Stat(p.folder)
	return err == nil
}

// goModules answers Go itself and the modules that the programs hold on any
// system.
func goModules(ctx context.Context, root string) ([]Part, error) {
	const tags, format = "desktop,production,webkit2_41", "{{with .Module}}{{if not .Main}}{{.Path}}\t{{.Version}}\t{{.Dir}}{{end}}{{end}}"
	found := map[string]Part{}
	for _, system := range []string{"linux", "windows", "darwin"} {
		list := exec.CommandContext(ctx, "go", "list", "-deps", "-tags", tags, "-f", format, ".")
		list.Dir = root
		list.Env = append(os.Environ(), "GOOS="+system, "CGO_ENABLED=1")
		list.Stderr = os.Stderr
		out, err := list.Output()
		if err != nil {
			return nil, fmt.Errorf("list the modules for %s: %w", system, err)
		}
		for line := range strings.Lines(string(out)) {
			if fields := strings.Split(strings.TrimSpace(line), "\t"); len(fields) == 3 {
				found[fields[0]] = Part{fields[0], fields[1], fields[2], ""}
			}
		}
	}
	goroot, err := exec.CommandContext(ctx, "go", "env", "GOROOT").Output()
	if err != nil {
		return nil, fmt.Errorf("ask for the folder of Go: %w", err)
	}
	found["go"] = Part{"go", "", strings.TrimSpace(string(goroot)), ""}
	return sorted(found), nil
}

// npmPackages answers the packages that become part of the window's pages.
func npmPackages(folder string) ([]Part, error) {
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
	found := map[string]Part{}
	for place, p := range lock.Packages {
		_, name, ok := strings.Cut(place, "node_modules/")
		if ok && !p.Dev && !p.Optional && !p.DevOptional && !p.Peer {
			found[name] = Part{name, p.Version, filepath.Join(folder, filepath.FromSlash(place)), p.License}
		}
	}
	return sorted(found), nil
}

func sorted(parts map[string]Part) []Part {
	return slices.SortedFunc(maps.Values(parts), func(a, b Part) int { return cmp.Compare(a.Name, b.Name) })
}

// Licence answers the licence that lies in the folder of a part, else its name.
// A part without either is an error: it would be shipped without permission.
func (p Part) Licence() ([]byte, error) {
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
		return Part{p.Name, p.Version, above, p.says}.Licence()
	}
	if p.says != "" {
		return []byte("Licence: " + p.says), nil
	}
	return nil, fmt.Errorf("%s %s has no licence in %s", p.Name, p.Version, p.folder)
}
