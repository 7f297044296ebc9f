package cli

import (
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"nectar/backend/fault"
)

// Globals are the flags that every command takes.
type Globals struct {
	Data string `placeholder:"DIR" help:"The data folder. By default $NECTAR_DATA, else the folder of this user."`
	As   string `placeholder:"NAME" help:"Act as this person. Their PIN is asked for, or read from $NECTAR_PIN."`
	JSON bool   `name:"json" help:"Print exactly one JSON document."`
}

// grammar is everything that can be written. Sentences of help stand in the
// tags; they are in English, like the names of commands.
type grammar struct {
	Globals

	Version bool `help:"Print the version."`

	Sources  sourcesCommand  `cmd:"" group:"channels" help:"List drives and folders with channels."`
	Channels channelsCommand `cmd:"" group:"channels" help:"List the channels on this laptop, or at a source."`
	Tree     treeCommand     `cmd:"" group:"channels" help:"Show topics and resources with counts and sizes, and what is here."`
	Import   importCommand   `cmd:"" group:"channels" help:"Import channels from a source."`
	Eject    ejectCommand    `cmd:"" group:"channels" help:"Let a drive go, so that it can be pulled out."`
	Diff     diffCommand     `cmd:"" group:"channels" help:"Show what an update of a channel would bring."`
	Update   updateCommand   `cmd:"" group:"channels" help:"Update a channel to a new version."`
	Delete   deleteCommand   `cmd:"" group:"channels" help:"Delete a channel or parts of it from this laptop."`
	Export   exportCommand   `cmd:"" group:"channels" help:"Export channels to a drive or folder."`
	Verify   verifyCommand   `cmd:"" group:"channels" help:"Check that the files of channels are whole, and repair them."`

	Adopt adoptCommand `cmd:"" group:"channels" help:"Use an existing Kolibri content folder where it is."`
	Move  moveCommand  `cmd:"" group:"channels" help:"Move the content folder to another folder or disk."`

	Jobs      jobsCommand      `cmd:"" group:"jobs" help:"List and manage jobs."`
	Queues    queuesCommand    `cmd:"" group:"jobs" help:"List, pause and resume queues."`
	Schedules schedulesCommand `cmd:"" group:"jobs" help:"List jobs that are due later or again, with their next three runs."`
	Tasks     tasksCommand     `cmd:"" group:"jobs" help:"Show the catalogue of what can be enqueued."`
	Enqueue   enqueueCommand   `cmd:"" group:"jobs" help:"Store a job of any task."`
	Work      workCommand      `cmd:"" group:"jobs" help:"Run due jobs without a window."`
	Stop      stopCommand      `cmd:"" group:"jobs" help:"Let the window, or the command that runs jobs, stop them safely and end."`

	Home     homeCommand     `cmd:"" group:"laptop" help:"Say at a glance what is going on, what needs somebody, what is next and what just arrived."`
	People   peopleCommand   `cmd:"" group:"laptop" help:"List and manage who uses this laptop."`
	Settings settingsCommand `cmd:"" group:"laptop" help:"Show and change settings."`

	Backup      backupCommand      `cmd:"" group:"laptop" help:"Back up the database, list the backups, bring one back."`
	Upgrade     upgradeCommand     `cmd:"" group:"laptop" help:"Find a newer version of Nectar on a drive, and install it."`
	Doctor      doctorCommand      `cmd:"" group:"laptop" help:"Say what this machine has and lacks."`
	Diagnostics diagnosticsCommand `cmd:"" group:"laptop" help:"Collect logs and settings, with names and paths removed, to send to someone who helps."`
}

const description = `Imports Kolibri channels from drives and folders, and runs that and other work as jobs that survive a power cut. Without a command it opens the window.

Exit status: 0 done; 1 the job failed or was cancelled; 2 the request was refused and nothing was stored; 3 done, but some items failed; 130 interrupted.`

var groups = kong.Groups{"channels": "Channels:", "jobs": "Jobs:", "laptop": "This laptop:", "when": "When it runs:", "filter": "Which jobs:"}

