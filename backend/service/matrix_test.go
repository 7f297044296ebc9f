package service_test

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"nectar/backend/auth"
	"nectar/backend/backup"
	"nectar/backend/channel"
	"nectar/backend/channel/preflight"
	"nectar/backend/channel/selection"
	"nectar/backend/channel/source"
	"nectar/backend/channel/source/sample"
	"nectar/backend/doctor"
	"nectar/backend/fault"
	"nectar/backend/library"
	"nectar/backend/service"
	"nectar/backend/task"
	"nectar/backend/update"
)

// This file is the table of who may do what: every method of every service,
// with jobs of tasks of every kind of permission, by every kind of person. What
// is expected is written down here in letters, apart from the code that decides
// it. A method without a row fails the test.

// kinds are the kinds of people, each with a letter.
var kinds = map[string]auth.Person{
	"-": {},
	"t": {ID: "t", Name: "Tara", Role: auth.Teacher},
	"m": {ID: "m", Name: "Mona", Role: auth.Teacher, ManageContent: true},
	"c": {ID: "c", Name: "Cora", Role: auth.Coordinator},
	"f": {ID: "f", Name: "Farid", Role: auth.Coordinator, FirstRun: true},
}

// openToRead lets everybody signed in read, and coordinators run.
type openToRead struct{}

func (openToRead) MayRun(p auth.Person, j *task.Job) bool { return task.CoordinatorOnly.MayRun(p, j) }

func (openToRead) MayRead(p auth.Person, j *task.Job) bool {
	return task.SignedIn.MayRead(p, j)
}
func (openToRead) String() string { return "open to read" }

// permission is a kind of permission, with the letters of those who may run
// and read jobs that they started themselves, and jobs of others.
type permission struct {
	name                                 string
	value                                task.Permission // nil: the task is not installed
	runOwn, runOther, readOwn, readOther string
}

var permissions = []permission{
	{"signed in", task.SignedIn, "tmcf", "tmcf", "tmcf", "tmcf"},
	{"coordinator", task.CoordinatorOnly, "cf", "cf", "cf", "cf"},
	{"may manage content", task.ManageContent, "mcf", "mcf", "mcf", "mcf"},
	{"own jobs", task.OwnJobs, "tmcf", "", "tmcf", ""},
	{"device not set up", task.NotSetUp, "f", "f", "f", "f"},
	{"any of coordinator and own jobs", task.AnyOf(task.CoordinatorOnly, task.OwnJobs), "tmcf", "cf", "tmcf", "cf"},
	{"all of may manage content and own jobs", task.AllOf(task.ManageContent, task.OwnJobs), "mcf", "", "mcf", ""},
	{"all of nothing", task.AllOf(), "", "", "", ""},
	{"read by all, run by coordinators", openToRead{}, "cf", "cf", "tmcf", "tmcf"},
	{"of a task that is not installed", nil, "cf", "cf", "cf", "cf"},
}

// asked is one question to a method: a person, and a job of theirs or of
// somebody else.
type asked struct {
	*service.Services

	letter    string
	person    auth.Person
	desk      *desk
	job       task.Job
	run, read bool // what the table says of the person and the job
	may       bool // what it says of the person and a job that they would start
	installed bool
}

// ctx is that of the test.
func (a asked) ctx() context.Context { return a.desk.t.Context() }

// row is a method of a service: the states of jobs that it is tried on, and
// how it is checked. The check answers what is wrong.
type row struct {
	state task.State
	check func(a asked) string
}

