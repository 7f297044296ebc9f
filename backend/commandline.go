package backend

import (
	"context"
	"os"

	"nectar/backend/cli"
	"nectar/backend/config"
	"nectar/backend/datadir"
	"nectar/backend/handover"
	"nectar/backend/task"
)

// CommandLine carries out one command and answers the exit status of the
// process; see cli.Run. It opens data folders itself, as the configuration
// says, whose folder is that of the command.
func CommandLine(ctx context.Context, with Config, args []string, env cli.Env) int {
	env.Version, env.Language = config.Version, with.Language
	env.Open = func(flag string) cli.Open { return openData(with, flag) }
	env.Upkeep = func(flag string) (cli.Upkeep, error) {
		folder, err := datadir.Resolve(flag, os.Getenv(datadir.EnvironmentVariable))
		return Upkeep{Folder: folder}, err
	}
	env.Stop = func(ctx context.Context, flag string) (handover.Role, error) {
		folder, err := datadir.Resolve(flag, os.Getenv(datadir.EnvironmentVariable))
		if err != nil {
			return "", err
		}
		return Stop(ctx, folder)
	}
	return cli.Run(ctx, args, env)
}

// openData opens the data folder in the way that a command needs, or finds the
// way to its owner.
func openData(config Config, flag string) cli.Open {
	return func(ctx context.Context, mode cli.Mode) (*cli.Session, error) {
		folder, err := datadir.Resolve(flag, os.Getenv(datadir.EnvironmentVariable))
		if err != nil {
			return nil, err
		}
		config := config
		config.Folder, config.Focused = folder, mode == cli.ToWait
		var s *cli.Session
		open := func() (err error) {
			s, err = openFor(ctx, config, mode)
			return err
		}
		if mode == cli.ToRead {
			err = open()
			return s, err
		}
		err = untilFree(ctx, folder, open, func(client *handover.Client, inUse error) error {
			return &cli.OwnedError{Owner: client, Fault: inUse}
		})
		return s, err
	}
}

func openFor(ctx context.Context, config Config, mode cli.Mode) (*cli.Session, error) {
	switch mode {
	case cli.ToRead:
		s, err := briefly(ctx, OpenToRead, config)
		if err == nil && unattended(ctx, config.Folder) {
			s.Maker = s.Maker.Unattended()
		}
		return s, err
	case cli.ToStore:
		return briefly(ctx, Open, config)
	case cli.ToWait:
		return serving(ctx, handover.Waiting, config)
	default:
		return serving(ctx, handover.Work, config)
	}
}

// unattended reports whether no process runs the jobs of the folder. It takes no
// lock: whoever owns the folder and cannot be asked is still told by its process.
func unattended(ctx context.Context, folder string) bool {
	client, err := handover.Dial(ctx, folder)
	if err == nil {
		_ = client.Close()
		return false
	}
	_, _, held := datadir.Peek(folder).Holder()
	return handover.IsNobody(err) && !held
}

// briefly opens the folder for a command that leaves at once.
func briefly(ctx context.Context, open func(context.Context, Config) (*Backend, error), config Config) (*cli.Session, error) {
	b, err := open(ctx, config)
	if err != nil {
		return nil, err
	}
	return session(b, idleRunner{b}), nil
}

// serving opens the folder for a command that stays, and meanwhile carries out
// those of others.
func serving(ctx context.Context, role handover.Role, config Config) (*cli.Session, error) {
	owner, err := Own(ctx, config, role, nil)
	if err != nil {
		return nil, err
	}
	s := session(owner.Backend, owner)
	s.Moving, s.Stopping = owner.Moving(), owner.Stopping()
	return s, nil
}

// session is an open folder as the command line uses it.
func session(b *Backend, runner cli.Runner) *cli.Session {
	return &cli.Session{Services: b.Services, Maker: b.Maker, Runner: runner}
}

// idleRunner runs no job.
type idleRunner struct{ *Backend }

// Start implements cli.Runner.
func (idleRunner) Start(context.Context) error { return nil }

// Focus implements cli.Runner.
func (idleRunner) Focus(context.Context, task.Job) error { return nil }
