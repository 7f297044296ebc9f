package library

import (
	"cmp"
	"context"
	"slices"

	"nectar/backend/channel"
	"nectar/backend/channel/selection"
	"nectar/backend/fault"
)

// RemovalRequest says what people want to remove.
type RemovalRequest struct {
	Channel channel.ID
	// Nodes names topics, with all below them, and resources. Nil, or a list
	// with the root, means the whole channel.
	Nodes []channel.NodeID
	// Copies removes also the resources of other places and channels that are
	// shown by the same files.
	Copies bool
}

// Removal says what a request removes, and what stays. It holds as long as the
// Stamp does.
type Removal struct {
	Whole     bool
	Resources int // of the channel, that are here and go
	// Files lie in the content folder and are needed by nothing that stays, in
	// the order of their names.
	Files       []Removable
	Bytes       int64
	Gone        []channel.Checksum // such files that are remembered and do not lie there any more
	SharedFiles int                // lie here and stay, because others need them
	SharedBytes int64
	Channels    []channel.ID // the channels that the files are of
	Stamp       string       // of Library.Stamp
}

// Removable is a file to remove, with one resource or topic that has it.
type Removable struct {
	channel.LocalFile

	Title string
	Bytes int64 // on the disk
}

// PlanRemoval answers what a request removes, and changes nothing.
//
// Only files that the channel itself has are removed, or with Copies also those
// that its copies have; a file that a resource which stays is shown with stays
// too. A channel whose database cannot be read goes without its files, for
// nobody knows them. While another database cannot be read nobody knows what
// it shares: that is ListUnreadable.
func (l *Library) PlanRemoval(ctx context.Context, request RemovalRequest) (Removal, error) {
	stamp, err := l.Stamp()
	if err != nil {
		return Removal{}, err
	}
	r := remover{library: l, request: request, places: map[stored]int64{}, going: map[channel.Checksum]bool{}, needed: map[channel.Checksum]bool{}}
	r.removal.Stamp = stamp
	if r.tree, err = l.Tree(ctx, request.Channel); err != nil {
		return withoutFiles(request, stamp, err)
	}
	if r.here, err = l.Here(ctx); err != nil {
		return Removal{}, err
	}
	if r.expected, err = l.Expected(ctx); err != nil {
		return Removal{}, err
	}
	if err := r.begin(); err != nil {
		return Removal{}, err
	}
	if err := r.look(ctx); err != nil {
		return Removal{}, err
	}
	return r.end(), nil
}

// withoutFiles is the removal of a channel whose database cannot be read.
func withoutFiles(request RemovalRequest, stamp string, err error) (Removal, error) {
	if request.Nodes != nil || !unreadable(err) {
		return Removal{}, err
	}
	return Removal{Whole: true, Channels: []channel.ID{request.Channel}, Stamp: stamp}, nil
}

// badDatabase are the faults of what is in a channel database.
var badDatabase = []fault.Code{
	fault.DatabaseEmpty, fault.DatabaseDamaged, fault.NotADatabase, fault.NotAChannel, fault.SchemaTooNew,
	fault.SchemaUnknown, fault.WrongChannel, fault.UnsafeDatabase, fault.BrokenTree,
}

func unreadable(err error) bool { return slices.Contains(badDatabase, fault.CodeOf(err)) }

// stored tells files apart by their names.
type stored struct {
	checksum  channel.Checksum
	extension string
}

// remover finds out what goes. A resource goes when it is chosen, or when it
// is a copy of one that is. A file goes when a resource has it that goes, and
// none that stays.
type remover struct {
	library *Library
	request RemovalRequest
	tree    *selection.Tree // of the channel itself
	chosen  []bool          // its nodes that are named, and all below them
	here    func(channel.Checksum) bool
	// expected tells whether a file was verified here once.
	expected func(channel.LocalFile) bool
	copied   map[channel.Checksum]bool // files that show the chosen resources; nil without Copies

	places  map[stored]int64 // bytes on the disk, -1 for none, as far as was looked
	going   map[channel.Checksum]bool
	gone    []channel.Checksum // those of them that do not lie here any more
	files   []Removable        // all that go, unless they are needed
	needed  map[channel.Checksum]bool
	removal Removal
}

// begin marks what is chosen of the channel itself.
func (r *remover) begin() error {
	r.chosen = make([]bool, r.tree.Len())
	r.chosen[selection.Root] = r.request.Nodes == nil
	for _, id := range r.request.Nodes {
		index, found := r.tree.Find(id)
		if !found {
			return fault.New(fault.NodeMissing, "node", string(id), "channel", string(r.request.Channel))
		}
		r.chosen[index] = true
	}
	r.removal.Whole = r.chosen[selection.Root]
	for i := range r.tree.Len() {
		if parent, ok := r.tree.Parent(i); ok && r.chosen[parent] {
			r.chosen[i] = true
		}
	}
	if r.request.Copies {
		r.copied = map[channel.Checksum]bool{}
	}
	for i := range r.tree.Len() {
		if !r.chosen[i] || r.tree.Kind(i) == channel.Topic || !r.shown(r.tree, i) {
			continue
		}
		r.removal.Resources++
		for file := range r.tree.Files(i) {
			if r.request.Copies && r.lies(file) {
				r.copied[file.Checksum] = true
			}
		}
	}
	return nil
}

