package content_test

import (
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"nectar/backend/atomicfile"
	"nectar/backend/auth"
	"nectar/backend/channel/channeltest"
	"nectar/backend/channel/transfer"
	"nectar/backend/task"
)

// stage is where a job is stopped in the middle: a laptop in a folder, with all
// that plays a part beside it, so that a second process finds everything again.
type stage struct {
	*laptop

	folder string
	far    string // a folder on another file system; "" where there is none
	url    string // of a server
	server *served
}

// act is a job that can be stopped in the middle.
type act struct {
	// before makes what is to be there before the job. It happens once, however
	// often the program starts.
	before func()
	// request is what is asked for.
	request func() map[string]any
	// hold stops the job at a moment that lies in the middle. It answers what
	// waits until the job is there, and what lets it go on.
	hold func() (reach, open func())
	// nudge makes a job look up that sees nothing while it waits for bytes.
	nudge func()
	// stopped looks at what is there while the job is stopped.
	stopped func()
	// ended looks at what is there in the end.
	ended func(task.Job)
	// untouched are folders in which the job changes nothing.
	untouched []string
	// parts says that files are left half for the job to go on with when it was
	// paused.
	parts bool
}

// TestAJobThatIsStoppedInTheMiddle is for every task of the plugin, and for
// every way to stop its job.
func TestAJobThatIsStoppedInTheMiddle(t *testing.T) {
	t.Parallel()
	var stopped []string
	for name := range acts {
		stopped = append(stopped, taskOf(name))
	}
	for _, definition := range newLaptop(t).registry.All() {
		if (definition.Pausable || definition.Cancellable) && !slices.Contains(stopped, definition.Name) {
			t.Errorf("%s can be stopped, and nobody tries it", definition.Name)
		}
	}
	for name := range acts {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			t.Run("by a pause goes on from there", func(t *testing.T) {
				t.Parallel()
				newStage(t, name).stop(name, task.Paused)
			})
			t.Run("by cancelling leaves nothing half, and can be begun again", func(t *testing.T) {
				t.Parallel()
				newStage(t, name).stop(name, task.Canceled)
			})
			t.Run("by a kill goes on at the next start", func(t *testing.T) {
				t.Parallel()
				killed(t, name)
			})
		})
	}
}

func newStage(t *testing.T, name string) *stage {
	t.Helper()
	s := &stage{folder: t.TempDir()}
	s.surroundings(t, name)
	s.laptop = laptopIn(t, s.folder)
	return s
}

// surroundings makes what is there without the laptop.
func (s *stage) surroundings(t *testing.T, name string) {
	t.Helper()
	switch {
	case strings.Contains(name, "remote"):
		s.server = serve(t)
		s.url = s.server.URL
	case strings.Contains(name, "move"):
		s.far = farFolder(t)
	}
}

// begin makes the job and waits until it stands in the middle.
func (s *stage) begin(name string, a act) (id task.ID, before map[string]string, open func()) {
	s.t.Helper()
	a.before()
	before = filesWithTimes(s.t, a.untouched...)
	definition, _ := s.registry.Lookup(taskOf(name))
	reach, open := a.hold()
	args, metadata, err := definition.Validate(s.t.Context(), auth.Program(), a.request())
	if err != nil {
		s.t.Fatal(err)
	}
	stored, err := s.Enqueue(s.t.Context(), task.NewJob{Task: definition, Args: args, Metadata: metadata})
	if err != nil {
		s.t.Fatal(err)
	}
	reach()
	return stored.First().ID, before, open
}

// stop stops the job in the middle, looks, and lets it come to its end.
func (s *stage) stop(name string, state task.State) {
	t := s.t
	t.Helper()
	a := acts[name](s)
	id, before, open := s.begin(name, a)
	var err error
	again := s.Resume
	if state == task.Paused {
		_, err = s.Pause(t.Context(), []task.ID{id})
	} else {
		_, err = s.Cancel(t.Context(), []task.ID{id}, false)
		again = s.Restart
	}
	must(t, err)
	stopNudging := repeatedly(a.nudge)
	j := s.until(id, "stops", func(j task.Job) bool { return j.State == task.Paused || j.State.Resting() })
	stopNudging()
	open()
	if j.State != state || j.Problems != 0 && state == task.Paused || j.Failure != nil || s.Busy() != 0 {
		t.Fatalf("it is %v, want %v, with %d problems and %+v; %d are busy", j.State, state, j.Problems, j.Failure, s.Busy())
	}
	s.looks(a, before, state == task.Paused)
	a.stopped()
	_, err = again(t.Context(), []task.ID{id})
	must(t, err)
	s.comesToItsEnd(a, id, before)
}

// repeatedly does something, if there is anything to do, until it is stopped.
func repeatedly(do func()) (stop func()) {
	if do == nil {
		return func() {}
	}
	ended := make(chan struct{})
	var doing sync.WaitGroup
	doing.Go(func() {
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				do()
			case <-ended:
				return
			}
		}
	})
	return func() {
		close(ended)
		doing.Wait()
	}
}

// looks checks that what the job may not change is as it was, and that nothing
// half is left but what it goes on with.
func (s *stage) looks(a act, before map[string]string, goesOn bool) {
	s.t.Helper()
	if after := filesWithTimes(s.t, a.untouched...); !maps.Equal(before, after) {
		s.t.Errorf("what the job may not change was\n%v\nand is\n%v", before, after)
	}
	for _, half := range halfFiles(s.t, s.folder, s.far) {
		if !goesOn || !a.parts || atomicfile.IsTemp(half) {
			s.t.Errorf("%s was left", half)
		}
	}
}

