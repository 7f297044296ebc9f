package reports

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// sheet writes a file that spreadsheets open as it is: RFC 4180 in UTF-8, with
// the mark that tells them so.
type sheet struct {
	to       *bufio.Writer
	csv      *csv.Writer
	progress func(rows int64)
	rows     int64
}

// mark says that a file is UTF-8; without it spreadsheets take it for
// something older.
const mark = "\ufeff"

func newSheet(to io.Writer, progress func(rows int64)) (*sheet, error) {
	s := &sheet{to: bufio.NewWriterSize(to, 64<<10), progress: progress}
	s.csv = csv.NewWriter(s.to)
	s.csv.UseCRLF = true
	_, err := s.to.WriteString(mark)
	return s, err
}

// head writes the names of the columns.
func (s *sheet) head(names ...string) error { return s.csv.Write(names) }

// row writes one row: texts, whole numbers, and times in UTC.
func (s *sheet) row(values ...any) error {
	cells := make([]string, len(values))
	for i, value := range values {
		cells[i] = cell(value)
	}
	if err := s.csv.Write(cells); err != nil {
		return err
	}
	s.rows++
	if s.rows%1000 == 0 {
		s.progress(s.rows)
	}
	return nil
}

func (s *sheet) end() error {
	s.progress(s.rows)
	s.csv.Flush()
	if err := s.csv.Error(); err != nil {
		return err
	}
	return s.to.Flush()
}

func cell(value any) string {
	switch v := value.(type) {
	case string:
		return harmless(v)
	case int:
		return strconv.Itoa(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case time.Time:
		if v.IsZero() {
			return ""
		}
		return v.UTC().Format(time.RFC3339)
	}
	return harmless(fmt.Sprint(value))
}

// formula finds where a spreadsheet may begin to compute: at one of these
// signs, in any width, that begins a text, or that follows a separator which
// some language's spreadsheets cut at. What does not show is looked past.
var formula = regexp.MustCompile(`(^|[;\t\r\n])([\s\x{a0}\x{feff}\x{200b}-\x{200f}\x{202a}-\x{202e}\x{2060}-\x{2069}]*)([=+\-@＝＋－＠])`)

// harmless keeps a text of strangers from being computed.
func harmless(text string) string {
	return formula.ReplaceAllString(strings.ReplaceAll(text, "\x00", ""), "${1}'${2}${3}")
}
