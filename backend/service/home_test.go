package service_test

import (
	"testing"
	"time"

	"nectar/backend/channel"
	"nectar/backend/channel/channeltest"
	"nectar/backend/store"
)

// What just arrived is told by channel, and only while it is here; no job needs to
// be there that brought it.
func TestWhatJustArrived(t *testing.T) {
	t.Parallel()
	c := channeltest.New()
	services, d := shelvedAt(t, c)
	arrivals := func() []int {
		t.Helper()
		now, err := services.Home.Now(t.Context(), coordinator)
		if err != nil {
			t.Fatal(err)
		}
		if now.Channels != 1 {
			t.Errorf("%d channels are on this laptop", now.Channels)
		}
		var resources []int
		for _, a := range now.Arrivals {
			if a.Channel.ID != c.ID {
				t.Errorf("%s arrived", a.Channel.ID)
			}
			resources = append(resources, a.Resources)
		}
		return resources
	}
	came := func(id channel.ID, run string, resources int, ago time.Duration) {
		t.Helper()
		a := store.Arrival{Channel: id, Run: run, Resources: resources, At: time.Now().Add(-ago)}
		if err := d.store.AddArrival(t.Context(), a); err != nil {
			t.Fatal(err)
		}
	}
	came(c.ID, "1", 3, 20*24*time.Hour)
	came("00000000000000000000000000000000", "2", 5, time.Minute)
	if got := arrivals(); len(got) != 0 {
		t.Errorf("long ago, or of a channel that is not here, arrived: %v", got)
	}
	came(c.ID, "3", 21, time.Hour)
	if got := arrivals(); len(got) != 1 || got[0] != 21 {
		t.Errorf("arrived: %v", got)
	}
}
