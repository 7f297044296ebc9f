package service_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nectar/backend/auth"
	"nectar/backend/fault"
	"nectar/backend/service"
	"nectar/backend/task"
)

// said names the refused fields, each "index field code".
func said(f *fault.Fault) []string {
	fields := make([]string, len(f.Fields))
	for i, field := range f.Fields {
		fields[i] = fmt.Sprintf("%d %s %s", field.Index, field.Field, field.Code)
	}
	slices.Sort(fields)
	return fields
}

// even lets everybody signed in run the sums of even numbers.
type even struct{}

func (even) MayRun(p auth.Person, j *task.Job) bool {
	var a sum
	return p.SignedIn() && (j == nil || json.Unmarshal(j.Args, &a) == nil && a.X%2 == 0)
}
func (e even) MayRead(p auth.Person, j *task.Job) bool { return e.MayRun(p, j) }
func (even) String() string                            { return "even" }

func TestCreate(t *testing.T) {
	t.Parallel()

	t.Run("a type that is none is named with its field and its value", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t, define("maths.add", task.SignedIn))
		for _, c := range []struct {
			request service.Request
			want    fault.Field
		}{
			{service.Request{}, fault.At("type", fault.FieldRequired)},
			{service.Request{"type": nil}, fault.At("type", fault.FieldRequired)},
			{service.Request{"type": 7}, fault.At("type", fault.FieldTask, "value", "7")},
			{service.Request{"type": "maths.sub"}, fault.At("type", fault.FieldTask, "value", "maths.sub")},
		} {
			f := d.refusal(teacher, c.request)
			if diff := cmp.Diff([]fault.Field{c.want}, f.Fields); diff != "" || f.Code != fault.InvalidRequest {
				t.Errorf("%v (-want +got):\n%s", c.request, diff)
			}
		}
	})

	t.Run("a validator sees when the job is to run, and what the same call asks for before it", func(t *testing.T) {
		t.Parallel()
		var seen []string
		d := newDesk(t, define("maths.add", task.SignedIn, func(s *task.Spec[sum]) {
			s.ExclusiveKey = func(a sum) string { return fmt.Sprint("x", a.X) }
			s.Validate = func(_ context.Context, r task.Request[sum]) (task.Validated[sum], error) {
				told := fmt.Sprint(r.When.In, " beside")
				for _, j := range r.Beside {
					told += fmt.Sprint(" ", j.Task, " ", j.ExclusiveKey, " ", j.State, " ", string(j.Metadata))
				}
				seen = append(seen, told)
				return task.Validated[sum]{Args: r.Args, Metadata: map[string]any{"needs": r.Args.X}}, nil
			}
		}))
		later := request("maths.add", "x", 8, "enqueue_args", when("enqueue_in", 60))
		if _, err := d.Create(t.Context(), teacher, []service.Request{request("maths.add", "x", 7), later, request("maths.add", "x", 9)}); err != nil {
			t.Fatal(err)
		}
		want := []string{
			"0s beside",
			`1m0s beside maths.add x7 QUEUED {"needs":7}`,
			`0s beside maths.add x7 QUEUED {"needs":7} maths.add x8 SCHEDULED {"needs":8}`,
		}
		if diff := cmp.Diff(want, seen); diff != "" {
			t.Errorf("it saw (-want +got):\n%s", diff)
		}
	})

	t.Run("who may not run the task learns nothing else, and nothing of theirs is looked at", func(t *testing.T) {
		t.Parallel()
		looked := false
		d := newDesk(t, define("maths.add", task.SignedIn), define("maths.secret", task.CoordinatorOnly, func(s *task.Spec[sum]) {
			s.Validate = func(_ context.Context, r task.Request[sum]) (task.Validated[sum], error) {
				looked = true
				return task.Validated[sum]{Args: r.Args}, nil
			}
		}))
		bad := service.Request{"type": "maths.secret", "nonsense": 1, "enqueue_args": "tomorrow", "request_id": 9}
		if f := d.refusal(teacher, bad); f.Code != fault.Forbidden || !slices.Equal(said(f), []string{"0 type forbidden"}) {
			t.Errorf("alone: %v", f)
		}
		// In a list, the good ones are not looked at either, and each is named.
		if f := d.refusal(teacher, request("maths.add"), request("maths.secret"), service.Request{"type": "maths.add"}, bad); f.Code != fault.Forbidden ||
			!slices.Equal(said(f), []string{"1 type forbidden", "3 type forbidden"}) {
			t.Errorf("in a list: %v", f)
		}
		for _, r := range []service.Request{request("maths.add"), {"type": "maths.none"}, {}} {
			if f := d.refusal(nobody, r); f.Code != fault.Forbidden || len(f.Fields) > 0 {
				t.Errorf("nobody with %v: %v", r, f)
			}
		}
		if looked {
			t.Error("a validator looked at the request")
		}
	})

	t.Run("missing, unknown and wrong fields are named all at once", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t, define("maths.add", task.SignedIn))
		f := d.refusal(teacher, service.Request{
			"type": "maths.add", "x": "one", "z": 3, "request_id": "", "enqueue_args": when("enqueue_in", -1, "sometimes", true),
		})
		want := []string{
			"0 enqueue_args.enqueue_in range", "0 enqueue_args.sometimes unknown", "0 request_id format",
			"0 x type", "0 y required", "0 z unknown",
		}
		if diff := cmp.Diff(want, said(f)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})

	t.Run("a validator sees the person, may refuse, and answers arguments and metadata", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t, define("maths.add", task.SignedIn, func(s *task.Spec[sum]) {
			s.Validate = func(_ context.Context, r task.Request[sum]) (task.Validated[sum], error) {
				if r.Args.X == 13 {
					return task.Validated[sum]{}, fault.New(fault.DiskFull, "path", "/x")
				}
				return task.Validated[sum]{Args: sum{X: r.Args.X * 10, Y: r.Args.Y}, Metadata: map[string]any{"for": r.Person.Name}}, nil
			}
		}))
		if f := d.refusal(teacher, request("maths.add", "x", 13)); f.Code != fault.DiskFull || f.Params["path"] != "/x" {
			t.Errorf("refused with %v", f)
		}
		j := d.create(teacher, request("maths.add", "x", 3))
		if string(j.Args) != `{"x":30,"y":2}` || string(j.Metadata) != `{"for":"Tara"}` || j.StartedBy != "t" || j.StartedByName != "Tara" {
			t.Errorf("stored %s %s by %s", j.Args, j.Metadata, j.StartedBy)
		}
	})

	t.Run("permission is checked for the job as it will be stored", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t, define("maths.even", even{}))
		d.create(teacher, request("maths.even", "x", 2))
		if f := d.refusal(teacher, request("maths.even", "x", 3)); f.Code != fault.Forbidden {
			t.Errorf("got %v", f)
		}
	})

	t.Run("a list is all or nothing, and each fault names its item", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t, define("maths.add", task.SignedIn, func(s *task.Spec[sum]) {
			s.Validate = func(_ context.Context, r task.Request[sum]) (task.Validated[sum], error) {
				if r.Args.X == 13 {
					return task.Validated[sum]{}, fault.New(fault.SourceMissing, "path", "/x")
				}
				return task.Validated[sum]{Args: r.Args}, nil
			}
		}))
		f := d.refusal(teacher, request("maths.add"), request("maths.add", "x", 13), request("maths.add", "x", 101, "z", 1), request("maths.add", "enqueue_args", 1))
		want := []string{"1  source_missing", "2 x range", "2 z unknown", "3 enqueue_args type"}
		if diff := cmp.Diff(want, said(f)); diff != "" || f.Code != fault.InvalidRequest {
			t.Errorf("%s (-want +got):\n%s", f.Code, diff)
		}
		// A type that is none does not hide what is wrong with the others.
		f = d.refusal(teacher, service.Request{"type": "maths.none"}, request("maths.add", "z", 1), service.Request{})
		if diff := cmp.Diff([]string{"0 type task", "1 z unknown", "2 type required"}, said(f)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		// The one refusal of a list keeps its code.
		if f := d.refusal(teacher, request("maths.add"), request("maths.add", "x", 13)); f.Code != fault.SourceMissing || !slices.Equal(said(f), []string{"1  source_missing"}) {
			t.Errorf("got %v", f)
		}
		jobs, err := d.Create(t.Context(), teacher, []service.Request{request("maths.add"), request("maths.add", "x", 5)})
		if err != nil || len(jobs) != 2 || string(jobs[1].Args) != `{"x":5,"y":2}` {
			t.Errorf("%v, %v", jobs, err)
		}
	})

	t.Run("what a validator refuses the whole request for is named beside its wrong fields", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t, define("maths.add", task.SignedIn, func(s *task.Spec[sum]) {
			s.Validate = func(context.Context, task.Request[sum]) (task.Validated[sum], error) {
				return task.Validated[sum]{}, fault.New(fault.SourceMissing, "path", "/x")
			}
		}))
		wrong := request("maths.add", "request_id", "", "enqueue_args", when("sometimes", true))
		f := d.refusal(teacher, wrong)
		if diff := cmp.Diff([]string{"0  source_missing", "0 enqueue_args.sometimes unknown", "0 request_id format"}, said(f)); diff != "" || f.Code != fault.InvalidRequest {
			t.Errorf("alone: %s (-want +got):\n%s", f.Code, diff)
		}
		f = d.refusal(teacher, request("maths.add"), wrong)
		want := []string{"0  source_missing", "1  source_missing", "1 enqueue_args.sometimes unknown", "1 request_id format"}
		if diff := cmp.Diff(want, said(f)); diff != "" || f.Code != fault.InvalidRequest {
			t.Errorf("in a list: %s (-want +got):\n%s", f.Code, diff)
		}
		if f := d.refusal(teacher, request("maths.add")); f.Code != fault.SourceMissing || len(f.Fields) > 0 {
			t.Errorf("with nothing else wrong: %v", f)
		}
	})

	t.Run("what is no fault of the person is not shown as one", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t, define("maths.add", task.SignedIn, func(s *task.Spec[sum]) {
			s.Validate = func(context.Context, task.Request[sum]) (task.Validated[sum], error) {
				return task.Validated[sum]{}, errors.New("the cable")
			}
		}))
		if f := d.refusal(teacher, request("maths.add"), request("maths.add")); f.Code != fault.Internal {
			t.Errorf("got %v", f)
		}
		if f := d.refusal(teacher, request("maths.add", "request_id", "")); !slices.Equal(said(f), []string{"0 request_id format"}) {
			t.Errorf("beside a fault of theirs: %v", f)
		}
	})
}

