package service

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"nectar/backend/fault"
	"nectar/backend/i18n"
	"nectar/backend/task"
)

// Values are all settings as they are now.
type Values struct {
	WorkersRegular   int
	WorkersHigh      int
	LockAfterMinutes int
	RetentionDays    int
	RetentionJobs    int
	DownloadLimit    int    // kB a second, 0 for none
	QuietHours       string // as in Hours, or "" for none
	BatteryFloor     int    // percent, 0 for none
	KeepAwake        string // AwakeOnMains, AwakeAlways or AwakeNever
	Language         string // a tag, or SystemLanguage
}

// When the laptop is kept from falling asleep while jobs run.
const (
	AwakeOnMains = "mains"
	AwakeAlways  = "always"
	AwakeNever   = "never"
)

// SystemLanguage is the language that the system has.
const SystemLanguage = "system"

// The types of settings.
const (
	IntegerSetting = "integer"
	ChoiceSetting  = "choice"
	HoursSetting   = "hours" // "08:00-13:00", or "" for none
)

// Setting declares one setting.
type Setting struct {
	Name    string
	Type    string
	Summary string // in English; faces have their own words
	Unit    string // "" for none
	Min     int    // of an integer
	Max     int
	Choices []string // of a choice
	Default any      // an int or a string
	Change  task.Permission

	field func(*Values) any // points to where its value is
}

// settings are all settings there are. What follows from one is subscribed to
// in package backend, or read when it is needed.
var settings = []Setting{
	integer("workers_regular", "How many jobs run at once, apart from urgent ones.", "jobs", 1, 16, 4, func(v *Values) *int { return &v.WorkersRegular }),
	integer("workers_high", "How many urgent jobs run besides.", "jobs", 0, 8, 2, func(v *Values) *int { return &v.WorkersHigh }),
	integer("lock_after_minutes", "After how long without use the window asks for a PIN again, where people have PINs; 0 for never.", "minutes", 0, 24*60, 10,
		func(v *Values) *int { return &v.LockAfterMinutes }),
	integer("retention_days", "How long jobs that came to an end are kept; 0 for ever.", "days", 0, 36_500, task.DefaultRetentionDays,
		func(v *Values) *int { return &v.RetentionDays }),
	integer("retention_jobs", "How many jobs that came to an end are kept; 0 for all.", "jobs", 0, 10_000_000, task.DefaultRetentionJobs,
		func(v *Values) *int { return &v.RetentionJobs }),
	integer("download_limit", "How fast files come from servers at most, over all jobs; 0 for as fast as it goes.", "kB/s", 0, 1_000_000, 0,
		func(v *Values) *int { return &v.DownloadLimit }),
	hours("quiet_hours", "The hours of the day in which imports from servers and checks do not start; they wait. What runs already goes on, and \"run now\" does not wait.",
		func(v *Values) *string { return &v.QuietHours }),
	integer("battery_floor", "On battery with less than this, jobs that take long wait for the charger; 0 for never.", "percent", 0, 95, 20,
		func(v *Values) *int { return &v.BatteryFloor }),
	choice("keep_awake", "When the laptop is kept from falling asleep while jobs run.", []string{AwakeOnMains, AwakeAlways, AwakeNever}, AwakeOnMains,
		func(v *Values) *string { return &v.KeepAwake }),
	choice("language", "The language of sentences; system for that of the system.", append([]string{SystemLanguage}, i18n.Languages()...), SystemLanguage,
		func(v *Values) *string { return &v.Language }),
}

func integer(name, summary, unit string, least, most, byDefault int, field func(*Values) *int) Setting {
	return Setting{
		Name: name, Type: IntegerSetting, Summary: summary, Unit: unit, Min: least, Max: most, Default: byDefault,
		Change: task.CoordinatorOnly, field: func(v *Values) any { return field(v) },
	}
}

func choice(name, summary string, choices []string, byDefault string, field func(*Values) *string) Setting {
	return Setting{
		Name: name, Type: ChoiceSetting, Summary: summary, Choices: choices, Default: byDefault,
		Change: task.CoordinatorOnly, field: func(v *Values) any { return field(v) },
	}
}

func hours(name, summary string, field func(*Values) *string) Setting {
	return Setting{
		Name: name, Type: HoursSetting, Summary: summary, Default: "",
		Change: task.CoordinatorOnly, field: func(v *Values) any { return field(v) },
	}
}

// find answers the setting of that name, or fault.NotFound.
func find(name string) (Setting, error) {
	for _, s := range settings {
		if s.Name == name {
			return s, nil
		}
	}
	return Setting{}, fault.New(fault.NotFound, "what", "setting", "id", name)
}

// parse reads a value for the setting from JSON, or names what is wrong with
// it.
func (s Setting) parse(text json.RawMessage) (any, error) {
	if s.Type == ChoiceSetting {
		var value string
		if err := json.Unmarshal(text, &value); err != nil {
			return nil, s.refuse(fault.FieldType, "want", "string")
		}
		if !slices.Contains(s.Choices, value) {
			return nil, s.refuse(fault.FieldChoice, "choices", strings.Join(s.Choices, ", "))
		}
		return value, nil
	}
	if s.Type == HoursSetting {
		var value string
		if err := json.Unmarshal(text, &value); err != nil {
			return nil, s.refuse(fault.FieldType, "want", "string")
		}
		if _, err := ParseHours(value); err != nil {
			return nil, s.refuse(fault.FieldFormat, "want", "hours", "value", value)
		}
		return value, nil
	}
	var value int
	if err := json.Unmarshal(text, &value); err != nil || bytes.Equal(bytes.TrimSpace(text), []byte("null")) {
		return nil, s.refuse(fault.FieldType, "want", "integer")
	}
	if value < s.Min || value > s.Max {
		return nil, s.refuse(fault.FieldRange, "min", s.Min, "max", s.Max)
	}
	return value, nil
}

func (s Setting) refuse(code fault.Code, pairs ...any) error {
	return fault.Invalid(fault.At(s.Name, code, pairs...))
}

// put puts a value of the setting's type in its place.
func (s Setting) put(v *Values, value any) {
	switch place := s.field(v).(type) {
	case *int:
		*place = value.(int) //nolint:forcetypeassert // parse and Default promise it
	case *string:
		*place = value.(string) //nolint:forcetypeassert // parse and Default promise it
	}
}

// of answers the value of the setting.
func (s Setting) of(v Values) any {
	switch place := s.field(&v).(type) {
	case *int:
		return *place
	case *string:
		return *place
	}
	panic(fmt.Sprintf("setting %s has a type of its own", s.Name))
}
