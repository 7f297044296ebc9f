// Command faultfs mounts a folder at another place as a disk that fails on
// demand and remembers what was written and flushed. build/torture starts it;
// it needs Linux, /dev/fuse, and root.
//
//	faultfs FOLDER MOUNTPOINT
//
// It says "ready", and obeys lines on its standard input. It answers each with
// "ok" and the number of changes so far, or with what is wrong. When its input
// ends it goes away.
//
//	fail ERRNO KINDS AFTER   after so many further operations of the kinds
//	                         (write,create,sync,read,name), each fails
//	heal                     none fails any more
//	slow MILLISECONDS        each write and sync takes so long
//	record FILE              changes are logged from now on
//	position                 nothing but the answer
package main

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/hanwen/go-fuse/v2/fs"
	"github.com/hanwen/go-fuse/v2/fuse"
	"golang.org/x/sys/unix"

	"nectar/build/torture/oplog"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "faultfs:", err)
		os.Exit(1)
	}
}

func run() error {
	if len(os.Args) != 3 {
		return fmt.Errorf("want a folder and a mount point")
	}
	m := &machine{}
	data := &fs.LoopbackRoot{Path: os.Args[1]}
	data.NewNode = func(r *fs.LoopbackRoot, _ *fs.Inode, _ string, _ *syscall.Stat_t) fs.InodeEmbedder { //nolint:staticcheck // deprecated for a wrapper that cannot be given a field
		return &node{LoopbackNode: fs.LoopbackNode{RootData: r}, machine: m}
	}
	root := &node{LoopbackNode: fs.LoopbackNode{RootData: data}, machine: m}
	data.RootNode = root
	second := time.Second
	server, err := fs.Mount(os.Args[2], root, &fs.Options{
		EntryTimeout: &second, AttrTimeout: &second,
		MountOptions: fuse.MountOptions{DirectMount: true, AllowOther: true, Name: "faultfs", FsName: "faultfs", DisableXAttrs: true},
	})
	if err != nil {
		return fmt.Errorf("mount: %w", err)
	}
	fmt.Println("ready")
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		if err := m.obey(strings.Fields(lines.Text())); err != nil {
			fmt.Println("wrong:", err)
			continue
		}
		fmt.Println("ok", m.position())
	}
	if err := m.close(); err != nil {
		return err
	}
	if err := server.Unmount(); err != nil {
		return unix.Unmount(os.Args[2], unix.MNT_DETACH)
	}
	return nil
}

func (m *machine) obey(words []string) error {
	if len(words) == 0 {
		return fmt.Errorf("an empty line")
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	switch verb, rest := words[0], words[1:]; {
	case verb == "fail" && len(rest) == 3:
		errno := unixErrno(rest[0])
		after, err := strconv.Atoi(rest[2])
		if errno == 0 || err != nil {
			return fmt.Errorf("cannot fail like %q", rest)
		}
		m.errno, m.kinds, m.after = errno, strings.Split(rest[1], ","), after
	case verb == "heal":
		m.errno = 0
	case verb == "slow" && len(rest) == 1:
		ms, err := strconv.Atoi(rest[0])
		if err != nil {
			return err
		}
		m.slow = time.Duration(ms) * time.Millisecond
	case verb == "record" && len(rest) == 1:
		log, err := oplog.NewWriter(rest[0])
		if err != nil {
			return err
		}
		m.log, m.count = log, 0
	case verb == "position":
	default:
		return fmt.Errorf("unknown: %q", words)
	}
	return nil
}

func unixErrno(name string) syscall.Errno {
	for n := syscall.Errno(1); n < 200; n++ {
		if unix.ErrnoName(n) == name {
			return n
		}
	}
	return 0
}
