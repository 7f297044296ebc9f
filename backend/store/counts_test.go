package store_test

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/samber/lo"

	"nectar/backend/fault"
	"nectar/backend/store"
	"nectar/backend/task"
)

// A crowd comes in parts, with numbers left out between them: over several blocks
// and volumes.
const (
	crowdParts = 8
	crowdPart  = 500
	crowdLeap  = 6000
)

// anyOfCrowd answers the number of a job.
func anyOfCrowd(random *rand.Rand) int64 {
	return int64(1 + random.IntN(crowdParts)*(crowdPart+crowdLeap) + random.IntN(crowdPart))
}

// crowd is a store with jobs of every sort, over several blocks, stored,
// changed, replaced and removed in many ways. The clock jumps meanwhile.
func crowd(t *testing.T, random *rand.Rand) (*store.Store, []task.Job) {
	t.Helper()
	s, _ := fresh(t)
	pick := func(of ...string) string { return of[random.IntN(len(of))] }
	for part := range crowdParts {
		drafts := make([]task.Draft, crowdPart)
		for i := range drafts {
			drafts[i] = queued(func(j *task.Job) {
				j.Task, j.Queue, j.StartedBy = pick("maths.add", "content.import", "gone.task"), pick("maths", "content"), pick("t", "u")
				j.Created = noon.Add(time.Duration(part*crowdPart+i) * time.Minute)
				if part%3 == 2 && random.IntN(50) == 0 {
					j.Created = noon.Add(-1000 * time.Hour)
				}
				j.State = task.States()[random.IntN(9)]
				j.Due = j.Created.Add(time.Duration(random.IntN(100)) * time.Minute)
				if j.State > task.Selected {
					j.Attempts, j.Started = 1, j.Created
				}
				if j.State.Resting() {
					j.Finished = j.Started.Add(time.Duration(random.IntN(1000)) * time.Minute)
				}
				if random.IntN(20) == 0 {
					j.Schedule.Repeat, j.SeriesCanceled = 1, random.IntN(3) == 0
				}
				j.Args = json.RawMessage(fmt.Sprintf(`{"word":%q}`, pick("apple", "pear", "plum")))
				if random.IntN(4) == 0 {
					j.Failure = &task.Failure{Code: fault.Code(pick(string(fault.DiskFull), string(fault.SourceGone), "other"))}
				}
			})
		}
		insert(t, s, drafts...)
		store.Leap(s, crowdLeap)
	}
	shuffle(t, s, random)
	jobs, err := s.InStates(t.Context(), task.States()...)
	if err != nil {
		t.Fatal(err)
	}
	return s, jobs
}

// shuffle changes and removes jobs, in vain too.
func shuffle(t *testing.T, s *store.Store, random *rand.Rand) {
	t.Helper()
	no := errors.New("no")
	for range 150 {
		id := task.ID(fmt.Sprint(anyOfCrowd(random)))
		to := task.States()[random.IntN(9)]
		refuse := random.IntN(5) == 0
		_, _ = s.Change(t.Context(), []task.ID{id, "1"}, func(j *task.Job) error {
			if j.ID == id && task.CanMove(j.State, to) {
				j.State = to
				if random.IntN(2) == 0 { // much later, or earlier, than those beside it
					at := noon.Add(time.Duration(random.IntN(crowdParts*crowdPart)) * time.Minute)
					if j.Started = at; random.IntN(2) == 0 {
						j.Finished = at.Add(time.Minute)
					}
				}
			}
			if j.ID == "1" && refuse {
				return no
			}
			return nil
		})
		if random.IntN(10) == 0 {
			_ = s.Delete(t.Context(), []task.ID{task.ID(fmt.Sprint(1 + anyOfCrowd(random)))}, func(*task.Job) error {
				if refuse {
					return no
				}
				return nil
			})
		}
	}
	fixed := queued(func(j *task.Job) { j.ID = "library.scan" })
	insert(t, s, fixed)
	fixed.Job.Queue, fixed.Job.StartedBy = "other", "u"
	insert(t, s, fixed)
}

// A list is what a plain look at every job would answer, whatever index it was
// read from: the jobs, their order, the pages and the counts.
func TestListAgreesWithPlainLook(t *testing.T) {
	t.Parallel()
	for seed := range uint64(2) {
		random := rand.New(rand.NewPCG(seed, 1))
		s, jobs := crowd(t, random)
		if seed%2 == 1 {
			store.Cramp(s)
		}
		for range 60 {
			filter := anyFilter(random)
			sort := []string{"", "created", "-finished", "finished", "-started", "started", "-due", "due"}[random.IntN(8)]
			want, counts := plainly(jobs, filter, sort)
			var got []task.ID
			page := task.Page{Sort: sort, Limit: []int{20, 150, 550}[random.IntN(3)]}
			for first := true; first || page.After != ""; first = false {
				listed, err := s.List(t.Context(), filter, page)
				if err != nil {
					t.Fatal(err)
				}
				for _, j := range listed.Jobs {
					got = append(got, j.ID)
				}
				if diff := gocmp.Diff(counts, listed.Counts); diff != "" && !listed.Partial {
					t.Fatalf("counts of %+v (-want +got):\n%s", filter, diff)
				}
				page.After = listed.Next
			}
			if diff := gocmp.Diff(want, got); diff != "" {
				t.Fatalf("seed %d: %+v by %q in pages of %d (-want +got):\n%s", seed, filter, sort, page.Limit, diff)
			}
			matching, err := s.Matching(t.Context(), filter, 0, 5000)
			if err != nil || len(matching) != len(want) {
				t.Fatalf("%d match %+v, want %d; %v", len(matching), filter, len(want), err)
			}
		}
	}
}

