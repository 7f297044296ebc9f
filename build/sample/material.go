package main

import (
	"archive/zip"
	"bytes"
	"crypto/md5"
	"embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// material is the bytes that the channel is made of.
type material struct {
	guide, lesson           []byte
	honeybee, howMuch, quiz []byte
	slides                  []file
	song                    []byte
	songSeconds             int
	pictures                map[string][]byte
}

//go:embed web
var web embed.FS

//go:embed media
var made embed.FS

func gather() (m material, err error) {
	m.pictures = make(map[string][]byte)
	for _, p := range pictures() {
		if m.pictures[p.name], err = made.ReadFile("media/" + p.name + ".png"); err != nil {
			return m, err
		}
	}
	if m.song, err = made.ReadFile("media/song.mp3"); err != nil {
		return m, err
	}
	m.songSeconds = len(melody()) / (2 * rate)
	if m.slides, err = slideshow(m.pictures); err != nil {
		return m, err
	}
	if m.guide, err = guide(m.pictures); err != nil {
		return m, err
	}
	if m.lesson, err = lesson(m.pictures); err != nil {
		return m, err
	}
	for name, into := range map[string]*[]byte{"honeybee": &m.honeybee, "howmuch": &m.howMuch, "quiz": &m.quiz} {
		if *into, err = packPage(name); err != nil {
			return m, err
		}
	}
	return m, nil
}

// packPage packs a page as Kolibri wants it: a zip with index.html at its root.
func packPage(name string) ([]byte, error) {
	html, err := web.ReadFile("web/" + name + ".html")
	if err != nil {
		return nil, err
	}
	style, err := web.ReadFile("web/style.css")
	if err != nil {
		return nil, err
	}
	text := strings.NewReplacer("{{style}}", strings.TrimSpace(string(style)), "{{bee}}", bee()).Replace(string(html))

	var packed bytes.Buffer
	w := zip.NewWriter(&packed)
	// A fixed time makes the same zip each time.
	entry, err := w.CreateHeader(&zip.FileHeader{Name: "index.html", Method: zip.Deflate, Modified: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		return nil, fmt.Errorf("pack %s: %w", name, err)
	}
	if _, err := entry.Write([]byte(text)); err != nil {
		return nil, fmt.Errorf("pack %s: %w", name, err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("pack %s: %w", name, err)
	}
	return packed.Bytes(), nil
}

// slideshow makes the files of the slideshow: the manifest that viewers read
// first, and its pictures.
func slideshow(pictures map[string][]byte) ([]file, error) {
	type slide struct {
		Caption         string `json:"caption"`
		DescriptiveText string `json:"descriptive_text"`
		SortOrder       int    `json:"sort_order"`
		Checksum        string `json:"checksum"`
		Extension       string `json:"extension"`
	}
	var manifest struct {
		Slides []slide `json:"slideshow_data"`
	}
	files := make([]file, 1)
	for i, s := range []struct{ picture, caption, seen string }{
		{"slide-1-flower", "On a warm morning a bee finds a flower. Its colour and its smell call her.", "A bee flies over a meadow towards a large pink flower."},
		{"slide-2-nectar", "With her long tongue she drinks the nectar. Pollen sticks to her fur, and the next flower gets some of it.", "A bee stands at the middle of a pink flower; drops of nectar lie below."},
		{"slide-3-home", "In her honey stomach she carries the nectar home to the hive.", "A dotted line shows the way of a bee from flowers to a wooden hive."},
		{"slide-4-comb", "In the hive, bees hand the nectar on from mouth to mouth, put it into cells and fan it dry with their wings.", "Three bees on a honeycomb; some of its cells are full."},
		{"slide-5-jar", "Thick and sweet, it is honey now. The bees live on it in the cold or dry season, and a little is left for us.", "A jar of honey between two flowers on a table."},
	} {
		data := pictures[s.picture]
		sum := md5.Sum(data)
		manifest.Slides = append(manifest.Slides, slide{s.caption, s.seen, i, hex.EncodeToString(sum[:]), "png"})
		files = append(files, file{"slideshow_image", "png", data})
	}
	data, err := json.Marshal(manifest)
	if err != nil {
		return nil, fmt.Errorf("write slideshow: %w", err)
	}
	files[0] = file{"slideshow_manifest", "json", data}
	return files, nil
}
