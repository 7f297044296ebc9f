package content_test

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"nectar/backend/auth"
	"nectar/backend/channel"
	"nectar/backend/channel/channeltest"
	"nectar/backend/channel/manifest"
	"nectar/backend/drive"
	"nectar/backend/fault"
	"nectar/backend/plugins/content"
	"nectar/backend/task"
)

// unfinished answers the jobs that wait or run.
func (l *laptop) unfinished(ctx context.Context) ([]task.Job, error) {
	return l.store.Matching(ctx, task.Filter{
		States: []task.State{task.Scheduled, task.Queued, task.Selected, task.Running, task.Paused, task.Canceling},
		Queue:  "content", Readable: task.Readable{All: true},
	}, 0, 1000)
}

// has brings the whole channel onto the laptop.
func (l *laptop) has(c *channeltest.Channel) {
	l.t.Helper()
	folder := l.t.TempDir()
	if err := c.Write(folder); err != nil {
		l.t.Fatal(err)
	}
	l.ends(l.enqueue(c, folder), task.Completed)
}

// blank answers a drive without anything on it.
func (l *laptop) blank(id, name string) string {
	l.t.Helper()
	path := filepath.Join(l.t.TempDir(), name)
	if err := os.Mkdir(path, 0o750); err != nil {
		l.t.Fatal(err)
	}
	l.sticks.Plug(id, name, path)
	return path
}

// askExport answers the job that a request of an export makes.
func (l *laptop) askExport(c *channeltest.Channel, path string, more ...any) (task.Job, error) {
	l.t.Helper()
	request := map[string]any{"channel_id": string(c.ID), "path": path}
	for i := 0; i < len(more); i += 2 {
		name, _ := more[i].(string)
		request[name] = more[i+1]
	}
	args, metadata, err := l.exports.Validate(l.t.Context(), auth.Program(), request)
	if err != nil {
		return task.Job{}, err
	}
	stored, err := l.Enqueue(l.t.Context(), task.NewJob{Task: l.exports, Args: args, Metadata: metadata})
	if err != nil {
		return task.Job{}, err
	}
	return stored.First(), nil
}

func (l *laptop) export(c *channeltest.Channel, path string, more ...any) task.ID {
	l.t.Helper()
	job, err := l.askExport(c, path, more...)
	if err != nil {
		l.t.Fatal(err)
	}
	return job.ID
}

// refuses checks that an export is refused, and that nothing came of it.
func (l *laptop) refuses(c *channeltest.Channel, path string, want fault.Code) {
	l.t.Helper()
	_ = l.refusal(c, path, want)
}

// refusal is refuses, and answers what was said.
func (l *laptop) refusal(c *channeltest.Channel, path string, want fault.Code) *fault.Fault {
	l.t.Helper()
	before := treeOf(l.t, path)
	_, err := l.askExport(c, path)
	if fault.CodeOf(err) != want {
		l.t.Errorf("the refusal says %v, want %s", err, want)
	}
	if after := treeOf(l.t, path); !slices.Equal(before, after) {
		l.t.Errorf("something was written: %v", after)
	}
	return fault.Of(err)
}

