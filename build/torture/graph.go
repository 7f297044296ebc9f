package main

import (
	"bytes"
	"fmt"
	"strings"
)

// line draws a measure over time in one line of text.
func line(samples []vitals, of func(vitals) int64) string {
	const heights, width = "▁▂▃▄▅▆▇█", 84
	steps := []rune(heights)
	top := max(most(samples, of), 1)
	var drawn strings.Builder
	each := (len(samples) + width - 1) / width
	for from := 0; from < len(samples); from += each {
		part := samples[from:min(from+each, len(samples))]
		drawn.WriteRune(steps[most(part, of)*int64(len(steps)-1)/top])
	}
	return drawn.String()
}

// drawn draws every measure over time, as a picture in SVG.
func drawn(samples []vitals) []byte {
	const left, width, height, gap = 200, 640, 56, 26
	var b bytes.Buffer
	whole := len(measures)*(height+gap) + gap + 20
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="13">`+"\n", left+width+20, whole)
	fmt.Fprintf(&b, `<rect width="100%%" height="100%%" fill="#fff"/>`+"\n")
	x := func(n int) float64 { return left + float64(n)*width/float64(max(len(samples)-1, 1)) }
	for day := 0; day*24 <= len(samples); day++ {
		fmt.Fprintf(&b, `<line x1="%.1f" x2="%.1f" y1="%d" y2="%d" stroke="#ddd"/><text x="%.1f" y="%d" fill="#555" text-anchor="middle">day %d</text>`+"\n",
			x(day*24), x(day*24), gap/2, whole-24, x(day*24), whole-8, day)
	}
	for n, m := range measures {
		base := gap + n*(height+gap) + height
		top := max(most(samples, m.of), 1)
		fmt.Fprintf(&b, `<text x="8" y="%d">%s</text><text x="8" y="%d" fill="#555">at most %s</text>`+"\n", base-height/2, m.name, base-height/2+18, inWords(top, m.bytes))
		fmt.Fprintf(&b, `<line x1="%d" x2="%d" y1="%d" y2="%d" stroke="#999"/><polyline fill="none" stroke="#7a4b00" stroke-width="1.5" points="`, left, left+width, base, base)
		for at, s := range samples {
			fmt.Fprintf(&b, "%.1f,%.1f ", x(at), float64(base)-float64(m.of(s))*height/float64(top))
		}
		b.WriteString("\"/>\n")
	}
	b.WriteString("</svg>\n")
	return b.Bytes()
}
