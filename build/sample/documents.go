package main

// guide is the document that tells how to use the program.
func guide(pictures map[string][]byte) ([]byte, error) {
	d := newDocument("How to bring a channel from a drive")
	p := d.page()
	cover, err := d.picture(pictures["guide"])
	if err != nil {
		return nil, err
	}
	y := heading(p, d.title, "For teachers. It takes five minutes, and no Internet.")
	p.picture(cover, pageWidth-margin-150, y-8, 150, 84)
	y = p.paragraph(margin, y+10, 310, 11.5, regular, brown,
		"A channel is a collection of lessons: videos, books, exercises and small programs about one subject. Channels travel on drives. "+
			"Once a channel is on this laptop, you and your class can open it at any time, without the Internet.") + 26

	for i, s := range []struct{ what, how string }{
		{"Plug in the drive", "A USB stick, a memory card or a hard disk that somebody filled with Kolibri or with Nectar. Wait a moment until the laptop knows it."},
		{"Open “Import”", "The drive is shown with its name and the channels that are on it. If it is not there, choose the folder yourself: it is the one that holds KOLIBRI_DATA."},
		{"Choose a channel", "Take all of it, or open it and tick only the topics you need. Nectar tells you how much room they take and how much is free. What is on the laptop already is not copied again."},
		{"Press the button", "The import becomes a job. You see how far it is and how long it will still take. You can go on working, pause it, or begin another one meanwhile."},
		{"Wait for “done”, then take out the drive", "Every file was checked while it was copied, so what you have is exactly what was on the drive. Open the library and look."},
	} {
		p.dot(margin+15, y+7, 15, honey)
		p.centred(margin+15, y+12.5, 15, bold, brown, string(rune('1'+i)))
		p.text(margin+44, y+4, 14, bold, teal, s.what)
		y = p.paragraph(margin+44, y+21, pageWidth-2*margin-44, 11, regular, brown, s.how) + 14
	}

	y += 2
	p.box(margin, y, pageWidth-2*margin, 196, 10, cream)
	p.box(margin, y, 6, 196, 3, amber)
	p.text(margin+24, y+26, 14, bold, teal, "When something goes wrong")
	row := y + 48
	for _, s := range []struct{ what, how string }{
		{"The power fails.", "Switch on and open Nectar again. The import goes on where it was; nothing is copied twice."},
		{"The drive falls out.", "Plug it in again. Nothing that was copied is lost."},
		{"A file on the drive is damaged.", "Nectar names it and imports everything else. Later, try again with another drive."},
		{"The laptop is full.", "Nectar says so before it begins. Delete a channel that you no longer need, or choose fewer topics."},
	} {
		p.dot(margin+28, row-4, 2.6, amber)
		p.text(margin+38, row, 11, bold, brown, s.what)
		row = p.paragraph(margin+38, row+15, pageWidth-2*margin-60, 11, regular, brown, s.how) + 1
	}
	footer(p)
	return d.bytes(), nil
}

// lesson is the plan of a lesson about bees.
func lesson(pictures map[string][]byte) ([]byte, error) {
	d := newDocument("A lesson about bees")
	p := d.page()
	cover, err := d.picture(pictures["topic-bees"])
	if err != nil {
		return nil, err
	}
	y := heading(p, d.title, "For pupils of 8 to 12 years. 45 minutes.")
	p.picture(cover, pageWidth-margin-150, y-8, 150, 84)
	p.text(margin, y+8, 13, bold, teal, "What the class will know afterwards")
	y = bullets(p, margin, y+28, 310,
		"The names of five parts of a bee and what each is for.",
		"How nectar becomes honey.",
		"Why farmers need bees.") + 26

	for _, s := range []struct{ minutes, what, how string }{
		{"5", "Ask", "Who has seen a bee today? What was it doing? Write the answers on the board; do not correct them yet."},
		{"10", "Explore", "Open “The honeybee” and let pupils touch the parts. With one screen, let one pupil choose and the others guess first."},
		{"10", "Look", "Show “From flower to jar”, one picture at a time. Before each next picture, ask what will happen."},
		{"10", "Draw", "Everybody draws a bee and writes the names of five parts beside it. The song of the meadow may play meanwhile."},
		{"5", "Check", "Do the bee quiz together. Hands up for each answer before you touch it."},
		{"5", "Talk", "Go back to the answers on the board. Which were right? What would happen to our fields without bees?"},
	} {
		p.box(margin, y-6, 52, 34, 8, honey)
		p.centred(margin+26, y+9, 14, bold, brown, s.minutes)
		p.centred(margin+26, y+21, 8.5, regular, brown, "minutes")
		p.text(margin+70, y+4, 14, bold, teal, s.what)
		y = p.paragraph(margin+70, y+21, pageWidth-2*margin-70, 11, regular, brown, s.how) + 15
	}

	p.box(margin, y, pageWidth-2*margin, 112, 10, cream)
	p.box(margin, y, 6, 112, 3, amber)
	p.text(margin+24, y+26, 14, bold, teal, "Good to know")
	bullets(p, margin+24, y+48, pageWidth-2*margin-50,
		"A bee that is left alone rarely stings. Look, do not catch.",
		"Of the plants that people eat, about three in four kinds give more or better fruit when animals such as bees visit their flowers.",
		"No screen? The quiz works read aloud, and the drawing needs paper only.")
	footer(p)
	return d.bytes(), nil
}

func heading(p *page, title, below string) float64 {
	p.box(0, 0, pageWidth, 112, 0, teal)
	p.box(0, 112, pageWidth, 5, 0, honey)
	p.text(margin, 62, 26, bold, white, title)
	p.text(margin, 88, 12.5, regular, cream, below)
	return 148
}

func bullets(p *page, x, y, width float64, items ...string) float64 {
	for _, item := range items {
		p.dot(x+4, y-4, 2.6, amber)
		y = p.paragraph(x+14, y, width-14, 11, regular, brown, item) + 3
	}
	return y
}

func footer(p *page) {
	p.box(margin, pageHeight-52, pageWidth-2*margin, .8, 0, "#d9cdb4")
	p.text(margin, pageHeight-34, 9, regular, "#7a6a55", "Made by the Nectar authors. CC BY 4.0: copy it, change it, share it, and say where it is from.")
}
