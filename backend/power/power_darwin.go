package power

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"time"
)

// askLimit is how long the system's tool may take to answer.
const askLimit = 5 * time.Second

func read() (State, error) {
	ctx, cancel := context.WithTimeout(context.Background(), askLimit)
	defer cancel()
	out, err := exec.CommandContext(ctx, "/usr/bin/pmset", "-g", "batt").Output()
	if err != nil {
		return State{}, fmt.Errorf("ask pmset: %w", err)
	}
	return parsePmset(string(out)), nil
}

// stayAwake runs the system's tool for it, which ends with this process.
func stayAwake(string) (func(), error) {
	tool := exec.CommandContext(context.Background(), "/usr/bin/caffeinate", "-i", "-w", strconv.Itoa(os.Getpid()))
	if err := tool.Start(); err != nil {
		return nil, fmt.Errorf("start caffeinate: %w", err)
	}
	return sync.OnceFunc(func() {
		_ = tool.Process.Kill()
		_ = tool.Wait()
	}), nil
}
