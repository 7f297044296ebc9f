package main

import (
	"context"
	"path/filepath"
	"syscall"

	"github.com/hanwen/go-fuse/v2/fs"
	"github.com/hanwen/go-fuse/v2/fuse"

	"nectar/build/torture/oplog"
)

// node is a file or a folder. What it does not say is done as the folder below
// does it.
type node struct {
	fs.LoopbackNode

	machine *machine
}

func (n *node) below(name string) string { return filepath.Join(n.Path(n.Root()), name) }

func (n *node) number() uint64 { return n.StableAttr().Ino }

// Create implements fs.NodeCreater.
func (n *node) Create(ctx context.Context, name string, flags, mode uint32, out *fuse.EntryOut) (inode *fs.Inode, fh fs.FileHandle, fuseFlags uint32, errno syscall.Errno) {
	errno = n.machine.change("create", func() (oplog.Op, syscall.Errno) {
		var errno syscall.Errno
		inode, fh, fuseFlags, errno = n.LoopbackNode.Create(ctx, name, flags, mode, out)
		if errno != 0 {
			return oplog.Op{}, errno
		}
		return oplog.Op{Kind: oplog.Create, Path: n.below(name), Mode: mode, File: inode.StableAttr().Ino}, 0
	})
	if errno != 0 {
		return nil, nil, 0, errno
	}
	created, _ := inode.Operations().(*node)
	return inode, created.opened(fh), fuseFlags, 0
}

// Open implements fs.NodeOpener.
func (n *node) Open(ctx context.Context, flags uint32) (fh fs.FileHandle, fuseFlags uint32, errno syscall.Errno) {
	do := func() (oplog.Op, syscall.Errno) {
		fh, fuseFlags, errno = n.LoopbackNode.Open(ctx, flags)
		return oplog.Op{Kind: oplog.Truncate, File: n.number(), Path: n.below("")}, errno
	}
	if flags&syscall.O_TRUNC != 0 {
		errno = n.machine.change("write", do)
	} else {
		_, errno = do()
	}
	if errno != 0 {
		return nil, 0, errno
	}
	return n.opened(fh), fuseFlags, 0
}

// Mkdir implements fs.NodeMkdirer.
func (n *node) Mkdir(ctx context.Context, name string, mode uint32, out *fuse.EntryOut) (inode *fs.Inode, errno syscall.Errno) {
	errno = n.machine.change("create", func() (oplog.Op, syscall.Errno) {
		var errno syscall.Errno
		if inode, errno = n.LoopbackNode.Mkdir(ctx, name, mode, out); errno != 0 {
			return oplog.Op{}, errno
		}
		return oplog.Op{Kind: oplog.Mkdir, Path: n.below(name), Mode: mode, File: inode.StableAttr().Ino}, 0
	})
	return inode, errno
}

// Symlink implements fs.NodeSymlinker.
func (n *node) Symlink(ctx context.Context, target, name string, out *fuse.EntryOut) (inode *fs.Inode, errno syscall.Errno) {
	errno = n.machine.change("create", func() (oplog.Op, syscall.Errno) {
		var errno syscall.Errno
		if inode, errno = n.LoopbackNode.Symlink(ctx, target, name, out); errno != 0 {
			return oplog.Op{}, errno
		}
		return oplog.Op{Kind: oplog.Symlink, Path: n.below(name), To: target, File: inode.StableAttr().Ino}, 0
	})
	return inode, errno
}

// Link implements fs.NodeLinker.
func (n *node) Link(ctx context.Context, target fs.InodeEmbedder, name string, out *fuse.EntryOut) (inode *fs.Inode, errno syscall.Errno) {
	errno = n.machine.change("create", func() (oplog.Op, syscall.Errno) {
		var errno syscall.Errno
		inode, errno = n.LoopbackNode.Link(ctx, target, name, out)
		return oplog.Op{Kind: oplog.Link, Path: target.EmbeddedInode().Path(n.Root()), To: n.below(name)}, errno
	})
	return inode, errno
}

// Rename implements fs.NodeRenamer.
func (n *node) Rename(ctx context.Context, name string, parent fs.InodeEmbedder, to string, flags uint32) syscall.Errno {
	return n.machine.change("name", func() (oplog.Op, syscall.Errno) {
		op := oplog.Op{Kind: oplog.Rename, Path: n.below(name), To: filepath.Join(parent.EmbeddedInode().Path(n.Root()), to)}
		return op, n.LoopbackNode.Rename(ctx, name, parent, to, flags)
	})
}

// Unlink implements fs.NodeUnlinker.
func (n *node) Unlink(ctx context.Context, name string) syscall.Errno {
	return n.machine.change("name", func() (oplog.Op, syscall.Errno) {
		return oplog.Op{Kind: oplog.Unlink, Path: n.below(name)}, n.LoopbackNode.Unlink(ctx, name)
	})
}

// Rmdir implements fs.NodeRmdirer.
func (n *node) Rmdir(ctx context.Context, name string) syscall.Errno {
	return n.machine.change("name", func() (oplog.Op, syscall.Errno) {
		return oplog.Op{Kind: oplog.Rmdir, Path: n.below(name)}, n.LoopbackNode.Rmdir(ctx, name)
	})
}

// Setattr implements fs.NodeSetattrer.
func (n *node) Setattr(ctx context.Context, f fs.FileHandle, in *fuse.SetAttrIn, out *fuse.AttrOut) syscall.Errno {
	if wrapped, ok := f.(*file); ok {
		f = wrapped.FileHandle
	}
	op := oplog.Op{Kind: oplog.Times, File: n.number(), Path: n.below("")}
	kind := "name"
	if size, sized := in.GetSize(); sized {
		kind, op.Kind, op.Offset = "write", oplog.Truncate, int64(size)
	}
	return n.machine.change(kind, func() (oplog.Op, syscall.Errno) {
		errno := n.LoopbackNode.Setattr(ctx, f, in, out)
		op.Modified = int64(out.Mtime)*1e9 + int64(out.Mtimensec)
		return op, errno
	})
}

// Fsync implements fs.NodeFsyncer, for files and for folders.
func (n *node) Fsync(context.Context, fs.FileHandle, uint32) syscall.Errno {
	return n.machine.change("sync", func() (oplog.Op, syscall.Errno) {
		return oplog.Op{Kind: oplog.Sync, File: n.number(), Path: n.below("")}, 0
	})
}

// CopyFileRange implements fs.NodeCopyFileRanger: it makes the system write.
func (n *node) CopyFileRange(context.Context, fs.FileHandle, uint64, *fs.Inode, fs.FileHandle, uint64, uint64, uint64) (uint32, syscall.Errno) {
	return 0, syscall.ENOSYS
}

func (n *node) opened(fh fs.FileHandle) fs.FileHandle { return &file{fh, n} }
