// Package manifest reads and writes the list beside the channels of a drive
// that says which part of each lies there: content/manifest.json.
//
// A Kolibri that imports from a drive on its command line goes by this list,
// and takes nothing of a channel that the list lacks.
package manifest

import (
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"nectar/backend/atomicfile"
	"nectar/backend/channel"
	"nectar/backend/fault"
)

// maxBytes bounds a manifest that is read. One that names each of a million
// resources is shorter.
const maxBytes = 64 << 20

// Manifest lists the channels of a drive. The zero Manifest lists none.
type Manifest struct {
	Channels []Entry
}

// Entry says which part of one version of a channel is there.
type Entry struct {
	ID      channel.ID
	Version int64
	// Nodes names topics, with all below them, and resources, in order.
	Nodes []channel.NodeID
}

// In answers the path of the manifest of a content folder.
func In(content string) string { return filepath.Join(content, "manifest.json") }

// Read reads a manifest. Its errors are ManifestDamaged for a file that is
// none, and those of the file system, fs.ErrNotExist among them. The hash in
// the file is not compared: Kolibri does not either, and what a manifest names
// is checked against the channel anyway.
func Read(path string) (Manifest, error) {
	file, err := os.Open(path)
	if err != nil {
		return Manifest{}, fmt.Errorf("open manifest: %w", err)
	}
	defer func() { _ = file.Close() }()
	if info, err := file.Stat(); err == nil && !info.Mode().IsRegular() {
		return Manifest{}, damaged(path, errors.New("not a plain file"))
	}
	return Decode(file, path)
}

// Decode is Read of a manifest that is open already; the path is for its errors.
func Decode(file io.Reader, path string) (Manifest, error) {
	text, err := io.ReadAll(io.LimitReader(file, maxBytes+1))
	if err != nil {
		return Manifest{}, fmt.Errorf("read manifest: %w", err)
	}
	if len(text) > maxBytes {
		return Manifest{}, damaged(path, errors.New("too long"))
	}
	m, err := parse(text)
	if err != nil {
		return Manifest{}, damaged(path, err)
	}
	return m, nil
}

func damaged(path string, cause error) error {
	return fault.New(fault.ManifestDamaged, "path", path).Because(cause)
}

type fileForm struct {
	Channels []entryForm `json:"channels"`
	Hash     string      `json:"channel_list_hash"`
}

type entryForm struct {
	ID      string   `json:"id"`
	Version *int64   `json:"version"`
	Nodes   []string `json:"include_node_ids"`
}

func parse(text []byte) (Manifest, error) {
	var form fileForm
	if err := json.Unmarshal(bytes.TrimPrefix(text, []byte("\ufeff")), &form); err != nil {
		return Manifest{}, fmt.Errorf("read manifest: %w", err)
	}
	if form.Channels == nil {
		return Manifest{}, errors.New("read manifest: it has no list of channels")
	}
	var m Manifest
	for _, e := range form.Channels {
		id, err := channel.ParseID(e.ID)
		if err != nil {
			return Manifest{}, fmt.Errorf("read manifest: %w", err)
		}
		if e.Version == nil {
			return Manifest{}, fmt.Errorf("read manifest: channel %s has no version", id)
		}
		nodes := make([]channel.NodeID, len(e.Nodes))
		for i, text := range e.Nodes {
			if nodes[i], err = channel.ParseNodeID(text); err != nil {
				return Manifest{}, fmt.Errorf("read manifest: %w", err)
			}
		}
		m.Add(Entry{id, *e.Version, nodes})
	}
	return m, nil
}

// Add adds a part of a version of a channel to what is listed of it already.
func (m *Manifest) Add(part Entry) {
	at := slices.IndexFunc(m.Channels, func(e Entry) bool { return e.ID == part.ID && e.Version == part.Version })
	if at < 0 {
		m.Channels = append(m.Channels, Entry{ID: part.ID, Version: part.Version})
		at = len(m.Channels) - 1
	}
	nodes := slices.Concat(m.Channels[at].Nodes, part.Nodes)
	slices.Sort(nodes)
	m.Channels[at].Nodes = slices.Compact(nodes)
}

// Part answers what is listed of a channel, of all its versions together as
// Kolibri takes them, and the versions. It reports whether the channel is
// listed at all.
func (m Manifest) Part(id channel.ID) (nodes []channel.NodeID, versions []int64, listed bool) {
	for _, e := range m.Channels {
		if e.ID == id {
			listed = true
			nodes = append(nodes, e.Nodes...)
			versions = append(versions, e.Version)
		}
	}
	slices.Sort(nodes)
	return slices.Compact(nodes), versions, listed
}

// Hash answers the checksum that a manifest of these channels carries.
func (m Manifest) Hash() string {
	// Python separates with a blank after commas and colons. Ids and numbers
	// hold neither, so each can be written anew.
	var text bytes.Buffer
	text.WriteByte('[')
	for i, e := range m.Channels {
		if i > 0 {
			text.WriteString(", ")
		}
		fmt.Fprintf(&text, `{"id": "%s", "include_node_ids": [`, e.ID)
		for j, node := range e.Nodes {
			if j > 0 {
				text.WriteString(", ")
			}
			fmt.Fprintf(&text, `"%s"`, node)
		}
		fmt.Fprintf(&text, `], "version": %d}`, e.Version)
	}
	text.WriteByte(']')
	sum := md5.Sum(text.Bytes())
	return hex.EncodeToString(sum[:])
}

// Encode answers the text of the manifest, byte for byte as Kolibri writes it.
func (m Manifest) Encode() ([]byte, error) {
	written := fileForm{Channels: []entryForm{}, Hash: m.Hash()}
	for _, e := range m.Channels {
		form := entryForm{ID: string(e.ID), Version: &e.Version, Nodes: []string{}}
		for _, node := range e.Nodes {
			form.Nodes = append(form.Nodes, string(node))
		}
		written.Channels = append(written.Channels, form)
	}
	text, err := json.MarshalIndent(written, "", "    ")
	if err != nil {
		return nil, fmt.Errorf("encode manifest: %w", err)
	}
	return text, nil
}

// Merge adds the part to the manifest of the content folder, which is made
// when there is none. It answers once the new one would survive a power cut;
// until then the old one is whole. A manifest that cannot be read is replaced,
// and that is reported by its error in replaced.
func Merge(content string, part Entry) (replaced, err error) {
	path := In(content)
	m, err := Read(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		if fault.CodeOf(err) != fault.ManifestDamaged {
			return nil, atomicfile.Classify(err, path)
		}
		replaced = err
	}
	m.Add(part)
	text, err := m.Encode()
	if err != nil {
		return replaced, err
	}
	return replaced, atomicfile.Write(path, bytes.NewReader(text), 0o644)
}
