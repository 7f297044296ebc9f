package sqlitedb

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"os"
)

// checkpointPages is how many pages the write-ahead log has when they are carried
// over into the file and it begins anew, some 64 MB: carrying them over costs whoever
// commits then two syncs.
const checkpointPages = 16000

// room keeps the write-ahead log longer than what is used of it. A sync of a file
// that has become longer makes most file systems commit their journal too, which
// takes longer than all else; what is written over what is there needs none.
//
// SQLite takes what lies behind the last change for what a log that has begun anew
// has there: none of it has the salt that the log's header names. Room is appended,
// so that nothing is ever written over, whoever makes the file longer or shorter
// meanwhile. Whatever goes wrong, the log is left as long as it is until the database
// is opened again.
//
// It is for whoever holds the turn to write.
type room struct {
	log   string
	pages int64 // with so many the log begins anew, and needs no more room
	file  *os.File
	ended bool
	size  int64 // of the log, when it was last looked at
}

// A step of room is added when less than the rest is free. Both are smaller while the
// log is.
const (
	roomStep = 256 << 10
	roomRest = 64 << 10
)

var emptyRoom [roomStep]byte

// keep looks, after a change, whether the log has room for the next ones.
func (r *room) keep() {
	if !r.ended && r.extend() != nil {
		r.close()
	}
}

func (r *room) extend() (err error) {
	if r.file == nil {
		if r.file, err = os.OpenFile(r.log, os.O_RDWR|os.O_APPEND, 0); err != nil {
			return err
		}
	}
	// Not by Stat: to a file whose times were asked for, Linux gives the next write a
	// time of its own, and that is for the journal.
	size, err := r.file.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	grown := size - r.size
	r.size = size
	if grown > roomRest { // whoever writes so much at once has no use for so little
		return nil
	}
	lacks, err := r.lacks()
	if errors.Is(err, io.EOF) {
		return nil // somebody else has just carried it over and emptied it
	}
	if err != nil || lacks <= 0 {
		return err
	}
	n, err := r.file.Write(emptyRoom[:lacks])
	r.size += int64(n)
	return err
}

// What is looked at of a log: https://sqlite.org/fileformat2.html#walformat
const (
	logHeader   = 32
	logMagic    = 0x377f0682 // or the next number
	logPageSize = 8
	logSalt     = 16
	frameHeader = 24
	frameSalt   = 8
	saltLength  = 8
)

// lacks answers how much room is to be added: none while there is enough.
func (r *room) lacks() (int64, error) {
	var header [logHeader]byte
	if _, err := r.file.ReadAt(header[:], 0); err != nil {
		return 0, err
	}
	if binary.BigEndian.Uint32(header[:])&^1 != logMagic {
		return 0, nil
	}
	frame := frameHeader + int64(binary.BigEndian.Uint32(header[logPageSize:]))
	step := min(roomStep, r.size, logHeader+r.pages*frame-r.size)
	if step <= 0 {
		return 0, nil
	}
	watched := max(0, r.size-min(roomRest, r.size/2)-logHeader) / frame
	var salt [saltLength]byte
	if _, err := r.file.ReadAt(salt[:], logHeader+watched*frame+frameSalt); err != nil {
		return 0, err
	}
	if !bytes.Equal(salt[:], header[logSalt:logSalt+saltLength]) {
		return 0, nil // not used yet
	}
	return step, nil
}

// close lets go of the log, for good.
func (r *room) close() {
	r.ended = true
	if r.file != nil {
		_ = r.file.Close() // nothing is lost with it
		r.file = nil
	}
}
