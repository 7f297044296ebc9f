//go:build torture

package backend

import (
	"encoding/json"
	"os"
	"runtime"
	"time"
)

// pulseEvery is how often the process says how it is.
const pulseEvery = 100 * time.Millisecond

// A build with the tag torture says in the file that NECTAR_TORTURE_PULSE names
// how many goroutines it has and how many bytes are alive in its memory: a week
// of use is looked at from outside.
func init() {
	if path := os.Getenv("NECTAR_TORTURE_PULSE"); path != "" {
		go pulse(path)
	}
}

func pulse(path string) {
	var memory runtime.MemStats
	for range time.Tick(pulseEvery) {
		runtime.ReadMemStats(&memory)
		text, err := json.Marshal(map[string]any{"pid": os.Getpid(), "goroutines": runtime.NumGoroutine(), "heap": memory.HeapAlloc})
		if err == nil && os.WriteFile(path+".new", text, 0o600) == nil {
			_ = os.Rename(path+".new", path)
		}
	}
}
