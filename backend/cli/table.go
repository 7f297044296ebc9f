package cli

import (
	"strings"

	"github.com/rivo/uniseg"
)

// table is text in aligned columns.
type table struct {
	columns []column
	rows    [][]string
}

// column is one column of a table.
type column struct {
	head  string
	right bool // numbers stand at the right
	flex  bool // is cut when the terminal is too narrow
}

// minFlex is how narrow a column may be cut.
const minFlex = 12

// add adds a row. Its cells are made plain.
func (t *table) add(cells ...string) {
	for i, cell := range cells {
		cells[i] = strings.TrimSpace(plain(cell))
	}
	t.rows = append(t.rows, cells)
}

// render lays the table out in the given columns of a terminal; 0 is without
// limit. Without rows it is "".
func (t *table) render(width int) string {
	if len(t.rows) == 0 {
		return ""
	}
	heads := make([]string, len(t.columns))
	for i, c := range t.columns {
		heads[i] = c.head
	}
	widths := t.widths(heads, width)
	var b strings.Builder
	for _, row := range append([][]string{heads}, t.rows...) {
		t.line(&b, row, widths)
	}
	return b.String()
}

// widths answers the widths of the columns: as wide as their widest cell,
// those that flex cut to what is left.
func (t *table) widths(heads []string, width int) []int {
	widths := make([]int, len(t.columns))
	fixed, flexible, flexes := 2*(len(widths)-1), 0, 0
	for i := range widths {
		widths[i] = uniseg.StringWidth(heads[i])
		for _, row := range t.rows {
			widths[i] = max(widths[i], uniseg.StringWidth(row[i]))
		}
		if t.columns[i].flex {
			flexible += widths[i]
			flexes++
		} else {
			fixed += widths[i]
		}
	}
	if width <= 0 || flexes == 0 || fixed+flexible <= width {
		return widths
	}
	room, left := max(width-fixed, 0), flexible
	for i, c := range t.columns {
		if c.flex {
			share := max(min(widths[i], room*widths[i]/max(left, 1)), min(widths[i], minFlex))
			room, left = max(room-share, 0), left-widths[i]
			widths[i] = share
		}
	}
	return widths
}

func (t *table) line(b *strings.Builder, row []string, widths []int) {
	var line strings.Builder
	for i, cell := range row {
		cell = cut(cell, widths[i])
		gap := strings.Repeat(" ", max(widths[i]-uniseg.StringWidth(cell), 0))
		if i > 0 {
			line.WriteString("  ")
		}
		if t.columns[i].right {
			line.WriteString(gap + cell)
		} else {
			line.WriteString(cell + gap)
		}
	}
	b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
}

// cut shortens a text to the width, in whole characters as people see them. An
// isolate that is cut open is closed again.
func cut(text string, width int) string {
	if uniseg.StringWidth(text) <= width {
		return text
	}
	var b strings.Builder
	used := 0
	graphemes := uniseg.NewGraphemes(text)
	for graphemes.Next() {
		if used+graphemes.Width() > width-1 {
			break
		}
		used += graphemes.Width()
		b.WriteString(graphemes.Str())
	}
	shortened := b.String()
	if strings.Contains(shortened, "\u2068") {
		return shortened + "…\u2069"
	}
	return shortened + "…"
}
