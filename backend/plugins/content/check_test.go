package content_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nectar/backend/auth"
	"nectar/backend/channel/channeltest"
	"nectar/backend/fault"
	"nectar/backend/task"
)

func TestARequestIsCheckedBeforeAnythingIsStored(t *testing.T) {
	t.Parallel()
	l, c := newLaptop(t), channeltest.New(channeltest.Name("Blockly Games"), channeltest.Version(7))
	path := l.stick(c, "1234", "SANDISK")
	id := string(c.ID)
	valid := func(request map[string]any) (json.RawMessage, map[string]any, error) {
		return l.imports.Validate(t.Context(), auth.Program(), request)
	}

	t.Run("ids and path are put in one form, and what people see is added", func(t *testing.T) {
		t.Parallel()
		dashed := id[:8] + "-" + id[8:12] + "-" + id[12:16] + "-" + id[16:20] + "-" + id[20:]
		args, metadata, err := valid(map[string]any{"channel_id": dashed, "path": path + "//."})
		if err != nil {
			t.Fatal(err)
		}
		var got struct {
			ChannelID string `json:"channel_id"`
			Path      string `json:"path"`
		}
		if err := json.Unmarshal(args, &got); err != nil || got.ChannelID != id || got.Path != path {
			t.Errorf("arguments are %s, %v", args, err)
		}
		want := map[string]any{
			"channel_id": id, "channel_name": "Blockly Games", "source_name": "SANDISK",
			"source_kind": "drive", "source_version": int64(7), "needed_bytes": room(c, c.Root),
		}
		if diff := cmp.Diff(want, metadata); diff != "" {
			t.Errorf("metadata (-want +got):\n%s", diff)
		}
	})

	t.Run("every wrong field is named at once", func(t *testing.T) {
		t.Parallel()
		_, _, err := valid(map[string]any{
			"channel_id": "x2345678901234567890123456789012", "path": "a/folder",
			"node_ids": []any{"first", string(c.Root.ID)}, "exclude_node_ids": []any{"second"},
		})
		got := map[string]any{}
		for _, field := range fault.Of(err).Fields {
			got[field.Field] = field.Params["value"]
		}
		want := map[string]any{
			"channel_id": "x2345678901234567890123456789012", "path": "a/folder",
			"node_ids": "first", "exclude_node_ids": "second",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
	})

	for name, test := range map[string]struct {
		channel, path string
		want          fault.Code
	}{
		"a channel that the source lacks":  {string(channeltest.New(channeltest.Seed(9)).ID), path, fault.ChannelMissing},
		"a folder without channels":        {id, t.TempDir(), fault.SourceEmpty},
		"a path that leads to nothing":     {id, filepath.Join(t.TempDir(), "gone"), fault.SourceMissing},
		"the database in place of a drive": {id, c.ID.DatabaseIn(channeltest.ContentIn(path)), fault.SourceEmpty},
	} {
		t.Run(name+" is refused", func(t *testing.T) {
			t.Parallel()
			if _, _, err := valid(map[string]any{"channel_id": test.channel, "path": test.path}); fault.CodeOf(err) != test.want {
				t.Errorf("it says %v, want %s", err, test.want)
			}
		})
	}
}

// TestOnlyWhatHappensNowIsSaidToHappen holds that the title of a job that waits, is
// planned or held, or has come to an end does not say that it is under way.
func TestOnlyWhatHappensNowIsSaidToHappen(t *testing.T) {
	t.Parallel()
	l := newLaptop(t)
	raw, err := os.ReadFile("texts/en.json")
	if err != nil {
		t.Fatal(err)
	}
	var texts map[string]string
	if err := json.Unmarshal(raw, &texts); err != nil {
		t.Fatal(err)
	}
	for _, d := range l.registry.All() {
		t.Run(d.Name, func(t *testing.T) {
			t.Parallel()
			titles := map[task.State]string{}
			for _, state := range task.States() {
				titles[state] = d.Describe(task.Job{State: state, Attempts: 1, Metadata: json.RawMessage(`{"channel_version": 4}`)}).Title
			}
			for _, state := range task.States() {
				if texts[titles[state]] == "" {
					t.Errorf("there are no words for %s", titles[state])
				}
				under := state == task.Running || state == task.Canceling
				if same := titles[state] == titles[task.Running]; same != under {
					t.Errorf("while it is %s its title is %q, and while it runs %q", state, titles[state], titles[task.Running])
				}
			}
		})
	}
}

func TestAnImportSaysInWordsHowItStands(t *testing.T) {
	t.Parallel()
	l := newLaptop(t)
	metadata := func(incomplete string) json.RawMessage {
		return json.RawMessage(`{"channel_name": "Blockly Games", "total_resources": 214, "file_size": 3400` + incomplete + `}`)
	}
	for _, test := range []struct {
		name        string
		job         task.Job
		title, text string
		params      fault.Params
	}{
		{
			"that waits leaves it to the general words",
			task.Job{State: task.Queued},
			"content.import.title_stopped", "", nil,
		},
		{"that is planned is not said to happen now", task.Job{State: task.Scheduled}, "content.import.title_stopped", "", nil},
		{"that is held neither", task.Job{State: task.Paused}, "content.import.title_stopped", "", nil},
		{"that reads the list", task.Job{State: task.Running}, "content.import.title", "content.import.preparing", nil},
		{"that copies", task.Job{State: task.Running, Total: 3400}, "content.import.title", "content.import.copying", fault.Params{"count": int64(214)}},
		{"that is being stopped", task.Job{State: task.Canceling}, "content.import.title", "content.import.stopping", nil},
		{"that was stopped", task.Job{State: task.Canceled, Attempts: 1}, "content.import.title_stopped", "content.import.canceled", nil},
		{"that never began", task.Job{State: task.Canceled}, "content.import.title_stopped", "content.import.never_began", nil},
		{"that failed leaves it to its fault", task.Job{State: task.Failed}, "content.import.title_stopped", "", nil},
		{
			"that is done",
			task.Job{State: task.Completed, Result: json.RawMessage(`{"files_copied": 3}`)},
			"content.import.title_done", "content.import.done",
			fault.Params{"size": int64(3400)},
		},
		{"that had nothing to do", task.Job{State: task.Completed, Result: json.RawMessage(`{"files_copied": 0}`)}, "content.import.title_done", "content.import.done_nothing", nil},
		{
			"that was asked for nothing",
			task.Job{State: task.Completed, Metadata: json.RawMessage(`{"channel_name": "Blockly Games", "total_resources": 0}`), Result: json.RawMessage(`{"files_copied": 0}`)},
			"content.import.title_done", "content.import.done_empty", nil,
		},
		{"of the list alone", task.Job{State: task.Completed, Args: json.RawMessage(`{"metadata_only": true}`)}, "content.import.title_done", "content.import.done_metadata", nil},
		{
			"with problems",
			task.Job{State: task.Completed, Problems: 3, Metadata: metadata(`, "incomplete_resources": 2`)},
			"content.import.title_done", "content.import.done_problems",
			fault.Params{"good": int64(212), "total": int64(214), "count": int64(3)},
		},
	} {
		t.Run("one "+test.name, func(t *testing.T) {
			t.Parallel()
			if test.job.Metadata == nil {
				test.job.Metadata = metadata("")
			}
			got := l.imports.Describe(test.job)
			if got.Title != test.title || got.Text != test.text || got.Params["channel"] != "Blockly Games" {
				t.Errorf("it says %q, %q of %v", got.Title, got.Text, got.Params)
			}
			for name, want := range test.params {
				if got.Params[name] != want {
					t.Errorf("%s is %v, want %v", name, got.Params[name], want)
				}
			}
		})
	}

	t.Run("one whose name is not known goes by its id", func(t *testing.T) {
		t.Parallel()
		got := l.imports.Describe(task.Job{State: task.Queued, Args: json.RawMessage(`{"channel_id": "95a5"}`)})
		if got.Params["channel"] != "95a5" {
			t.Errorf("it is called %v", got.Params["channel"])
		}
	})
}
