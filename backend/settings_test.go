package backend_test

import (
	"encoding/json"
	"testing"
)

func TestSettingsTakeEffect(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	p := start(t, folder)
	set := func(name, value string) {
		t.Helper()
		if _, err := p.Services.Settings.Set(t.Context(), p.person, name, json.RawMessage(value)); err != nil {
			t.Fatal(err)
		}
	}
	workers := func(p *program, want [2]int) {
		t.Helper()
		regular, high := p.Workers()
		if got := [2]int{regular, high}; got != want {
			t.Errorf("workers are %v, want %v", got, want)
		}
	}
	workers(p, [2]int{4, 2})
	set("workers_regular", "1")
	set("workers_high", "0")
	workers(p, [2]int{1, 0})
	set("language", `"ar"`)
	if err := p.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	again := start(t, folder)
	workers(again, [2]int{1, 0})
	if language := again.Maker.Language(); language != "ar" {
		t.Errorf("sentences are in %q", language)
	}
}
