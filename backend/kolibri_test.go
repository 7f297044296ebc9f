package backend_test

import (
	"crypto/md5"
	"encoding/hex"
	"errors"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"nectar/backend/channel"
	"nectar/backend/channel/channeltest"
	"nectar/backend/channel/source/servertest"
	"nectar/backend/plugins/content"
	"nectar/backend/service"
	"nectar/backend/task"
)

// What Kolibri looks for, said here once more and not taken from the program:
// it finds a channel by databases/<id>.sqlite3 alone, a file by its name below
// two folders of the name's first characters, and believes the name and size.
var (
	kolibriDatabase = regexp.MustCompile(`^databases/[0-9a-f]{32}\.sqlite3$`)
	kolibriFile     = regexp.MustCompile(`^storage/([0-9a-f])/([0-9a-f])/([0-9a-f]{32})\.[0-9a-z]+$`)
)

func TestTheContentFolderCanBeUsedByKolibri(t *testing.T) {
	t.Parallel()
	c, drive := channeltest.Make(t)
	p := start(t, t.TempDir())
	if job := p.run(importing(c, drive)); job.State != task.Completed {
		t.Fatalf("the import ends %v: %v", job.State, job.Failure)
	}

	stored := map[string]bool{}
	err := filepath.WalkDir(p.content(), func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		wanted := fs.FileMode(0o600)
		if entry.IsDir() {
			wanted = 0o700
		}
		if runtime.GOOS != "windows" && info.Mode().Perm()&wanted != wanted {
			t.Errorf("its user may not use %s: %v", path, info.Mode())
		}
		if entry.IsDir() {
			return nil
		}
		below, _ := filepath.Rel(p.content(), path)
		below = filepath.ToSlash(below)
		if kolibriDatabase.MatchString(below) {
			return nil
		}
		parts := kolibriFile.FindStringSubmatch(below)
		if parts == nil || !info.Mode().IsRegular() {
			t.Errorf("%s is nothing of Kolibri's", below)
			return nil
		}
		bytes, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		sum := md5.Sum(bytes)
		if name := parts[3]; name != hex.EncodeToString(sum[:]) || name[:1] != parts[1] || name[1:2] != parts[2] {
			t.Errorf("%s does not hold what its name and folders say", below)
		}
		stored[filepath.Base(path)] = true
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	_, files := c.Wanted(c.Root)
	for _, f := range files {
		if !stored[f.Name()] {
			t.Errorf("%s is not there", f.Name())
		}
	}
	name := filepath.Join("databases", string(c.ID)+".sqlite3")
	ours, err := os.ReadFile(filepath.Join(p.content(), name))
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := os.ReadFile(filepath.Join(channeltest.ContentIn(drive), name))
	if err != nil || string(ours) != string(theirs) {
		t.Errorf("the database is not as it came, byte for byte: %v", err)
	}
	// Bytes 18 and 19 of an SQLite file are 2 where it needs a write-ahead log
	// beside it.
	if !strings.HasPrefix(string(ours), "SQLite format 3\x00") || ours[18] != 1 || ours[19] != 1 {
		t.Errorf("the database needs a log beside it: % x", ours[:20])
	}
}

// loses deletes the channel while a job that is asked for stands at a moment that it
// reports, and answers the job as it ends when it was let go on.
func (p *program) loses(c *channeltest.Channel, request service.Request, reached <-chan struct{}, goOn chan<- struct{}) service.Detail {
	p.t.Helper()
	asked := p.ask(request)
	<-reached
	if job := p.run(deleting(c)); job.State != task.Completed {
		p.t.Fatalf("the deletion ends %v: %v", job.State, job.Failure)
	}
	close(goOn)
	return p.await(asked)
}

// A channel may be deleted while a check reads: nobody misses its files any more.
func TestACheckBringsBackNothingOfAChannelThatWasDeletedMeanwhile(t *testing.T) {
	t.Parallel()
	c, drive := channeltest.Make(t)
	other := channeltest.New(channeltest.Seed(9))
	server := servertest.Start(t, channeltest.ContentIn(drive))
	p := start(t, t.TempDir())
	p.bring(c)
	p.bring(other)
	document := c.Node(channeltest.Document).Files[0].LocalFile
	p.spoil(c.Node(channeltest.Audio).Files[0].LocalFile)
	if err := os.Remove(document.In(p.content())); err != nil {
		t.Fatal(err)
	}
	request := verifying()
	request["repair_from"] = server.URL
	asked, answer := make(chan struct{}), make(chan struct{})
	times := 0 // the first is to see who is there, before the job is stored
	server.Fail("/info", 2, func(w http.ResponseWriter, r *http.Request, right http.Handler, _ <-chan struct{}) {
		if times++; times == 2 {
			close(asked)
			<-answer
		}
		right.ServeHTTP(w, r)
	})
	job := p.loses(c, request, asked, answer)
	if got := verified(t, job); job.State != task.Completed || got.FilesDamaged+got.FilesMissing+got.FilesRepaired != 0 || job.Job.Problems != 0 {
		t.Errorf("it ends %v with %+v and %v: %v", job.State, got, problemItems(job), job.Failure)
	}
	if job.Progress != job.Total || job.Total == 0 {
		t.Errorf("it ends at %d of %d", job.Progress, job.Total)
	}
	if _, err := os.Lstat(document.In(p.content())); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file of the deleted channel is back: %v", err)
	}
}

