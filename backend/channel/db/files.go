package db

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"strings"

	"nectar/backend/channel"
	"nectar/backend/fault"
)

// maxFileSize bounds the declared size of one file, so that sums of sizes
// cannot overflow. No file system of a classroom holds a larger file.
const maxFileSize = 1 << 40

// File is a stored file in its role for one node.
type File struct {
	channel.LocalFile

	Node          channel.NodeID
	Preset        channel.Preset
	Supplementary bool // not needed to show the resource
	Thumbnail     bool
	Language      string // code, or ""
}

// Files reads the files of all nodes, in no particular order. A stored file
// comes once for each of its roles. The first error ends it: UnsafeDatabase
// at a name that could leave its folder, DatabaseDamaged at a role without
// its file.
func (d *DB) Files(ctx context.Context) iter.Seq2[File, error] {
	query := "SELECT " + strings.Join([]string{
		text("f.contentnode_id", 40), text("f.preset", 150), truth("f.supplementary"), truth("f.thumbnail"), text("f.lang_id", 20),
		"l.id IS NULL", text("l.id", 40), text("l.extension", 40), d.shape.size,
	}, ", ") + " FROM content_file AS f LEFT JOIN content_localfile AS l ON l.id = f.local_file_id"
	return func(yield func(File, error) bool) {
		rows, err := d.sql.QueryContext(ctx, query)
		if err != nil {
			yield(File{}, d.explain(ctx, fmt.Errorf("read files: %w", err)))
			return
		}
		defer func() { _ = rows.Close() }()
		words := intern{}
		count := 0
		for rows.Next() {
			f, err := d.scanFile(ctx, rows, words)
			if count++; err == nil && count > maxRows {
				err = d.refuse(fault.UnsafeDatabase, "reason", "rows")
			}
			if !yield(f, err) || err != nil {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(File{}, d.explain(ctx, fmt.Errorf("read files: %w", err)))
		}
	}
}

func (d *DB) scanFile(ctx context.Context, rows *sql.Rows, words intern) (File, error) {
	var f File
	var lost bool
	var preset, id, extension string
	var size sql.NullInt64
	err := rows.Scan(&f.Node, &preset, &f.Supplementary, &f.Thumbnail, &f.Language, &lost, &id, &extension, &size)
	if err != nil {
		return File{}, d.explain(ctx, fmt.Errorf("read file: %w", err))
	}
	if lost {
		return File{}, d.refuse(fault.DatabaseDamaged).Because(fmt.Errorf("a file of node %q has no record", f.Node))
	}
	if !exactID(string(f.Node)) {
		return File{}, d.refuse(fault.UnsafeDatabase, "reason", "node_id")
	}
	f.LocalFile, err = d.localFile(id, words.one(extension), size)
	f.Preset = channel.Preset(words.one(clean(preset)))
	f.Language = words.one(clean(f.Language))
	return f, err
}

// localFile checks the name and size of a stored file.
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

// intern keeps one copy of each of a few words that come again and again.
type intern map[string]string

// maxWords bounds the words, because a hostile database has no few.
const maxWords = 1000

func (w intern) one(s string) string {
	if known, ok := w[s]; ok {
		return known
	}
	if len(w) < maxWords {
		w[s] = s
	}
	return s
}
