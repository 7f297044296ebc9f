package opener

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"nectar/backend/channel"
	"nectar/backend/channel/db"
	"nectar/backend/fault"
)

const (
	// idle is how long a page is served after it was last asked for.
	idle = 30 * time.Minute
	// maxPages is how many pages are served at a time; the oldest makes room.
	maxPages = 8
)

// ErrNoProgram says that the system has no program for what it should open.
var ErrNoProgram = errors.New("no program for this")

// Config says where and how resources are opened.
type Config struct {
	// Content is the content folder.
	Content func() string
	// Copies is a folder for copies that programs may do with as they like.
	// It is made when it is needed, and emptied by Close.
	Copies string
	// Launch opens a path or an http address with the system's own program,
	// and answers ErrNoProgram when there is none. Launch of this package by
	// default.
	Launch func(ctx context.Context, target string) error
	// After calls f once after the time, unless stop was called before.
	// time.AfterFunc by default.
	After func(d time.Duration, f func()) (stop func())
}

// Opener opens resources. Its methods may be called concurrently.
type Opener struct {
	config Config

	mu     sync.Mutex
	pages  []*page // guarded by mu; the newest last
	closed bool    // guarded by mu
}

// New makes an opener. It listens to nothing and makes nothing before the
// first resource is opened.
func New(config Config) *Opener {
	if config.Launch == nil {
		config.Launch = Launch
	}
	if config.After == nil {
		config.After = func(d time.Duration, f func()) func() {
			timer := time.AfterFunc(d, f)
			return func() { timer.Stop() }
		}
	}
	return &Opener{config: config}
}

// Show opens the resource, which has the files that are here. Its faults are
// NoViewer, NoProgram, ResourceNotHere, FileIsLink, NoRead, NoWrite and
// DiskFull.
func (o *Opener) Show(ctx context.Context, r db.Resource) error {
	file, how, ok := choose(r)
	if !ok {
		return fault.New(fault.NoViewer, "title", r.Title)
	}
	path := file.In(o.config.Content())
	if err := regular(path, r.Title, file.LocalFile); err != nil {
		return err
	}
	var err error
	switch how {
	case asPage:
		path, err = o.serve(path, r.Title)
	case asCopy:
		path, err = o.copyOf(path, r.Title, file.Extension)
	case asItIs:
	}
	if err != nil {
		return err
	}
	if err := o.config.Launch(ctx, path); err != nil {
		return fault.New(fault.NoProgram, "title", r.Title, "extension", file.Extension).Because(err)
	}
	return nil
}

// regular refuses what is no file of the library: a link would lead out of
// it.
func regular(path, title string, file channel.LocalFile) error {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return fault.New(fault.ResourceNotHere, "title", title).Because(err)
	case err != nil:
		return fault.New(fault.NoRead, "path", path).Because(err)
	case !info.Mode().IsRegular():
		return fault.New(fault.FileIsLink, "title", title, "file", file.Name())
	}
	return nil
}

// serve serves the zip as a page and answers its address.
func (o *Opener) serve(path, title string) (address string, err error) {
	made, err := newPage(path, title, func(p *page) (stop func()) {
		return o.config.After(idle, func() { o.drop(p) })
	})
	if err != nil {
		return "", err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed {
		made.close()
		return "", fmt.Errorf("open a page: %w", os.ErrClosed)
	}
	o.pages = append(o.pages, made)
	if len(o.pages) > maxPages {
		o.pages[0].close()
		o.pages = o.pages[1:]
	}
	return made.address(), nil
}

// drop ends a page.
func (o *Opener) drop(p *page) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for i, known := range o.pages {
		if known == p {
			o.pages = append(o.pages[:i], o.pages[i+1:]...)
			break
		}
	}
	p.close()
}

// Close ends all pages and removes the copies. Nothing opens after it.
func (o *Opener) Close() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.closed = true
	for _, p := range o.pages {
		p.close()
	}
	o.pages = nil
	if o.config.Copies == "" {
		return nil
	}
	// A program may still have one open, which Windows does not let go.
	return os.RemoveAll(filepath.Clean(o.config.Copies))
}
