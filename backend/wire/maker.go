package wire

import (
	"encoding/json"
	"sync"
	"time"

	"github.com/samber/lo"

	"nectar/backend/fault"
	"nectar/backend/i18n"
	"nectar/backend/task"
)

// Maker makes JSON of the domain's values, with sentences in one language.
// Its methods may be called concurrently.
type Maker struct {
	texts    *i18n.Catalog
	registry *task.Registry
	language string
	sayings  func() sayings // made when somebody searches first

	unattended bool // no process runs jobs
}

// NewMaker makes a Maker for a language tag such as "de".
func NewMaker(texts *i18n.Catalog, registry *task.Registry, language string) *Maker {
	m := &Maker{texts: texts, registry: registry, language: language}
	m.sayings = sync.OnceValue(m.collect)
	return m
}

// In answers a Maker for another language.
func (m *Maker) In(language string) *Maker { return NewMaker(m.texts, m.registry, language) }

// Unattended answers a Maker in the same language for jobs that no process runs:
// those that are stored as running were interrupted, and say so.
func (m *Maker) Unattended() *Maker {
	other := m.In(m.language)
	other.unattended = true
	return other
}

// Language answers the language of the sentences.
func (m *Maker) Language() string { return m.language }

// Text answers the text of a key, or the key itself when nobody wrote it.
func (m *Maker) Text(key string, params fault.Params) string {
	text, ok := m.texts.Text(m.language, key, params)
	if !ok {
		return key
	}
	return text
}

// Bytes says a size as people do, such as "3.4 GB".
func (m *Maker) Bytes(n int64) string { return m.texts.Bytes(m.language, n) }

// Error makes the JSON of an error. One that is no fault becomes that of the
// code "internal"; nil becomes nil.
func (m *Maker) Error(err error) *Error {
	f := fault.Of(err)
	if f == nil {
		return nil
	}
	e := &Error{Code: string(f.Code), Fields: []Field{}}
	e.Message, e.Advice = m.sentence(f.Code, f.Params)
	if cause := f.Unwrap(); cause != nil {
		e.Detail = err.Error()
	}
	for _, field := range f.Fields {
		e.Fields = append(e.Fields, Field{
			Field:   field.Field,
			Message: m.fieldText(field),
			Index:   field.Index,
		})
	}
	return e
}

// fieldText says what is wrong with a field. The refusal of a whole request
// among several has no field, and the sentence of its own code.
func (m *Maker) fieldText(f fault.Field) string {
	if text, ok := m.texts.Text(m.language, "field."+string(f.Code), f.Params); ok {
		return text
	}
	message, _ := m.sentence(f.Code, f.Params)
	return message
}

// sentence answers what happened and what to do. Of a disk that is full to the
// last byte nobody knows how much is needed, and of a text that was refused by an
// older version not where; of a command line that is wrong in an unusual way not why.
// Where something near may have been meant, the advice begins with that.
func (m *Maker) sentence(code fault.Code, params fault.Params) (message, advice string) {
	if needed, known := params["needed"]; code == fault.DiskFull && (!known || needed == 0) {
		return m.Text("full.message", params), m.Text("full.advice", params)
	}
	message = m.Text("fault."+string(code)+".message", params)
	if _, known := params["line"]; code == fault.InvalidJSON && known {
		message = m.Text("json_at.message", params)
	}
	if _, known := params["reason"]; code == fault.Usage && !known {
		message = m.Text("unclear.message", params)
	}
	advice, _ = m.texts.Text(m.language, "fault."+string(code)+".advice", params)
	if _, known := params["near"]; known {
		advice = m.Text("near.advice", params) + " " + advice
	}
	return message, advice
}

// timeForm is RFC 3339 with milliseconds.
const timeForm = "2006-01-02T15:04:05.000Z07:00"

func stamp(t time.Time) string { return t.UTC().Format(timeForm) }

func stampOrNull(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	return lo.ToPtr(stamp(t))
}

func textOrNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// objectOf decodes a stored JSON object; anything else is an empty one.
func objectOf(raw json.RawMessage) map[string]any {
	object := map[string]any{}
	if err := json.Unmarshal(raw, &object); err != nil || object == nil {
		return map[string]any{}
	}
	return object
}
