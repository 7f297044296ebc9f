package wire

import (
	"slices"
	"strings"
	"unicode"

	"github.com/samber/lo"

	"nectar/backend/fault"
	"nectar/backend/i18n"
	"nectar/backend/task"
)

// maxWords is how many words a search is split into. Whatever follows the last is one
// with it.
const maxWords = 8

// Words answers what somebody looks for who types a text in the language of the Maker: all
// of its words. Each is looked for in what is stored of a job; and it is said of the jobs
// of a task in whose summary or titles it is, of those in a state that it is a word of,
// and of those that failed in a way in whose sentence it is. A text of spaces alone is looked for as it is.
func (m *Maker) Words(search string) []task.Word {
	if search == "" {
		return nil
	}
	return lo.Map(split(search), func(text string, _ int) task.Word {
		word, folded := task.Word{Text: text}, i18n.Fold(text)
		if folded == "" {
			return word
		}
		said := m.sayings()
		for _, name := range said.tasks {
			if says(said.ofTask[name], folded) {
				word.Tasks = append(word.Tasks, name)
			}
		}
		for _, code := range said.failures {
			if says(said.ofFailure[code], folded) {
				word.Failures = append(word.Failures, code)
			}
		}
		for _, state := range task.States() {
			if slices.Contains(said.ofState[state], folded) {
				word.States = append(word.States, state)
			}
		}
		return word
	})
}

func says(literals []string, folded string) bool {
	return slices.ContainsFunc(literals, func(literal string) bool { return strings.Contains(literal, folded) })
}

// sayings are what is said of every job of a task, and of every one that failed in a
// way, and the words of the states, as they are compared.
type sayings struct {
	tasks     []string // in order
	ofTask    map[string][]string
	ofState   map[task.State][]string
	failures  []fault.Code // in order
	ofFailure map[fault.Code][]string
}

func (m *Maker) collect() sayings {
	said := sayings{ofTask: map[string][]string{}, ofState: map[task.State][]string{}, ofFailure: map[fault.Code][]string{}}
	fold := func(text string, _ int) string { return i18n.Fold(text) }
	for _, d := range m.registry.All() {
		said.tasks = append(said.tasks, d.Name)
		said.ofTask[d.Name] = lo.Map(m.said(d), fold)
	}
	for _, name := range m.texts.Between("fault.", ".message") {
		code := fault.Code(name)
		said.failures = append(said.failures, code)
		said.ofFailure[code] = lo.Map(m.texts.Literals(m.language, "fault."+name+".message"), fold)
	}
	said.ofFailure[fault.DiskFull] = append(said.ofFailure[fault.DiskFull], lo.Map(m.texts.Literals(m.language, "full.message"), fold)...)
	for _, state := range task.States() {
		said.ofState[state] = strings.Fields(i18n.Fold(m.StateText(state)))
	}
	return said
}

// split answers the words of a text, at most maxWords. The marks that the program sets
// around values of another direction come along with what is copied from it.
func split(text string) []string {
	var words []string
	for rest := strings.TrimSpace(strings.Map(withoutIsolate, text)); rest != ""; {
		end := strings.IndexFunc(rest, unicode.IsSpace)
		if end < 0 || len(words) == maxWords-1 {
			return append(words, rest)
		}
		words = append(words, rest[:end])
		rest = strings.TrimSpace(rest[end:])
	}
	return lo.Ternary(words == nil, []string{text}, words)
}

func withoutIsolate(r rune) rune { return lo.Ternary(r >= '\u2066' && r <= '\u2069', -1, r) }

// said answers what is said of every job of a task: its summary, and what stands in its
// titles beside the values of a job, whatever state that is in.
func (m *Maker) said(d *task.Definition) []string {
	said := []string{m.declared(d, "summary", d.Summary)}
	titles := lo.Map(task.States(), func(state task.State, _ int) string { return title(d, state) })
	for _, key := range lo.Uniq(append(titles, lo.Map(lo.Uniq(titles), m.plainest)...)) {
		said = append(said, m.texts.Literals(m.language, key)...)
	}
	return said
}

// plainest answers the key of which a key is a variant, if there is a text of it, and
// otherwise the key: which variant is meant may depend on more of a job than its state.
func (m *Maker) plainest(key string, _ int) string {
	name := strings.LastIndexByte(key, '.') + 1
	plain, _, _ := strings.Cut(key[name:], "_")
	if _, ok := m.texts.Text(m.language, key[:name]+plain, nil); ok {
		return key[:name] + plain
	}
	return key
}

// title answers the key of the title of a job of the task of which nothing is known but
// its state; "" if it has none, or if the task cannot say.
func title(d *task.Definition, state task.State) (key string) {
	defer func() {
		if recover() != nil {
			key = ""
		}
	}()
	return d.Describe(task.Job{Task: d.Name, State: state}).Title
}