// parsed is what the arguments ask for.
type parsed struct {
	globals Globals
	command command
}

// parse reads the arguments. It reports true when it has answered already:
// with help or the version.
func (f *face) parse(args []string) (p parsed, answered bool, err error) {
	if !slices.ContainsFunc(beforeDashes(args), func(arg string) bool { return arg == "--help" || arg == "-h" }) &&
		slices.Contains(beforeDashes(args), "--version") {
		return parsed{}, true, f.version()
	}
	var g grammar
	parser, err := kong.New(&g,
		kong.Name("nectar"), kong.Description(description), groups,
		kong.Writers(f.env.Stdout, f.env.Stderr),
		kong.Exit(func(int) { answered = true }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, FlagsLast: true, WrapUpperBound: max(f.env.Width, 80)}),
	)
	if err != nil {
		return parsed{}, false, fmt.Errorf("make grammar: %w", err)
	}
	read, err := parser.Parse(args)
	if answered {
		return parsed{}, true, nil
	}
	if err != nil {
		return parsed{}, false, f.misread(err)
	}
	chosen, ok := reflect.TypeAssert[command](read.Selected().Target.Addr())
	if !ok {
		return parsed{}, false, fmt.Errorf("command %s cannot run", read.Command())
	}
	return parsed{g.Globals, chosen}, false, nil
}

func (f *face) version() error {
	return f.answer(map[string]string{"version": f.env.Version}, func() string { return "nectar " + f.env.Version })
}

// usage makes the fault of a command line that cannot be understood. The text
// under the key is a clause, which says the reason.
func (f *face) usage(key string, pairs ...any) error {
	return fault.New(fault.Usage, "reason", strings.TrimRight(plain(f.say.text(key, pairs...)), "."))
}

// wantsJSON looks for --json before anything is parsed.
func wantsJSON(args []string) bool {
	return slices.ContainsFunc(beforeDashes(args), func(arg string) bool { return arg == "--json" || arg == "--json=true" })
}

// beforeDashes answers the arguments that may be flags: those before "--".
func beforeDashes(args []string) []string {
	if i := slices.Index(args, "--"); i >= 0 {
		return args[:i]
	}
	return args
}

// WantsWindow reports whether the arguments name no command and so ask for the
// window, and answers the flags that are for it. A folder that the window is to
// import from is no command; GivenFolder answers it. Arguments that cannot be
// understood are for Run, which says so.
func WantsWindow(args []string) (Globals, bool) {
	g, paths, window := windowArgs(args)
	if window && len(paths) > 0 {
		dir, err := os.Getwd()
		window = err == nil && GivenFolder(args, dir) != ""
	}
	return g, window
}

// windowArgs takes the arguments for the window apart: its flags, and paths.
func windowArgs(args []string) (g Globals, paths []string, window bool) {
	for i := 0; i < len(args); i++ {
		if isPath(args[i]) {
			paths = append(paths, args[i])
			continue
		}
		name, value, joined := strings.Cut(args[i], "=")
		if name == "--json" && !joined {
			g.JSON = true
			continue
		}
		if !joined && i+1 < len(args) && !strings.HasPrefix(args[i+1], "-") {
			i++
			value, joined = args[i], true
		}
		into, known := map[string]*string{"--data": &g.Data, "--as": &g.As}[name]
		if !known || !joined {
			return Globals{}, nil, false
		}
		*into = value
	}
	return g, paths, true
}

// verbatim is the value of a flag that may begin with a hyphen.
type verbatim string

// Decode implements kong.MapperValue.
func (v *verbatim) Decode(ctx *kong.DecodeContext) error {
	token := ctx.Scan.Pop()
	if token.IsEOL() {
		return fmt.Errorf("a value is missing")
	}
	*v = verbatim(token.String())
	return nil
}

// anyGiven reports whether any flag of the struct was given.
func anyGiven(flags any) bool { return !reflect.ValueOf(flags).IsZero() }
