// Command generate makes what is written down twice from where it is written
// once. Run it in the project's folder:
//
//	go run ./build/generate         makes them anew
//	go run ./build/generate -check  says which are stale
//
// It makes:
//
//	docs/api.md               the methods that the window may call, from backend/bridge,
//	                          backend/wire and app.go with their comments
//	frontend/src/api/wire.ts  the same methods and values as types of the window
//	docs/plugins.md           its code blocks, from the files that they name
//	docs/tasks.md             the catalogue of tasks, from the program
//	docs/problems.md          every failure with its words, from backend/fault and the texts
//	frontend/src/assets/licences.json
//	                          the licences of all that the program holds, from what is installed
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

func main() {
	check := flag.Bool("check", false, "change nothing; fail when a file is stale")
	flag.Parse()
	if err := run(context.Background(), ".", *check); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, root string, check bool) error {
	made, err := makeAll(root)
	if err != nil {
		return err
	}
	if made[tasksFile], err = catalogue(ctx, root); err != nil {
		return err
	}
	if made[licencesFile], err = licencesPageOf(ctx, root); err != nil {
		return err
	}
	stale, err := staleOf(root, made)
	if err != nil {
		return err
	}
	if check && len(stale) > 0 {
		return fmt.Errorf("stale: %s; make them anew with: go run ./build/generate", strings.Join(stale, ", "))
	}
	for _, name := range stale {
		if err := os.WriteFile(filepath.Join(root, name), []byte(made[name]), 0o644); err != nil { //nolint:gosec // documents and sources are for everybody
			return err
		}
		fmt.Println("made", name)
	}
	return nil
}

// The files that are made.
const (
	apiFile      = "docs/api.md"
	wireFile     = "frontend/src/api/wire.ts"
	guideFile    = "docs/plugins.md"
	tasksFile    = "docs/tasks.md"
	problemsFile = "docs/problems.md"
	licencesFile = "frontend/src/assets/licences.json"
)

// makeAll makes everything that needs no running program, by file name.
func makeAll(root string) (map[string]string, error) {
	api, err := readAPI(root)
	if err != nil {
		return nil, err
	}
	guide, err := os.ReadFile(filepath.Join(root, guideFile))
	if err != nil {
		return nil, err
	}
	filled, err := fillGuide(root, string(guide))
	if err != nil {
		return nil, err
	}
	problems, err := problemsPage(root)
	if err != nil {
		return nil, err
	}
	return map[string]string{apiFile: apiPage(api), wireFile: typeScript(api), guideFile: filled, problemsFile: problems}, nil
}

// staleOf answers the names of the files that are not as they were made.
func staleOf(root string, made map[string]string) ([]string, error) {
	var stale []string
	for _, name := range []string{apiFile, wireFile, guideFile, tasksFile, problemsFile, licencesFile} {
		text, wanted := made[name]
		old, err := os.ReadFile(filepath.Join(root, name))
		if err != nil && !os.IsNotExist(err) {
			return nil, err
		}
		if wanted && string(old) != text {
			stale = append(stale, name)
		}
	}
	return stale, nil
}

// catalogue asks the program itself for the catalogue of its tasks.
func catalogue(ctx context.Context, root string) (string, error) {
	nowhere := filepath.Join(os.TempDir(), "nectar-generate-no-such-folder")
	command := exec.CommandContext(ctx, "go", "run", ".", "--data", nowhere, "tasks", "--markdown")
	command.Dir, command.Stderr = root, os.Stderr
	page, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("nectar tasks: %w", err)
	}
	return string(page), nil
}
