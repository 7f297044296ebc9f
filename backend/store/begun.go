package store

import (
	"encoding/binary"
	"errors"
	"io/fs"
	"os"
	"sync"

	"nectar/backend/task"
)

// begunFile says what each worker began last that is run ahead of the storage, where it is
// still QUEUED. It is written without waiting for the disk: it outlives the process, which
// is what a job can end, though not a power cut.
//
// A worker's record is two numbers of eight bytes, the lowest first: the job's, and how
// many attempts it had before. Zeros are none.
type begunFile struct {
	path string
	mu   sync.Mutex
	file *os.File // guarded by mu: nil until something is noted
}

const begunRecord = 16

// NoteBegun notes that the worker with that place, from 0 on, is about to run the job
// although it is not stored that it does. The note takes the place of the worker's last,
// and outlives the process. The zero Begun is for nothing.
func (s *Store) NoteBegun(place int, begun task.Begun) error {
	file, err := s.begun.open()
	if err != nil {
		return err
	}
	var record [begunRecord]byte
	binary.LittleEndian.PutUint64(record[:8], uint64(begun.Number))
	binary.LittleEndian.PutUint64(record[8:], uint64(begun.Attempts))
	_, err = file.WriteAt(record[:], int64(place)*begunRecord)
	return err
}

// Begun answers what was noted and is not forgotten, of this process or one before.
func (s *Store) Begun() ([]task.Begun, error) {
	data, err := os.ReadFile(s.begun.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var all []task.Begun
	for ; len(data) >= begunRecord; data = data[begunRecord:] {
		b := task.Begun{Number: int64(binary.LittleEndian.Uint64(data)), Attempts: int64(binary.LittleEndian.Uint64(data[8:]))}
		if b.Number > 0 {
			all = append(all, b)
		}
	}
	return all, err
}

// ForgetBegun forgets what was noted.
func (s *Store) ForgetBegun() error {
	err := errors.Join(s.begun.close(), os.Remove(s.begun.path))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

func (b *begunFile) open() (*os.File, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.file != nil {
		return b.file, nil
	}
	var err error
	b.file, err = os.OpenFile(b.path, os.O_RDWR|os.O_CREATE, 0o600)
	return b.file, err
}

func (b *begunFile) close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.file == nil {
		return nil
	}
	file := b.file
	b.file = nil
	return file.Close()
}
