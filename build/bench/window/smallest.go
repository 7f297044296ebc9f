package main

import (
	"context"
	_ "embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

//go:embed testdata/smallest.c
var source []byte

// makeSmallest builds the smallest program with a window of WebKit in dir, and
// answers its path.
func makeSmallest(ctx context.Context, dir string) (string, error) {
	const library = "webkit2gtk-4.1"
	flags, err := exec.CommandContext(ctx, "pkg-config", "--cflags", "--libs", library).Output()
	if err != nil {
		return "", fmt.Errorf("pkg-config does not know %s: %w", library, err)
	}
	file, program := filepath.Join(dir, "smallest.c"), filepath.Join(dir, "smallest")
	if err := os.WriteFile(file, source, 0o600); err != nil {
		return "", err
	}
	args := append([]string{"-O1", "-o", program, file}, strings.Fields(string(flags))...)
	if out, err := exec.CommandContext(ctx, "cc", args...).CombinedOutput(); err != nil {
		return "", fmt.Errorf("cc: %w\n%s", err, out)
	}
	return program, nil
}

// startSmallest starts it, and answers how long after that its page was drawn.
func startSmallest(ctx context.Context, program string) (time.Duration, error) {
	began := time.Now()
	out, err := exec.CommandContext(ctx, program).Output()
	if err != nil {
		return 0, fmt.Errorf("the smallest window: %w", err)
	}
	drawn, err := strconv.ParseInt(strings.TrimSpace(string(out)), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("the smallest window tells no time: %w", err)
	}
	return time.UnixMilli(drawn).Sub(began), nil
}
