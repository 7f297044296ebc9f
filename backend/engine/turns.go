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
type turns [4096]sync.Mutex

// take waits for the turns of the jobs and answers how to give them back.
// Whoever holds turns must not take more.
func (t *turns) take(ids ...task.ID) (giveBack func()) {
	slots := make([]int, 0, len(ids))
	for _, id := range ids {
		h := fnv.New32a()
		_, _ = h.Write([]byte(id))
		slots = append(slots, int(h.Sum32()%uint32(len(t))))
	}
	return t.lock(slots)
}

// takeAll waits for the turns of all jobs.
func (t *turns) takeAll() (giveBack func()) {
	slots := make([]int, len(t))
	for i := range slots {
		slots[i] = i
	}
	return t.lock(slots)
}

func (t *turns) lock(slots []int) (giveBack func()) {
	slices.Sort(slots)
	slots = slices.Compact(slots)
	for _, slot := range slots {
		t[slot].Lock()
	}
	return func() {
		for _, slot := range slots {
			t[slot].Unlock()
		}
	}
}