// theTable has a row for every method.
func theTable() map[string]row {
	ids := func(a asked) []task.ID { return []task.ID{a.job.ID} }
	do := func(state task.State, action task.Action) row {
		return runs(state, func(a asked) error {
			_, err := a.Jobs.Do(a.ctx(), a.person, action, ids(a))
			return err
		})
	}
	table := map[string]row{
		"Jobs.Restart": runs(task.Failed, func(a asked) error { _, err := a.Jobs.Restart(a.ctx(), a.person, ids(a)); return err }),
		"Jobs.Cancel":  runs(task.Queued, func(a asked) error { _, err := a.Jobs.Cancel(a.ctx(), a.person, ids(a), false); return err }),
		"Jobs.Pause":   runs(task.Queued, func(a asked) error { _, err := a.Jobs.Pause(a.ctx(), a.person, ids(a)); return err }),
		"Jobs.Resume":  runs(task.Paused, func(a asked) error { _, err := a.Jobs.Resume(a.ctx(), a.person, ids(a)); return err }),
		"Jobs.Clear":   runs(task.Failed, func(a asked) error { _, err := a.Jobs.Clear(a.ctx(), a.person, ids(a)); return err }),
		"Jobs.Reschedule": runs(task.Scheduled, func(a asked) error {
			_, err := a.Jobs.Reschedule(a.ctx(), a.person, ids(a), when("enqueue_in", 60))
			return err
		}),
		"Jobs.Do restart":        do(task.Completed, task.Restart),
		"Jobs.Do cancel":         do(task.Scheduled, task.Cancel),
		"Jobs.Do cancel_series":  do(task.Queued, task.CancelSeries),
		"Jobs.Do pause":          do(task.Scheduled, task.Pause),
		"Jobs.Do resume":         do(task.Paused, task.Unpause),
		"Jobs.Do run_now":        do(task.Scheduled, task.RunNow),
		"Jobs.Do first":          do(task.Queued, task.First),
		"Jobs.Do retry_problems": do(task.Completed, task.RetryProblems),
		"Jobs.SaveReport":        only("tmcf", func(a asked) error { return a.Jobs.SaveReport(a.person, "", "") }),
		"Jobs.RetryCause": runs(task.Completed, func(a asked) error {
			_, err := a.Jobs.RetryCause(a.ctx(), a.person, ids(a), fault.FileMissing)
			return err
		}),
		"Jobs.Do clear":  do(task.Canceled, task.Clear),
		"Jobs.Do delete": do(task.Paused, task.Delete),
		"Jobs.DoAll": filtered(task.Queued, func(a asked) (int, error) {
			return a.Jobs.DoAll(a.ctx(), a.person, task.Delete, task.Filter{}, nil)
		}),
		"Jobs.RescheduleAll": toAll(task.Paused, func(a asked) (int, error) {
			return a.Jobs.RescheduleAll(a.ctx(), a.person, task.Filter{}, when("enqueue_in", 60), nil)
		}, func(a asked) (want, done bool) {
			return a.installed, a.desk.read(a.job.ID).State == task.Scheduled
		}),
		"Jobs.ClearAll": filtered(task.Failed, func(a asked) (int, error) { return a.Jobs.ClearAll(a.ctx(), a.person, "") }),
		"Jobs.Show": reads(task.Queued, func(a asked) (bool, error) {
			_, err := a.Jobs.Show(a.ctx(), a.person, a.job.ID)
			if fault.CodeOf(err) == fault.NotFound {
				return false, nil
			}
			return err == nil, err
		}),
		"Jobs.List": reads(task.Queued, func(a asked) (bool, error) {
			jobs, listed, err := a.Jobs.List(a.ctx(), a.person, task.Filter{}, task.Page{Limit: 10})
			if n := listed.Counts[task.Queued]; int(n) != len(jobs) {
				return false, fmt.Errorf("%d jobs are counted %d", len(jobs), n)
			}
			return len(jobs) > 0, err
		}),
		"Jobs.Counts": reads(task.Queued, func(a asked) (bool, error) {
			counts, err := a.Jobs.Counts(a.ctx(), a.person)
			return counts[task.Queued] > 0, err
		}),
		"Jobs.Queues": reads(task.Queued, func(a asked) (bool, error) {
			queues, err := a.Jobs.Queues(a.ctx(), a.person)
			for _, q := range queues {
				if q.Counts[task.Queued] > 0 {
					return true, err
				}
			}
			return false, err
		}),
		"Jobs.Schedules": reads(task.Scheduled, func(a asked) (bool, error) {
			schedules, _, err := a.Jobs.Schedules(a.ctx(), a.person, task.Page{Limit: 10})
			return len(schedules) > 0, err
		}),
		"Jobs.Readable": reads(task.Queued, func(a asked) (bool, error) { return a.Jobs.Readable(a.person, &a.job), nil }),
		"Jobs.Create": {check: func(a asked) string {
			if !a.installed {
				return "" // there is nothing to create
			}
			_, err := a.Jobs.Create(a.ctx(), a.person, []service.Request{request("maths.add")})
			return verdict(a.may, err)
		}},
		"Jobs.Tasks": {check: func(a asked) string {
			if n := len(a.Jobs.Tasks(a.person)); a.installed && (n > 0) != a.may {
				return fmt.Sprintf("the catalogue has %d tasks, want that it may be run: %v", n, a.may)
			}
			return ""
		}},
		"Jobs.NextRuns": {check: func(a asked) string {
			if !a.installed {
				return "" // there is no such task
			}
			_, err := a.Jobs.NextRuns(a.person, "maths.add", map[string]any{"cron": "@daily"})
			return verdict(a.may, err)
		}},
		"Jobs.PauseQueue":  only("cf", func(a asked) error { _, err := a.Jobs.PauseQueue(a.ctx(), a.person, "other"); return err }),
		"Jobs.ResumeQueue": only("cf", func(a asked) error { _, err := a.Jobs.ResumeQueue(a.ctx(), a.person, "other"); return err }),
		"Jobs.Subscribe":   open("whoever takes from it asks Readable of each job"),

		"Library.Channels": only("tmcf", func(a asked) error { _, err := a.Library.Channels(a.ctx(), a.person); return err }),
		"Library.Space":    only("tmcf", func(a asked) error { _, err := a.Library.Space(a.person); return err }),
		"Library.Tree": only("tmcf", func(a asked) error {
			_, err := a.Library.Tree(a.ctx(), a.person, sampleID, "", string(source.Sample), 1)
			return err
		}),
		"Library.Thumbnails": only("tmcf", func(a asked) error {
			_, err := a.Library.Thumbnails(a.ctx(), a.person, sampleID, nil, string(source.Sample))
			return err
		}),
		"Library.Search": only("tmcf", func(a asked) error {
			_, _, err := a.Library.Search(a.ctx(), a.person, library.Query{})
			return err
		}),
		"Library.Newer": only("tmcf", func(a asked) error {
			_, err := a.Library.Newer(a.ctx(), a.person, nil)
			return err
		}),
		"Library.OpenResource": only("tmcf", func(a asked) error {
			return a.Library.OpenResource(a.ctx(), a.person, sampleID, "ffffffffffffffffffffffffffffffff")
		}),
		"Library.Removal": only("tmcf", func(a asked) error {
			_, err := a.Library.Removal(a.ctx(), a.person, library.RemovalRequest{Channel: sampleID})
			return err
		}),
		"Library.Order":     only("mcf", func(a asked) error { _, err := a.Library.Order(a.ctx(), a.person, nil); return err }),
		"Sources.Watch":     open("it says that drives came or went, and not which"),
		"Library.Path":      open("where the content is, which every process on the laptop sees"),
		"Library.Place":     open("as Path"),
		"Library.Reachable": open("as Path"),
		"Sources.List":      only("tmcf", func(a asked) error { _, err := a.Sources.List(a.ctx(), a.person); return err }),
		"Sources.Channels": only("tmcf", func(a asked) error {
			_, _, err := a.Sources.Channels(a.ctx(), a.person, string(source.Sample))
			return err
		}),
		"Sources.Open": only("tmcf", func(a asked) error {
			_, err := a.Sources.Open(a.ctx(), a.person, string(source.Sample))
			return err
		}),
		"Sources.Lookup": only("tmcf", func(a asked) error {
			_, err := a.Sources.Lookup(a.ctx(), a.person, string(source.Sample), string(sampleID))
			return err
		}),
		"Sources.Preflight": only("tmcf", func(a asked) error {
			_, err := a.Sources.Preflight(a.ctx(), a.person, sampleID, string(source.Sample), selection.Options{})
			return err
		}),
		"Sources.PreflightExport": only("tmcf", func(a asked) error {
			_, err := a.Sources.PreflightExport(a.ctx(), a.person, sampleID, "/", selection.Options{})
			return err
		}),
		"Sources.Eject": only("mcf", func(a asked) error { return a.Sources.Eject(a.ctx(), a.person, "/") }),
		"Sources.Listed": only("tmcf", func(a asked) error {
			_, err := a.Sources.Listed(a.ctx(), a.person, sampleID, string(source.Sample), "/")
			return err
		}),
		"Sources.Diff": only("tmcf", func(a asked) error {
			_, err := a.Sources.Diff(a.ctx(), a.person, sampleID, string(source.Sample))
			return err
		}),
		"Jobs.Each": reads(task.Queued, func(a asked) (bool, error) {
			n := 0
			err := a.Jobs.Each(a.ctx(), a.person, func(jobs []task.Job) error {
				n += len(jobs)
				return nil
			})
			return n > 0, err
		}),
		"Home.Now": reads(task.Failed, func(a asked) (bool, error) {
			now, err := a.Home.Now(a.ctx(), a.person)
			return len(now.Amiss) > 0, err
		}),
		"Home.Dismiss": reads(task.Failed, func(a asked) (bool, error) {
			err := a.Home.Dismiss(a.ctx(), a.person, a.job.ID)
			if fault.CodeOf(err) == fault.NotFound {
				return false, nil
			}
			return err == nil, err
		}),
		"Home.DismissAll":   only("tmcf", func(a asked) error { return a.Home.DismissAll(a.ctx(), a.person) }),
		"Device.Backups":    only("cf", func(a asked) error { _, err := a.Device.Backups(a.person); return err }),
		"Device.MayRestore": only("cf", func(a asked) error { return a.Device.MayRestore(a.person) }),
		"Device.Diagnose":   only("cf", func(a asked) error { return a.Device.Diagnose(a.ctx(), a.person, "") }),
		"Device.Offer":      only("tmcf", func(a asked) error { _, err := a.Device.Offer(a.ctx(), a.person, ""); return err }),
		"Device.Upgrade":    only("cf", func(a asked) error { _, err := a.Device.Upgrade(a.ctx(), a.person, "", ""); return err }),
		"Device.Examine":    only("tmcf", func(a asked) error { _, err := a.Device.Examine(a.ctx(), a.person); return err }),
	}
	maps.Copy(table, peopleRows())
	return table
}

