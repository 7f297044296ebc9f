package sqlitedb

import (
	"encoding/binary"
	"errors"
	"io"
	"os"
)

// checkpointPages is how many pages the write-ahead log has when they are carried
// over into the file and it begins anew, some 64 MB: carrying them over costs whoever
// commits then two syncs.
const checkpointPages = 16000

// room keeps the write-ahead log longer than what is used of it. For a sync of a file
// that has become longer the file system has to bring its length to the disk too,
// which takes longer than all else; what is written over what is there needs none.
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
	ended bool  // or nothing waits for the disk
	size  int64 // of the log, when it was last looked at as a whole

	watched    int64 // where a salt is that is another one when there may be too little room; 0 for nowhere
	salt, read salt  // that there, and what was read last
}

// A step of room is added when less than the rest is free. Both are smaller while the
// log is.
const (
	roomStep = 256 << 10
	roomRest = 64 << 10
)

var emptyRoom [roomStep]byte

// What is looked at of a log: https://sqlite.org/fileformat2.html#walformat
const (
	logHeader   = 32
	logMagic    = 0x377f0682 // or the next number
	logPageSize = 8
	logSalt     = 16
	frameHeader = 24
	frameSalt   = 8
)

type salt [8]byte

// keep looks, after a change, whether the log has room for the next ones.
func (r *room) keep() {
	if !r.ended && !r.lasts() && r.extend() != nil {
		r.close()
	}
}

// lasts reports whether the page that is watched is as it was: it is not used yet.
func (r *room) lasts() bool {
	if r.watched == 0 {
		return false
	}
	_, err := r.file.ReadAt(r.read[:], r.watched)
	return err == nil && r.read == r.salt
}

// extend adds room until there is enough, and watches the page that will say when
// there is not.
func (r *room) extend() (err error) {
	r.watched = 0
	if r.file == nil {
		if r.file, err = os.OpenFile(r.log, os.O_RDWR|os.O_APPEND, 0); err != nil {
			return err
		}
	}
	// Not by Stat: to a file whose times were asked for, Linux gives the next write a
	// time of its own, and that has to come to the disk as well.
	size, err := r.file.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	grown := size - r.size
	r.size = size
	if grown > roomRest { // whoever writes so much at once has no use for so little
		return nil
	}
	if err = r.add(); errors.Is(err, io.EOF) {
		return nil // somebody else has just carried it over and emptied it
	}
	return err
}

func (r *room) add() error {
	var header [logHeader]byte
	if _, err := r.file.ReadAt(header[:], 0); err != nil {
		return err
	}
	if binary.BigEndian.Uint32(header[:])&^1 != logMagic {
		return nil
	}
	used, frame := salt(header[logSalt:][:len(salt{})]), frameHeader+int64(binary.BigEndian.Uint32(header[logPageSize:]))
	for {
		step := min(roomStep, r.size, logHeader+r.pages*frame-r.size)
		if step <= 0 {
			r.watched, r.salt = logSalt, used // until it begins anew
			return nil
		}
		at := logHeader + max(0, r.size-min(roomRest, r.size/2)-logHeader)/frame*frame + frameSalt
		if _, err := r.file.ReadAt(r.read[:], at); err != nil {
			return err
		}
		if r.read != used {
			r.watched, r.salt = at, r.read
			return nil
		}
		n, err := r.file.Write(emptyRoom[:step])
		r.size += int64(n)
		if err != nil {
			return err
		}
	}
}

// close lets go of the log, for good.
func (r *room) close() {
	r.ended = true
	if r.file != nil {
		_ = r.file.Close() // nothing is lost with it
		r.file = nil
	}
}
