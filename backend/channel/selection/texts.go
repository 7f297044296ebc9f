package selection

// texts keeps tens of thousands of short texts in few pieces. Whoever names one by its
// place holds no pointer, so that Go need not go through their memory again and again,
// which it would touch before anything is there.
type texts struct {
	pieces []string
	open   []byte // the piece that is being filled
}

// place is where a text is.
type place struct {
	piece         int32
	start, length uint16
}

// pieceSize bounds a piece, in bytes. No title is nearly as long.
const pieceSize = 32 << 10

// keep copies the text, of at most pieceSize bytes. It can be read once sealed.
func (t *texts) keep(text string) place {
	if len(t.open)+len(text) > pieceSize {
		t.seal()
	}
	if t.open == nil {
		t.open = make([]byte, 0, pieceSize)
	}
	at := place{int32(len(t.pieces)), uint16(len(t.open)), uint16(len(text))}
	t.open = append(t.open, text...)
	return at
}

// seal ends the piece that is being filled.
func (t *texts) seal() {
	if len(t.open) > 0 {
		t.pieces = append(t.pieces, string(t.open))
		t.open = t.open[:0]
	}
}

// at answers a text that was kept, which "" need not be.
func (t *texts) at(p place) string {
	if p.length == 0 {
		return ""
	}
	return t.pieces[p.piece][p.start : int(p.start)+int(p.length)]
}
