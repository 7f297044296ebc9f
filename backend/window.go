package backend

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"nectar/backend/bridge"
	"nectar/backend/fault"
	"nectar/backend/i18n"
	"nectar/backend/wire"
)

// stopWait is how long the running jobs may take to stop safely when the
// window closes. What has not stopped by then goes on at the next start all
// the same.
const stopWait = 20 * time.Second

// Window is the data folder of a window: open, or why it is not. Its methods may be
// called concurrently; what opens or closes the folder is waited for by the others.
type Window struct {
	// Folder is the data folder.
	Folder string
	// Language is the tag of the system's language.
	Language string
	Log      *slog.Logger
	// Bridge is attached to the folder while it is open.
	Bridge *bridge.Bridge
	// Given answers the folder that the window was started to import from; "" for
	// none.
	Given func() string
	// Show brings the window to the person who started a second one, perhaps with a
	// folder to import from.
	Show func(given string)
	// Emit tells the page of an event.
	Emit func(name string, data any)
	// Leave closes the window without asking.
	Leave func()

	spoken atomic.Pointer[string] // the language that the page chose
	tried  once                   // the folder was opened, well or not

	mu     sync.RWMutex
	owner  *Owner // guarded by mu; nil while the folder is not open
	failed error  // guarded by mu; why it did not open
	quiet  func() // guarded by mu; ends the events of the folder that is open
}

// once is what happens once and is waited for.
type once struct {
	made, ended sync.Once
	c           chan struct{}
}

func (o *once) wait() <-chan struct{} {
	o.made.Do(func() { o.c = make(chan struct{}) })
	return o.c
}

func (o *once) done() {
	o.wait()
	o.ended.Do(func() { close(o.c) })
}

// Open opens the folder and begins to run due jobs; Failure has the error again. The
// context is the window's life. ErrShown is another window of the folder, which was
// shown.
func (w *Window) Open(ctx context.Context) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.failed = w.open(ctx)
	w.tried.done()
	return w.failed
}

// open opens the folder and tells the page of what happens in it. The caller holds
// mu.
func (w *Window) open(ctx context.Context) error {
	owner, err := OwnForWindow(ctx, Config{Folder: w.Folder, Language: w.Language, Log: w.Log}, w.Given(), w.Show)
	if err != nil {
		return err
	}
	if err = w.Bridge.Attach(ctx, owner.Services, owner.Maker, w.Language); err == nil {
		err = owner.Start(ctx)
	}
	if err != nil {
		w.Bridge.Detach()
		_ = owner.Close(ctx)
		return err
	}
	telling, stop := context.WithCancel(ctx)
	told := make(chan struct{})
	go func() {
		defer close(told)
		w.Bridge.Events(telling, w.Emit)
	}()
	go w.heed(telling, owner.Stopping())
	w.owner, w.quiet = owner, func() {
		stop()
		<-told
	}
	return nil
}

// heed closes the window when another process asks for it, say an installer.
func (w *Window) heed(ctx context.Context, stopping <-chan struct{}) {
	select {
	case <-stopping:
		w.Leave()
	case <-ctx.Done():
	}
}

// Close stops the running jobs safely, so that they go on next time, and closes the
// folder, if it is open.
func (w *Window) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.close()
}

// close is Close for a caller who holds mu.
func (w *Window) close() error {
	if w.owner == nil {
		return nil
	}
	w.quiet()
	w.Bridge.Detach()
	ctx, cancel := context.WithTimeout(context.Background(), stopWait)
	defer cancel()
	err := w.owner.Close(ctx)
	w.owner = nil
	return err
}

// Running answers how many jobs are under way.
func (w *Window) Running() int {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if w.owner == nil {
		return 0
	}
	return w.owner.Running()
}

// Failure answers why the folder did not open, or nil.
func (w *Window) Failure() error {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return w.failed
}

