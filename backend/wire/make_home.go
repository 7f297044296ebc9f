package wire

import (
	"github.com/samber/lo"

	"nectar/backend/service"
	"nectar/backend/store"
)

// Home makes the JSON of an overview.
func (m *Maker) Home(o service.Overview) Home {
	return Home{
		Counts: Counts(o.Counts), Running: m.Jobs(o.Running), Amiss: m.Jobs(o.Amiss), AmissAll: o.AmissAll,
		Wanted: lo.Map(o.Wanted, func(w store.Wanted, _ int) Wanted { return Wanted{Code: w.Code, Item: w.Item, Jobs: w.Jobs} }),
		Held:   m.Queues(o.Held), Schedules: m.Schedules(o.Schedules, "").Schedules,
		Arrivals: lo.Map(o.Arrivals, func(a service.Arrival, _ int) Arrival {
			return Arrival{Channel: m.Channel(a.Channel), Resources: a.Resources, At: stamp(a.At)}
		}),
		Channels: o.Channels, FreeBytes: o.Space.Free,
	}
}