func anyFilter(random *rand.Rand) task.Filter {
	f := task.Filter{Readable: everything}
	maybe := func() bool { return random.IntN(3) == 0 }
	if maybe() {
		f.Readable = task.Readable{Tasks: []string{"content.import"}, Own: []string{"maths.add"}, Person: "u"}
	}
	if maybe() {
		f.States = []task.State{task.States()[random.IntN(9)], task.Completed}
	}
	if maybe() {
		f.Task = "maths.add"
	}
	if maybe() {
		f.Queue = "content"
	}
	if maybe() {
		f.Since = noon.Add(time.Duration(random.IntN(crowdParts*crowdPart)) * time.Minute)
	}
	if maybe() {
		f.Until = noon.Add(time.Duration(random.IntN(crowdParts*crowdPart)) * time.Minute)
	}
	if random.IntN(4) == 0 {
		f.Search = anyWords(random)
	}
	f.Repeating, f.Planned = random.IntN(8) == 0, random.IntN(8) == 0
	return f
}

// anyWords answers words of which some are found in jobs, and some are said of them.
func anyWords(random *rand.Rand) []task.Word {
	words := make([]task.Word, 1+random.IntN(3))
	for i := range words {
		words[i].Text = []string{"LUM", "nowhere", "content", "é\"", "ADD"}[random.IntN(5)]
		if random.IntN(2) == 0 {
			words[i].Tasks = [][]string{{"maths.add"}, {"content.import", "gone"}, {"content.import", "maths.add"}}[random.IntN(3)]
		}
		if random.IntN(3) == 0 {
			words[i].States = []task.State{task.States()[random.IntN(9)], task.Failed}
		}
		if random.IntN(3) == 0 {
			words[i].Failures = [][]fault.Code{{fault.DiskFull}, {fault.SourceGone, fault.Interrupted, "gone"}}[random.IntN(2)]
		}
	}
	return words
}

func hasWord(j task.Job, w task.Word) bool {
	stored := strings.ToLower(strings.Join([]string{string(j.Args), string(j.Metadata), j.Task, lo.FromPtr(j.Failure).Detail}, "\n"))
	return strings.Contains(stored, strings.ToLower(w.Text)) || slices.Contains(w.Tasks, j.Task) || slices.Contains(w.States, j.State) ||
		j.Failure != nil && slices.Contains(w.Failures, j.Failure.Code)
}

// plainly is what List promises, the slow way.
func plainly(jobs []task.Job, f task.Filter, sort string) ([]task.ID, map[task.State]int64) {
	counts := map[task.State]int64{}
	var chosen []task.Job
	for _, j := range jobs {
		mine := f.Readable.All || slices.Contains(f.Readable.Tasks, j.Task) || slices.Contains(f.Readable.Own, j.Task) && j.StartedBy == f.Readable.Person
		if !mine || f.Task != "" && j.Task != f.Task || f.Queue != "" && j.Queue != f.Queue ||
			f.Repeating && !j.Repeats() || f.Planned && j.State != task.Scheduled && (j.State.Resting() || !j.Repeats()) ||
			!f.Since.IsZero() && j.Created.Before(f.Since) || !f.Until.IsZero() && !j.Created.Before(f.Until) ||
			!lo.EveryBy(f.Search, func(w task.Word) bool { return hasWord(j, w) }) {
			continue
		}
		counts[j.State]++
		if len(f.States) == 0 || slices.Contains(f.States, j.State) {
			chosen = append(chosen, j)
		}
	}
	name, descending := strings.CutPrefix(cmp.Or(sort, "-created"), "-")
	slices.SortFunc(chosen, func(a, b task.Job) int {
		by := map[string]int{
			"created": 0, "due": due(a).Compare(due(b)), "started": a.Started.Compare(b.Started), "finished": a.Finished.Compare(b.Finished),
		}[name]
		if by = cmp.Or(by, cmp.Compare(a.Number, b.Number)); descending {
			return -by
		}
		return by
	})
	var ids []task.ID
	for _, j := range chosen {
		ids = append(ids, j.ID)
	}
	return ids, counts
}

// due is when the job is due; one at rest is no more.
func due(j task.Job) time.Time {
	if j.State.Resting() {
		return time.Time{}
	}
	return j.Due
}

func TestCountsOfQueues(t *testing.T) {
	t.Parallel()
	s, jobs := crowd(t, rand.New(rand.NewPCG(9, 1)))
	want := map[string]map[task.State]int64{}
	for _, j := range jobs {
		if j.Task != "maths.add" || j.StartedBy != "u" {
			continue
		}
		if want[j.Queue] == nil {
			want[j.Queue] = map[task.State]int64{}
		}
		want[j.Queue][j.State]++
	}
	got, err := s.QueueCounts(t.Context(), task.Readable{Own: []string{"maths.add"}, Person: "u"})
	if diff := gocmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
}
