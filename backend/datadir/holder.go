package datadir

import (
	"encoding/json"
	"os"
	"time"
)

// Holder answers which process says that it owns the folder, and since when;
// false when none does that is alive: another process that has its number by now,
// as happens after the laptop was started anew, is none. It takes no lock, so that it is no more
// than what to tell a person: whether the folder is free is what Lock answers.
func (d *Dir) Holder() (pid int, since time.Time, held bool) {
	var holder owner
	data, err := os.ReadFile(d.ownerFile())
	if err != nil || json.Unmarshal(data, &holder) != nil || holder.PID <= 0 || !holder.lives() {
		return 0, time.Time{}, false
	}
	return holder.PID, holder.Since, true
}

// lives reports whether the process is there that signed, as far as can be known.
func (o owner) lives() bool {
	if !alive(o.PID) {
		return false
	}
	now := born(o.PID)
	return o.Born == "" || now == "" || now == o.Born
}