// treeOf answers the paths of all files and folders below a path.
func treeOf(t *testing.T, path string) []string {
	t.Helper()
	var found []string
	err := filepath.WalkDir(path, func(at string, _ fs.DirEntry, err error) error {
		inside, _ := filepath.Rel(path, at)
		found = append(found, filepath.ToSlash(inside))
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return found
}

// exportedFiles answers the names of the files that a drive stores, and checks
// that nothing temporary is there.
func exportedFiles(t *testing.T, path string) []string {
	t.Helper()
	var names []string
	for _, file := range treeOf(t, path) {
		if strings.Contains(file, "transfer") {
			t.Errorf("%s was left", file)
		}
		if strings.Contains(file, "storage/") && filepath.Ext(file) != "" {
			names = append(names, filepath.Base(file))
		}
	}
	slices.Sort(names)
	return names
}

func namesOf(files map[channel.Checksum]channel.LocalFile) []string {
	var names []string
	for _, f := range files {
		names = append(names, f.Name())
	}
	slices.Sort(names)
	return names
}

func (l *laptop) exportResult(j task.Job) content.ExportResult {
	l.t.Helper()
	var result content.ExportResult
	if err := json.Unmarshal(j.Result, &result); err != nil {
		l.t.Fatal(err)
	}
	return result
}

// listed answers what the manifest of a drive lists of a channel.
func listed(t *testing.T, path string, c *channeltest.Channel) []channel.NodeID {
	t.Helper()
	m, err := manifest.Read(manifest.In(channeltest.ContentIn(path)))
	if err != nil {
		t.Fatal(err)
	}
	nodes, _, _ := m.Part(c.ID)
	return nodes
}

func TestAnExportIsAsKolibriTakesIt(t *testing.T) {
	t.Parallel()

	t.Run("the database is untouched, the files have their names and bytes, the manifest lists them with its hash", func(t *testing.T) {
		t.Parallel()
		l, c := newLaptop(t), channeltest.New()
		l.has(c)
		path := l.blank("1234", "SANDISK")
		j := l.ends(l.export(c, path), task.Completed)
		there := channeltest.ContentIn(path)
		ours, err := os.ReadFile(c.ID.DatabaseIn(l.content))
		if err != nil {
			t.Fatal(err)
		}
		theirs, err := os.ReadFile(c.ID.DatabaseIn(there))
		if err != nil || string(ours) != string(theirs) {
			t.Errorf("the database differs; %v", err)
		}
		resources, wanted := c.Wanted(c.Root)
		if got := exportedFiles(t, path); !slices.Equal(got, namesOf(wanted)) {
			t.Errorf("files are %v, want %v", got, namesOf(wanted))
		}
		for _, f := range wanted {
			if info, err := os.Stat(f.In(there)); err != nil || info.Size() != f.Size {
				t.Errorf("%s: %v, want %d bytes", f.Name(), err, f.Size)
			}
		}
		text, err := os.ReadFile(filepath.Join(there, "manifest.json"))
		if err != nil {
			t.Fatal(err)
		}
		m := manifest.Manifest{Channels: []manifest.Entry{{ID: c.ID, Version: c.Version, Nodes: listed(t, path, c)}}}
		if want, err := m.Encode(); err != nil || string(text) != string(want) {
			t.Errorf("the manifest is %s, want %s; %v", text, want, err)
		}
		entries, err := os.ReadDir(there)
		if err != nil || len(entries) != 3 {
			t.Errorf("in the content folder are %v, %v", entries, err)
		}
		if info, err := os.Stat(filepath.Join(path, "Nectar.nectar")); err != nil || !info.Mode().IsRegular() {
			t.Errorf("beside the channels is no file that opens them: %v", err)
		}
		if got := l.exportResult(j); got.FilesCopied != len(wanted) || got.Resources != resources || got.FilesPresent != 0 || j.Problems != 0 {
			t.Errorf("result is %+v", got)
		}
		if j.Progress != j.Total || j.Total == 0 {
			t.Errorf("progress is %d of %d", j.Progress, j.Total)
		}
		if got := l.exports.Describe(j); got.Text != "content.export.done_removable" || got.Params["target"] != "SANDISK" {
			t.Errorf("it says %+v", got)
		}
	})

	t.Run("a selection with exclusions is exported exactly", func(t *testing.T) {
		t.Parallel()
		l, c := newLaptop(t), channeltest.New()
		l.has(c)
		path := l.blank("1234", "SANDISK")
		only := []any{string(c.Node(channeltest.Videos).ID), string(c.Node(channeltest.App).ID)}
		without := []any{string(c.Node(channeltest.Audio).ID)}
		l.ends(l.export(c, path, "node_ids", only, "exclude_node_ids", without), task.Completed)
		_, wanted := c.Wanted(c.Node(channeltest.Video))
		_, app := c.Wanted(c.Node(channeltest.App))
		maps.Copy(wanted, app)
		if got := exportedFiles(t, path); !slices.Equal(got, namesOf(wanted)) {
			t.Errorf("files are %v, want %v", got, namesOf(wanted))
		}
		want := []channel.NodeID{c.Node(channeltest.Video).ID, c.Node(channeltest.App).ID}
		slices.Sort(want)
		if got := listed(t, path, c); !slices.Equal(got, want) {
			t.Errorf("the manifest lists %v, want %v", got, want)
		}
	})

	t.Run("what is there already is read and stays, and what is wrong there is replaced", func(t *testing.T) {
		t.Parallel()
		l, c := newLaptop(t), channeltest.New()
		l.has(c)
		path := l.stick(c, "1234", "SANDISK")
		channeltest.Break(t, c, path, channeltest.FlipByte(c.Files()[0].LocalFile))
		j := l.ends(l.export(c, path), task.Completed)
		_, wanted := c.Wanted(c.Root)
		if got := l.exportResult(j); got.FilesCopied != 1 || got.FilesPresent != len(wanted)-1 {
			t.Errorf("result is %+v", got)
		}
	})

	t.Run("what is not on the laptop is not listed", func(t *testing.T) {
		t.Parallel()
		l, c := newLaptop(t), channeltest.New()
		l.has(c)
		path := l.blank("1234", "SANDISK")
		if err := os.Remove(c.Node(channeltest.Audio).Files[0].In(l.content)); err != nil {
			t.Fatal(err)
		}
		j := l.ends(l.export(c, path, "node_ids", []any{string(c.Node(channeltest.Videos).ID)}), task.Completed)
		if j.Problems != 1 {
			t.Errorf("there are %d problems", j.Problems)
		}
		if got := listed(t, path, c); !slices.Equal(got, []channel.NodeID{c.Node(channeltest.Video).ID}) {
			t.Errorf("the manifest lists %v", got)
		}
	})

	t.Run("a newer version takes the place of an older one, after its files", func(t *testing.T) {
		t.Parallel()
		l := newLaptop(t)
		c := channeltest.New(channeltest.Version(4))
		old := channeltest.New(channeltest.Version(3))
		l.has(c)
		path := l.stick(old, "1234", "SANDISK")
		l.ends(l.export(c, path), task.Completed)
		ours, _ := os.ReadFile(c.ID.DatabaseIn(l.content))
		if theirs, err := os.ReadFile(c.ID.DatabaseIn(channeltest.ContentIn(path))); err != nil || string(theirs) != string(ours) {
			t.Errorf("the newer version is not there; %v", err)
		}
	})
}

func TestAnExportIsRefusedBeforeAnythingIsWritten(t *testing.T) {
	t.Parallel()
	l, c := newLaptop(t), channeltest.New(channeltest.Version(3))
	l.has(c)

	t.Run("to our own content folder", func(t *testing.T) {
		l.refuses(c, filepath.Dir(l.content), fault.TargetIsOurs)
	})
	t.Run("to a place that is not there", func(t *testing.T) {
		l.refuses(c, filepath.Join(t.TempDir(), "not", "there"), fault.SourceMissing)
	})
	t.Run("of a channel that is not here", func(t *testing.T) {
		l.refuses(channeltest.New(channeltest.Seed(9)), l.blank("1", "ONE"), fault.ChannelNotHere)
	})
	t.Run("of nothing", func(t *testing.T) {
		path := l.blank("2", "TWO")
		_, err := l.askExport(c, path, "node_ids", []any{string(c.Node(channeltest.Zim).ID)})
		if fault.CodeOf(err) != fault.NothingHere {
			t.Errorf("it says %v", err)
		}
	})
	t.Run("of a topic that the channel does not have", func(t *testing.T) {
		_, err := l.askExport(c, l.blank("3", "THREE"), "node_ids", []any{"ffffffffffffffffffffffffffffffff"})
		if fault.CodeOf(err) != fault.NodeMissing {
			t.Errorf("it says %v", err)
		}
	})
	t.Run("to a drive that has a newer version", func(t *testing.T) {
		path := l.stick(channeltest.New(channeltest.Version(8)), "4", "FOUR")
		f := l.refusal(c, path, fault.TargetNewer)
		if f.Params["there"] != int64(8) || f.Params["here"] != int64(3) {
			t.Errorf("it says %v", f.Params)
		}
	})
	t.Run("through a link on the drive", func(t *testing.T) {
		path := l.blank("5", "FIVE")
		if err := os.Symlink(t.TempDir(), filepath.Join(path, "KOLIBRI_DATA")); err != nil {
			t.Fatal(err)
		}
		l.refuses(c, path, fault.NoWrite)
	})
	t.Run("to a folder that FAT cannot name", func(t *testing.T) {
		path := l.blank("6", "SIX")
		f := l.refusal(c, filepath.Join(path, "what?"), fault.NameForbidden)
		if f.Params["name"] != "what?" {
			t.Errorf("it says %v", f.Params)
		}
	})
	t.Run("to a drive with too little room beside what others will write", func(t *testing.T) {
		other := channeltest.New(channeltest.Seed(5))
		l.has(other)
		path := l.blank("7", "SEVEN")
		if err := l.PauseQueue(t.Context(), "content"); err != nil {
			t.Fatal(err)
		}
		waits, err := l.askExport(c, path)
		if err != nil {
			t.Fatal(err)
		}
		var said struct {
			Needed int64 `json:"needed_bytes"`
		}
		if err := json.Unmarshal(waits.Metadata, &said); err != nil || said.Needed == 0 {
			t.Fatalf("the job says %s, %v", waits.Metadata, err)
		}
		l.free.Store(said.Needed * 3 / 2)
		defer l.free.Store(1 << 40)
		f := l.refusal(other, path, fault.DiskFull)
		if f.Params["free"] != said.Needed/2 {
			t.Errorf("it says %v", f.Params)
		}
		partition := l.blank("8", "EIGHT")
		l.sticks.Join("7", "8")
		beside, err := l.askExport(other, partition)
		if err != nil {
			t.Fatalf("to another partition of its disk, which has room of its own: %v", err)
		}
		if err := l.ResumeQueue(t.Context(), "content"); err != nil {
			t.Fatal(err)
		}
		l.ends(waits.ID, task.Completed)
		l.ends(beside.ID, task.Completed)
		l.ends(l.export(other, path), task.Completed)
	})
	t.Run("with fields of another form, all named at once", func(t *testing.T) {
		_, _, err := l.exports.Validate(t.Context(), auth.Program(), map[string]any{
			"channel_id": "x2345678901234567890123456789012", "path": "a/folder", "node_ids": []any{"first"},
		})
		if got := len(fault.Of(err).Fields); got != 3 {
			t.Errorf("it says %v", err)
		}
	})
}

func TestADriveThatIsPulledOutOfAnExport(t *testing.T) {
	t.Parallel()
	l, c := newLaptop(t), channeltest.New()
	l.has(c)
	path := l.blank("1234", "SANDISK")
	// The drive goes when the free room was measured twice: by the request and
	// by the run before it writes.
	var aside string
	pulled := make(chan struct{})
	l.measured = func(n int) {
		if n == 2 {
			aside = l.pull("1234")
			close(pulled)
		}
	}
	id := l.export(c, path)
	<-pulled
	j := l.waits(id, sandisk)
	if j.Failure != nil || j.Problems != 0 {
		t.Errorf("it waits as %+v", j)
	}
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("where the drive was, something was made: %v", treeOf(t, path))
	}
	elsewhere := filepath.Join(t.TempDir(), "another place")
	l.plug("1234", "SANDISK", aside, elsewhere)
	l.ends(id, task.Completed)
	_, wanted := c.Wanted(c.Root)
	if got := exportedFiles(t, elsewhere); !slices.Equal(got, namesOf(wanted)) {
		t.Errorf("files are %v, want %v", got, namesOf(wanted))
	}
}

func TestFAT(t *testing.T) {
	t.Parallel()
	l, c := newLaptop(t), channeltest.New()
	l.has(c)
	// The channel says of one file that it is larger than 4 GiB, and so does
	// what lies there: a hole of that size.
	big := c.Node(channeltest.Audio).Files[0].LocalFile
	channeltest.Break(t, c, filepath.Dir(filepath.Dir(linked(t, l.content))),
		channeltest.Exec("UPDATE content_localfile SET file_size = 5000000000 WHERE id = '"+big.Checksum.String()+"'"))
	path := l.blank("1234", "SANDISK") // formatted as vfat
	f := l.refusal(c, path, fault.FileTooLarge)
	if f.Params["title"] != channeltest.Audio || f.Params["limit"] != drive.MaxFile("vfat") {
		t.Errorf("it says %v", f.Params)
	}
	without := []any{string(c.Node(channeltest.Audio).ID)}
	l.ends(l.export(c, path, "exclude_node_ids", without), task.Completed)
}

// linked answers a content folder of a drive that is the given one.
func linked(t *testing.T, folder string) string {
	t.Helper()
	path := channeltest.ContentIn(t.TempDir())
	if err := os.Mkdir(filepath.Dir(path), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(folder, path); err != nil {
		t.Fatal(err)
	}
	return path
}
