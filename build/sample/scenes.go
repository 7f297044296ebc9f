package main

import (
	"fmt"
	"strings"
)

// A picture is drawn once as SVG and kept as PNG, since not every viewer shows
// SVG and the pictures must be the same everywhere.
type picture struct {
	name    string // of the file, without its ending
	width   int    // pixels; the height follows from 16:9
	colours int    // of the palette
	svg     string
}

const (
	slideWidth     = 800
	thumbnailWidth = 256
)

// pictures lists all pictures of the sample.
func pictures() []picture {
	slide := func(name, svg string) picture { return picture{name, slideWidth, 48, svg} }
	thumbnail := func(name, svg string) picture { return picture{name, thumbnailWidth, 32, svg} }
	return []picture{
		slide("slide-1-flower", finding()),
		slide("slide-2-nectar", drinking()),
		slide("slide-3-home", flyingHome()),
		slide("slide-4-comb", fanning()),
		slide("slide-5-jar", jarOnTable()),

		thumbnail("channel", emblem()),
		thumbnail("topic-start", welcome()),
		thumbnail("topic-bees", finding()),
		thumbnail("topic-teachers", board()),
		thumbnail("bee-parts", portrait()),
		thumbnail("from-flower-to-jar", jarOnTable()),
		thumbnail("song", song()),
		thumbnail("guide", guideCover()),
		thumbnail("how-much", manyFlowers()),
		thumbnail("lesson", lessonCover()),
		thumbnail("quiz", quizCover()),
	}
}

// scene is a whole picture of 960 × 540 on the given ground.
func scene(ground string, parts ...string) string {
	return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 960 540">` +
		`<rect width="960" height="540" fill="` + ground + `"/>` + strings.Join(parts, "") + `</svg>`
}

func hills() string {
	return `<path d="M0 380 Q240 290 520 370 T960 350 V540 H0 z" fill="` + meadow + `"/>` +
		`<path d="M0 440 Q260 370 560 440 T960 420 V540 H0 z" fill="` + grass + `"/>`
}

func sun() string {
	return `<circle cx="110" cy="100" r="52" fill="` + honey + `" fill-opacity=".95"/><circle cx="110" cy="100" r="78" fill="` + honey + `" fill-opacity=".25"/>`
}

// trail is the dotted way that a bee has flown.
func trail(d string) string {
	return `<path d="` + d + `" fill="none" stroke="` + teal + `" stroke-width="5" stroke-linecap="round" stroke-dasharray="2 18" stroke-opacity=".7"/>`
}

func finding() string {
	return scene(sky, sun(), place(640, 110, 1.1, 0, cloud()), place(330, 70, .7, 0, cloud()), hills(),
		trail("M60 300 C160 180 220 360 330 250"),
		place(430, 230, 1.15, 6, bee()),
		place(700, 500, 1.6, 4, flower(rose, 9)), place(860, 520, 1.1, -4, flower(lilac, 8)),
		place(560, 525, .8, 3, flower(white, 10)), place(110, 530, .9, -6, flower(lilac, 8)), place(220, 525, .7, 5, flower(rose, 9)))
}

func drinking() string {
	return scene(sky, hills(),
		place(640, 700, 3, 2, flower(rose, 9)),
		place(462, 222, 1.75, 8, bee()),
		place(250, 470, 1.1, 0, drop()), place(160, 430, .8, 0, drop()), place(330, 500, .7, 0, drop()))
}

func flyingHome() string {
	return scene(sky, sun(), place(520, 90, 1, 0, cloud()), hills(),
		place(760, 470, 1.35, 0, hive()),
		trail("M60 420 C160 200 260 420 350 240 S 440 170 470 190"),
		place(500, 220, 1, 4, bee()), place(300, 130, .5, -8, bee()), place(620, 400, .45, 12, bee()),
		place(90, 520, 1, -4, flower(rose, 9)), place(210, 530, .8, 4, flower(lilac, 8)), place(330, 530, .65, 0, flower(white, 10)))
}

func fanning() string {
	return scene("#f7d98c", place(480, 270, 1, 0, comb(10, 7, 62, func(column, row int) bool { return (column*3+row*5)%7 < 4 })),
		place(300, 200, 1.1, 10, bee()), place(650, 330, 1.1, -168, `<g transform="scale(1 -1)">`+bee()+`</g>`), place(560, 130, .75, 25, bee()))
}

