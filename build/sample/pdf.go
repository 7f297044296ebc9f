package main

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"image"
	"image/png"
	"strconv"
	"strings"
)

// A4, in points.
const (
	pageWidth  = 595.0
	pageHeight = 842.0
	margin     = 56.0
)

// face is one of the fonts that every PDF viewer brings along, with the
// widths of its characters from space to tilde, in thousandths of the size.
type face struct {
	name   string
	widths [95]int
}

var (
	regular = &face{"F1", [95]int{
		278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
		556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
		1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
		667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
		333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
		556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
	}}
	bold = &face{"F2", [95]int{
		278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278,
		556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 333, 333, 584, 584, 584, 611,
		975, 722, 722, 722, 722, 667, 611, 778, 722, 278, 556, 722, 611, 833, 722, 778,
		667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 333, 278, 333, 584, 556,
		333, 556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556, 278, 889, 611, 611,
		611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584,
	}}
)

// special holds the characters beyond ASCII that the texts use: their code in
// WinAnsi and their width in both faces.
var special = map[rune]struct {
	code  byte
	width int
}{
	'’': {0x92, 222}, '“': {0x93, 333}, '”': {0x94, 333}, '–': {0x96, 556}, '•': {0x95, 350}, '½': {0xbd, 834},
}

func (f *face) width(text string, size float64) float64 {
	sum := 0
	for _, r := range text {
		if s, ok := special[r]; ok {
			sum += s.width
		} else {
			sum += f.widths[r-' ']
		}
	}
	return float64(sum) * size / 1000
}

// wrap breaks the text into lines that fit.
func (f *face) wrap(text string, size, width float64) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(text) {
		longer := strings.TrimSpace(line + " " + word)
		if line != "" && f.width(longer, size) > width {
			lines = append(lines, line)
			longer = word
		}
		line = longer
	}
	return append(lines, line)
}

// page collects the drawing of one page. Y counts from the top.
type page struct {
	bytes.Buffer

	pictures []int // objects of the pictures that it shows
}

// draw adds to the page.
func (p *page) draw(format string, values ...any) {
	_, _ = fmt.Fprintf(p, format, values...) // memory takes everything
}

func (p *page) fill(colour string) {
	v, _ := strconv.ParseUint(colour[1:], 16, 32)
	p.draw("%.3f %.3f %.3f rg\n", float64(v>>16)/255, float64(v>>8&255)/255, float64(v&255)/255)
}

// box draws a rectangle with round corners.
func (p *page) box(x, y, w, h, r float64, colour string) {
	p.fill(colour)
	const k = .5523 // makes a Bézier curve a quarter of a circle
	bottom, top, right, c := pageHeight-y-h, pageHeight-y, x+w, r*(1-k)
	p.draw("%.2f %.2f m %.2f %.2f l %.2f %.2f %.2f %.2f %.2f %.2f c ", x+r, bottom, right-r, bottom, right-c, bottom, right, bottom+c, right, bottom+r)
	p.draw("%.2f %.2f l %.2f %.2f %.2f %.2f %.2f %.2f c ", right, top-r, right, top-c, right-c, top, right-r, top)
	p.draw("%.2f %.2f l %.2f %.2f %.2f %.2f %.2f %.2f c ", x+r, top, x+c, top, x, top-c, x, top-r)
	p.draw("%.2f %.2f l %.2f %.2f %.2f %.2f %.2f %.2f c f\n", x, bottom+r, x, bottom+c, x+c, bottom, x+r, bottom)
}

func (p *page) dot(x, y, r float64, colour string) { p.box(x-r, y-r, 2*r, 2*r, r, colour) }

