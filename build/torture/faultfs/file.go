package main

import (
	"context"
	"syscall"

	"github.com/hanwen/go-fuse/v2/fs"
	"github.com/hanwen/go-fuse/v2/fuse"

	"nectar/build/torture/oplog"
)

// file is an open file.
type file struct {
	fs.FileHandle

	node *node
}

func (f *file) loopback() *fs.LoopbackFile {
	l, _ := f.FileHandle.(*fs.LoopbackFile)
	return l
}

// Read implements fs.FileReader.
func (f *file) Read(ctx context.Context, buf []byte, off int64) (fuse.ReadResult, syscall.Errno) {
	if errno := f.node.machine.read(); errno != 0 {
		return nil, errno
	}
	return f.loopback().Read(ctx, buf, off)
}

// Write implements fs.FileWriter.
func (f *file) Write(ctx context.Context, data []byte, off int64) (n uint32, errno syscall.Errno) {
	errno = f.node.machine.change("write", func() (oplog.Op, syscall.Errno) {
		var errno syscall.Errno
		if n, errno = f.loopback().Write(ctx, data, off); errno != 0 {
			return oplog.Op{}, errno
		}
		var now fuse.AttrOut
		errno = f.loopback().Getattr(ctx, &now)
		return oplog.Op{
			Kind: oplog.Write, File: f.node.number(), Path: f.node.below(""), Offset: off, Data: data[:n],
			Modified: int64(now.Mtime)*1e9 + int64(now.Mtimensec),
		}, errno
	})
	return n, errno
}

// Getattr implements fs.FileGetattrer.
func (f *file) Getattr(ctx context.Context, out *fuse.AttrOut) syscall.Errno {
	return f.loopback().Getattr(ctx, out)
}

// Flush implements fs.FileFlusher.
func (f *file) Flush(ctx context.Context) syscall.Errno { return f.loopback().Flush(ctx) }

// Release implements fs.FileReleaser.
func (f *file) Release(ctx context.Context) syscall.Errno { return f.loopback().Release(ctx) }

// Lseek implements fs.FileLseeker.
func (f *file) Lseek(ctx context.Context, off uint64, whence uint32) (uint64, syscall.Errno) {
	return f.loopback().Lseek(ctx, off, whence)
}
