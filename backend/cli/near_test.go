package cli

import (
	"strings"
	"testing"

	"nectar/backend/channel"
)

func TestTheChannelThatWasMeant(t *testing.T) {
	t.Parallel()
	known := []named{
		{channel.ID(strings.Repeat("a", 32)), "Blockly Games"},
		{channel.ID("b" + strings.Repeat("c", 31)), "Mathématiques"},
		{channel.ID(strings.Repeat("d", 32)), "Twins"},
		{channel.ID(strings.Repeat("e", 32)), "Twins"},
		{channel.ID(strings.Repeat("f", 32)), "رياضيات"},
		{channel.ID(strings.Repeat("0", 32)), ""},
		{channel.ID(strings.Repeat("1", 32)), "X"},
	}
	for text, want := range map[string]string{
		"blockly":          "Blockly Games", // a part
		"Blockly Gamse":    "Blockly Games", // two mistakes
		"my Blockly Games": "Blockly Games", // more than it
		"mathematiques":    "Mathématiques", // without its marks
		"bccccc":           "Mathématiques", // the beginning of its id
		"رياضيت":           "رياضيات",       // a letter too few, of two bytes
		"Twin":             "",              // two are as near
		"Chemistry":        "",
		"Y":                "", // one letter is no hint
		"":                 "",
		"00000":            "", // it has no name
	} {
		if got := nearChannel(known, text); got != want {
			t.Errorf("for %q it suggests %q, want %q", text, got, want)
		}
	}
}
