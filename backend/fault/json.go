package fault

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"unicode/utf8"
)

// endsEarly is how json.Unmarshal says that there is no more text.
const endsEarly = "unexpected end of JSON input"

// NotJSON makes the fault of a text that encoding/json refused with the error: what is
// wrong, and in which line and at which character, both from 1. It wraps the error.
func NotJSON(text []byte, err error) *Fault {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	reason, at := "unexpected", len(text)
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), err.Error() == endsEarly:
		reason = "ends"
	case errors.As(err, &syntax):
		at = int(syntax.Offset) - 1 // it has read what is wrong
	case errors.As(err, &kind):
		reason, at = "kind", int(kind.Offset)-1
	}
	return notJSON(text, reason, at).Because(err)
}

// MoreThanJSON makes the fault of a text in which more follows after the byte at which
// its first value ends.
func MoreThanJSON(text []byte, end int64) *Fault {
	rest := text[min(max(end, 0), int64(len(text))):]
	return notJSON(text, "several", len(text)-len(bytes.TrimLeft(rest, " \t\r\n")))
}

func notJSON(text []byte, reason string, at int) *Fault {
	before := text[:min(max(at, 0), len(text))]
	line := before[bytes.LastIndexByte(before, '\n')+1:]
	return New(InvalidJSON, "reason", reason, "line", bytes.Count(before, []byte("\n"))+1, "column", utf8.RuneCount(line)+1)
}
