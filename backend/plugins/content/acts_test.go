package content_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"nectar/backend/channel/channeltest"
	"nectar/backend/channel/manifest"
	"nectar/backend/channel/source/servertest"
	"nectar/backend/fault"
	"nectar/backend/library"
	"nectar/backend/plugins/content"
	"nectar/backend/task"
)

// acts are the jobs that are stopped, by their tasks, with what tells two of
// one task apart after a comma.
var acts = map[string]func(*stage) act{
	"content.diskimport":        importFromDrive,
	"content.remoteimport":      importFromServer,
	"content.update":            updateFromDrive,
	"content.export":            exportToDrive,
	"content.verify":            checkOfAll,
	"content.verify, repairing": repairFromDrive,
	"content.delete":            deletionOfOne,
	"content.adopt":             adoptionOfFolder,
	"content.move":              moveElsewhere,
}

func importFromDrive(s *stage) act {
	c := channeltest.New()
	path := s.drive("1234", "SANDISK", c)
	return act{
		before:  func() {},
		request: func() map[string]any { return map[string]any{"channel_id": string(c.ID), "path": path} },
		hold:    s.gateBehind(5),
		stopped: func() {
			if files := soundFiles(s.t, s.content); files < surely {
				s.t.Errorf("%d files are kept", files)
			}
			s.partIsHere(c)
		},
		ended:     func(j task.Job) { s.whole(c); s.noProblem(j) },
		untouched: []string{path},
	}
}

func importFromServer(s *stage) act {
	const stop = 70_000
	c := channeltest.New(channeltest.FileSize(200_000), channeltest.Name("Blockly Games"))
	big := c.Node(channeltest.Video).Files[0]
	part := big.In(filepath.Join(s.folder, "content")) + ".partial"
	return act{
		before:  func() {},
		request: func() map[string]any { return map[string]any{"channel_id": string(c.ID), "url": s.url} },
		hold: func() (reach, open func()) {
			if s.server != nil {
				s.server.Fail(big.Name(), 1, servertest.Stall(stop))
			}
			return func() { s.holds(part, stop) }, func() {}
		},
		stopped: func() { soundFiles(s.t, s.content) },
		ended: func(j task.Job) {
			s.whole(c)
			s.noProblem(j)
			asked := s.server.Requests(big.Name())
			if len(asked) != 2 {
				s.t.Errorf("of the file was asked %+v", asked)
			}
		},
		parts: true,
	}
}

func updateFromDrive(s *stage) act {
	old, next := channeltest.New(), channeltest.Next()
	path := s.drive("1234", "SANDISK", next)
	var resources int
	return act{
		before: func() {
			s.has(old)
			_, resources = s.version(old)
		},
		request: func() map[string]any { return map[string]any{"channel_id": string(old.ID), "source": path} },
		hold:    s.gateBehind(1),
		stopped: func() {
			if version, available := s.version(old); version != old.Version || available != resources {
				s.t.Errorf("version %d is here, with %d of %d resources", version, available, resources)
			}
			_, files := old.Wanted(old.Root)
			for _, f := range files {
				if _, err := os.Stat(f.In(s.content)); err != nil {
					s.t.Error(err)
				}
			}
			soundFiles(s.t, s.content)
		},
		ended: func(j task.Job) {
			s.noProblem(j)
			if version, _ := s.version(next); version != next.Version {
				s.t.Errorf("version %d is here", version)
			}
			if missing := s.missing(next.Node(channeltest.Video).Files...); len(missing) > 0 {
				s.t.Errorf("the new video is not here: %v", missing)
			}
			soundFiles(s.t, s.content)
		},
		untouched: []string{path},
	}
}

func exportToDrive(s *stage) act {
	c := channeltest.New()
	path := s.drive("1234", "SANDISK")
	there := channeltest.ContentIn(path)
	_, wanted := c.Wanted(c.Root)
	return act{
		before:  func() { s.has(c) },
		request: func() map[string]any { return map[string]any{"channel_id": string(c.ID), "path": path} },
		hold:    s.gateBehind(5),
		stopped: func() {
			if files := soundFiles(s.t, there); files < surely || files >= len(wanted) {
				s.t.Errorf("%d of %d files are there", files, len(wanted))
			}
			s.sameDatabase(c, there)
			s.listsWhatIsThere(c, path)
		},
		ended: func(j task.Job) {
			s.noProblem(j)
			if got := exportedFiles(s.t, path); !slices.Equal(got, namesOf(wanted)) || soundFiles(s.t, there) != len(wanted) {
				s.t.Errorf("files are %v, want %v", got, namesOf(wanted))
			}
			s.sameDatabase(c, there)
			if nodes := s.listsWhatIsThere(c, path); nodes == 0 {
				s.t.Error("the manifest lists nothing")
			}
		},
		untouched: []string{filepath.Join(s.folder, "content")},
	}
}

