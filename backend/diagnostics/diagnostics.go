// Package diagnostics writes what may interest whoever helps into one file
// that can be sent to them: logs and settings with the names and paths of
// people removed. What a job was asked to do is never in it.
package diagnostics

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Case is what is known of a laptop.
type Case struct {
	// Folder is the data folder; its logs are in the folder Logs.
	Folder, Logs string
	// Names are those of people, channels, drives and of the machine.
	Names []string
	// Documents are values that become JSON files, by the names of the files.
	Documents map[string]any
	// Now stamps the files.
	Now time.Time
}

// Write writes the case as a zip archive. Every text in it went through the
// removal of names and paths.
func (c Case) Write(ctx context.Context, to io.Writer) error {
	r := newRedactor(c.Folder, c.Names)
	archive := zip.NewWriter(to)
	for _, name := range slices.Sorted(maps.Keys(c.Documents)) {
		if err := c.document(archive, r, name); err != nil {
			return err
		}
	}
	entries, err := os.ReadDir(c.Logs)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("list logs: %w", err)
	}
	for _, entry := range entries {
		if err := ctx.Err(); err != nil {
			return err
		}
		if !entry.Type().IsRegular() || filepath.Ext(entry.Name()) != ".log" {
			continue
		}
		if err := c.log(ctx, archive, r, entry.Name()); err != nil {
			return err
		}
	}
	return archive.Close()
}

func (c Case) document(archive *zip.Writer, r *redactor, name string) error {
	// Through JSON, so that whatever the value is its texts are found.
	text, err := json.Marshal(c.Documents[name])
	if err != nil {
		return fmt.Errorf("encode %s: %w", name, err)
	}
	value, err := decode(text)
	if err != nil {
		return fmt.Errorf("decode %s: %w", name, err)
	}
	file, err := c.create(archive, name)
	if err != nil {
		return err
	}
	encoder := json.NewEncoder(file)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(r.value("", value))
}

// longest is how much of one line of a log is kept.
const longest = 64 << 10

func (c Case) log(ctx context.Context, archive *zip.Writer, r *redactor, name string) error {
	from, err := os.Open(filepath.Join(c.Logs, name))
	if err != nil {
		return fmt.Errorf("read log: %w", err)
	}
	defer func() { _ = from.Close() }()
	file, err := c.create(archive, filepath.ToSlash(filepath.Join("logs", name)))
	if err != nil {
		return err
	}
	lines := bufio.NewReaderSize(from, longest)
	for ctx.Err() == nil {
		line, tooLong, err := lines.ReadLine()
		for tooLong && err == nil {
			line = bytes.Clone(line)
			_, tooLong, err = lines.ReadLine() // its rest is left out
		}
		if len(line) > 0 {
			if _, err := io.WriteString(file, r.line(line)+"\n"); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read log: %w", err)
		}
	}
	return ctx.Err()
}

func (c Case) create(archive *zip.Writer, name string) (io.Writer, error) {
	return archive.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: c.Now})
}

// decode reads JSON without harming its numbers.
func decode(text []byte) (any, error) {
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	decoder.UseNumber()
	var value any
	err := decoder.Decode(&value)
	return value, err
}