// Stays reports whether the window is of use while the folder is not open for that
// reason: what did not open can be mended in it, or room be made on the disk
// meanwhile.
func Stays(err error) bool { return mendable(err) || fault.CodeOf(err) == fault.DiskFull }

// mendable reports whether a backup or an empty database can take the place of
// what did not open.
func mendable(err error) bool {
	code := fault.CodeOf(err)
	return code == fault.DataSetAside || code == fault.DataSetAsideAlone
}

// Speak makes all further sentences in another language.
func (w *Window) Speak(tag string) {
	w.spoken.Store(&tag)
	w.Bridge.SetLanguage(tag)
}

// maker answers the maker of sentences for as long as the folder is not open.
func (w *Window) maker() *wire.Maker {
	language := w.Language
	if spoken := w.spoken.Load(); spoken != nil {
		language = cmp.Or(*spoken, language)
	}
	return wire.NewMaker(i18n.New(), nil, language)
}

// Sentence puts an error of the window itself into words, which it has whether the
// folder is open or not; nil becomes nil, without a look at any text. It waits for
// nobody.
func (w *Window) Sentence(err error) *wire.Error {
	if err == nil {
		return nil
	}
	return w.maker().Error(err)
}

// Explain puts the error of a call into words, which the bridge has while the folder
// is open.
func (w *Window) Explain(err error) *wire.Error {
	if w.Failure() != nil {
		return cmp.Or(w.Sentence(err), &wire.Error{})
	}
	return cmp.Or(w.Bridge.Error(err), &wire.Error{})
}

// Opening answers how the folder opened. It waits for that: the page asks as soon as it
// is there, which on a slow disk is before.
func (w *Window) Opening() wire.Opening {
	<-w.tried.wait()
	w.mu.RLock()
	defer w.mu.RUnlock()
	opening := wire.Opening{Backups: []wire.Backup{}}
	if w.owner != nil {
		opening.Lost, opening.Back = w.Sentence(w.owner.Lost()), w.Sentence(w.owner.Back())
		return opening
	}
	if !Stays(w.failed) {
		return opening
	}
	opening.Fault = w.Sentence(w.failed)
	if !mendable(w.failed) {
		return opening
	}
	if backups, err := Backups(w.Folder); err == nil {
		opening.Backups = w.maker().Backups(backups)
	}
	return opening
}

// OpenAgain opens the folder when it did not open before for want of room on the
// disk. What can be mended in the window is no error: Opening says so. A window of
// the folder that was opened meanwhile is shown, and this one closes.
func (w *Window) OpenAgain(ctx context.Context) error {
	failed := w.Failure()
	if fault.CodeOf(failed) == fault.DiskFull {
		failed = w.Open(ctx)
	}
	switch {
	case errors.Is(failed, ErrShown):
		w.Leave()
		return nil
	case mendable(failed):
		return nil
	}
	return failed
}

// Restore puts a backup in the place of the database, or an empty one for "", and
// opens the folder anew. Running jobs stop safely before; what was there is kept
// beside it. A folder that is open is restored by a person who may alone.
func (w *Window) Restore(ctx context.Context, name string) (wire.Restored, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.owner == nil && !mendable(w.failed) {
		return wire.Restored{}, fault.New(fault.Internal).Because(errors.New("there is nothing to restore into"))
	}
	if w.owner != nil {
		if err := w.Bridge.AdmitRestore(); err != nil {
			return wire.Restored{}, err
		}
	}
	if err := w.close(); err != nil {
		w.Log.Warn("not all was stopped before a restore", "error", err)
	}
	restored, err := Restore(ctx, w.Folder, name)
	w.failed = w.open(ctx)
	if err != nil {
		return wire.Restored{}, err
	}
	if w.failed != nil {
		return wire.Restored{}, fmt.Errorf("open the restored database: %w", w.failed)
	}
	w.Log.Info("a backup was brought back", "backup", restored.Name)
	return w.maker().Restored(restored), nil
}