func TestCreateLimits(t *testing.T) {
	t.Parallel()
	d := newDesk(t, define("maths.add", task.SignedIn))
	many := slices.Repeat([]service.Request{request("maths.add")}, service.MaxRequests)
	if jobs, err := d.Create(t.Context(), teacher, many); err != nil || len(jobs) != 1000 {
		t.Errorf("1,000 requests: %d jobs, %v", len(jobs), err)
	}
	if f := d.refusal(teacher, append(many, request("maths.add"))...); f.Code != fault.TooLarge || f.Params["limit"] != 1000 {
		t.Errorf("1,001 requests: %v", f)
	}
	if jobs, err := d.Create(t.Context(), teacher, nil); err != nil || len(jobs) != 0 {
		t.Errorf("no requests: %v, %v", jobs, err)
	}
	text := func(size int) []byte {
		return []byte(`{"type":"` + strings.Repeat("a", size-len(`{"type":""}`)) + `"}`)
	}
	if _, _, err := service.ParseRequests(text(service.MaxRequestBytes)); err != nil {
		t.Errorf("4 MB: %v", err)
	}
	if _, _, err := service.ParseRequests(text(service.MaxRequestBytes + 1)); fault.CodeOf(err) != fault.TooLarge {
		t.Errorf("a byte more: %v", err)
	}
}

