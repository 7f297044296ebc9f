package power

import (
	"regexp"
	"strconv"
	"strings"
)

var pmsetPercent = regexp.MustCompile(`\s(\d{1,3})%;`)

// parsePmset reads what "pmset -g batt" of macOS answers.
func parsePmset(text string) State {
	found := pmsetPercent.FindStringSubmatch(text)
	if found == nil {
		return mains
	}
	percent, _ := strconv.Atoi(found[1])
	return State{Battery: true, Mains: strings.Contains(text, "'AC Power'"), Percent: min(percent, 100)}
}
