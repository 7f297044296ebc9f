package main

import (
	"context"
	"crypto/md5"
	"crypto/sha1"
	"database/sql"
	_ "embed"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	_ "github.com/mattn/go-sqlite3" // the driver "sqlite3"
)

//go:embed schema5.sql
var schema string

// writer writes the channel's tree to a database and its files to a storage.
type writer struct {
	content string
	tx      *sql.Tx
	m       material
	place   int // the next number of the nested sets
	stored  map[string]bool
}

// write makes the whole content folder.
func write(ctx context.Context, content string, m material) (err error) {
	path := filepath.Join(content, "databases", channelID+".sqlite3")
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return fmt.Errorf("make databases: %w", err)
	}
	db, err := sql.Open("sqlite3", "file:"+path+"?_journal_mode=DELETE")
	if err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	defer func() {
		if closing := db.Close(); err == nil {
			err = closing
		}
	}()
	db.SetMaxOpenConns(1)
	// Small pages, since most tables and indexes hold a few rows.
	if _, err := db.ExecContext(ctx, `PRAGMA page_size = 1024`); err != nil {
		return fmt.Errorf("set page size: %w", err)
	}
	if _, err := db.ExecContext(ctx, schema); err != nil {
		return fmt.Errorf("make tables: %w", err)
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	w := &writer{content: content, tx: tx, m: m, place: 1, stored: make(map[string]bool)}
	if err := w.all(ctx); err != nil {
		_ = tx.Rollback()
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	if _, err := db.ExecContext(ctx, `VACUUM`); err != nil {
		return fmt.Errorf("vacuum: %w", err)
	}
	return nil
}

func (w *writer) all(ctx context.Context) error {
	if err := w.insert(ctx, "content_language", "en", "en", nil, "English", "ltr"); err != nil {
		return err
	}
	root := tree(w.m)
	if err := w.node(ctx, root, "", 0, 1); err != nil {
		return err
	}
	picture := "data:image/png;base64," + base64.StdEncoding.EncodeToString(w.m.pictures["channel"])
	return w.insert(ctx, "content_channelmetadata", channelID, root.title, aboutChannel, tagline, owner, 1, picture, nil, "5", id("node", root.title))
}

// node writes the node, what is below it, and its place in the nested sets.
func (w *writer) node(ctx context.Context, n *node, parent string, level, order int) error {
	self := id("node", n.title)
	left := w.place
	w.place++
	for i, child := range n.children {
		if err := w.node(ctx, child, self, level+1, i+1); err != nil {
			return err
		}
	}
	right := w.place
	w.place++
	licence, holder := orNull("CC BY"), owner
	if n.kind == "topic" {
		licence, holder = nil, ""
	}
	err := w.insert(ctx, "content_contentnode",
		self, licence, nil, n.title, false, id("content", n.title), channelID, n.description, float64(order),
		holder, holder, n.kind, true, "{}",
		orNull(n.grades), orNull(n.resource), orNull(n.activity), nil, orNull(n.category), nil, seconds(n.duration),
		left, right, 1, level, "en", orNull(parent))
	if err != nil {
		return err
	}
	for i, f := range n.files {
		if err := w.file(ctx, self, f, i+1, false); err != nil {
			return err
		}
	}
	if n.thumbnail == "" {
		return nil
	}
	return w.file(ctx, self, file{n.kind + "_thumbnail", "png", w.m.pictures[n.thumbnail]}, len(n.files)+1, true)
}

// file writes a file's rows and, once, its bytes.
func (w *writer) file(ctx context.Context, node string, f file, priority int, thumbnail bool) error {
	sum := md5.Sum(f.data)
	local := hex.EncodeToString(sum[:])
	if !w.stored[local] {
		w.stored[local] = true
		if err := w.insert(ctx, "content_localfile", local, f.extension, false, len(f.data)); err != nil {
			return err
		}
		path := filepath.Join(w.content, "storage", local[:1], local[1:2], local+"."+f.extension)
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			return fmt.Errorf("make storage: %w", err)
		}
		if err := os.WriteFile(path, f.data, 0o600); err != nil {
			return fmt.Errorf("store %s: %w", f.preset, err)
		}
	}
	return w.insert(ctx, "content_file", id("file", node, f.preset, local), f.preset, thumbnail, thumbnail, priority, node, nil, local)
}

func (w *writer) insert(ctx context.Context, table string, values ...any) error {
	marks := strings.TrimSuffix(strings.Repeat("?, ", len(values)), ", ")
	if _, err := w.tx.ExecContext(ctx, "INSERT INTO "+table+" VALUES ("+marks+")", values...); err != nil { //nolint:gosec // the tables are ours
		return fmt.Errorf("insert into %s: %w", table, err)
	}
	return nil
}

// id makes an id of a name, the same each time.
func id(name ...string) string {
	sum := sha1.Sum([]byte("nectar sample/" + strings.Join(name, "/")))
	sum[6] = sum[6]&0x0f | 0x50
	sum[8] = sum[8]&0x3f | 0x80
	return hex.EncodeToString(sum[:16])
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func seconds(n int) any {
	if n == 0 {
		return nil
	}
	return n
}
