package i18n

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Fold makes a text comparable with what people type to find it: "Größe" finds
// "GROSSE", "etude" finds "Étude", and an Arabic word is found with and without
// its vowel signs and whichever alef it is written with. A tab or the end of a
// line becomes a space. Of what is nothing but marks nothing is left.
func Fold(s string) string {
	if plain(s) {
		return strings.ToLower(s)
	}
	return strings.Map(bare, norm.NFKD.String(cases.Fold().String(s)))
}

// bare drops marks that people leave out when they search. Those of other
// scripts, such as the vowel signs of Devanagari, make other words and stay.
func bare(r rune) rune {
	switch {
	case r >= 0x300 && r <= 0x36f, // of Latin, Greek and Cyrillic
		r >= 0x591 && r <= 0x5c7,                                       // of Hebrew
		r >= 0x610 && r <= 0x61a, r >= 0x64b && r <= 0x65f, r == 0x670, // of Arabic
		r == 0x640,                 // tatweel, which only stretches
		r >= 0x200b && r <= 0x200f: // joiners and marks without a shape
		return -1
	case r == 'ة':
		return 'ه'
	case r == 'ى':
		return 'ي'
	case r == '\t' || r == '\n':
		return ' '
	}
	return r
}

func plain(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf || s[i] == '\t' || s[i] == '\n' {
			return false
		}
	}
	return true
}
