package store_test

import (
	"encoding/json"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/samber/lo"

	"nectar/backend/fault"
	"nectar/backend/store"
	"nectar/backend/task"
)

var everything = task.Readable{All: true}

// words are looked for together, each as it is.
func words(texts ...string) []task.Word {
	return lo.Map(texts, func(text string, _ int) task.Word { return task.Word{Text: text} })
}

func list(t *testing.T, s *store.Store, filter task.Filter, page task.Page) ([]task.ID, task.Listed) {
	t.Helper()
	if page.Limit == 0 {
		page.Limit = 100
	}
	listed, err := s.List(t.Context(), filter, page)
	if err != nil {
		t.Fatal(err)
	}
	ids := make([]task.ID, 0, len(listed.Jobs))
	for _, j := range listed.Jobs {
		ids = append(ids, j.ID)
	}
	return ids, listed
}

func TestListFilters(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t)
	insert(t, s,
		queued(func(j *task.Job) { j.Metadata = json.RawMessage(`{"title":"100% Ünïcode"}`) }), // 1
		queued(func(j *task.Job) {
			j.Task, j.Queue, j.State, j.Due = "content.import", "content", task.Scheduled, noon.Add(time.Hour)
		}), // 2
		queued(func(j *task.Job) {
			j.Schedule.Cron, j.StartedBy, j.Args = "@daily", "u", json.RawMessage(`{"path":"a_b'c"}`)
		}), // 3
		queued(func(j *task.Job) {
			j.Schedule.Repeat, j.Created, j.Args = -1, noon.Add(time.Hour), json.RawMessage(`{"path":"a\\b axb"}`)
		}), // 4
		queued(func(j *task.Job) {
			j.State, j.Task = task.Failed, "gone.task"
			j.Failure = &task.Failure{Code: "c", Detail: "Something\nbroke\" here"}
		}), // 5
	)
	cases := []struct {
		name   string
		filter task.Filter
		want   []task.ID
	}{
		{"no filter chooses all, the newest first", task.Filter{Readable: everything}, []task.ID{"5", "4", "3", "2", "1"}},
		{"by state", task.Filter{Readable: everything, States: []task.State{task.Scheduled, task.Failed}}, []task.ID{"5", "2"}},
		{"by all states but one, and one that no job is ever stored in", task.Filter{Readable: everything, States: append(slices.DeleteFunc(task.States(), func(s task.State) bool { return s == task.Scheduled }), task.Pending)}, []task.ID{"5", "4", "3", "1"}},
		{"by a state that is named again and again", task.Filter{Readable: everything, States: slices.Repeat([]task.State{task.Failed}, len(task.States()))}, []task.ID{"5"}},
		{"by a state that no job is ever stored in", task.Filter{Readable: everything, States: []task.State{task.Pending}}, []task.ID{}},
		{"by task", task.Filter{Readable: everything, Task: "content.import"}, []task.ID{"2"}},
		{"by queue", task.Filter{Readable: everything, Queue: "content"}, []task.ID{"2"}},
		{"repeating ones", task.Filter{Readable: everything, Repeating: true}, []task.ID{"4", "3"}},
		{"from a time", task.Filter{Readable: everything, Since: noon.Add(time.Hour)}, []task.ID{"4"}},
		{"before a time", task.Filter{Readable: everything, Until: noon.Add(time.Hour)}, []task.ID{"5", "3", "2", "1"}},
		{"all filters must hold", task.Filter{Readable: everything, Repeating: true, Since: noon.Add(time.Minute), Queue: "maths"}, []task.ID{"4"}},
		{"a text in the metadata", task.Filter{Readable: everything, Search: words("nïcode")}, []task.ID{"1"}},
		{"a text in the task", task.Filter{Readable: everything, Search: words("IMPORT")}, []task.ID{"2"}},
		{"a text in the error", task.Filter{Readable: everything, Search: words(`broke" h`)}, []task.ID{"5"}},
		{"a per cent sign is one", task.Filter{Readable: everything, Search: words("100%")}, []task.ID{"1"}},
		{"a per cent sign is not any text", task.Filter{Readable: everything, Search: words("1%c")}, []task.ID{}},
		{"an underscore is one, not any letter", task.Filter{Readable: everything, Search: words("a_b")}, []task.ID{"3"}},
		{"a quote is one", task.Filter{Readable: everything, Search: words("b'c")}, []task.ID{"3"}},
		{"a quote ends nothing", task.Filter{Readable: everything, Search: words("' OR TRUE --")}, []task.ID{}},
		{"a backslash is one", task.Filter{Readable: everything, Search: words(`a\\b`)}, []task.ID{"4"}},
		{"a letter that is not of ASCII in another case", task.Filter{Readable: everything, Search: words("ünïCODE")}, []task.ID{"1"}},
		{"all letters large", task.Filter{Readable: everything, Search: words("ÜNÏCODE")}, []task.ID{"1"}},
		{"a sign that JSON has written otherwise", task.Filter{Readable: everything, Search: words(`a\b`)}, []task.ID{"4"}},
		{"all words, wherever each is found", task.Filter{Readable: everything, Search: words("maths", "100%")}, []task.ID{"1"}},
		{"not one of several words alone", task.Filter{Readable: everything, Search: words("100%", "import")}, []task.ID{}},
		{"a word that is said of a task", task.Filter{Readable: everything, Search: []task.Word{{Text: "Prüfung", Tasks: []string{"content.import"}}}}, []task.ID{"2"}},
		{"a word that is said of tasks, and stands in a job of another", task.Filter{Readable: everything, Search: []task.Word{{Text: "something", Tasks: []string{"content.import", "not.here"}}}}, []task.ID{"5", "2"}},
		{"a word that is said of a state", task.Filter{Readable: everything, Search: []task.Word{{Text: "später", States: []task.State{task.Scheduled, task.Failed}}}}, []task.ID{"5", "2"}},
		{"a word that is said of a failure", task.Filter{Readable: everything, Search: []task.Word{{Text: "voll", Failures: []fault.Code{"b", "c"}}}}, []task.ID{"5"}},
		{"a word that is said of another failure", task.Filter{Readable: everything, Search: []task.Word{{Text: "voll", Failures: []fault.Code{"b"}}}}, []task.ID{}},
		{"words that are said of all jobs that match", task.Filter{Readable: everything, Task: "content.import", Search: []task.Word{{Text: "x", Tasks: []string{"content.import"}}, {Text: "content"}}}, []task.ID{"2"}},
		{"words of which one is said of all", task.Filter{Readable: everything, Search: []task.Word{{Text: "x", Tasks: []string{"content.import", "maths.add", "gone.task"}}, {Text: "path"}}}, []task.ID{"4", "3"}},
		{"what is said of a task shows no more than is readable", task.Filter{Readable: task.Readable{Tasks: []string{"gone.task"}}, Search: []task.Word{{Text: "nowhere", Tasks: []string{"content.import"}}}}, []task.ID{}},
		{"who may read nothing sees nothing", task.Filter{}, []task.ID{}},
		{"a person alone sees nothing", task.Filter{Readable: task.Readable{Person: "t"}}, []task.ID{}},
		{"who may read some tasks sees those", task.Filter{Readable: task.Readable{Tasks: []string{"content.import", "other"}, Person: "t"}}, []task.ID{"2"}},
		{"who may read their own sees those", task.Filter{Readable: task.Readable{Own: []string{"maths.add"}, Person: "u"}}, []task.ID{"3"}},
		{"both together", task.Filter{Readable: task.Readable{Tasks: []string{"content.import"}, Own: []string{"maths.add"}, Person: "t"}}, []task.ID{"4", "2", "1"}},
		{"a filter never shows more than is readable", task.Filter{Readable: task.Readable{Own: []string{"maths.add"}, Person: "u"}, Repeating: true, Search: words("a")}, []task.ID{"3"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, _ := list(t, s, c.filter, task.Page{})
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			for _, sort := range []string{"created", "started", "-finished", "due"} {
				got, _ := list(t, s, c.filter, task.Page{Sort: sort})
				if diff := cmp.Diff(slices.Sorted(slices.Values(c.want)), slices.Sorted(slices.Values(got))); diff != "" {
					t.Errorf("sorted by %s (-want +got):\n%s", sort, diff)
				}
			}
		})
	}

	t.Run("the counts obey every filter but the state and the page", func(t *testing.T) {
		t.Parallel()
		filter := task.Filter{Readable: task.Readable{Tasks: []string{"maths.add", "content.import"}}, States: []task.State{task.Failed}}
		_, listed := list(t, s, filter, task.Page{Limit: 1})
		if diff := cmp.Diff(map[task.State]int64{task.Queued: 3, task.Scheduled: 1}, listed.Counts); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

func TestListPages(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t)
	// Ties everywhere: two of three jobs share each time, and some have none.
	for i := range 12 {
		third := noon.Add(time.Duration(i/3) * time.Minute)
		insert(t, s, queued(func(j *task.Job) {
			j.Due, j.Created = third, third
			if i%3 > 0 {
				j.Started, j.Finished = third, third
			}
		}))
	}
	keys := map[string]func(task.Job) int64{
		"created": func(j task.Job) int64 { return j.Number },
		"due":     func(j task.Job) int64 { return j.Due.UnixMilli() },
		"started": func(j task.Job) int64 {
			if j.Started.IsZero() {
				return 0
			}
			return j.Started.UnixMilli()
		},
	}
	keys["finished"] = keys["started"] // in this test they are equal
	_, all := list(t, s, task.Filter{Readable: everything}, task.Page{})
	for name, key := range keys {
		for _, sort := range []string{name, "-" + name} {
			t.Run("sorted by "+sort+" every job comes once, whatever is inserted meanwhile", func(t *testing.T) {
				sorted := slices.SortedFunc(slices.Values(all.Jobs), func(a, b task.Job) int {
					order := int(key(a) - key(b))
					if order == 0 {
						order = int(a.Number - b.Number)
					}
					if sort[0] == '-' {
						return -order
					}
					return order
				})
				var want, got []task.ID
				for _, j := range sorted {
					want = append(want, j.ID)
				}
				page := task.Page{Sort: sort, Limit: 5}
				for range 10 {
					ids, listed := list(t, s, task.Filter{Readable: everything, Queue: "maths", Until: noon.Add(365 * 24 * time.Hour)}, page)
					got = append(got, ids...)
					if page.After = listed.Next; page.After == "" {
						break
					}
					insert(t, s, queued(func(j *task.Job) { j.Created = noon.Add(366 * 24 * time.Hour) }))
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			})
		}
	}

	t.Run("an unknown order and a made-up cursor are refused by name", func(t *testing.T) {
		for field, page := range map[string]task.Page{
			"sort":  {Sort: "number; DROP TABLE jobs"},
			"after": {After: "!!!"},
		} {
			_, err := s.List(t.Context(), task.Filter{Readable: everything}, page)
			if f := fault.Of(err); f == nil || len(f.Fields) != 1 || f.Fields[0].Field != field {
				t.Errorf("%s: %v", field, err)
			}
		}
	})

	t.Run("a page has at least one job and at most a thousand", func(t *testing.T) {
		if got, _ := list(t, s, task.Filter{Readable: everything}, task.Page{Limit: -1}); len(got) != 1 {
			t.Errorf("%d jobs", len(got))
		}
	})
}

// A search that is over before it is through goes on where it was, in each order, and
// among jobs of one moment too.
func TestSearchGoesOn(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t)
	store.Cramp(s)
	const jobs, matching = 1500, 150
	var drafts []task.Draft
	for i := range jobs {
		drafts = append(drafts, queued(func(j *task.Job) {
			j.State, j.Started, j.Finished = task.Completed, noon, noon.Add(time.Duration(i/600)*time.Second)
			if i%10 == 0 {
				j.Metadata = json.RawMessage(`{"title":"Apples"}`)
			}
		}))
	}
	insert(t, s, drafts...)
	for _, sort := range []string{"created", "-created", "started", "-started", "finished", "-finished", "due", "-due"} {
		seen, pages := map[task.ID]bool{}, 0
		for page := (task.Page{Sort: sort, Limit: 100}); pages == 0 || page.After != ""; pages++ {
			ids, listed := list(t, s, task.Filter{Readable: everything, Search: words("apple")}, page)
			for _, id := range ids {
				if seen[id] {
					t.Fatalf("sorted by %s job %s comes twice", sort, id)
				}
				seen[id] = true
			}
			page.After = listed.Next
		}
		if len(seen) != matching || pages < 2 {
			t.Errorf("sorted by %s %d of %d jobs came, on %d pages", sort, len(seen), matching, pages)
		}
	}
}

func TestAJobThatChangesItsStateIsInEveryList(t *testing.T) {
	t.Parallel()
	for name, others := range map[string]int{"few": 1, "many": 30} {
		t.Run("among "+name+" others", func(t *testing.T) {
			t.Parallel()
			s, _ := fresh(t)
			store.Cramp(s)
			for range others {
				insert(t, s, queued(func(j *task.Job) { j.Task = "other.task" }))
			}
			id := insert(t, s, queued())[0].ID
			var changes sync.WaitGroup
			stop := make(chan struct{})
			changes.Go(func() {
				for next := task.Selected; ; next = task.Queued + task.Selected - next {
					select {
					case <-stop:
						return
					default:
						change(t, s, id, func(j *task.Job) { j.State = next })
					}
				}
			})
			for range 400 {
				listed, err := s.List(t.Context(), task.Filter{Readable: everything, Task: "maths.add"}, task.Page{Limit: 10})
				if err != nil {
					t.Fatal(err)
				}
				total := int64(0)
				for _, n := range listed.Counts {
					total += n
				}
				if len(listed.Jobs) != 1 || total != 1 && others == 1 {
					t.Errorf("of one job %d are listed and %d counted", len(listed.Jobs), total)
					break
				}
			}
			close(stop)
			changes.Wait()
		})
	}
}