// listsWhatIsThere checks that all files of what the manifest of a drive lists
// are there, and answers how many topics and resources it lists.
func (s *stage) listsWhatIsThere(c *channeltest.Channel, path string) int {
	s.t.Helper()
	there := channeltest.ContentIn(path)
	if _, err := os.Stat(manifest.In(there)); err != nil {
		return 0
	}
	nodes := listed(s.t, path, c)
	for _, n := range c.Nodes() {
		if !slices.Contains(nodes, n.ID) {
			continue
		}
		_, files := c.Wanted(n)
		for _, f := range files {
			if _, err := os.Stat(f.In(there)); err != nil {
				s.t.Errorf("%q is listed: %v", n.Title, err)
			}
		}
	}
	return len(nodes)
}

func (s *stage) sameDatabase(c *channeltest.Channel, there string) {
	s.t.Helper()
	ours, err := os.ReadFile(c.ID.DatabaseIn(s.content))
	must(s.t, err)
	if theirs, err := os.ReadFile(c.ID.DatabaseIn(there)); err != nil || !bytes.Equal(ours, theirs) {
		s.t.Errorf("the database differs; %v", err)
	}
}

// inTheMiddle holds a check before the file in the middle of all.
func (s *stage) inTheMiddle() (reach, open func()) {
	s.t.Helper()
	held, _, err := s.library.Census(s.t.Context(), nil)
	must(s.t, err)
	half := len(held) / 2
	return s.claimed(held[half].In(s.library.Content()), func() (read int64) {
		for _, f := range held[:half] {
			read += f.Bytes
		}
		return read
	})
}

func checkOfAll(s *stage) act {
	c := channeltest.New()
	_, wanted := c.Wanted(c.Root)
	names := namesOf(wanted)
	bad := []string{names[1], names[len(names)-2]} // one on each side of the middle
	return act{
		before: func() {
			s.has(c)
			for _, f := range wanted {
				if slices.Contains(bad, f.Name()) {
					spoil(s.t, f.In(s.content))
				}
			}
		},
		request: func() map[string]any { return map[string]any{} },
		hold:    s.inTheMiddle,
		stopped: func() {},
		ended: func(j task.Job) {
			var got content.VerifyResult
			must(s.t, json.Unmarshal(j.Result, &got))
			if got != (content.VerifyResult{FilesChecked: len(wanted), FilesDamaged: 2}) || j.Problems != 2 {
				s.t.Errorf("of %d files it says %+v, with %d problems", len(wanted), got, j.Problems)
			}
		},
	}
}

func repairFromDrive(s *stage) act {
	c := channeltest.New()
	_, wanted := c.Wanted(c.Root)
	path := s.drive("1234", "SANDISK", c)
	bad := namesOf(wanted)[1:4]
	return act{
		before: func() {
			s.has(c)
			for _, f := range wanted {
				if slices.Contains(bad, f.Name()) {
					spoil(s.t, f.In(s.content))
				}
			}
		},
		request: func() map[string]any { return map[string]any{"repair_from": path} },
		hold:    s.gateBehind(1),
		stopped: func() {},
		ended: func(j task.Job) {
			var got content.VerifyResult
			must(s.t, json.Unmarshal(j.Result, &got))
			if got.FilesDamaged != len(bad) || got.FilesRepaired != got.FilesDamaged {
				s.t.Errorf("it says %+v", got)
			}
			s.noProblem(j)
			if files := soundFiles(s.t, s.content); files != len(wanted) {
				s.t.Errorf("%d files are here, want %d", files, len(wanted))
			}
		},
		untouched: []string{path},
	}
}

// spoil changes a byte of a file, which keeps its length and its time.
func spoil(t *testing.T, path string) {
	t.Helper()
	info, err := os.Stat(path)
	must(t, err)
	text, err := os.ReadFile(path)
	must(t, err)
	text[len(text)/2] ^= 1
	must(t, os.WriteFile(path, text, 0o600))
	must(t, os.Chtimes(path, info.ModTime(), info.ModTime()))
}

func deletionOfOne(s *stage) act {
	c, other := channeltest.New(), channeltest.New(channeltest.Seed(9))
	other.Node(channeltest.Video).Files = c.Node(channeltest.Video).Files
	_, stays := other.Wanted(other.Root)
	var goes int
	return act{
		before: func() {
			s.has(c)
			s.has(other)
		},
		request: func() map[string]any { return map[string]any{"channel_id": string(c.ID)} },
		hold: func() (reach, open func()) {
			removal, err := s.library.PlanRemoval(s.t.Context(), library.RemovalRequest{Channel: c.ID})
			must(s.t, err)
			goes = len(removal.Files)
			half := goes / 2
			return s.claimed(removal.Files[half].In(s.content), func() (gone int64) {
				for _, f := range removal.Files[:half] {
					gone += f.Bytes
				}
				return gone
			})
		},
		stopped: func() {
			files := soundFiles(s.t, s.content)
			if files <= len(stays) || files >= len(stays)+goes {
				s.t.Errorf("%d files are here; %d stay and %d go", files, len(stays), goes)
			}
			s.partIsHere(c)
			s.allIsHere(other)
		},
		ended: func(j task.Job) {
			s.noProblem(j)
			var got content.DeleteResult
			must(s.t, json.Unmarshal(j.Result, &got))
			if goes > 0 && got.FilesRemoved != goes {
				s.t.Errorf("of %d files it says %+v", goes, got)
			}
			if files := soundFiles(s.t, s.content); files != len(stays) {
				s.t.Errorf("%d files are here, want %d", files, len(stays))
			}
			s.allIsHere(other)
			if _, err := s.library.Channel(s.t.Context(), c.ID); fault.CodeOf(err) != fault.ChannelNotHere {
				s.t.Errorf("of the channel that was deleted it says %v", err)
			}
		},
	}
}

