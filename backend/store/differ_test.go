package store_test

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nectar/backend/store"
	"nectar/backend/task"
)

// Whatever two jobs differ in, the columns that tell of it are found, as if each were
// looked at.
func TestEveryColumnThatDiffersIsFound(t *testing.T) {
	t.Parallel()
	full := fullJob(t)
	for _, from := range []task.Job{{}, full} {
		to := full
		if from.Number != 0 {
			to = task.Job{}
		}
		for i := range reflect.TypeFor[task.Job]().NumField() {
			name := reflect.TypeFor[task.Job]().Field(i).Name
			changed := from
			reflect.ValueOf(&changed).Elem().Field(i).Set(reflect.ValueOf(to).Field(i))
			found, plainly := store.Differing(&from, &changed)
			if diff := cmp.Diff(plainly, found); diff != "" {
				t.Errorf("another %s (-plainly +found):\n%s", name, diff)
			}
			if len(found) == 0 && name != "Number" {
				t.Errorf("another %s changes no column", name)
			}
		}
	}
	for _, other := range []task.Job{{}, full} {
		found, plainly := store.Differing(&full, &other)
		if diff := cmp.Diff(plainly, found); diff != "" {
			t.Errorf("(-plainly +found):\n%s", diff)
		}
	}
}

// fullJob is a job that has something in every field.
func fullJob(t *testing.T) task.Job {
	t.Helper()
	var j task.Job
	for i := range reflect.TypeFor[task.Job]().NumField() {
		if !fill(reflect.ValueOf(&j).Elem().Field(i), i) {
			t.Fatalf("cannot fill %s", reflect.TypeFor[task.Job]().Field(i).Name)
		}
	}
	return j
}

// fill puts something into the value, and into every field of it; into times each its own.
func fill(v reflect.Value, number int) bool {
	switch v.Interface().(type) {
	case json.RawMessage:
		v.Set(reflect.ValueOf(json.RawMessage(`{"a":1}`)))
		return true
	case time.Time:
		v.Set(reflect.ValueOf(noon.Add(time.Duration(number) * time.Minute)))
		return true
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString("x")
	case reflect.Int64, reflect.Uint8, reflect.Int:
		v.Set(reflect.ValueOf(7).Convert(v.Type()))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		return fill(v.Elem(), number)
	case reflect.Struct:
		for i := range v.NumField() {
			if !fill(v.Field(i), number) {
				return false
			}
		}
	case reflect.Map:
		v.Set(reflect.ValueOf(map[string]any{"a": 1}).Convert(v.Type()))
	default:
		return false
	}
	return true
}
