package db

import (
	"context"
	"database/sql"
	"encoding/hex"
	"iter"
	"strings"

	"nectar/backend/channel"
	"nectar/backend/fault"
)

// maxFileSize bounds the declared size of one file, so that sums of sizes
// cannot overflow. No file system of a classroom holds a larger file.
const maxFileSize = 1 << 40

// Role is what a stored file is for in one node.
type Role struct {
	Node          channel.NodeID
	File          channel.Checksum
	Preset        channel.Preset
	Supplementary bool // not needed to show the resource
}

// Files reads the stored files, each once, also those without a role. The
// first error ends it: UnsafeDatabase at a name that could leave its folder.
//
// Files and Roles are two readings, not a join: each goes through its table
// from front to back, where a join would jump about a slow drive.
func (d *DB) Files(ctx context.Context) iter.Seq2[channel.LocalFile, error] {
	files := d.files(ctx, " NOT INDEXED")
	if d.shape.generation == 0 {
		return once(files)
	}
	return files
}

// files reads the stored files that the condition lets through.
func (d *DB) files(ctx context.Context, condition string, values ...any) iter.Seq2[channel.LocalFile, error] {
	return func(yield func(channel.LocalFile, error) bool) {
		var id, extension string
		var size sql.NullInt64
		words := intern{}
		read(ctx, d, d.shape.files+d.shape.stored+condition, values, []any{&id, &extension, &size}, func() (channel.LocalFile, error) {
			return d.localFile(id, words.one(extension, unchanged), size)
		})(yield)
	}
}

// once leaves out the files that came before, of which the first counts, as
// for Kolibri: before generation 1 a file has a row for each of its uses.
func once(files iter.Seq2[channel.LocalFile, error]) iter.Seq2[channel.LocalFile, error] {
	return func(yield func(channel.LocalFile, error) bool) {
		seen := map[channel.Checksum]struct{}{}
		for f, err := range files {
			if _, again := seen[f.Checksum]; again && err == nil {
				continue
			}
			seen[f.Checksum] = struct{}{}
			if !yield(f, err) {
				return
			}
		}
	}
}

func (d *DB) localFile(id, extension string, size sql.NullInt64) (channel.LocalFile, error) {
	if !size.Valid {
		size.Int64 = -1
	} else if size.Int64 < 0 || size.Int64 > maxFileSize {
		return channel.LocalFile{}, d.refuse(fault.UnsafeDatabase, "reason", "file_size")
	}
	f, err := channel.ParseLocalFile(id, extension, size.Int64)
	if err != nil {
		return channel.LocalFile{}, d.refuse(fault.UnsafeDatabase, "reason", "file_name").Because(err)
	}
	return f, nil
}

// Roles reads the roles of the stored files, in no particular order. The
// first error ends it. After a quick check a role may be one of a node or a
// file that the channel does not have.
func (d *DB) Roles(ctx context.Context) iter.Seq2[Role, error] {
	return d.roles(ctx, everyRole)
}

const everyRole = " NOT INDEXED WHERE contentnode_id IS NOT NULL" // before generation 1 it may be

// RolesInHalves reads what Roles does, as parts that can be read at once: each role is
// in one of them. About so many are expected: see Expect. There is but one part where the
// rows have no numbers.
func (d *DB) RolesInHalves(ctx context.Context, expected int) []iter.Seq2[Role, error] {
	middle := expected / 2
	if middle == 0 || !d.shape.rolesNumbered {
		return []iter.Seq2[Role, error]{d.Roles(ctx)}
	}
	return []iter.Seq2[Role, error]{
		d.roles(ctx, everyRole+" AND rowid <= ?", middle),
		d.roles(ctx, everyRole+" AND rowid > ?", middle),
	}
}

// roles reads the roles that the condition lets through.
func (d *DB) roles(ctx context.Context, condition string, values ...any) iter.Seq2[Role, error] {
	// One value for a row, since each one that is handed over takes as long as to find it.
	// None but a hostile id has a NUL, and that is no id.
	query := "SELECT concat_ws(char(0), " + strings.Join([]string{
		whole("contentnode_id"), whole(d.shape.file), truth("supplementary"), text("preset", 150),
	}, ", ") + ") FROM content_file" + condition
	return func(yield func(Role, error) bool) {
		var row string
		words := intern{}
		read(ctx, d, query, values, []any{&row}, func() (Role, error) {
			node, rest, _ := strings.Cut(row, "\x00")
			file, rest, _ := strings.Cut(rest, "\x00")
			supplementary, preset, _ := strings.Cut(rest, "\x00")
			r := Role{
				Node: channel.NodeID(node), Preset: channel.Preset(words.one(preset, clean)), Supplementary: supplementary == "1",
			}
			if !channel.IsID(node) {
				return Role{}, d.refuse(fault.UnsafeDatabase, "reason", "node_id")
			}
			if !channel.IsID(file) {
				return Role{}, d.refuse(fault.UnsafeDatabase, "reason", "file_name")
			}
			if _, err := hex.Decode(r.File[:], []byte(file)); err != nil {
				return Role{}, d.refuse(fault.UnsafeDatabase, "reason", "file_name").Because(err)
			}
			return r, nil
		})(yield)
	}
}

// intern keeps one copy of each of a few words that come again and again.
type intern map[string]string

// maxWords bounds the words, because a hostile database has no few.
const maxWords = 1000

// one answers what is made of the word.
func (w intern) one(s string, as func(string) string) string {
	if known, ok := w[s]; ok {
		return known
	}
	made := as(s)
	if len(w) < maxWords {
		w[s] = made
	}
	return made
}

// unchanged is for a word that has to be right as it is.
func unchanged(s string) string { return s }