func adoptionOfFolder(s *stage) act {
	c := channeltest.New()
	home := filepath.Join(s.folder, "kolibri")
	if _, err := os.Stat(home); err != nil {
		must(s.t, c.WriteContent(filepath.Join(home, "content")))
	}
	return act{
		before:  func() {},
		request: func() map[string]any { return map[string]any{"path": home} },
		hold: func() (reach, open func()) {
			files := c.Files()
			slices.SortFunc(files, func(a, b channeltest.File) int { return bytes.Compare(a.Checksum[:], b.Checksum[:]) })
			half := len(files) / 2
			return s.claimed(files[half].In(filepath.Join(home, "content")), func() (read int64) {
				for _, f := range files[:half] {
					read += f.Size
				}
				return read
			})
		},
		stopped: func() { s.partIsHere(c) },
		ended: func(j task.Job) {
			s.noProblem(j)
			var got content.AdoptResult
			must(s.t, json.Unmarshal(j.Result, &got))
			if got.Channels != 1 || got.FilesChecked != len(c.Files()) || got.FilesDamaged != 0 {
				s.t.Errorf("of %d files it says %+v", len(c.Files()), got)
			}
			s.allIsHere(c)
			if place := s.library.Place(); !place.Adopted || !place.ReadOnly || s.library.Content() != filepath.Join(home, "content") {
				s.t.Errorf("the folder is %+v", place)
			}
		},
		untouched: []string{home},
	}
}

// moveElsewhere moves to another file system, where files are copied.
func moveElsewhere(s *stage) act {
	c := channeltest.New()
	target := filepath.Join(s.far, "channels")
	_, wanted := c.Wanted(c.Root)
	slow := c.Node(channeltest.Audio).Files[0]
	var fed *slowFile
	return act{
		before:  func() { s.has(c) },
		request: func() map[string]any { return map[string]any{"path": target} },
		hold: func() (reach, open func()) {
			fed = s.slowly(slow.In(s.content))
			return func() { fed.reach(slow.In(target)) }, func() { s.restore(s.t) }
		},
		nudge: func() { fed.feed() },
		stopped: func() {
			if soundFiles(s.t, s.content) != len(wanted) {
				s.t.Error("the old place is not whole any more")
			}
			if files := soundFiles(s.t, target); files == 0 || files >= len(wanted) {
				s.t.Errorf("%d of %d files are at the new place", files, len(wanted))
			}
			s.allIsHere(c)
		},
		ended: func(j task.Job) {
			s.noProblem(j)
			if here, there := soundFiles(s.t, s.content), soundFiles(s.t, target); here != 0 || there != len(wanted) || s.library.Content() != target {
				s.t.Errorf("of %d files %d are at the old place and %d at the new one; the folder is %s", len(wanted), here, there, s.library.Content())
			}
			s.allIsHere(c)
		},
	}
}

func (s *stage) noProblem(j task.Job) {
	s.t.Helper()
	if j.Problems != 0 {
		s.t.Errorf("there are %d problems", j.Problems)
	}
}

// partIsHere checks that the library has a part of the channel, whose files
// lie there.
func (s *stage) partIsHere(c *channeltest.Channel) {
	s.t.Helper()
	if here := s.trulyHere(c); here.AvailableResources == 0 || here.AvailableResources == here.Resources {
		s.t.Errorf("the library has %d of %d resources", here.AvailableResources, here.Resources)
	}
}

func (s *stage) allIsHere(c *channeltest.Channel) {
	s.t.Helper()
	resources, _ := c.Totals()
	if here := s.trulyHere(c); here.AvailableResources < resources {
		s.t.Errorf("the library has %d of %d resources", here.AvailableResources, resources)
	}
}

// trulyHere answers what the library has of the channel, and checks that every
// file which it counts lies there.
func (s *stage) trulyHere(c *channeltest.Channel) library.Channel {
	s.t.Helper()
	here, err := s.library.Channel(s.t.Context(), c.ID)
	must(s.t, err)
	counts, err := s.library.Here(s.t.Context())
	must(s.t, err)
	_, wanted := c.Wanted(c.Root)
	for sum, f := range wanted {
		if _, err := os.Stat(f.In(s.library.Content())); counts(sum) && err != nil {
			s.t.Errorf("%s counts as here: %v", f.Name(), err)
		}
	}
	return here
}
