package main

import "context"

// part is one kind of trouble.
type part struct {
	name, about string
	// run makes the trouble and tells the rig what it did and found. An error
	// is trouble of the torture itself.
	run func(ctx context.Context, r *rig) error
}

var parts = []part{
	{"kill", "the program is killed at random moments, and started again", kill},
	{"power", "the power goes, and with it what was not flushed", power},
	{"disk", "the disk is full, fails, is protected or slow", disk},
	{"drive", "the drive is pulled out and put back", pulled},
	{"network", "servers that stall, lie, die and change", network},
	{"clock", "the clock is set while jobs wait and run", clocks},
	{"load", "very many jobs at once", load},
	{"later", "very many jobs for later, whose times come", later},
	{"crowd", "many callers at once, who also cancel and run again", crowd},
	{"week", "a week of use", week},
	{"who", "wrong PINs, other users of the system, other people of the laptop", who},
	{"window", "the window, its page and its system end in ways they should not", windows},
}

func names() []string {
	found := make([]string, len(parts))
	for i, p := range parts {
		found[i] = p.name
	}
	return found
}
