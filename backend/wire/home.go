package wire

// Home is, at a glance, what is going on on this laptop.
type Home struct {
	Counts    map[string]int64 `json:"counts"`     // of jobs by state
	Running   []Job            `json:"running"`    // the first three, the longest under way first
	Amiss     []Job            `json:"amiss"`      // the last four that went wrong and were not set aside
	AmissAll  int64            `json:"amiss_all"`  // how many there are of these
	Wanted    []Wanted         `json:"wanted"`     // what jobs wait for
	Held      []Queue          `json:"held"`       // queues that somebody paused
	Schedules []Schedule       `json:"schedules"`  // the next four
	Arrivals  []Arrival        `json:"arrivals"`   // the last four channels to which something came
	Channels  int              `json:"channels"`   // how many are on this laptop
	FreeBytes int64            `json:"free_bytes"` // that an import may use
}

// Wanted is a thing of the world that jobs wait for.
type Wanted struct {
	Code string `json:"code"` // as in waiting
	Item string `json:"item"`
	Jobs int64  `json:"jobs"`
}

// Arrival is a channel of this laptop to which something came.
type Arrival struct {
	Channel   Channel `json:"channel"`
	Resources int     `json:"resources"` // that came
	At        string  `json:"at"`
}
