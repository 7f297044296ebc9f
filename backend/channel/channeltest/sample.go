package channeltest

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"nectar/backend/channel"
)

// The titles of nodes that tests look for.
const (
	Videos     = "Videos & audio"
	Video      = "Counting to ten"
	Audio      = "A song"
	Reading    = "قراءة ومطالعة"
	Document   = "وثيقة للقراءة"
	Book       = "Lesebuch für Größere"
	Practice   = "Practice"
	Copy       = "Lesebuch für Größere (copy)"
	App        = "A game 🎲"
	Exercise   = "Sums"
	Zim        = "An encyclopaedia"
	Slides     = "Slides"
	EmptyTopic = "Nothing here yet"
)

// maker makes the nodes and files of one channel.
type maker struct {
	settings

	nodes, files int
}

// sample makes the tree of a small channel: one resource of each kind, one
// resource at two places, one that no viewer shows, an empty topic.
func (m *maker) sample() *Node {
	video := m.resource("video", Video, "en",
		m.file("high_res_video", "mp4", m.fileSize),
		m.file("low_res_video", "mp4", m.fileSize/2+1),
		m.extra("video_subtitle", "vtt", "en", []byte("WEBVTT\n\n00:00.000 --> 00:01.000\none\n")),
		m.extra("video_subtitle", "vtt", "ar", []byte("WEBVTT\n\n00:00.000 --> 00:01.000\nواحد\n")),
		m.thumbnail("video_thumbnail"))
	audio := m.resource("audio", Audio, "en", m.file("audio", "mp3", m.fileSize), m.thumbnail("audio_thumbnail"))
	document := m.resource("document", Document, "ar", m.file("document", "pdf", m.fileSize))
	book := m.resource("document", Book, "de",
		m.file("document", "pdf", m.fileSize), m.file("epub", "epub", m.fileSize/3+1), m.thumbnail("document_thumbnail"))
	again := m.resource("document", Copy, "de", book.Files...)
	again.ContentID = book.ContentID
	app := m.resource("html5", App, "en", m.fixed("html5_zip", "zip", page(fmt.Sprintf("%s %d", App, m.seed))))
	exercise := m.resource("exercise", Exercise, "en", m.file("exercise", "perseus", m.fileSize))
	for range 2 {
		exercise.Files = append(exercise.Files, m.extra("exercise_image", "png", "", m.nextPicture()))
	}
	slides := m.resource("slideshow", Slides, "en", m.file("slideshow_manifest", "json", 200))
	slides.Files = append(slides.Files, m.extra("slideshow_image", "png", "", m.nextPicture()))
	h5p := m.resource("h5p", "A quiz", "en", m.file("h5p", "h5p", m.fileSize))
	zim := m.resource("zim", Zim, "en", m.file("zim", "zim", m.fileSize*2))

	practice := m.topic(Practice, again, app, exercise, zim)
	practice.Files = []File{m.thumbnail("topic_thumbnail")}
	videos := m.topic(Videos, video, audio)
	videos.Files = []File{m.thumbnail("topic_thumbnail")}
	empty := m.topic(EmptyTopic)
	empty.Files = []File{m.thumbnail("topic_thumbnail")}
	return m.topic(m.name, videos, m.topic(Reading, document, book, practice), slides, h5p, empty)
}

// load makes the topics of option Load.
func (m *maker) load() *Node {
	const perTopic = 20
	top := m.topic("Load")
	originals := m.resources - m.resources/perTopic
	size := m.loadBytes / int64(max(1, originals*m.filesEach))
	var section, topic *Node
	var first *Node
	for i := range m.resources {
		if i%(perTopic*perTopic) == 0 {
			section = m.topic(fmt.Sprintf("Section %d", i/perTopic/perTopic+1))
			top.Children = append(top.Children, section)
		}
		if i%perTopic == 0 {
			topic = m.topic(fmt.Sprintf("Topic %d", i/perTopic+1))
			section.Children = append(section.Children, topic)
		}
		n := m.resource("video", fmt.Sprintf("Resource %d", i+1), "en")
		if i%perTopic == perTopic-1 {
			n.ContentID, n.Files = first.ContentID, first.Files
		} else {
			n.Files = append(n.Files, m.file("high_res_video", "mp4", size))
			for len(n.Files) < m.filesEach {
				f := m.file("video_subtitle", "vtt", size)
				f.Supplementary = true
				n.Files = append(n.Files, f)
			}
		}
		if i%perTopic == 0 {
			first = n
		}
		topic.Children = append(topic.Children, n)
	}
	return top
}

func (m *maker) topic(title string, children ...*Node) *Node {
	n := m.resource(channel.Topic, title, "")
	n.Children = children
	return n
}

func (m *maker) resource(kind channel.Kind, title, language string, files ...File) *Node {
	m.nodes++
	return &Node{
		ID:        channel.NodeID(hexID("node", string(m.id), m.nodes)),
		ContentID: hexID("content", m.seed, m.nodes),
		Title:     title,
		Kind:      kind,
		Language:  language,
		Files:     files,
	}
}

func (m *maker) file(preset channel.Preset, extension string, size int64) File {
	m.files++
	b := noise(m.seed, m.files, size)
	return File{LocalFile: b.local(extension), Preset: preset, body: b}
}

func (m *maker) fixed(preset channel.Preset, extension string, content []byte) File {
	m.files++
	b := body{fixed: content}
	return File{LocalFile: b.local(extension), Preset: preset, body: b}
}

func (m *maker) extra(preset channel.Preset, extension, language string, content []byte) File {
	f := m.fixed(preset, extension, content)
	f.Supplementary, f.Language = true, language
	return f
}

func (m *maker) thumbnail(preset channel.Preset) File {
	f := m.extra(preset, "png", "", m.nextPicture())
	f.Thumbnail = true
	return f
}

// nextPicture answers a picture unlike those before, so that it is a file of
// its own.
func (m *maker) nextPicture() []byte { return picture(m.seed<<12 + int64(m.files) + 1) }

// hexID makes an id of 32 hexadecimal digits from the parts.
func hexID(parts ...any) string {
	sum := sha256.Sum256(fmt.Append(nil, parts...))
	return hex.EncodeToString(sum[:16])
}