// text draws one line; y is its baseline.
func (p *page) text(x, y, size float64, f *face, colour, text string) {
	p.fill(colour)
	p.draw("BT /%s %g Tf %.2f %.2f Td (", f.name, size, x, pageHeight-y)
	for _, r := range text {
		switch s, ok := special[r]; {
		case ok:
			p.WriteByte(s.code)
		case r == '(' || r == ')' || r == '\\':
			p.WriteString(`\` + string(r))
		default:
			p.WriteByte(byte(r))
		}
	}
	p.WriteString(") Tj ET\n")
}

func (p *page) centred(x, y, size float64, f *face, colour, text string) {
	p.text(x-f.width(text, size)/2, y, size, f, colour, text)
}

// paragraph draws the text in lines and answers the baseline after them.
func (p *page) paragraph(x, y, width, size float64, f *face, colour, text string) float64 {
	for _, line := range f.wrap(text, size, width) {
		p.text(x, y, size, f, colour, line)
		y += size * 1.42
	}
	return y
}

// picture shows a picture that was added to the document.
func (p *page) picture(object int, x, y, w, h float64) {
	p.pictures = append(p.pictures, object)
	p.draw("q %.2f 0 0 %.2f %.2f %.2f cm /P%d Do Q\n", w, h, x, pageHeight-y-h, object)
}

// document is a PDF in the making.
type document struct {
	title   string
	objects []string
	pages   []*page
}

// The first objects of every document, by number.
const (
	catalogue = iota + 1
	pageTree
	fontRegular
	fontBold
	information
	firstFree
)

func newDocument(title string) *document {
	return &document{title: title, objects: make([]string, firstFree-1)}
}

func (d *document) add(object string) (number int) {
	d.objects = append(d.objects, object)
	return len(d.objects)
}

func (d *document) page() *page {
	p := new(page)
	d.pages = append(d.pages, p)
	return p
}

// picture adds a PNG with a palette and answers its object.
func (d *document) picture(file []byte) (int, error) {
	decoded, err := png.Decode(bytes.NewReader(file))
	if err != nil {
		return 0, fmt.Errorf("decode picture: %w", err)
	}
	img, ok := decoded.(*image.Paletted)
	if !ok {
		return 0, fmt.Errorf("picture of %T has no palette", decoded)
	}
	size := img.Bounds().Size()
	var palette strings.Builder
	for _, c := range img.Palette {
		r, g, b, _ := c.RGBA()
		fmt.Fprintf(&palette, "%02x%02x%02x", r>>8, g>>8, b>>8)
	}
	pixels := make([]byte, 0, size.X*size.Y)
	for y := range size.Y {
		pixels = append(pixels, img.Pix[y*img.Stride:y*img.Stride+size.X]...)
	}
	return d.add(stream(fmt.Sprintf("/Type /XObject /Subtype /Image /Width %d /Height %d /BitsPerComponent 8 /ColorSpace [/Indexed /DeviceRGB %d <%s>]",
		size.X, size.Y, len(img.Palette)-1, palette.String()), pixels)), nil
}

// bytes answers the finished file.
func (d *document) bytes() []byte {
	var kids strings.Builder
	for _, p := range d.pages {
		content := d.add(stream("", p.Bytes()))
		var shown strings.Builder
		for _, n := range p.pictures {
			fmt.Fprintf(&shown, "/P%d %d 0 R ", n, n)
		}
		number := d.add(fmt.Sprintf("<< /Type /Page /Parent %d 0 R /MediaBox [0 0 %g %g] /Contents %d 0 R /Resources << /Font << /F1 %d 0 R /F2 %d 0 R >> /XObject << %s>> >> >>",
			pageTree, pageWidth, pageHeight, content, fontRegular, fontBold, shown.String()))
		fmt.Fprintf(&kids, "%d 0 R ", number)
	}
	font := "<< /Type /Font /Subtype /Type1 /BaseFont /%s /Encoding /WinAnsiEncoding >>"
	d.objects[catalogue-1] = fmt.Sprintf("<< /Type /Catalog /Pages %d 0 R /Lang (en) /ViewerPreferences << /DisplayDocTitle true >> >>", pageTree)
	d.objects[pageTree-1] = fmt.Sprintf("<< /Type /Pages /Kids [%s] /Count %d >>", kids.String(), len(d.pages))
	d.objects[fontRegular-1] = fmt.Sprintf(font, "Helvetica")
	d.objects[fontBold-1] = fmt.Sprintf(font, "Helvetica-Bold")
	d.objects[information-1] = fmt.Sprintf("<< /Title (%s) /Author (%s) >>", d.title, owner)

	var out bytes.Buffer
	out.WriteString("%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
	places := make([]int, len(d.objects))
	for i, object := range d.objects {
		places[i] = out.Len()
		fmt.Fprintf(&out, "%d 0 obj\n%s\nendobj\n", i+1, object)
	}
	table := out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n", len(d.objects)+1)
	for _, at := range places {
		fmt.Fprintf(&out, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&out, "trailer\n<< /Size %d /Root %d 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(d.objects)+1, catalogue, information, table)
	return out.Bytes()
}

func stream(dictionary string, data []byte) string {
	var packed bytes.Buffer
	w, _ := zlib.NewWriterLevel(&packed, zlib.BestCompression)
	_, _ = w.Write(data) // into memory: cannot fail
	_ = w.Close()
	return fmt.Sprintf("<< %s /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream", dictionary, packed.Len(), packed.String())
}
