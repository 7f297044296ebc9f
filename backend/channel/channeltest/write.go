package channeltest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	_ "github.com/mattn/go-sqlite3" // the driver "sqlite3"

	"nectar/backend/channel"
)

// ContentIn answers the content folder of a drive.
func ContentIn(drive string) string { return filepath.Join(drive, "KOLIBRI_DATA", "content") }

// Write writes the channel to a drive: its database and files below
// KOLIBRI_DATA/content of the folder.
func (c *Channel) Write(drive string) error { return c.WriteContent(ContentIn(drive)) }

// WriteContent writes the channel's database and files below a content
// folder. Several channels may be written to one.
func (c *Channel) WriteContent(content string) error {
	if err := c.WriteDatabase(c.ID.DatabaseIn(content)); err != nil {
		return err
	}
	for _, f := range c.Files() {
		if err := writeFile(f.In(content), f); err != nil {
			return err
		}
	}
	return nil
}

func writeFile(path string, f File) (err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return fmt.Errorf("make storage folder: %w", err)
	}
	out, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("create stored file: %w", err)
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	if _, err := io.Copy(out, f.Open()); err != nil {
		return fmt.Errorf("write stored file: %w", err)
	}
	return nil
}

// WriteDatabase writes the channel's database alone, over any that is there.
func (c *Channel) WriteDatabase(path string) (err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return fmt.Errorf("make databases folder: %w", err)
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("replace database: %w", err)
	}
	db, err := openDatabase(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if c.Encoding != "" {
		if _, err := db.ExecContext(context.Background(), "PRAGMA encoding = '"+c.Encoding+"'"); err != nil {
			return fmt.Errorf("set encoding: %w", err)
		}
	}
	tx, err := db.BeginTx(context.Background(), nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer func() { _ = tx.Rollback() }()
	if err := c.fill(tx); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// openDatabase opens a database for writing. Nothing of it needs to survive a
// power cut.
func openDatabase(path string) (*sql.DB, error) {
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(context.Background(), "PRAGMA synchronous=OFF; PRAGMA journal_mode=MEMORY"); err != nil {
		return nil, errors.Join(fmt.Errorf("set pragmas: %w", err), db.Close())
	}
	return db, nil
}

func (c *Channel) fill(tx *sql.Tx) error {
	filled := []table{languages, localFiles, nodes, files, metadata, assessments, licenses}
	for _, t := range append(filled, bare...) {
		for _, statement := range t.create(c.Schema) {
			if _, err := tx.ExecContext(context.Background(), statement); err != nil {
				return fmt.Errorf("create %s: %w", t.name, err)
			}
		}
	}
	add := make([]func(row) error, len(filled))
	for i, t := range filled {
		insert, done, err := t.inserter(tx, c.Schema)
		if err != nil {
			return err
		}
		defer func() { _ = done() }()
		add[i] = insert
	}
	f := filler{
		channel: c, language: add[0], localFile: add[1], node: add[2], file: add[3], assessment: add[5],
		languages: map[string]bool{"": true}, localFiles: map[channel.Checksum]bool{},
	}
	if err := f.walk(c.Root, nil, 0); err != nil {
		return err
	}
	if err := add[6](row{channel: c}); err != nil {
		return err
	}
	return add[4](row{channel: c})
}

// filler writes the rows of the tree, numbering the nested sets on the way.
type filler struct {
	channel                                     *Channel
	language, localFile, node, file, assessment func(row) error

	languages  map[string]bool
	localFiles map[channel.Checksum]bool
	edge       int // the last lft or rght that was given out
	rows       int
}

func (f *filler) walk(n, parent *Node, level int) error {
	f.edge++
	left := f.edge
	for _, child := range n.Children {
		if err := f.walk(child, n, level+1); err != nil {
			return err
		}
	}
	f.edge++
	if err := f.speak(n.Language); err != nil {
		return err
	}
	at := row{channel: f.channel, node: n, parent: parent, left: left, right: f.edge, level: level}
	if err := f.node(at); err != nil {
		return err
	}
	if n.Kind == "exercise" {
		if err := f.assessment(at); err != nil {
			return err
		}
	}
	for _, file := range n.Files {
		f.rows++
		at.file, at.fileID = file, hexID("file", f.channel.ID, f.rows)
		if err := f.store(at); err != nil {
			return err
		}
	}
	return nil
}

func (f *filler) store(at row) error {
	if err := f.speak(at.file.Language); err != nil {
		return err
	}
	if !f.localFiles[at.file.Checksum] {
		f.localFiles[at.file.Checksum] = true
		if err := f.localFile(at); err != nil {
			return err
		}
	}
	return f.file(at)
}

func (f *filler) speak(language string) error {
	if f.languages[language] {
		return nil
	}
	f.languages[language] = true
	direction := "ltr"
	if language == "ar" {
		direction = "rtl"
	}
	return f.language(row{language: language, direction: direction})
}