func (s *stage) comesToItsEnd(a act, id task.ID, before map[string]string) {
	s.t.Helper()
	j := s.ends(id, task.Completed)
	if j.Progress != j.Total || j.Total == 0 {
		s.t.Errorf("the progress ends at %d of %d", j.Progress, j.Total)
	}
	s.looks(a, before, false)
	a.ended(j)
}

const (
	killFolder = "NECTAR_TEST_STOP_FOLDER"
	killName   = "NECTAR_TEST_STOP_NAME"
	killFar    = "NECTAR_TEST_STOP_FAR"
	killURL    = "NECTAR_TEST_STOP_URL"
)

// killed has another process begin the job and die in the middle of it, and
// lets this one go on.
func killed(t *testing.T, name string) {
	t.Helper()
	s := &stage{folder: t.TempDir()}
	s.surroundings(t, name)
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestBeginAndDie$")
	child.Env = append(os.Environ(), killFolder+"="+s.folder, killName+"="+name, killFar+"="+s.far, killURL+"="+s.url, "TMPDIR="+t.TempDir())
	if s.server != nil {
		acts[name](s).hold() // the server is on this side
	}
	out, err := child.CombinedOutput()
	if err == nil || child.ProcessState.ExitCode() != -1 {
		t.Fatalf("the process was to be killed, and ends with %v:\n%s", err, out)
	}
	s.restore(t)
	must(t, transfer.SweepFetched(filepath.Join(s.folder, "content"))) // as every start does
	s.laptop = laptopIn(t, s.folder)
	a := acts[name](s)
	before := filesWithTimes(t, a.untouched...)
	jobs, err := s.unfinished(t.Context())
	must(t, err)
	if len(jobs) == 0 {
		// Nothing but its end can have come between.
		jobs, err = s.store.Matching(t.Context(), task.Filter{Readable: task.Readable{All: true}, Task: taskOf(name)}, 0, 2)
		must(t, err)
	}
	if len(jobs) != 1 {
		t.Fatalf("after the kill there are %d jobs", len(jobs))
	}
	s.comesToItsEnd(a, jobs[0].ID, before)
}

func taskOf(name string) string {
	kind, _, _ := strings.Cut(name, ",")
	return kind
}

// TestBeginAndDie is the process that dies.
func TestBeginAndDie(t *testing.T) {
	folder := os.Getenv(killFolder)
	if folder == "" {
		t.Skip("it is run by another test")
	}
	s := &stage{folder: folder, far: os.Getenv(killFar), url: os.Getenv(killURL)}
	s.laptop = laptopIn(t, folder)
	name := os.Getenv(killName)
	s.begin(name, acts[name](s))
	self, err := os.FindProcess(os.Getpid())
	must(t, err)
	_ = self.Kill()
	select {}
}

// drive plugs a drive in, with channels that are written to it the first time.
func (s *stage) drive(id, name string, channels ...*channeltest.Channel) string {
	s.t.Helper()
	path := filepath.Join(s.folder, name)
	if _, err := os.Stat(path); err != nil {
		must(s.t, os.Mkdir(path, 0o750))
		for _, c := range channels {
			must(s.t, c.Write(path))
		}
	}
	if s.laptop != nil {
		s.sticks.Plug(id, name, path)
	}
	return path
}

// gateBehind holds an import or export behind so many files.
func (s *stage) gateBehind(files int) func() (reach, open func()) {
	return func() (reach, open func()) {
		g := s.shut(files)
		return func() { s.reach(g) }, func() { s.open(g) }
	}
}

// claimed holds a job that goes through files one after the other before one
// of them, of whose predecessors it has told.
func (s *stage) claimed(path string, progress func() int64) (reach, open func()) {
	s.t.Helper()
	release, err := s.claims.Hold(s.t.Context(), path)
	must(s.t, err)
	return func() {
		jobs, err := s.unfinished(s.t.Context())
		if err != nil || len(jobs) != 1 {
			s.t.Fatalf("%d jobs are there, %v", len(jobs), err)
		}
		s.until(jobs[0].ID, "comes to the file", func(j task.Job) bool { return s.Live(j).Progress >= progress() })
	}, release
}

// soundFiles checks that all bytes of stored files below a folder are those that
// their names promise.
func soundFiles(t *testing.T, folder string) (files int) {
	t.Helper()
	for path := range filesWithTimes(t, folder) {
		sum, _, _ := strings.Cut(filepath.Base(path), ".")
		if !strings.Contains(path, "storage") || strings.HasSuffix(path, ".partial") || len(sum) != 32 {
			continue
		}
		bytes, err := os.ReadFile(path)
		must(t, err)
		if got := md5.Sum(bytes); hex.EncodeToString(got[:]) != sum {
			t.Errorf("%s has other bytes than its name says", path)
		}
		files++
	}
	return files
}

// filesWithTimes answers the files below the folders, with what tells of any
// change.
func filesWithTimes(t *testing.T, folders ...string) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, folder := range folders {
		err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
			if os.IsNotExist(err) || err == nil && entry.IsDir() {
				return nil
			}
			if err != nil {
				return err
			}
			info, err := entry.Info()
			if err == nil {
				found[path] = fmt.Sprint(info.Mode(), info.Size(), info.ModTime().UnixNano())
			}
			return err
		})
		must(t, err)
	}
	return found
}

// halfFiles answers the files below the folders that are not whole yet.
func halfFiles(t *testing.T, folders ...string) (half []string) {
	t.Helper()
	for path := range filesWithTimes(t, folders...) {
		if atomicfile.IsTemp(filepath.Base(path)) || strings.HasSuffix(path, ".partial") {
			half = append(half, path)
		}
	}
	return half
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