func TestParseRequests(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		n    int
		list bool
		code fault.Code
	}{
		{`{"type": "a.b"}`, 1, false, ""},
		{`[{"type": "a.b"}]`, 1, true, ""},
		{`[]`, 0, true, ""},
		{` [{}, {}] `, 2, true, ""},
		{``, 0, false, fault.InvalidJSON},
		{`{"type": `, 0, false, fault.InvalidJSON},
		{`{} {}`, 0, false, fault.InvalidJSON},
		{`"a.b"`, 0, false, fault.InvalidRequest},
		{`null`, 0, false, fault.InvalidRequest},
		{`[{}, 7, null]`, 0, true, fault.InvalidRequest},
	} {
		requests, list, err := service.ParseRequests([]byte(c.text))
		if fault.CodeOf(err) != c.code || err == nil && (len(requests) != c.n || list != c.list) {
			t.Errorf("%s: %d requests, list %v, %v", c.text, len(requests), list, err)
		}
	}
	for text, want := range map[string]fault.Params{
		"{\"type\":\n":    {"reason": "ends", "line": 2, "column": 1},
		"{\n\"größe\" 1}": {"reason": "unexpected", "line": 2, "column": 9},
		"{}\n\n {}":       {"reason": "several", "line": 3, "column": 2},
		"{} ]":            {"reason": "several", "line": 1, "column": 4},
	} {
		_, _, err := service.ParseRequests([]byte(text))
		if diff := cmp.Diff(want, fault.Of(err).Params); diff != "" {
			t.Errorf("%q is refused for (-want +got):\n%s", text, diff)
		}
	}
	_, _, err := service.ParseRequests([]byte(`[{}, 7, null]`))
	if got := said(fault.Of(err)); !slices.Equal(got, []string{"1  type", "2  type"}) {
		t.Errorf("the items are named %v", got)
	}
}