// runs is a method for those who may run the job. To those who may not read it
// there is no such job, and nobody who may not run it changes it.
func runs(state task.State, call func(asked) error) row {
	return row{state, func(a asked) string {
		err := call(a)
		code, want := fault.CodeOf(err), fault.Code("")
		switch {
		case !a.read:
			want = fault.NotFound
		case !a.run:
			want = fault.Forbidden
		case !a.installed && code == fault.TaskMissing:
			return ""
		}
		if code != want {
			return fmt.Sprintf("answered %v, want %q", err, want)
		}
		if after, gone := a.desk.store.Job(a.ctx(), a.job.ID); want != "" && (gone != nil || !reflect.DeepEqual(after, a.job)) {
			return "refused, and the job changed"
		}
		return ""
	}}
}

// filtered is a method that removes all jobs that the person may run.
func filtered(state task.State, call func(asked) (int, error)) row {
	return toAll(state, call, func(a asked) (want, done bool) {
		_, gone := a.desk.store.Job(a.ctx(), a.job.ID)
		return true, gone != nil
	})
}

// toAll is a method that does something to all jobs that the person may run: whether it
// should be done to such a job, and whether it is, say the function.
func toAll(state task.State, call func(asked) (int, error), look func(asked) (want, done bool)) row {
	return row{state, func(a asked) string {
		n, err := call(a)
		if err != nil && (a.person.SignedIn() || fault.CodeOf(err) != fault.Forbidden) {
			return err.Error()
		}
		want := 0
		should, done := look(a)
		if a.run && a.read && should {
			want = 1
		}
		if n != want || done != (want == 1) {
			return fmt.Sprintf("did it to %d jobs, want %d", n, want)
		}
		return ""
	}}
}