// Nor does anybody miss what a repair is fetching when its channel is deleted.
func TestARepairKeepsNothingOfAChannelThatIsDeletedMeanwhile(t *testing.T) {
	t.Parallel()
	c, drive := channeltest.Make(t)
	other := channeltest.New(channeltest.Seed(9))
	server := servertest.Start(t, channeltest.ContentIn(drive))
	p := start(t, t.TempDir())
	p.bring(c)
	p.bring(other) // it has the subtitle of the video too
	document, subtitle := c.Node(channeltest.Document).Files[0].LocalFile, c.Node(channeltest.Video).Files[2].LocalFile
	for _, f := range []channel.LocalFile{document, subtitle} {
		if err := os.Remove(f.In(p.content())); err != nil {
			t.Fatal(err)
		}
	}
	request := verifying()
	request["repair_from"] = server.URL
	fetching, answer := make(chan struct{}), make(chan struct{})
	server.Fail(document.Name(), 1, func(w http.ResponseWriter, r *http.Request, right http.Handler, _ <-chan struct{}) {
		close(fetching)
		<-answer
		right.ServeHTTP(w, r)
	})
	job := p.loses(c, request, fetching, answer)
	want := content.VerifyResult{FilesChecked: 2, FilesMissing: 1, FilesRepaired: 1}
	got := verified(t, job)
	got.FilesChecked = want.FilesChecked
	if job.State != task.Completed || got != want || job.Job.Problems != 0 || job.Progress != job.Total {
		t.Errorf("it ends %v with %+v and %v at %d of %d: %v", job.State, got, problemItems(job), job.Progress, job.Total, job.Failure)
	}
	if _, err := os.Lstat(document.In(p.content())); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file of the deleted channel is back: %v", err)
	}
	if _, err := os.Lstat(subtitle.In(p.content())); err != nil {
		t.Errorf("a file that another channel has is not: %v", err)
	}
}

func TestACheckRepairsFromAServer(t *testing.T) {
	t.Parallel()
	c, drive := channeltest.Make(t)
	server := servertest.Start(t, channeltest.ContentIn(drive))
	p := start(t, t.TempDir())
	p.bring(c)
	audio, document := c.Node(channeltest.Audio).Files[0].LocalFile, c.Node(channeltest.Document).Files[0].LocalFile
	p.spoil(audio)
	if err := os.Remove(document.In(p.content())); err != nil {
		t.Fatal(err)
	}
	request := verifying(c)
	request["repair_from"] = server.URL
	job := p.run(request)
	if got := verified(t, job); job.State != task.Completed || got.FilesDamaged != 1 || got.FilesMissing != 1 || got.FilesRepaired != 2 || job.Job.Problems != 0 {
		t.Errorf("it ends %v with %+v and %v: %v", job.State, got, problemItems(job), job.Failure)
	}
	resources, _ := c.Totals()
	if here := p.checkTrue(c); here != resources {
		t.Errorf("%d of %d resources are here", here, resources)
	}
	for _, f := range []string{audio.Name(), document.Name()} {
		if asked := server.Requests(f); len(asked) != 1 {
			t.Errorf("%s was asked for %d times", f, len(asked))
		}
	}
}
