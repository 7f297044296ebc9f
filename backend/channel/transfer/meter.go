package transfer

// meter reports one file's part of the progress. However often a file is
// read, its part is reported once and never more than once.
type meter struct {
	report func(delta int64)
	whole  int64 // what is to be reported in the end
	seen   int64 // what was reported so far
	now    int64 // how far the present reading is
	times  int64 // how often the bytes pass until the file is done
}

// restart begins again; the bytes will pass so many times.
func (m *meter) restart(times int64) { m.now, m.times = 0, times }

// add counts bytes of the present reading.
func (m *meter) add(n int) {
	m.now += int64(n)
	m.reach(m.now / m.times)
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
