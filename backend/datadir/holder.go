package datadir

import (
	"encoding/json"
	"os"
	"time"
)

// Holder answers which process says that it owns the folder, and since when;
// false when none does that is alive. It takes no lock, so that it is no more
// than what to tell a person: whether the folder is free is what Lock answers.
func (d *Dir) Holder() (pid int, since time.Time, held bool) {
	var holder owner
	data, err := os.ReadFile(d.ownerFile())
	if err != nil || json.Unmarshal(data, &holder) != nil || holder.PID <= 0 || !alive(holder.PID) {
		return 0, time.Time{}, false
	}
	return holder.PID, holder.Since, true
}
