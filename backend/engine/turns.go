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

// slotOf answers the job's turn. Jobs that were created one after the other do
// not share one.
func (t *turns) slotOf(id task.ID) int {
	if number, ok := id.Number(); ok {
		return int(uint64(number) % uint64(len(t.slots)))
	}
	h := fnv.New32a()
	_, _ = h.Write([]byte(id))
	return int(h.Sum32() % uint32(len(t.slots)))
}

// take waits for the turns of the jobs and answers how to give them back.
// Whoever holds turns must not take more.
func (t *turns) take(ids ...task.ID) (giveBack func()) {
	slots := make([]int, 0, len(ids))
	for _, id := range ids {
		slots = append(slots, t.slotOf(id))
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

// try takes the job's turn if nobody holds it, without waiting. giveBack of the
// slot ends it, from whatever goroutine.
func (t *turns) try(id task.ID) (slot int, taken bool) {
	if !t.all.TryRLock() {
		return 0, false
	}
	slot = t.slotOf(id)
	if !t.slots[slot].TryLock() {
		t.all.RUnlock()
		return 0, false
	}
	return slot, true
}

func (t *turns) giveBack(slot int) {
	t.slots[slot].Unlock()
	t.all.RUnlock()
}

// takeAll waits until nobody holds a turn, and answers how to let them go on.
func (t *turns) takeAll() (giveBack func()) {
	t.all.Lock()
	return t.all.Unlock
}
