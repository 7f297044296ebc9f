package service_test

import (
	"encoding/json"
	"testing"
	"time"

	"nectar/backend/channel/channeltest"
	"nectar/backend/task"
)

// What just arrived is told by channel, once each, and only while it is here.
func TestWhatJustArrived(t *testing.T) {
	t.Parallel()
	c := channeltest.New()
	services, d := shelvedAt(t, c)
	done := func(channel string, resources string, ago time.Duration) task.ID {
		return d.put(task.Job{
			Task: "content.diskimport", State: task.Completed, Queue: "content", Priority: task.Regular,
			Args: json.RawMessage(`{"channel_id": "` + channel + `"}`), Result: json.RawMessage(`{"resources_added": ` + resources + `}`),
			Attempts: 1, Outcome: task.OutcomeCompleted, Created: time.Now(), Due: time.Now(), Finished: time.Now().Add(-ago),
		}).ID
	}
	done(string(c.ID), "3", 20*24*time.Hour)
	done(string(c.ID), "7", 2*time.Hour)
	latest := done(string(c.ID), "21", time.Hour)
	done(string(c.ID), "0", time.Minute)
	done("00000000000000000000000000000000", "5", time.Minute)

	now, err := services.Home.Now(t.Context(), coordinator)
	if err != nil {
		t.Fatal(err)
	}
	if len(now.Arrivals) != 1 || now.Arrivals[0].Job != latest || now.Arrivals[0].Resources != 21 || now.Arrivals[0].Channel.ID != c.ID {
		t.Errorf("arrived: %+v", now.Arrivals)
	}
	if now.Channels != 1 {
		t.Errorf("%d channels are on this laptop", now.Channels)
	}
}
