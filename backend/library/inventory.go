package library

import (
	"bytes"
	"context"
	"encoding/binary"
	"slices"

	"nectar/backend/channel"
	"nectar/backend/channel/selection"
	"nectar/backend/store"
)

// inventory is what an import of a whole channel brings, as it was verified,
// while all of it is here. It is a part of the channel's digest, so that a look
// whether anything is to be done need not read the channel's database.
type inventory struct {
	resources int
	bytes     int64                // of the files, as the channel declares them
	files     []store.VerifiedFile // in the order of their folders
}

// lately answers a look into files that were remembered just now, of which those count
// that are still here. What was remembered anew since then, of another time, Whole finds
// changed, and then all is looked at.
func lately(files []store.VerifiedFile, here func(channel.Checksum) bool) func(channel.Checksum) (store.VerifiedFile, bool) {
	slices.SortFunc(files, func(a, b store.VerifiedFile) int { return bytes.Compare(a.Checksum[:], b.Checksum[:]) })
	return func(sum channel.Checksum) (store.VerifiedFile, bool) {
		at, is := slices.BinarySearchFunc(files, sum, func(f store.VerifiedFile, sum channel.Checksum) int {
			return bytes.Compare(f.Checksum[:], sum[:])
		})
		if !is || !here(sum) {
			return store.VerifiedFile{}, false
		}
		return files[at], true
	}
}

// inventory answers the inventory of a channel as it is stored; nil when not
// all that an import of it brings is remembered as verified.
func (l *Library) inventory(
	ctx context.Context, tree *selection.Tree, totals channel.Totals, lately func(channel.Checksum) (store.VerifiedFile, bool),
) ([]byte, error) {
	if totals.AvailableResources < totals.Resources || totals.AvailableSize < totals.Size {
		return nil, nil // it saves the look at each file
	}
	chosen, err := tree.Select(selection.Options{})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(chosen.Files, func(a, b selection.File) int { return bytes.Compare(a.Checksum[:], b.Checksum[:]) })
	writing := newInventoryWriter(chosen)
	const atOnce = 1000 // bounds the memory
	for part := range slices.Chunk(chosen.Files, atOnce) {
		records, err := l.recordsOf(ctx, part, lately)
		if err != nil {
			return nil, err
		}
		for i := range part {
			if records[i].Checksum != part[i].Checksum || records[i].Extension != part[i].Extension {
				return nil, nil
			}
			writing.add(records[i])
		}
	}
	return writing.text, nil
}

// recordsOf answers what is remembered of each of the files; a zero record for nothing.
func (l *Library) recordsOf(
	ctx context.Context, files []selection.File, lately func(channel.Checksum) (store.VerifiedFile, bool),
) ([]store.VerifiedFile, error) {
	records := make([]store.VerifiedFile, len(files))
	var others []channel.Checksum
	for i := range files {
		var is bool
		if records[i], is = lately(files[i].Checksum); !is {
			others = append(others, files[i].Checksum)
		}
	}
	if len(others) == 0 {
		return records, nil
	}
	known, err := l.store.VerifiedFiles(ctx, others)
	for i := range files {
		if record, is := known[files[i].Checksum]; is {
			records[i] = record
		}
	}
	return records, err
}

// inventoryForm tells this way to write an inventory from others.
const inventoryForm = 1

// inventoryWriter writes an inventory: the counts, the extensions, and of each
// file its checksum, the number of its extension, its size, and how much later
// than the one before it was changed.
type inventoryWriter struct {
	text       []byte
	extensions map[string]uint64
	modified   int64
}

func newInventoryWriter(chosen *selection.Selection) *inventoryWriter {
	var names []string
	extensions := map[string]uint64{}
	for _, f := range chosen.Files {
		if _, known := extensions[f.Extension]; !known {
			extensions[f.Extension] = uint64(len(names))
			names = append(names, f.Extension)
		}
	}
	const each = 28 // bytes of a file, or less
	text := append(make([]byte, 0, each*(len(chosen.Files)+len(names)+1)), inventoryForm)
	text = binary.AppendUvarint(text, uint64(chosen.Resources))
	text = binary.AppendUvarint(text, uint64(chosen.Bytes))
	text = binary.AppendUvarint(text, uint64(len(names)))
	for _, name := range names {
		text = binary.AppendUvarint(text, uint64(len(name)))
		text = append(text, name...)
	}
	text = binary.AppendUvarint(text, uint64(len(chosen.Files)))
	return &inventoryWriter{text: text, extensions: extensions}
}

func (w *inventoryWriter) add(f store.VerifiedFile) {
	w.text = append(w.text, f.Checksum[:]...)
	w.text = binary.AppendUvarint(w.text, w.extensions[f.Extension])
	w.text = binary.AppendVarint(w.text, f.Size)
	w.text = binary.AppendVarint(w.text, f.Modified-w.modified)
	w.modified = f.Modified
}

// readInventory reads what an inventoryWriter wrote. It reports whether it is
// whole and of this form.
func readInventory(text []byte) (read inventory, ok bool) {
	if len(text) == 0 || text[0] != inventoryForm {
		return inventory{}, false
	}
	r := inventoryReader{text: text[1:]}
	read.resources, read.bytes = int(r.number()), r.number()
	extensions := make([]string, r.count())
	for i := range extensions {
		extensions[i] = string(r.take(r.count()))
	}
	read.files = make([]store.VerifiedFile, r.count())
	var modified int64
	for i := range read.files {
		f := &read.files[i]
		copy(f.Checksum[:], r.take(len(f.Checksum)))
		if extension := r.number(); extension < int64(len(extensions)) {
			f.Extension = extensions[extension]
		}
		f.Size = r.signed()
		modified += r.signed()
		f.Modified = modified
	}
	return read, !r.short
}

// inventoryReader reads numbers and bytes from the front of a text. From where
// it ends too early all are zero.
type inventoryReader struct {
	text  []byte
	short bool // it ended too early
}

func (r *inventoryReader) number() int64 {
	n, size := binary.Uvarint(r.text)
	return int64(n) * r.past(size)
}

func (r *inventoryReader) signed() int64 {
	n, size := binary.Varint(r.text)
	return n * r.past(size)
}

// past goes beyond a number of the size, and answers 1, or 0 when there was none.
func (r *inventoryReader) past(size int) int64 {
	if size <= 0 {
		r.text, r.short = nil, true
		return 0
	}
	r.text = r.text[size:]
	return 1
}

// count reads how many follow, each a byte at least.
func (r *inventoryReader) count() int {
	n := r.number()
	if n < 0 || n > int64(len(r.text)) {
		r.text, r.short = nil, true
		return 0
	}
	return int(n)
}

func (r *inventoryReader) take(n int) []byte {
	if n > len(r.text) {
		r.text, r.short = nil, true
		return nil
	}
	taken := r.text[:n]
	r.text = r.text[n:]
	return taken
}
