package main

import (
	"fmt"
	"math"
	"strings"
)

// The colours of all pictures, pages and documents of the sample.
const (
	teal   = "#0f5f66"
	honey  = "#f4b942"
	amber  = "#d98a1c"
	brown  = "#4a3220"
	cream  = "#fdf6e6"
	leaf   = "#5f9a4d"
	grass  = "#8fbf6b"
	meadow = "#b9d98f"
	sky    = "#cfeaf1"
	rose   = "#e77b8e"
	lilac  = "#a98fd0"
	white  = "#ffffff"
)

// place moves, turns and scales a drawing that is made around the origin.
func place(x, y, scale, turn float64, drawing string) string {
	return fmt.Sprintf(`<g transform="translate(%g %g) rotate(%g) scale(%g)">%s</g>`, x, y, turn, scale, drawing)
}

// bee is a honeybee that looks to the right, about 200 wide. Its parts carry
// names, for the page that explains them.
func bee() string {
	const stripe = `<path d="M%g -40 q14 40 0 80 h16 q14 -40 0 -80 z"/>`
	return `<g stroke-linecap="round" stroke-linejoin="round">` +
		`<path data-part="sting" d="M-74 8 l-26 6 l24 8 z" fill="` + brown + `"/>` +
		`<g data-part="legs" fill="none" stroke="` + brown + `" stroke-width="6">` +
		`<path d="M-26 34 q-8 18 -20 24"/><path d="M0 38 q-2 20 -10 28"/><path d="M26 34 q8 16 4 30"/></g>` +
		`<circle cx="-12" cy="62" r="9" data-part="basket" fill="` + honey + `" stroke="` + amber + `" stroke-width="3"/>` +
		`<g data-part="abdomen"><clipPath id="round"><ellipse cx="-14" cy="6" rx="66" ry="42"/></clipPath>` +
		`<ellipse cx="-14" cy="6" rx="66" ry="42" fill="` + honey + `"/>` +
		`<g clip-path="url(#round)" fill="` + brown + `" transform="translate(0 6)">` +
		fmt.Sprintf(stripe, -66.0) + fmt.Sprintf(stripe, -34.0) + fmt.Sprintf(stripe, -2.0) + `</g>` +
		`<path d="M-64 -14 q30 -26 70 -20" fill="none" stroke="` + white + `" stroke-opacity=".45" stroke-width="7"/></g>` +
		`<g data-part="wings" fill="` + white + `" fill-opacity=".82" stroke="#9cc7d3" stroke-width="3">` +
		`<ellipse cx="-30" cy="-58" rx="24" ry="44" transform="rotate(-28 -30 -58)"/>` +
		`<ellipse cx="10" cy="-62" rx="26" ry="50" transform="rotate(14 10 -62)"/></g>` +
		`<g data-part="antennae" fill="none" stroke="` + brown + `" stroke-width="5">` +
		`<path d="M66 -30 q4 -26 22 -32"/><path d="M80 -26 q12 -20 28 -18"/></g>` +
		`<circle cx="89" cy="-63" r="6" fill="` + brown + `"/><circle cx="109" cy="-44" r="6" fill="` + brown + `"/>` +
		`<g data-part="head"><circle cx="66" cy="0" r="34" fill="` + brown + `"/>` +
		`<circle cx="77" cy="-6" r="12" fill="` + white + `"/><circle cx="81" cy="-5" r="6" fill="#1d140c"/>` +
		`<circle cx="83" cy="-8" r="2" fill="` + white + `"/>` +
		`<path d="M70 14 q10 8 20 -1" fill="none" stroke="` + cream + `" stroke-width="4"/></g>` +
		`<path data-part="tongue" d="M92 16 q16 10 14 26" fill="none" stroke="` + rose + `" stroke-width="5"/>` +
		`</g>`
}

