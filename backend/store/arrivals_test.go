package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nectar/backend/channel"
	"nectar/backend/store"
)

const (
	blockly channel.ID = "95a52b386f2c485cb97dd60901674a98"
	stories channel.ID = "c9d7f950ab6b5a1199e3d6c10d7f0103"
)

func arrivals(t *testing.T, s *store.Store) []store.Arrival {
	t.Helper()
	got, err := s.Arrivals(t.Context(), noon)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestArrivals(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t)
	add := func(id channel.ID, run string, resources int, after time.Duration) {
		t.Helper()
		if err := s.AddArrival(t.Context(), store.Arrival{Channel: id, Run: run, Resources: resources, At: noon.Add(after)}); err != nil {
			t.Fatal(err)
		}
	}
	add(blockly, "7 now", 20, time.Second)
	add(stories, "8 now", 5, -time.Second)
	add(blockly, "7 now", 1, time.Minute)
	want := []store.Arrival{{Channel: blockly, Run: "7 now", Resources: 21, At: noon.Add(time.Minute)}}
	if diff := cmp.Diff(want, arrivals(t, s)); diff != "" {
		t.Errorf("what one run brought in two attempts, and what came too long ago (-want +got):\n%s", diff)
	}
	add(stories, "8 later", 3, time.Hour)
	want = append([]store.Arrival{{Channel: stories, Run: "8 later", Resources: 3, At: noon.Add(time.Hour)}}, want...)
	if diff := cmp.Diff(want, arrivals(t, s)); diff != "" {
		t.Errorf("what a later run brought stands for itself (-want +got):\n%s", diff)
	}
	if err := s.ForgetChannel(t.Context(), blockly); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want[:1], arrivals(t, s)); diff != "" {
		t.Errorf("after a channel is gone (-want +got):\n%s", diff)
	}
}
