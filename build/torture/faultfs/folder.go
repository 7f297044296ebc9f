package main

import (
	"context"
	"syscall"

	"github.com/hanwen/go-fuse/v2/fs"
)

// listing is a folder that is open.
type listing interface {
	fs.FileReaddirenter
	fs.FileSeekdirer
	fs.FileReleasedirer
}

// folder is an open folder whose syncs are heard of.
type folder struct {
	listing

	node *node
}

// OpendirHandle implements fs.NodeOpendirHandler.
func (n *node) OpendirHandle(ctx context.Context, flags uint32) (fs.FileHandle, uint32, syscall.Errno) {
	handle, flags, errno := n.LoopbackNode.OpendirHandle(ctx, flags)
	open, ok := handle.(listing)
	if errno != 0 || !ok {
		return nil, 0, errno
	}
	return &folder{open, n}, flags, 0
}

// Fsyncdir implements fs.FileFsyncdirer.
func (f *folder) Fsyncdir(ctx context.Context, flags uint32) syscall.Errno {
	return f.node.Fsync(ctx, nil, flags)
}