// flower is a flower on a stem that stands on the origin, about 180 high.
func flower(petal string, petals int) string {
	var b strings.Builder
	b.WriteString(`<path d="M0 0 C-6 -40 6 -80 0 -120" fill="none" stroke="` + leaf + `" stroke-width="9" stroke-linecap="round"/>` +
		`<path d="M-2 -36 q-44 -6 -52 -40 q44 0 52 40 z M2 -56 q40 -6 48 -36 q-42 -2 -48 36 z" fill="` + leaf + `"/>`)
	for i := range petals {
		turn := 360 * float64(i) / float64(petals)
		b.WriteString(place(0, -132, 1, turn, `<ellipse cx="0" cy="-34" rx="17" ry="30" fill="`+petal+`"/>`))
	}
	b.WriteString(`<circle cx="0" cy="-132" r="22" fill="` + honey + `"/><circle cx="0" cy="-132" r="13" fill="` + amber + `" fill-opacity=".55"/>`)
	return b.String()
}

// comb is a patch of honeycomb around the origin; filled tells which cells
// hold honey.
func comb(columns, rows int, size float64, filled func(column, row int) bool) string {
	var b strings.Builder
	wide, high := size*math.Sqrt(3), size*1.5
	for row := range rows {
		for column := range columns {
			x := (float64(column)-float64(columns-1)/2)*wide + float64(row%2)*wide/2 - wide/4
			y := (float64(row) - float64(rows-1)/2) * high
			fill := "#fbe3a8"
			if filled(column, row) {
				fill = honey
			}
			fmt.Fprintf(&b, `<polygon points="%s" fill="%s" stroke="%s" stroke-width="%g"/>`, hexagon(x, y, size-2), fill, amber, size/10)
			if filled(column, row) {
				fmt.Fprintf(&b, `<ellipse cx="%.1f" cy="%.1f" rx="%.1f" ry="%.1f" fill="%s" fill-opacity=".5"/>`, x-size*.2, y-size*.3, size*.28, size*.16, white)
			}
		}
	}
	return b.String()
}

func hexagon(x, y, size float64) string {
	points := make([]string, 6)
	for i := range points {
		angle := math.Pi / 3 * (float64(i) + .5)
		points[i] = fmt.Sprintf("%.1f,%.1f", x+size*math.Cos(angle), y+size*math.Sin(angle))
	}
	return strings.Join(points, " ")
}

// jar is a jar of honey that stands on the origin, about 220 high.
func jar() string {
	return `<path d="M-78 -150 q-14 12 -14 34 v90 q0 26 26 26 h132 q26 0 26 -26 v-90 q0 -22 -14 -34 z" fill="` + honey + `"/>` +
		`<path d="M-78 -150 q-14 12 -14 34 v90 q0 26 26 26 h20 q-26 0 -26 -26 v-90 q0 -22 14 -34 z" fill="` + white + `" fill-opacity=".35"/>` +
		`<rect x="-84" y="-196" width="168" height="46" rx="12" fill="` + teal + `"/>` +
		`<rect x="-58" y="-116" width="116" height="84" rx="12" fill="` + cream + `"/>` +
		place(-4, -70, .42, -8, bee())
}

// hive is a wooden hive that stands on the origin, about 230 high.
func hive() string {
	box := func(y float64, fill string) string {
		return fmt.Sprintf(`<rect x="-92" y="%g" width="184" height="70" rx="5" fill="%s"/><rect x="-26" y="%g" width="52" height="10" rx="5" fill="%s" fill-opacity=".35"/>`, y, fill, y+20, brown)
	}
	return `<path d="M-70 0 v-22 h18 v22 z M52 0 v-22 h18 v22 z" fill="` + brown + `"/>` +
		box(-92, "#e8c78d") + box(-162, "#f0d6a4") +
		`<rect x="-40" y="-36" width="80" height="14" rx="7" fill="` + brown + `"/>` +
		`<path d="M-106 -162 l18 -26 h176 l18 26 z" fill="` + teal + `"/>`
}

// cloud is a cloud around the origin, about 160 wide.
func cloud() string {
	return `<path d="M-70 20 a28 28 0 0 1 8 -54 a42 42 0 0 1 76 -8 a34 34 0 0 1 54 30 a20 20 0 0 1 -4 32 z" fill="` + white + `" fill-opacity=".9"/>`
}

// drop is a drop of nectar around the origin, about 40 high.
func drop() string {
	return `<path d="M0 -24 q22 26 14 40 a16 16 0 0 1 -28 0 q-8 -14 14 -40 z" fill="` + honey + `" stroke="` + amber + `" stroke-width="2.5"/>` +
		`<path d="M-6 8 q0 8 7 9" fill="none" stroke="` + white + `" stroke-width="3" stroke-linecap="round"/>`
}
