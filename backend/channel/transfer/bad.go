package transfer

import (
	"nectar/backend/fault"
)

// badFile is trouble with one file of a source that is otherwise there.
type badFile struct {
	code  fault.Code
	cause error
}

func (b *badFile) Error() string { return string(b.code) + ": " + b.cause.Error() }

func (b *badFile) Unwrap() error { return b.cause }

// again reports whether reading once more may help.
func (b *badFile) again() bool { return b.code == fault.FileDamaged || b.code == fault.FileUnreadable }

// busy reports whether the source, and not the file, is in trouble.
func (b *badFile) busy() bool { return b.code == fault.ServerBusy || b.code == fault.SourceGone }

func damaged(cause error) error { return &badFile{fault.FileDamaged, cause} }

// unreadable keeps what the source itself says of the file.
func unreadable(err error) error {
	switch code := fault.CodeOf(err); code {
	case fault.FileMissing, fault.FileIsLink, fault.FileDamaged, fault.FileNotServed, fault.ServerBusy, fault.SourceGone:
		return &badFile{code, err}
	default:
		return &badFile{fault.FileUnreadable, err}
	}
}
