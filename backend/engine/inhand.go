package engine

import "nectar/backend/task"

// inHand are the attempts under way, and those whose function has returned but
// whose end is not stored yet. It is guarded by Engine.mu.
type inHand struct {
	attempts map[int64]*attempt // by job number; below 0 while its job is being stored
	now      load
	keys     keyCounts // that attempts hold
}

func newInHand() inHand { return inHand{attempts: map[int64]*attempt{}, keys: keyCounts{}} }

// put takes the attempt in hand under that number.
func (h *inHand) put(number int64, a *attempt) {
	h.attempts[number] = a
	h.count(a, 1)
	h.keys.add(a.keys)
}

// drop lets the attempt go.
func (h *inHand) drop(number int64) {
	a := h.attempts[number]
	if a == nil {
		return
	}
	delete(h.attempts, number)
	if !a.ending {
		h.count(a, -1)
	}
	h.keys.remove(a.keys)
}

// makeWay frees the attempt's worker: its function has returned. The keys are
// held until its end is stored.
func (h *inHand) makeWay(a *attempt) {
	if !a.ending && h.attempts[a.number] == a {
		h.count(a, -1)
	}
	a.ending = true
}

func (h *inHand) count(a *attempt, by int) {
	h.now.all += by
	if a.priority == task.High {
		h.now.high += by
	}
}

// free reports whether no attempt holds one of the keys, but for the one that
// makes way, if any.
func (h *inHand) free(keys [2]string, but *attempt) bool {
	for _, key := range keys {
		if key == "" {
			continue
		}
		held := h.keys[key]
		if but != nil && (key == but.keys[0] || key == but.keys[1]) {
			held--
		}
		if held > 0 {
			return false
		}
	}
	return true
}
