package cli

import (
	"embed"
	"fmt"
	"sync"
	"time"

	"nectar/backend/fault"
	"nectar/backend/i18n"
	"nectar/backend/wire"
)

//go:embed texts/*.json
var texts embed.FS

// words are the texts of the command line itself, in one language.
type words struct {
	catalog  *i18n.Catalog
	language string
}

// loaded loads the texts. They are part of the program, so that a mistake in
// them is one that the tests find.
var loaded = sync.OnceValue(func() *i18n.Catalog {
	catalog := i18n.New()
	if err := catalog.Add(texts); err != nil {
		panic(err)
	}
	return catalog
})

func newWords(language string) *words { return &words{loaded(), language} }

// maker answers a Maker for what happens before a session is open. It knows
// no tasks.
func (w *words) maker() *wire.Maker { return wire.NewMaker(w.catalog, nil, w.language) }

// text answers the text of a key of the command line; the values come in
// pairs of a name and a value.
func (w *words) text(key string, pairs ...any) string {
	text, ok := w.catalog.Text(w.language, "cli."+key, fault.New("", pairs...).Params)
	if !ok {
		return key
	}
	return text
}

// bytes says a size.
func (w *words) bytes(n int64) string { return w.catalog.Bytes(w.language, n) }

// number says a count.
func (w *words) number(n int64) string { return w.catalog.Number(w.language, n) }

// clock writes a length of time as people read it off a clock.
func clock(d time.Duration) string {
	s := int64(d.Round(time.Second).Seconds())
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}

// local writes a time of the JSON by the clock of this laptop, to the minute.
func local(stamp *string) string {
	if stamp == nil {
		return ""
	}
	t, err := time.Parse(time.RFC3339, *stamp)
	if err != nil {
		return *stamp
	}
	return t.Local().Format("2006-01-02 15:04")
}