func TestRequestIDs(t *testing.T) {
	t.Parallel()

	t.Run("the same one twice makes one job, also within a list", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t, define("maths.add", task.SignedIn))
		first := d.create(teacher, request("maths.add", "request_id", "r"))
		again := d.create(teacher, request("maths.add", "x", 9, "request_id", "r"))
		if diff := cmp.Diff(first, again); diff != "" || d.count() != 1 {
			t.Errorf("(-first +again):\n%s", diff)
		}
		jobs, err := d.Create(t.Context(), teacher, []service.Request{request("maths.add", "request_id", "s"), request("maths.add", "request_id", "s"), request("maths.add")})
		if err != nil || jobs[0].ID != jobs[1].ID || jobs[0].ID == jobs[2].ID || d.count() != 3 {
			t.Errorf("%v, %v", jobs, err)
		}
	})

	t.Run("also when the request would be refused by now", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t, define("maths.add", task.SignedIn))
		first := d.create(teacher, request("maths.add", "request_id", "r"))
		again := d.create(teacher, request("maths.add", "x", "no number any more", "request_id", "r"))
		if first.ID != again.ID || d.count() != 1 {
			t.Errorf("it answers job %s, and there are %d", again.ID, d.count())
		}
	})

	t.Run("also when many ask at once", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t, define("maths.add", task.SignedIn))
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				if _, err := d.Create(t.Context(), teacher, []service.Request{request("maths.add", "request_id", "r")}); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if n := d.count(); n != 1 {
			t.Errorf("%d jobs", n)
		}
	})

	t.Run("one is its person's own: it never answers the job of somebody else", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t, define("maths.own", task.OwnJobs))
		mine, theirs := d.create(teacher, request("maths.own", "request_id", "r")), d.create(other, request("maths.own", "request_id", "r"))
		if mine.ID == theirs.ID || theirs.StartedBy != other.ID {
			t.Errorf("it answered %+v", theirs)
		}
	})

	t.Run("it is a text of 1 to 200 characters", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t, define("maths.add", task.SignedIn))
		for _, id := range []any{"", 7, strings.Repeat("a", 201)} {
			if f := d.refusal(teacher, request("maths.add", "request_id", id)); !slices.Equal(said(f), []string{"0 request_id format"}) {
				t.Errorf("%v: %v", id, f)
			}
		}
		d.create(teacher, request("maths.add", "request_id", strings.Repeat("a", 200)))
	})
}

func TestFixedID(t *testing.T) {
	t.Parallel()
	d := newDesk(t, define("maths.scan", task.SignedIn, func(s *task.Spec[sum]) { s.FixedID = "the-scan" }))
	first := d.create(teacher, request("maths.scan", "enqueue_args", when("enqueue_in", 60)))
	second := d.create(teacher, request("maths.scan", "x", 5, "enqueue_args", when("cron", "@daily")))
	if second.ID != "the-scan" || second.Number != first.Number || second.Schedule.Cron != "@daily" || string(second.Args) != `{"x":5,"y":2}` || d.count() != 1 {
		t.Errorf("it became %+v", second)
	}
	if _, err := d.store.Change(t.Context(), []task.ID{"the-scan"}, func(j *task.Job) error { j.State = task.Queued; return nil }); err != nil {
		t.Fatal(err)
	}
	if _, err := d.store.Change(t.Context(), []task.ID{"the-scan"}, func(j *task.Job) error { j.State = task.Selected; return nil }); err != nil {
		t.Fatal(err)
	}
	if f := d.refusal(teacher, request("maths.scan")); f.Code != fault.AlreadyRunning || f.Params["id"] != "the-scan" {
		t.Errorf("while it runs: %v", f)
	}
}

func TestAGroupIsKeptWithItsJobs(t *testing.T) {
	t.Parallel()
	d := newDesk(t, define("maths.add", task.SignedIn))
	made, err := d.Create(t.Context(), teacher, []service.Request{
		request("maths.add", "x", 1, "group", "g"), request("maths.add", "x", 2, "group", "g"), request("maths.add", "x", 3),
	})
	if err != nil {
		t.Fatal(err)
	}
	jobs, listed, err := d.List(t.Context(), teacher, task.Filter{Group: "g"}, task.Page{Limit: 10})
	if err != nil || len(jobs) != 2 || jobs[1].ID != made[0].ID || listed.Counts[task.Queued] != 2 {
		t.Errorf("the group is %v, %v", jobs, err)
	}
	if _, err := d.Create(t.Context(), teacher, []service.Request{request("maths.add", "group", 7)}); fault.CodeOf(err) != fault.InvalidRequest {
		t.Errorf("a number is taken for the name of a group: %v", err)
	}
}
