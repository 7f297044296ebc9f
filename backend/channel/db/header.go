package db

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"nectar/backend/channel"
	"nectar/backend/drive"
	"nectar/backend/fault"
)

// The first 100 bytes of a SQLite file, see https://sqlite.org/fileformat.html.
const (
	headerSize      = 100
	magic           = "SQLite format 3\x00"
	pageSizeAt      = 16 // two bytes; 1 stands for 65536
	changeCounterAt = 24
	pageCountAt     = 28
	validForAt      = 92 // the change counter for which the page count is valid
)

// checkHeader looks at the file before SQLite does, which tells an empty,
// foreign or truncated file only as "malformed", or not at all.
func checkHeader(path string, want channel.ID) error {
	refuse := func(code fault.Code) *fault.Fault { return fault.New(code, "file", filepath.Base(path)) }
	info, err := os.Stat(path)
	if err != nil {
		return explainFile(err, path, want)
	}
	if !info.Mode().IsRegular() {
		return refuse(fault.NotADatabase)
	}
	file, err := os.Open(path)
	if err != nil {
		return explainFile(err, path, want)
	}
	defer func() { _ = file.Close() }()

	header := make([]byte, headerSize)
	n, err := io.ReadFull(file, header)
	header = header[:n]
	switch {
	case n == 0 && errors.Is(err, io.EOF):
		return refuse(fault.DatabaseEmpty)
	case err != nil && !errors.Is(err, io.ErrUnexpectedEOF):
		return explainFile(err, path, want)
	case !bytes.HasPrefix(header, []byte(magic)[:min(n, len(magic))]):
		return refuse(fault.NotADatabase)
	case n < headerSize || truncated(header, info.Size()):
		return refuse(fault.DatabaseDamaged)
	}
	return nil
}

func truncated(header []byte, length int64) bool {
	pageSize := int64(binary.BigEndian.Uint16(header[pageSizeAt:]))
	if pageSize == 1 {
		pageSize = 65536
	}
	if pageSize < 512 || pageSize&(pageSize-1) != 0 {
		return true
	}
	counter := binary.BigEndian.Uint32(header[changeCounterAt:])
	if binary.BigEndian.Uint32(header[validForAt:]) != counter {
		return length%pageSize != 0
	}
	return int64(binary.BigEndian.Uint32(header[pageCountAt:]))*pageSize > length
}

// explainFile tells what an error of the file system means.
func explainFile(err error, path string, want channel.ID) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fault.New(fault.ChannelMissing, "channel", string(want), "path", path).Because(err)
	case drive.Gone(err):
		return fault.New(fault.SourceGone, "path", path).Because(err)
	default:
		return fault.New(fault.NoRead, "path", path).Because(err)
	}
}
