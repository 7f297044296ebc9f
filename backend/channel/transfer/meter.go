package transfer

// meter reports one file's part of the progress. However often a file is
// read, its part is reported once and never more than once.
type meter struct {
	report func(delta int64)
	whole  int64 // what is to be reported in the end
	seen   int64 // what was reported so far
	now    int64 // how far the present reading is
}

// restart begins another reading of the file.
func (m *meter) restart() { m.now = 0 }

// add counts bytes of the present reading.
func (m *meter) add(n int) {
	m.now += int64(n)
	m.reach(m.now)
}

// finish reports what is missing to the whole.
func (m *meter) finish() { m.reach(m.whole) }

func (m *meter) reach(mark int64) {
	mark = min(mark, m.whole)
	if mark > m.seen {
		delta := mark - m.seen
		m.seen = mark
		m.report(delta)
	}
}
