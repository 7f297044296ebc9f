package datadir

import (
	"bytes"
	"os"
	"strconv"
	"strings"
)

// born answers a text that no other process has that ever had or will have this
// number: the start of the system, and when after it the process began. It is ""
// where the system does not tell.
func born(pid int) string {
	boot, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return ""
	}
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return ""
	}
	// The name of the program stands in brackets, and may hold anything.
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	if len(fields) < 20 {
		return ""
	}
	return strings.TrimSpace(string(boot)) + " " + fields[19]
}
