package engine

// keyCounts says how many want or hold each key.
type keyCounts map[string]int

func (c keyCounts) add(keys [2]string) {
	for _, key := range keys {
		if key != "" {
			c[key]++
		}
	}
}

func (c keyCounts) remove(keys [2]string) {
	for _, key := range keys {
		if key == "" {
			continue
		}
		if c[key]--; c[key] == 0 {
			delete(c, key)
		}
	}
}