// look goes through the channels twice: what goes must be known of all of them
// before it can be said what is needed by others.
func (r *remover) look(ctx context.Context) error {
	r.collect(r.tree)
	if r.request.Copies {
		if err := r.others(ctx, r.collect); err != nil {
			return err
		}
	}
	if len(r.going) == 0 {
		return nil
	}
	r.spare(r.tree)
	return r.others(ctx, r.spare)
}

// others calls the function with the tree of every other channel.
func (r *remover) others(ctx context.Context, each func(*selection.Tree)) error {
	ids, err := r.library.databases()
	if err != nil {
		return err
	}
	for _, id := range ids {
		if id == r.request.Channel {
			continue
		}
		tree, err := r.library.Tree(ctx, id)
		switch {
		case err == nil:
			each(tree)
		case unreadable(err):
			return fault.New(fault.ListUnreadable, "channel", string(id)).Because(err)
		case fault.CodeOf(err) != fault.ChannelNotHere: // gone meanwhile
			return err
		}
	}
	return nil
}

// goes reports whether a resource goes.
func (r *remover) goes(tree *selection.Tree, index int) bool {
	if tree == r.tree && r.chosen[index] {
		return true
	}
	for file, supplementary := range tree.Files(index) {
		if !supplementary && r.copied[file.Checksum] {
			return true
		}
	}
	return false
}

// collect takes the files of the resources of a tree that go, and of the
// topics that lose the last of theirs by it.
func (r *remover) collect(tree *selection.Tree) {
	loses, keeps := make([]bool, tree.Len()), make([]bool, tree.Len())
	for i := tree.Len() - 1; i >= selection.Root; i-- {
		if tree.Kind(i) != channel.Topic {
			loses[i] = r.goes(tree, i)
			keeps[i] = !loses[i] && r.shown(tree, i)
		} else if tree == r.tree && r.chosen[i] {
			loses[i] = true
		}
		if parent, ok := tree.Parent(i); ok {
			loses[parent] = loses[parent] || loses[i]
			keeps[parent] = keeps[parent] || keeps[i]
		}
	}
	any := false
	for i := range tree.Len() {
		if !loses[i] || keeps[i] {
			continue
		}
		for file := range tree.Files(i) {
			if r.take(file, tree.Title(i)) {
				any = true
			}
		}
	}
	if any || tree == r.tree {
		r.removal.Channels = append(r.removal.Channels, tree.Channel())
	}
}

// take notes that a file goes, and reports whether there is anything of it.
func (r *remover) take(file channel.LocalFile, title string) bool {
	lies := r.lies(file)
	if !lies && !r.expected(file) {
		return false
	}
	if r.going[file.Checksum] {
		return true
	}
	r.going[file.Checksum] = true
	if lies {
		r.files = append(r.files, Removable{LocalFile: file, Title: title, Bytes: r.size(file)})
	} else {
		r.gone = append(r.gone, file.Checksum)
	}
	return true
}

// spare marks the files that what stays of a tree needs.
func (r *remover) spare(tree *selection.Tree) {
	keeps := make([]bool, tree.Len())
	for i := tree.Len() - 1; i >= selection.Root; i-- {
		if tree.Kind(i) != channel.Topic {
			keeps[i] = !r.goes(tree, i) && (r.shown(tree, i) || r.missed(tree, i))
		}
		if !keeps[i] {
			continue
		}
		for file := range tree.Files(i) {
			if r.going[file.Checksum] {
				r.needed[file.Checksum] = true
			}
		}
		if parent, ok := tree.Parent(i); ok {
			keeps[parent] = true
		}
	}
}

// shown reports whether a resource can be shown: a file that it needs lies
// here, whether it was verified yet or not.
func (r *remover) shown(tree *selection.Tree, index int) bool {
	return needsOne(tree, index, func(file channel.LocalFile) bool { return r.here(file.Checksum) || r.lies(file) })
}

// missed reports whether a resource could be shown until its files went lost: a
// repair brings them back.
func (r *remover) missed(tree *selection.Tree, index int) bool {
	return needsOne(tree, index, r.expected)
}

// needsOne reports whether one of the files that a resource needs is such a one.
func needsOne(tree *selection.Tree, index int, is func(channel.LocalFile) bool) bool {
	for file, supplementary := range tree.Files(index) {
		if !supplementary && is(file) {
			return true
		}
	}
	return false
}

func (r *remover) lies(file channel.LocalFile) bool { return r.size(file) >= 0 }

// size answers the bytes of the file on the disk, -1 for none.
func (r *remover) size(file channel.LocalFile) int64 {
	name := stored{file.Checksum, file.Extension}
	if size, looked := r.places[name]; looked {
		return size
	}
	size := int64(-1)
	if info, err := lstatFile(file.In(r.library.Content())); err == nil {
		size = info.Size()
	}
	r.places[name] = size
	return size
}

// end sorts what goes from what stays.
func (r *remover) end() Removal {
	for _, f := range r.files {
		if r.needed[f.Checksum] {
			r.removal.SharedFiles++
			r.removal.SharedBytes += f.Bytes
			continue
		}
		r.removal.Files = append(r.removal.Files, f)
		r.removal.Bytes += f.Bytes
	}
	for _, checksum := range r.gone {
		if !r.needed[checksum] {
			r.removal.Gone = append(r.removal.Gone, checksum)
		}
	}
	slices.SortFunc(r.removal.Files, func(a, b Removable) int { return cmp.Compare(a.Name(), b.Name()) })
	return r.removal
}