// reads is a method that shows the job to those who may read it.
func reads(state task.State, call func(asked) (bool, error)) row {
	return row{state, func(a asked) string {
		shown, err := call(a)
		if err != nil && (a.person.SignedIn() || fault.CodeOf(err) != fault.Forbidden) {
			return err.Error()
		}
		if shown != a.read {
			return fmt.Sprintf("shown: %v, want %v", shown, a.read)
		}
		return ""
	}}
}

// only is a method for the kinds of people of these letters. What else it may
// refuse does not matter here.
func only(letters string, call func(asked) error) row {
	return row{check: func(a asked) string { return verdict(strings.Contains(letters, a.letter), call(a)) }}
}

func verdict(may bool, err error) string {
	if forbidden := fault.CodeOf(err) == fault.Forbidden; forbidden == may {
		return fmt.Sprintf("answered %v, want it allowed: %v", err, may)
	}
	if fault.CodeOf(err) == fault.Internal {
		return err.Error()
	}
	return ""
}

// open is a method that asks for nobody, and why that is right.
func open(why string) row {
	return row{check: func(asked) string {
		if why == "" {
			return "nobody says why it asks for nobody"
		}
		return ""
	}}
}

// sampleID is the channel in the program.
const sampleID = sample.ChannelID

// TestEveryMethodHasARow finds the methods by reflection.
func TestEveryMethodHasARow(t *testing.T) {
	t.Parallel()
	table := theTable()
	rows := map[string]bool{}
	for name := range table {
		method, _, _ := strings.Cut(name, " ")
		rows[method] = true
	}
	services := reflect.TypeFor[service.Services]()
	for i := range services.NumField() {
		field := services.Field(i)
		for j := range field.Type.NumMethod() {
			name := field.Name + "." + field.Type.Method(j).Name
			if !rows[name] {
				t.Errorf("%s has no row in theTable: say there who may call it", name)
			}
			delete(rows, name)
		}
	}
	for name := range rows {
		t.Errorf("%s has a row and does not exist", name)
	}
	for _, action := range task.Actions() {
		if _, ok := table["Jobs.Do "+string(action)]; !ok {
			t.Errorf("the action %s has no row", action)
		}
	}
}