func jarOnTable() string {
	return scene(cream, `<circle cx="480" cy="300" r="230" fill="`+honey+`" fill-opacity=".3"/>`,
		`<rect y="440" width="960" height="100" fill="#d9b07a"/><rect y="440" width="960" height="12" fill="#c4945a"/>`,
		place(480, 446, 1.55, 0, jar()), place(190, 446, 1, -3, flower(rose, 9)), place(800, 446, 1.1, 4, flower(lilac, 8)),
		place(700, 130, .7, 160, `<g transform="scale(1 -1)">`+bee()+`</g>`))
}

func emblem() string {
	return scene(teal, place(480, 270, 1, 0, `<polygon points="`+hexagon(0, 0, 240)+`" fill="`+honey+`"/><polygon points="`+hexagon(0, 0, 210)+`" fill="`+cream+`"/>`),
		place(468, 290, 1.6, -6, bee()))
}

func welcome() string {
	return scene(sky, sun(), hills(), place(480, 300, 2.1, -6, bee()), place(850, 520, 1.3, 4, flower(rose, 9)))
}

func board() string {
	return scene(cream, `<rect x="120" y="70" width="720" height="360" rx="18" fill="`+teal+`" stroke="#c4945a" stroke-width="22"/>`,
		place(330, 260, 1.4, -4, bee()), place(680, 420, 1.5, 0, flower(white, 10)),
		`<rect x="180" y="440" width="600" height="26" rx="8" fill="#c4945a"/>`)
}

func portrait() string {
	return scene("#fbe3a8", place(450, 320, 2.4, 0, bee()))
}

func song() string {
	note := func(x, y, scale float64) string {
		return place(x, y, scale, 0, `<path d="M0 0 v-110 l70 -18 v104" fill="none" stroke="`+teal+`" stroke-width="14" stroke-linejoin="round"/>`+
			`<ellipse cx="-16" cy="2" rx="24" ry="18" fill="`+teal+`"/><ellipse cx="54" cy="-22" rx="24" ry="18" fill="`+teal+`"/>`)
	}
	return scene(meadow, hills(), place(300, 280, 1.7, -8, bee()), note(620, 250, 1.3), note(790, 370, .9), note(560, 440, .7))
}

func guideCover() string {
	return scene(cream,
		`<rect x="120" y="120" width="380" height="250" rx="18" fill="`+teal+`"/><rect x="142" y="142" width="336" height="206" rx="6" fill="`+sky+`"/>`,
		`<path d="M70 390 h480 l26 44 h-532 z" fill="`+brown+`"/>`, place(305, 250, 1.05, -4, bee()),
		`<rect x="660" y="190" width="180" height="90" rx="14" fill="`+honey+`" stroke="`+amber+`" stroke-width="6"/><rect x="600" y="208" width="62" height="54" fill="#9aa7ad"/>`,
		`<rect x="612" y="220" width="14" height="10" fill="`+white+`"/><rect x="612" y="240" width="14" height="10" fill="`+white+`"/>`,
		trail("M590 235 H 520"))
}

func manyFlowers() string {
	parts := []string{hills()}
	for i := range 15 {
		colours := []string{rose, lilac, white}
		x, y := 60+float64(i%8)*120+float64(i/8)*60, 380+float64(i/8)*130
		parts = append(parts, place(x, y, .8+float64(i/8)*.3, float64(i%3*4-4), flower(colours[i%3], 8+i%3)))
	}
	return scene(sky, append(parts, place(470, 130, 1, 6, bee()))...)
}

func lessonCover() string {
	var lines strings.Builder
	for i := range 5 {
		fmt.Fprintf(&lines, `<rect x="340" y="%d" width="%d" height="14" rx="7" fill="#d9cdb4"/>`, 250+i*38, 280-i%2*70)
	}
	return scene("#fbe3a8", `<rect x="290" y="60" width="380" height="430" rx="16" fill="`+white+`"/><rect x="290" y="60" width="380" height="16" rx="8" fill="`+teal+`"/>`,
		place(470, 170, .75, -4, bee()), lines.String())
}

func quizCover() string {
	return scene(lilac, place(300, 290, 1.7, -6, bee()),
		`<path d="M590 130 h250 q40 0 40 40 v130 q0 40 -40 40 h-170 l-60 60 v-60 h-20 q-40 0 -40 -40 v-130 q0 -40 40 -40 z" fill="`+white+`"/>`,
		`<path d="M668 205 q4 -44 48 -44 q46 0 46 40 q0 26 -28 38 q-18 8 -18 24" fill="none" stroke="`+teal+`" stroke-width="20" stroke-linecap="round"/><circle cx="716" cy="302" r="13" fill="`+teal+`"/>`)
}
