//go:build !windows

package launcher

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/samber/lo"
)

// tellPatience is how long a message may stay on the screen.
const tellPatience = 10 * time.Minute

// messengers are programs that show a message where there is a screen, the best
// first. The title and the text are put where %t and %m stand, each whole within
// one argument, so that nothing in them is taken for an option.
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
	texts := strings.NewReplacer("%t", title, "%m", text)
	for _, messenger := range messengers {
		path, err := exec.LookPath(messenger[0])
		if err != nil {
			continue
		}
		show := exec.CommandContext(ctx, path, lo.Map(messenger[1:], func(argument string, _ int) string { return texts.Replace(argument) })...)
		show.Env = os.Environ()
		if show.Run() == nil {
			return true
		}
	}
	return false
}
