package update

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"nectar/backend/atomicfile"
	"nectar/backend/fault"
)

// starter is the script that chooses the version that starts; see Trial.
const starter = "start"

// Fetch copies the package of an offer into the folder, which is made for it,
// and answers the path of a copy that is what was signed. A copy that is not is
// removed, and fault.UpdateDamaged.
func (p Program) Fetch(ctx context.Context, offer Offer, folder string) (string, error) {
	from, err := ordinary(filepath.Join(offer.Folder, offer.File.Name))
	if err != nil {
		return "", fault.New(fault.SourceGone, "path", offer.Folder).Because(err)
	}
	defer func() { _ = from.Close() }()
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", atomicfile.Classify(err, folder)
	}
	path := filepath.Join(folder, offer.File.Name)
	sum := sha256.New()
	reading := &counted{ctx: ctx, from: io.TeeReader(io.LimitReader(from, offer.File.Bytes+1), sum)}
	if err := atomicfile.Write(path, reading, 0o600); err != nil {
		if reading.err != nil && ctx.Err() == nil {
			err = fault.New(fault.SourceGone, "path", offer.Folder).Because(err)
		}
		return "", err
	}
	if reading.bytes != offer.File.Bytes || hex.EncodeToString(sum.Sum(nil)) != strings.ToLower(offer.File.SHA256) {
		return "", errors.Join(fault.New(fault.UpdateDamaged, "version", offer.Version, "path", offer.Folder), os.Remove(path))
	}
	return path, nil
}

// counted counts what is read, until the context ends.
type counted struct {
	ctx   context.Context //nolint:containedctx // a reader is given none
	from  io.Reader
	bytes int64
	err   error // of the source
}

func (c *counted) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := c.from.Read(p)
	c.bytes += int64(n)
	if err != nil && !errors.Is(err, io.EOF) {
		c.err = err
	}
	return n, err
}

// Install puts the version of a fetched archive beside the one that runs, and
// makes it the one that starts next, on trial. The archive is a copy that Fetch
// answered; it stays.
func (p Program) Install(ctx context.Context, archive string, trial Trial) error {
	unpacked, err := os.MkdirTemp(filepath.Dir(archive), "unpacked-")
	if err != nil {
		return atomicfile.Classify(err, archive)
	}
	defer func() { _ = os.RemoveAll(unpacked) }()
	top, err := unpack(archive, unpacked)
	if err != nil {
		return atomicfile.Classify(err, unpacked)
	}
	text, err := trial.note()
	if err != nil {
		return err
	}
	note := filepath.Join(unpacked, "note")
	if err := atomicfile.Write(note, strings.NewReader(text), 0o600); err != nil {
		return err
	}
	// lib/nectar lies in the prefix.
	install := exec.CommandContext(ctx, "/bin/sh", filepath.Join(top, "install.sh"),
		"--quiet", "--prefix", filepath.Dir(filepath.Dir(p.Home)), "--trial", note)
	if out, err := install.CombinedOutput(); err != nil {
		return fault.New(fault.UpdateFailed, "version", trial.Version, "reason", strings.TrimRight(string(out), " .\n")).Because(err)
	}
	return nil
}

// unpack writes the files of an archive into a folder and answers the one
// folder at its top. Links and anything that would lie elsewhere are refused:
// the archive was signed, and even so.
func unpack(archive, folder string) (top string, err error) {
	file, err := os.Open(archive)
	if err != nil {
		return "", err
	}
	defer func() { _ = file.Close() }()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		return "", fmt.Errorf("unpack %s: %w", archive, err)
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return "", err
	}
	defer func() { _ = root.Close() }()
	entries := tar.NewReader(io.LimitReader(unzipped, 2*packageLimit))
	for {
		entry, err := entries.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return "", fmt.Errorf("unpack %s: %w", archive, err)
		}
		name := filepath.Clean(filepath.FromSlash(entry.Name))
		if !filepath.IsLocal(name) {
			return "", fmt.Errorf("unpack %s: %q would lie elsewhere", archive, entry.Name)
		}
		first, _, _ := strings.Cut(filepath.ToSlash(name), "/")
		top = filepath.Join(folder, first)
		if err := extract(root, name, entry, entries); err != nil {
			return "", err
		}
	}
	if top == "" {
		return "", fmt.Errorf("unpack %s: it is empty", archive)
	}
	return top, nil
}

func extract(root *os.Root, name string, entry *tar.Header, from io.Reader) error {
	switch entry.Typeflag {
	case tar.TypeDir:
		return root.MkdirAll(name, 0o700)
	case tar.TypeReg:
	default:
		return fmt.Errorf("unpack: %q is neither a file nor a folder", entry.Name)
	}
	if err := root.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return err
	}
	to, err := root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600|entry.FileInfo().Mode().Perm()&0o100)
	if err != nil {
		return err
	}
	_, err = io.Copy(to, from)
	return errors.Join(err, to.Close())
}
