package main

const (
	owner     = "The Nectar authors"
	channelID = "be35a0d0f10e45ec9a7e6c0ffee0be35"
)

// Labels of le-utils that the resources carry.
const (
	watch, listen, read, explore, practise   = "UD5UGM0z", "mkA1R3NU", "wA01urpi", "#j8L0eq3", "VwRCom7G"
	biology, environment, music              = "d&WXdXWF.i1IdaNwr.uErN4PdS", "PbGoe2MV.tS7WKnZ7", "d&WXdXWF.5QAjgfv7.u0aKjT4i"
	numeracy, forTeachers, digital           = "BCG3&slG.Tsyej9ta", "ziJ6PCuU.lOBPr5ix", "BCG3&slG.wZ3EAedB"
	lowerPrimary, upperPrimary, professional = "wnarlxKo", "BkGYi3lD", "ZrgBU73s"
	guideType, lessonPlan, media, game       = "204TGB4U", "OqyPqhxW", "rReY3LOO", "9dUN1LWT"
)

// node is a topic or resource of the sample.
type node struct {
	kind, title, description string

	activity, category, grades, resource string // comma-separated labels
	duration                             int    // seconds; 0 when it says nothing

	thumbnail string // name of a picture
	files     []file // its main files, the first by which it is shown
	children  []*node
}

// file is one file of a resource.
type file struct {
	preset, extension string
	data              []byte
}

// tree answers the channel's root. The bytes of its files come from make.
func tree(m material) *node {
	resource := func(kind, title, thumbnail, description string, files ...file) *node {
		return &node{kind: kind, title: title, thumbnail: thumbnail, description: description, files: files}
	}
	page := func(title, thumbnail, description string, data []byte) *node {
		return resource("html5", title, thumbnail, description, file{"html5_zip", "zip", data})
	}
	document := func(title, thumbnail, description string, data []byte) *node {
		return resource("document", title, thumbnail, description, file{"document", "pdf", data})
	}

	guide := document("How to bring a channel from a drive", "guide",
		"Five steps from the drive in your hand to lessons on this laptop, and what to do when something goes wrong.", m.guide).
		labelled(read, digital, professional, guideType)
	honeybee := page("The honeybee", "bee-parts",
		"Touch a part of the bee and find out what it is for.", m.honeybee).
		labelled(explore, biology, lowerPrimary+","+upperPrimary, media)
	slides := resource("slideshow", "From flower to jar", "from-flower-to-jar",
		"Five pictures tell how nectar becomes honey.", m.slides...).
		labelled(watch, biology, lowerPrimary+","+upperPrimary, media)
	howMuch := page("How much work is a jar of honey?", "how-much",
		"Fill a jar and see how many flowers, flights and bees that takes.", m.howMuch).
		labelled(explore, numeracy+","+environment, upperPrimary, media)
	song := resource("audio", "The song of the meadow", "song",
		"A little waltz, with a bee that hums along. To listen to while drawing.", file{"audio", "mp3", m.song}).
		labelled(listen, music, lowerPrimary+","+upperPrimary, media)
	song.duration = m.songSeconds
	lesson := document("A lesson about bees", "lesson",
		"A plan for 45 minutes with pupils of 8 to 12 years. It uses everything in this channel.", m.lesson).
		labelled(read, forTeachers, professional, lessonPlan)
	quiz := page("The bee quiz", "quiz",
		"Six questions. Each right answer fills a cell of the comb.", m.quiz).
		labelled(practise, biology, lowerPrimary+","+upperPrimary, game)

	topic := func(title, thumbnail, description string, children ...*node) *node {
		return &node{kind: "topic", title: title, thumbnail: thumbnail, description: description, children: children}
	}
	return topic("Bees and nectar", "", aboutChannel,
		topic("Start here", "topic-start", "What this program does, and how to bring more channels.", guide),
		topic("Bees and flowers", "topic-bees", "Who the bees are, what they do all day, and how honey is made.", honeybee, slides, howMuch, song),
		topic("In class", "topic-teachers", "A plan for a lesson, and a quiz to end it.", lesson, quiz),
	)
}

const (
	aboutChannel = "A small channel that comes with Nectar, to try everything with: pages to touch, pictures, a song, a lesson plan and a guide."
	tagline      = "Small lessons about bees, to try Nectar with"
)

func (n *node) labelled(activity, category, grades, resource string) *node {
	n.activity, n.category, n.grades, n.resource = activity, category, grades, resource
	return n
}
