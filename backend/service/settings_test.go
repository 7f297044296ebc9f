package service_test

import (
	"encoding/json"
	"testing"

	"nectar/backend/auth"
	"nectar/backend/fault"
	"nectar/backend/service"
)

func TestSettings(t *testing.T) {
	t.Parallel()

	t.Run("are the defaults until somebody changes them, and last", func(t *testing.T) {
		t.Parallel()
		h := newHome(t)
		want := service.Values{
			WorkersRegular: 4, WorkersHigh: 2, LockAfterMinutes: 10, RetentionDays: 90, RetentionJobs: 10_000, Language: "system",
			BatteryFloor: 20, KeepAwake: service.AwakeOnMains,
		}
		values, err := h.Settings.Values(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		wants(t, "at first", values, want)
		h.set("workers_regular", "1")
		h.set("language", `"de"`)
		h.restart()
		want.WorkersRegular, want.Language = 1, "de"
		if values, err = h.Settings.Values(t.Context()); err != nil {
			t.Fatal(err)
		}
		wants(t, "after a restart", values, want)
		setting, err := h.Settings.Get(t.Context(), h.coordinator(), "workers_regular")
		if err != nil || setting.Value != 1 || setting.Default != 4 || setting.Unit != "jobs" || !setting.MayChange {
			t.Errorf("the setting is %+v, %v", setting, err)
		}
	})

	t.Run("a bad value names its field, and changes nothing", func(t *testing.T) {
		t.Parallel()
		h := newHome(t)
		for _, c := range []struct {
			name, value string
			code        fault.Code
		}{
			{"workers_regular", "0", fault.FieldRange},
			{"workers_regular", "17", fault.FieldRange},
			{"workers_regular", "1.5", fault.FieldType},
			{"workers_regular", `"4"`, fault.FieldType},
			{"workers_regular", "null", fault.FieldType},
			{"workers_regular", "99999999999999999999", fault.FieldType},
			{"quiet_hours", "8", fault.FieldType},
			{"quiet_hours", `"8-13"`, fault.FieldFormat},
			{"battery_floor", "96", fault.FieldRange},
			{"keep_awake", `"sometimes"`, fault.FieldChoice},
			{"language", "4", fault.FieldType},
			{"language", `"tlh"`, fault.FieldChoice},
		} {
			_, err := h.Settings.Set(t.Context(), h.coordinator(), c.name, json.RawMessage(c.value))
			f := fault.Of(err)
			if f == nil || len(f.Fields) != 1 || f.Fields[0].Field != c.name || f.Fields[0].Code != c.code {
				t.Errorf("%s = %s: %v", c.name, c.value, err)
			}
		}
		stored, err := h.store.Settings(t.Context())
		if err != nil || len(stored) > 0 {
			t.Errorf("stored: %v, %v", stored, err)
		}
		_, err = h.Settings.Set(t.Context(), h.coordinator(), "colour", json.RawMessage("1"))
		refused(t, "an unknown one", err, fault.NotFound)
		_, err = h.Settings.Get(t.Context(), h.coordinator(), "colour")
		refused(t, "an unknown one", err, fault.NotFound)
	})

	t.Run("a stored value that this version does not understand is the default", func(t *testing.T) {
		t.Parallel()
		h := newHome(t)
		for name, value := range map[string]any{"workers_regular": 1000, "language": "tlh", "of_a_later_version": true} {
			if err := h.store.SetSetting(t.Context(), name, value); err != nil {
				t.Fatal(err)
			}
		}
		values, err := h.Settings.Values(t.Context())
		if err != nil || values.WorkersRegular != 4 || values.Language != "system" {
			t.Errorf("values are %+v, %v", values, err)
		}
	})

	t.Run("who watches hears of each change before it is answered", func(t *testing.T) {
		t.Parallel()
		h := newHome(t)
		var heard []int
		stop, err := h.Settings.Watch(t.Context(), func(v service.Values) { heard = append(heard, v.WorkersHigh) })
		if err != nil {
			t.Fatal(err)
		}
		h.set("workers_high", "0")
		h.set("workers_high", "8")
		stop()
		h.set("workers_high", "1")
		wants(t, "heard", heard, []int{2, 0, 8})
	})

	t.Run("everybody who is signed in reads them; coordinators change them", func(t *testing.T) {
		t.Parallel()
		h := newHome(t)
		ben := h.add("Ben", auth.Teacher, "")
		ben.ManageContent = true
		list, err := h.Settings.List(t.Context(), ben)
		if err != nil || len(list) != 10 {
			t.Fatalf("read: %v, %v", list, err)
		}
		for _, setting := range list {
			if setting.MayChange {
				t.Errorf("%s says that a teacher may change it", setting.Name)
			}
			_, err := h.Settings.Set(t.Context(), ben, setting.Name, json.RawMessage("1"))
			refused(t, setting.Name, err, fault.Forbidden)
		}
		_, err = h.Settings.List(t.Context(), auth.Person{})
		refused(t, "read by nobody", err, fault.Forbidden)
		_, err = h.Settings.Get(t.Context(), auth.Person{}, "language")
		refused(t, "read by nobody", err, fault.Forbidden)
		_, err = h.Settings.Set(t.Context(), auth.Person{}, "colour", json.RawMessage("1"))
		refused(t, "set by nobody", err, fault.Forbidden)
	})
}
