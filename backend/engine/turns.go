package engine

import (
	"hash/fnv"
	"slices"
	"sync"

	"nectar/backend/task"
)

// turns keep the changes of one job in order. Whoever stores a change of a
// job holds the job's turn until the dispatcher and the bus know of it, so
// that they hear of changes in the order in which they were stored. Some jobs
// share a turn, which costs them a wait and nothing else.
type turns struct {
	all   sync.RWMutex // taken to read by who holds some
	slots [4096]sync.Mutex
}

// take waits for the turns of the jobs and answers how to give them back.
// Whoever holds turns must not take more.
func (t *turns) take(ids ...task.ID) (giveBack func()) {
	slots := make([]int, 0, len(ids))
	for _, id := range ids {
		h := fnv.New32a()
		_, _ = h.Write([]byte(id))
		slots = append(slots, int(h.Sum32()%uint32(len(t.slots))))
	}
	slices.Sort(slots)
	slots = slices.Compact(slots)
	t.all.RLock()
	for _, slot := range slots {
		t.slots[slot].Lock()
	}
	return func() {
		for _, slot := range slots {
			t.slots[slot].Unlock()
		}
		t.all.RUnlock()
	}
}

// takeAll waits until nobody holds a turn, and answers how to let them go on.
func (t *turns) takeAll() (giveBack func()) {
	t.all.Lock()
	return t.all.Unlock
}