func TestPermissions(t *testing.T) {
	t.Parallel()
	table := theTable()
	for _, p := range permissions {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t, p.tasks()...)
			services := d.allServices()
			for _, name := range slices.Sorted(maps.Keys(table)) {
				for letter, person := range kinds {
					for _, own := range []bool{true, false} {
						if table[name].state == task.Pending && !own {
							continue // it is about no job
						}
						a := p.ask(d, services, letter, person, own, table[name].state)
						if wrong := table[name].check(a); wrong != "" {
							t.Errorf("%s by %q, own job %v: %s", name, letter, own, wrong)
						}
						d.empty()
					}
				}
			}
		})
	}
}

// tasks answers the task of this permission, and another, so that there is a
// queue.
func (p permission) tasks() []task.Declared {
	tasks := []task.Declared{define("other.add", task.SignedIn, func(s *task.Spec[sum]) { s.Permission = task.CoordinatorOnly })}
	if p.value != nil {
		tasks = []task.Declared{define("maths.add", p.value, func(s *task.Spec[sum]) {
			s.RetriesProblems = true
			s.Queue = "other"
		})}
	}
	return tasks
}

func (p permission) ask(d *desk, services *service.Services, letter string, person auth.Person, own bool, state task.State) asked {
	run, read := p.runOther, p.readOther
	by := auth.Person{ID: "somebody else"}
	if own {
		run, read, by = p.runOwn, p.readOwn, person
	}
	a := asked{
		Services: services, letter: letter, person: person, desk: d, installed: p.value != nil,
		run: strings.Contains(run, letter), read: strings.Contains(read, letter), may: strings.Contains(p.runOwn, letter),
	}
	if state != task.Pending {
		j := stored("maths.add", by, state)
		j.Queue, j.Attempts, j.Problems, j.Outcome = "other", 1, 1, task.OutcomeCompleted
		a.job = d.put(j)
	}
	return a
}

// allServices are the services with all that they stand on.
func (d *desk) allServices() *service.Services {
	d.t.Helper()
	openSample := func(context.Context, string) (source.Source, error) { return sample.Open(), nil }
	services := service.New(service.Config{
		Store: d.store, Registry: d.registry, Engine: d.engine,
		Library: library.New(filepath.Join(filepath.Dir(d.path), "content"), d.store),
		Open:    openSample,
		Discover: func(context.Context) ([]source.Source, error) {
			return []source.Source{sample.Open()}, nil
		},
		Space:      func() (service.Space, error) { return service.Space{}, nil },
		ImportDisk: func(context.Context, channel.ID) (preflight.Disk, error) { return preflight.Disk{}, nil },
		PreflightExport: func(context.Context, channel.ID, string, selection.Options) (preflight.Answer, error) {
			return preflight.Answer{}, nil
		},
		Eject: func(context.Context, string) error { return nil },
		Device: service.DeviceConfig{
			Backups:  func() ([]backup.Backup, error) { return nil, nil },
			Examine:  func(context.Context) []doctor.Finding { return nil },
			Diagnose: func(context.Context, string) error { return nil },
			Offer:    func(context.Context, string) (*update.Offer, error) { return &update.Offer{}, nil },
			Upgrade: func(context.Context, update.Offer) (service.Upgraded, error) {
				return service.Upgraded{}, nil
			},
		},
	})
	services.Jobs = d.Jobs
	return services
}

// empty removes all jobs.
func (d *desk) empty() {
	d.t.Helper()
	all := task.Filter{Readable: task.Readable{All: true}}
	jobs, err := d.store.Matching(d.t.Context(), all, 0, 100)
	if err != nil {
		d.t.Fatal(err)
	}
	for _, j := range jobs {
		if err := d.store.Delete(d.t.Context(), []task.ID{j.ID}, func(*task.Job) error { return nil }); err != nil {
			d.t.Fatal(err)
		}
	}
}
