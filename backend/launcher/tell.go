//go:build !windows

package launcher

import (
	"context"
	"os"
	"os/exec"
	"time"
)

// tellPatience is how long a message may stay on the screen.
const tellPatience = 10 * time.Minute

// messengers are programs that show a message where there is a screen, the best
// first. The title and the text are put where %t and %m stand.
var messengers = [][]string{
	{"zenity", "--error", "--no-markup", "--width=480", "--title=%t", "--text=%m"},
	{"kdialog", "--title", "%t", "--error", "%m"},
	{"yad", "--image=dialog-error", "--no-markup", "--width=480", "--button=OK", "--title=%t", "--text=%m"},
	{"xmessage", "-center", "-title", "%t", "%m"},
	{"osascript", "-e", "on run argv", "-e", "display alert (item 1 of argv) message (item 2 of argv)", "-e", "end run", "%t", "%m"},
	{"notify-send", "--urgency=critical", "%t", "%m"},
}

// Tell shows a message to a person who has no terminal, until they have read
// it. It reports whether anything here could show one.
func Tell(ctx context.Context, title, text string) bool {
	ctx, cancel := context.WithTimeout(ctx, tellPatience)
	defer cancel()
	for _, messenger := range messengers {
		path, err := exec.LookPath(messenger[0])
		if err != nil {
			continue
		}
		show := exec.CommandContext(ctx, path, fill(messenger[1:], title, text)...)
		show.Env = os.Environ()
		if show.Run() == nil {
			return true
		}
	}
	return false
}

// fill puts the texts in whole, so that nothing in them is taken for an option.
func fill(arguments []string, title, text string) []string {
	filled := make([]string, len(arguments))
	for i, argument := range arguments {
		switch argument {
		case "%t":
			filled[i] = title
		case "%m":
			filled[i] = text
		case "--title=%t":
			filled[i] = "--title=" + title
		case "--text=%m":
			filled[i] = "--text=" + text
		default:
			filled[i] = argument
		}
	}
	return filled
}
