package power

import (
	"io/fs"
	"os"
	"strconv"
	"strings"
)

func read() (State, error) { return readFrom(os.DirFS("/sys/class/power_supply")) }

// supplies are what the folder of the kernel says of all batteries and chargers
// together.
type supplies struct {
	chargers, plugged   int
	batteries, draining int
	known               int // batteries that say how much they hold
	percents            int // their sum
}

// readFrom reads the kernel's folder of power supplies. What belongs to a
// device, such as a mouse, is left out.
func readFrom(folder fs.FS) (State, error) {
	entries, err := fs.ReadDir(folder, ".")
	if err != nil {
		return State{}, err
	}
	var all supplies
	for _, entry := range entries {
		all.add(func(file string) string {
			text, _ := fs.ReadFile(folder, entry.Name()+"/"+file) // not every supply has every file
			return strings.TrimSpace(string(text))
		})
	}
	if all.batteries == 0 {
		return mains, nil
	}
	state := State{Battery: true, Mains: all.plugged > 0, Percent: 100}
	if all.chargers == 0 { // some machines show the battery alone
		state.Mains = all.draining == 0
	}
	if all.known > 0 {
		state.Percent = all.percents / all.known
	}
	return state, nil
}

func (s *supplies) add(value func(file string) string) {
	if value("scope") == "Device" {
		return
	}
	switch kind := value("type"); {
	case kind == "Mains", strings.HasPrefix(kind, "USB"):
		s.chargers++
		if online, _ := strconv.Atoi(value("online")); online > 0 {
			s.plugged++
		}
	case kind == "Battery" && value("present") != "0":
		s.batteries++
		if value("status") == "Discharging" {
			s.draining++
		}
		if percent, known := charge(value); known {
			s.known++
			s.percents += percent
		}
	}
}

// charge answers what a battery holds of what it can, in percent. It reports
// whether the battery tells.
func charge(value func(file string) string) (int, bool) {
	if percent, err := strconv.Atoi(value("capacity")); err == nil {
		return min(max(percent, 0), 100), true
	}
	for _, of := range []string{"energy", "charge"} {
		now, failed := strconv.ParseFloat(value(of+"_now"), 64)
		full, err := strconv.ParseFloat(value(of+"_full"), 64)
		if failed == nil && err == nil && full > 0 {
			return int(min(max(100*now/full, 0), 100)), true
		}
	}
	return 0, false
}
