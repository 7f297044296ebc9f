package cli_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"nectar/backend/channel"
	"nectar/backend/fault"
	"nectar/backend/task"
)

// wordsOfTasks are the texts of the tasks of these tests.
const wordsOfTasks = `{
	"test.import.title": "Importing {channel}",
	"test.import.copied": "{count:number} resources, {size:bytes}",
	"test.word": "{word}"
}`

type importArgs struct {
	ChannelID      string   `json:"channel_id" jsonschema:"minLength=32,maxLength=36,description=The channel's id"`
	Path           string   `json:"path" jsonschema:"minLength=1"`
	NodeIDs        []string `json:"node_ids,omitzero"`
	ExcludeNodeIDs []string `json:"exclude_node_ids,omitzero"`
	RenderableOnly *bool    `json:"renderable_only,omitzero" jsonschema:"default=true"`
	FailOnError    bool     `json:"fail_on_error,omitzero"`
	MetadataOnly   bool     `json:"metadata_only,omitzero"`
}

type addArgs struct {
	X int `json:"x" jsonschema:"description=The first | number,minimum=0,maximum=100"`
	Y int `json:"y" jsonschema:"default=1"`
}

type wordArgs struct {
	Word     string `json:"word,omitzero"`
	Problems int    `json:"problems,omitzero"`
	Fail     bool   `json:"fail,omitzero"`
}

// plainTasks are the tasks of most tests.
func plainTasks(content string) []task.Declared {
	return []task.Declared{
		task.Define(task.Spec[addArgs]{
			Name: "maths.add", Summary: "Add two numbers", Permission: task.SignedIn,
			Run: func(_ context.Context, _ *task.Run, a addArgs) (any, error) { return a.X + a.Y, nil },
		}),
		task.Define(task.Spec[wordArgs]{
			Name: "test.say", Summary: "Say a word", Permission: task.SignedIn, Queue: "words", Cancellable: true, RetriesProblems: true,
			Status: func(d task.Described[wordArgs]) task.Status {
				return task.Status{Title: "test.word", Params: fault.Params{"word": d.Args.Word}}
			},
			Run: say,
		}),
		diskImport(content, func(context.Context, *task.Run) error { return nil }),
	}
}

func say(_ context.Context, run *task.Run, a wordArgs) (any, error) {
	run.Info("said %s", a.Word)
	for range a.Problems {
		run.Problem(task.Problem{Code: fault.FileMissing, Params: fault.Params{"title": a.Word, "file": "a.mp4"}, Item: a.Word})
	}
	if a.Fail {
		return nil, fault.New(fault.SourceGone, "path", "the cable")
	}
	return nil, nil
}

// diskImport stands for the real import: it brings the database, and waits
// for the test while it copies.
func diskImport(content string, copying func(context.Context, *task.Run) error) task.Declared {
	return task.Define(task.Spec[importArgs]{
		Name: "content.diskimport", Summary: "Import a channel", Permission: task.ManageContent,
		Cancellable: true, Pausable: true, Unit: task.Bytes, LongRunning: true, OnInterruption: task.Resume,
		ExclusiveKey: func(a importArgs) string { return a.ChannelID },
		Validate: func(ctx context.Context, r task.Request[importArgs]) (task.Validated[importArgs], error) {
			listing, err := find(ctx, r.Args.Path, channel.ID(r.Args.ChannelID))
			return task.Validated[importArgs]{Args: r.Args, Metadata: map[string]any{
				"name": listing.Name, "resources": listing.Resources, "size": listing.Size,
			}}, err
		},
		Status: func(d task.Described[importArgs]) task.Status {
			s := task.Status{Title: "test.import.title", Params: fault.Params{
				"channel": d.Metadata["name"], "count": d.Metadata["resources"], "size": d.Metadata["size"],
			}}
			if d.Job.State == task.Completed {
				s.Text = "test.import.copied"
			}
			return s
		},
		Run: func(ctx context.Context, run *task.Run, a importArgs) (any, error) {
			if err := copying(ctx, run); err != nil {
				return nil, err
			}
			id := channel.ID(a.ChannelID)
			from, err := os.ReadFile(id.DatabaseIn(contentIn(a.Path)))
			if err != nil {
				return nil, err
			}
			to := id.DatabaseIn(content)
			err = errors.Join(os.MkdirAll(filepath.Dir(to), 0o750), os.WriteFile(to, from, 0o600))
			return map[string]int{"files_copied": 1}, err
		},
	})
}
