package library

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"nectar/backend/channel"
	"nectar/backend/i18n"
)

// maxHits bounds the hits of one answer.
const maxHits = 200

// Query says what is searched for in all channels on this laptop. An empty
// field asks for nothing.
type Query struct {
	// Text has words that all stand in the title. Case, accents and vowel signs
	// do not matter.
	Text string
	// Kind and Language are those of the topic or resource.
	Kind     channel.Kind
	Language string
	// Channel limits the search to one channel.
	Channel channel.ID
	// Limit is how many hits are answered; 50 by default, 200 at most.
	Limit int
}

// Hit is a topic or resource that was found.
type Hit struct {
	Channel     channel.ID
	ChannelName string
	Node        channel.NodeID
	Title       string
	Topic       string // the title of the topic that it is in
	Kind        channel.Kind
	Language    string
	Here        bool // a file that shows it is on this laptop; of a topic, always false
}

// Search answers the best hits, and how many there are in all. Titles that
// begin with the text come first, then those with words that do.
func (l *Library) Search(ctx context.Context, q Query) (hits []Hit, total int, err error) {
	channels, err := l.Channels(ctx)
	if err != nil {
		return nil, 0, err
	}
	s := search{words: strings.Fields(i18n.Fold(q.Text)), kind: string(q.Kind), language: q.Language}
	if q.Limit <= 0 {
		q.Limit = 50
	}
	s.limit = min(q.Limit, maxHits)
	for i := range channels {
		if q.Channel != "" && q.Channel != channels[i].ID {
			continue
		}
		parts, err := l.titles(ctx, channels[i].ID)
		if ctx.Err() != nil {
			return nil, 0, ctx.Err()
		}
		if err != nil {
			continue // it hides no other channel; its errors come back when it is opened
		}
		s.channel = &channels[i]
		for _, part := range parts {
			s.part(string(part))
		}
	}
	s.keepBest()
	hits, err = l.hits(ctx, s.found)
	return hits, s.total, err
}

// search goes through the titles of all channels.
type search struct {
	words          []string
	kind, language string
	limit          int

	channel *Channel // whose titles come
	found   []match
	total   int
}

// match is a line that was found.
type match struct {
	title
	channel *Channel
	rank    int // the lower the better
	order   int
}

// part looks at some thousand titles.
func (s *search) part(lines string) {
	for line := range strings.Lines(lines) {
		folded, rest, _ := strings.Cut(line, "\t")
		if rank, ok := s.matches(folded); ok {
			s.add(rank, rest)
		}
	}
}

// matches tells whether all words stand in the title, and how well.
func (s *search) matches(folded string) (rank int, ok bool) {
	for i, word := range s.words {
		at := strings.Index(folded, word)
		switch {
		case at < 0:
			return 0, false
		case at == 0 && i == 0:
		case at == 0 || strings.Contains(folded, " "+word):
			rank++
		default:
			rank += 2
		}
	}
	return rank, true
}

func (s *search) add(rank int, rest string) {
	t, ok := parseTitle(rest)
	if !ok || s.kind != "" && t.kind != s.kind || s.language != "" && t.language != s.language {
		return
	}
	s.total++
	s.found = append(s.found, match{t, s.channel, rank, s.total})
	if len(s.found) >= 10*s.limit {
		s.keepBest()
	}
}

// keepBest drops what is beyond the limit.
func (s *search) keepBest() {
	slices.SortFunc(s.found, func(a, b match) int { return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.order, b.order)) })
	s.found = s.found[:min(len(s.found), s.limit)]
}

// hits makes hits of what was found, and looks whether they are here.
func (l *Library) hits(ctx context.Context, found []match) ([]Hit, error) {
	var checksums []channel.Checksum
	for i := range found {
		checksums = append(checksums, found[i].files()...)
	}
	here, err := l.store.VerifiedFiles(ctx, checksums)
	if err != nil {
		return nil, err
	}
	hits := make([]Hit, len(found))
	for i := range found {
		m := &found[i]
		hits[i] = Hit{
			Channel: m.channel.ID, ChannelName: m.channel.Name, Node: channel.NodeID(m.node), Title: m.text, Topic: m.topic,
			Kind: channel.Kind(m.kind), Language: m.language,
			Here: slices.ContainsFunc(m.files(), func(c channel.Checksum) bool { _, ok := here[c]; return ok }),
		}
	}
	return hits, nil
}
