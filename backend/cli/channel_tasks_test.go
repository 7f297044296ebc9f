package cli_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"nectar/backend/channel"
	"nectar/backend/task"
)

// channelTasks are the tasks of all commands about channels.
func channelTasks(content string) []task.Declared {
	return append(plainTasks(content), export(content), update(content))
}

type exportArgs struct {
	ChannelID      string   `json:"channel_id" jsonschema:"minLength=32,maxLength=36"`
	Path           string   `json:"path" jsonschema:"minLength=1"`
	NodeIDs        []string `json:"node_ids,omitzero"`
	ExcludeNodeIDs []string `json:"exclude_node_ids,omitzero"`
}

type updateArgs struct {
	ChannelID    string `json:"channel_id" jsonschema:"minLength=32,maxLength=36"`
	Source       string `json:"source" jsonschema:"minLength=1"`
	RemoveUnused bool   `json:"remove_unused,omitzero"`
}

// update stands for the real update: it brings the database.
func update(content string) task.Declared {
	return task.Define(task.Spec[updateArgs]{
		Name: "content.update", Summary: "Update a channel", Permission: task.ManageContent, Cancellable: true, Unit: task.Bytes,
		ExclusiveKey: func(a updateArgs) string { return a.ChannelID },
		Run: func(_ context.Context, _ *task.Run, a updateArgs) (any, error) {
			id := channel.ID(a.ChannelID)
			from, err := os.ReadFile(id.DatabaseIn(contentIn(a.Source)))
			if err != nil {
				return nil, err
			}
			err = os.WriteFile(id.DatabaseIn(content), from, 0o600)
			return map[string]int{"files_copied": 0, "bytes_copied": 0, "files_present": 0, "files_failed": 0, "resources_added": 0}, err
		},
	})
}

// export stands for the real export: it brings the database.
func export(content string) task.Declared {
	return task.Define(task.Spec[exportArgs]{
		Name: "content.export", Summary: "Export a channel", Permission: task.ManageContent, Cancellable: true, Unit: task.Bytes,
		ExclusiveKey: func(a exportArgs) string { return a.ChannelID },
		Run: func(_ context.Context, _ *task.Run, a exportArgs) (any, error) {
			id := channel.ID(a.ChannelID)
			from, err := os.ReadFile(id.DatabaseIn(content))
			if err != nil {
				return nil, err
			}
			to := id.DatabaseIn(contentIn(a.Path))
			err = errors.Join(os.MkdirAll(filepath.Dir(to), 0o750), os.WriteFile(to, from, 0o600))
			return map[string]int{"files_copied": 0, "bytes_copied": 0, "files_present": 0, "resources": 0}, err
		},
	})
}
