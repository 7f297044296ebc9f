package service

import (
	"context"
	"encoding/json"
	"strconv"
	"sync"

	"nectar/backend/auth"
	"nectar/backend/fault"
	"nectar/backend/store"
	"nectar/backend/task"
)

// Settings are what people decided about this laptop. Its methods may be
// called concurrently.
type Settings struct {
	store *store.Store

	mu       sync.Mutex
	watchers map[int]func(Values) // guarded by mu
	next     int                  // guarded by mu
}

// SettingNow is a setting with its value.
type SettingNow struct {
	Setting

	Value     any // an int or a string
	MayChange bool
}

// Values answers all settings as they are. A value that was never set, or that
// this version does not understand, is the default.
func (s *Settings) Values(ctx context.Context) (Values, error) {
	stored, err := s.store.Settings(ctx)
	if err != nil {
		return Values{}, err
	}
	var v Values
	for _, setting := range settings {
		value := setting.Default
		if text, set := stored[setting.Name]; set {
			if parsed, err := setting.parse(text); err == nil {
				value = parsed
			}
		}
		setting.put(&v, value)
	}
	return v, nil
}

// List answers all settings, in an order that serves people.
func (s *Settings) List(ctx context.Context, person auth.Person) ([]SettingNow, error) {
	if !task.SignedIn.MayRead(person, nil) {
		return nil, fault.New(fault.Forbidden)
	}
	values, err := s.Values(ctx)
	if err != nil {
		return nil, err
	}
	list := make([]SettingNow, len(settings))
	for i, setting := range settings {
		list[i] = SettingNow{setting, setting.of(values), setting.Change.MayRun(person, nil)}
	}
	return list, nil
}

// Get answers one setting, or fault.NotFound.
func (s *Settings) Get(ctx context.Context, person auth.Person, name string) (SettingNow, error) {
	list, err := s.List(ctx, person)
	if err != nil {
		return SettingNow{}, err
	}
	for _, setting := range list {
		if setting.Name == name {
			return setting, nil
		}
	}
	return SettingNow{}, fault.New(fault.NotFound, "what", "setting", "id", name)
}

// Set stores the value of a setting, given as JSON, and answers the setting as
// it is then. It takes effect before Set answers.
func (s *Settings) Set(ctx context.Context, person auth.Person, name string, value json.RawMessage) (SettingNow, error) {
	if !task.SignedIn.MayRead(person, nil) {
		return SettingNow{}, fault.New(fault.Forbidden)
	}
	setting, err := find(name)
	if err != nil {
		return SettingNow{}, err
	}
	if err := allowed(setting.Change, person); err != nil {
		return SettingNow{}, err
	}
	parsed, err := setting.parse(value)
	if err != nil {
		return SettingNow{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.store.SetSetting(ctx, name, parsed); err != nil {
		return SettingNow{}, err
	}
	values, err := s.Values(ctx)
	if err != nil {
		return SettingNow{}, err
	}
	for _, watcher := range s.watchers {
		watcher(values)
	}
	return SettingNow{setting, parsed, true}, nil
}

// SettingText answers what somebody typed for a setting as the JSON that Set
// takes: a number as one, anything else as a text.
func SettingText(text string) json.RawMessage {
	if _, err := strconv.Atoi(text); err == nil {
		return json.RawMessage(text)
	}
	quoted, _ := json.Marshal(text) // a string always encodes
	return quoted
}

// Watch calls the function with the settings as they are, and after each change
// of one. The function must be quick and not call Settings. The answer ends
// it.
func (s *Settings) Watch(ctx context.Context, watcher func(Values)) (stop func(), err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	values, err := s.Values(ctx)
	if err != nil {
		return nil, err
	}
	watcher(values)
	number := s.next
	s.next++
	if s.watchers == nil {
		s.watchers = map[int]func(Values){}
	}
	s.watchers[number] = watcher
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.watchers, number)
	}, nil
}
