package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	goruntime "runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/samber/lo"
	"github.com/wailsapp/wails/v2"
	"github.com/wailsapp/wails/v2/pkg/logger"
	"github.com/wailsapp/wails/v2/pkg/options"
	"github.com/wailsapp/wails/v2/pkg/options/assetserver"
	"github.com/wailsapp/wails/v2/pkg/options/linux"
	"github.com/wailsapp/wails/v2/pkg/options/windows"
	"github.com/wailsapp/wails/v2/pkg/runtime"

	"nectar/backend"
	"nectar/backend/bridge"
	"nectar/backend/cli"
	"nectar/backend/config"
	"nectar/backend/datadir"
	"nectar/backend/fault"
	"nectar/backend/notice"
	"nectar/backend/webpage"
	"nectar/backend/windowstate"
	"nectar/backend/wire"
)

//go:embed all:frontend/dist
var frontend embed.FS

// App is the window: its life, and what only a window can do.
type App struct {
	ctx      context.Context //nolint:containedctx // Wails hands the window over as a context
	began    time.Time
	log      *slog.Logger
	bridge   *bridge.Bridge
	mayClose atomic.Bool            // somebody decided that the window closes
	painted  atomic.Bool            // the first view was seen
	given    atomic.Pointer[string] // a folder to import from, which the window has not taken
	closing  atomic.Bool            // the window ends, and is remembered as it was left
	page     webpage.Page

	mayNotify func() bool     // readies the notifications with the first, and reports whether there are any
	desktop   *notice.Desktop // set by mayNotify; nil where Wails shows them

	data *backend.Window

	mu   sync.Mutex
	left windowstate.State // guarded by mu; as the window was left, and as it is to be left
}

// openWindow opens the window, which imports from the folder given, if any, and answers when it has closed.
func openWindow(folder, given, language string) int {
	log, closeLog := openLog(folder)
	defer closeLog()
	app := &App{began: time.Now(), log: log, bridge: bridge.New(log), page: webpage.Page{Now: time.Now}}
	app.mayNotify = sync.OnceValue(app.openNotifications)
	app.give(given)
	app.data = &backend.Window{
		Folder: folder, Language: language, Log: log, Bridge: app.bridge,
		Given: func() string { return lo.FromPtr(app.given.Load()) }, Show: app.show, Leave: app.leave,
		Emit: func(name string, data any) { runtime.EventsEmit(app.ctx, name, data) },
	}
	app.left = windowstate.Read(app.stateFile())
	assets, err := fs.Sub(frontend, "frontend/dist")
	if err != nil {
		return refuse(err)
	}
	withoutGPU()
	err = wails.Run(&options.App{
		Title: "Nectar", Width: app.left.Width, Height: app.left.Height, MinWidth: windowstate.MinWidth, MinHeight: windowstate.MinHeight,
		WindowStartState:   lo.Ternary(app.left.Maximised, options.Maximised, options.Normal),
		StartHidden:        true, // until appear has put it in its place
		BackgroundColour:   surface(app.left.Dark),
		AssetServer:        &assetserver.Options{Assets: assets, Middleware: pageAsItIs},
		Bind:               []any{app, app.bridge.Jobs, app.bridge.Library, app.bridge.Sources, app.bridge.People, app.bridge.Settings, app.bridge.Device, app.bridge.Home},
		ErrorFormatter:     app.formatError,
		OnStartup:          app.startup,
		OnDomReady:         app.domReady,
		OnBeforeClose:      app.beforeClose,
		OnShutdown:         app.shutdown,
		DragAndDrop:        &options.DragAndDrop{EnableFileDrop: true},
		SingleInstanceLock: app.singleInstance(),
		LogLevel:           logger.ERROR,
		LogLevelProduction: logger.ERROR,
		Windows:            app.windows(),
		Linux:              &linux.Options{ProgramName: "nectar", WebviewGpuPolicy: linux.WebviewGpuPolicyNever},
	})
	if err != nil && err.Error() == noWebView2 {
		err = fault.New(fault.NoWebView2)
	}
	if err != nil {
		return refuse(err)
	}
	return 0
}

// pageAsItIs leaves the page as it was built, on Linux. Wails would put its scripts
// before everything else in it, and the first frame of the window would wait for
// them, each a turn through the thread that draws; the page itself begins them after
// that frame (frontend/src/boot.js). Wails knows a page by its type in lower case,
// and every other reader in any case (RFC 9110, 8.3.1). On Windows Wails tells its
// scripts of dropped files as soon as the page is there, so there they come first;
// and in a browser, which a program built for development serves, they need time to
// connect.
func pageAsItIs(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ours := goruntime.GOOS == "linux" && strings.Contains(r.UserAgent(), "wails.io")
		if ours && r.URL.Path == "/" {
			w.Header().Set("Content-Type", "Text/HTML; charset=utf-8")
		}
		next.ServeHTTP(w, r)
	})
}

// stateFile is where it is remembered how the window was left.
func (a *App) stateFile() string { return datadir.Peek(a.data.Folder).Window() }

// surface is what is seen of a window before its page is there: the background
// of frontend/src/styles/palette.ts.
func surface(dark bool) *options.RGBA {
	if dark {
		return options.NewRGB(0x10, 0x16, 0x15)
	}
	return options.NewRGB(0xf5, 0xf7, 0xf6)
}

// withoutGPU keeps WebKit on Linux from setting up a renderer that shares
// memory with a graphics processor. The window draws without one anyway, and
// looking for it costs a tenth of a second of the start, and on some drivers
// the picture. Whoever has decided otherwise is obeyed.
func withoutGPU() {
	const name = "WEBKIT_DISABLE_DMABUF_RENDERER"
	if _, decided := os.LookupEnv(name); goruntime.GOOS == "linux" && !decided {
		_ = os.Setenv(name, "1")
	}
}

// noWebView2 is how Wails tells, in our words, of a Windows that cannot draw
// the window.
const noWebView2 = "WebView2 is missing"

// windows are the options for Windows, where the window can only be drawn by
// WebView2: by that which an installer has put beside the program, else by that
// of the system. Without either a person is told what to do about it. No other
// system waits for these words to be made.
func (a *App) windows() *windows.Options {
	if goruntime.GOOS != "windows" {
		return nil
	}
	said, missing := windows.DefaultMessages(), a.data.Sentence(fault.New(fault.NoWebView2))
	said.Error = "Nectar"
	said.ContactAdmin = missing.Message + "\n\n" + missing.Advice
	said.Webview2NotInstalled, said.InvalidFixedWebview2 = noWebView2, noWebView2
	return &windows.Options{WebviewBrowserPath: webView2(), WebviewUserDataPath: webView2Data(), Messages: said}
}

// webView2Data answers where WebView2 keeps its caches: on this laptop. Wails would
// put them among what Windows carries with a person from one laptop of a school to
// the next. The uninstaller knows the name.
func webView2Data() string {
	local, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(local, "nectar-window")
}

// webView2 answers the folder of the WebView2 that was installed with the
// program; "" for that of the system.
func webView2() string {
	program, err := os.Executable()
	if err != nil {
		return ""
	}
	folder := filepath.Join(filepath.Dir(program), "webview2")
	if _, err := os.Stat(filepath.Join(folder, "msedgewebview2.exe")); err != nil {
		return ""
	}
	return folder
}

// singleInstance shows the first window instead of opening a second one, also
// while the first does not own its data folder yet. On Linux that needs a
// session bus; once it owns the folder, the first one is asked without.
func (a *App) singleInstance() *options.SingleInstanceLock {
	if goruntime.GOOS == "linux" && os.Getenv("DBUS_SESSION_BUS_ADDRESS") == "" {
		return nil
	}
	sum := sha256.Sum256([]byte(a.data.Folder))
	return &options.SingleInstanceLock{
		UniqueId:               "nectar-" + hex.EncodeToString(sum[:8]),
		OnSecondInstanceLaunch: func(d options.SecondInstanceData) { a.show(cli.GivenFolder(d.Args, d.WorkingDirectory)) },
	}
}

// show brings the window to the person who started a second one, perhaps with a
// folder to import from.
func (a *App) show(given string) {
	a.log.Info("a second window was started: this one is shown")
	a.raise()
	if a.give(given) {
		runtime.EventsEmit(a.ctx, "folder-given", FolderGiven{Waiting: 1})
	}
}

// raise brings the window to the front.
func (a *App) raise() {
	runtime.WindowUnminimise(a.ctx)
	runtime.WindowShow(a.ctx)
}

// give keeps a folder until the window takes it, and reports whether there is one.
func (a *App) give(folder string) bool {
	if folder != "" {
		a.given.Store(&folder)
	}
	return folder != ""
}

// FolderGiven tells the window that TakeFolder has a folder for it.
//
//api:event folder-given
type FolderGiven struct {
	Waiting int `json:"waiting"` // how many folders wait for the window; a later one takes the place of an earlier one
}

// TakeFolder answers the folder that the program was given to import from, once;
// "" when there is none.
//
//api:permission signed in
//api:errors none
func (a *App) TakeFolder() (string, error) {
	if err := a.bridge.Admit(); err != nil {
		return "", err
	}
	if folder := a.given.Swap(nil); folder != nil {
		return *folder, nil
	}
	return "", nil
}

// startup shows the window, opens the data folder and begins to run due jobs.
// The window comes before its page: the system and the page make themselves
// ready at the same time.
func (a *App) startup(ctx context.Context) {
	a.ctx = ctx
	webpage.Watch(a.pageEnded)
	a.mu.Lock()
	go a.appear(ctx, a.left)
	a.mu.Unlock()
	err := a.data.Open(ctx)
	if errors.Is(err, backend.ErrShown) {
		return
	}
	if err != nil {
		a.log.Error("cannot open the data folder", "error", err)
	}
	go a.obeySignals(ctx)
}

// appear shows the window where it was left, if that is on the screen. It waits
// for the thread that draws, which may wait for whoever holds mu: so it is for a
// goroutine of its own.
func (a *App) appear(ctx context.Context, left windowstate.State) {
	defer runtime.WindowShow(ctx)
	screens, err := runtime.ScreenGetAll(ctx)
	if err != nil || left.Maximised {
		return
	}
	screen, found := lo.Find(screens, func(s runtime.Screen) bool { return s.IsCurrent })
	if !found {
		return
	}
	here := left.On(screen.Size.Width, screen.Size.Height)
	if here.Width != left.Width || here.Height != left.Height {
		runtime.WindowSetSize(ctx, here.Width, here.Height)
	}
	if here.Place != nil {
		runtime.WindowSetPosition(ctx, here.Place.X, here.Place.Y)
	}
}

// rememberState remembers how the window is left. It asks the window without
// holding mu, since whoever waits for a window that has ended waits for ever.
func (a *App) rememberState() {
	maximised, normal := runtime.WindowIsMaximised(a.ctx), runtime.WindowIsNormal(a.ctx)
	width, height := runtime.WindowGetSize(a.ctx)
	x, y := runtime.WindowGetPosition(a.ctx)
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.left.Maximised = maximised; normal {
		a.left.Width, a.left.Height, a.left.Place = width, height, &windowstate.Place{X: x, Y: y}
	}
	a.remember()
}

// remember keeps how the window is to be left. Without it the next window is as
// the one before: nothing to disturb a person with. The caller holds mu.
func (a *App) remember() {
	if err := a.left.Write(a.stateFile()); err != nil {
		a.log.Error("cannot remember the window", "error", err)
	}
}

// obeySignals closes the window when the system asks for it. Nobody is asked:
// the jobs stop safely and go on next time.
func (a *App) obeySignals(ctx context.Context) {
	signals := make(chan os.Signal, 1)
	heedEnd(signals)
	defer signal.Stop(signals)
	select {
	case <-signals:
		a.leave()
	case <-ctx.Done():
	}
}

// leave closes the window without asking.
func (a *App) leave() {
	a.mayClose.Store(true)
	runtime.Quit(a.ctx)
}

// pageEnded reports whether to open the page again whose process has ended. A
// window whose page always ends is closed: its jobs stop safely.
func (a *App) pageEnded() (again bool) {
	again = a.page.Ended()
	a.log.Error("the process of the page has ended", "again", again)
	if !again {
		go a.leave() // it waits for the thread that asks here
	}
	return again
}

// domReady says why there is no window, if there is to be none. What can be
// mended while the window is open it shows itself.
func (a *App) domReady(ctx context.Context) {
	failed := a.data.Failure()
	if errors.Is(failed, backend.ErrShown) {
		a.leave()
		return
	}
	if failed == nil || backend.Stays(failed) {
		return
	}
	e := a.data.Sentence(failed)
	_, err := runtime.MessageDialog(ctx, runtime.MessageDialogOptions{
		Type: runtime.ErrorDialog, Title: "Nectar", Message: e.Message + "\n\n" + e.Advice,
	})
	if err != nil {
		a.log.Error("cannot show why the data folder did not open", "error", err)
	}
	a.leave()
}

// beforeClose asks whether to close while jobs run. True keeps the window.
func (a *App) beforeClose(ctx context.Context) bool {
	running := a.data.Running()
	if a.mayClose.Load() || running == 0 {
		// A signal is heeded by Wails as well, which asks then a second time; but
		// the loop of a window that has ended must not be ended once more.
		if a.closing.Swap(true) {
			return true
		}
		a.rememberState()
		return false
	}
	runtime.WindowShow(ctx)
	runtime.EventsEmit(ctx, "close-asked", CloseAsked{Running: running})
	return true
}

// CloseAsked asks the person whether to close while jobs run.
//
//api:event close-asked
type CloseAsked struct {
	Running int `json:"running"` // how many jobs
}

// shutdown stops the running jobs safely.
func (a *App) shutdown(context.Context) {
	if err := a.data.Close(); err != nil {
		a.log.Error("cannot close the data folder", "error", err)
	}
}

// Environment is what the window wants to know of the program at its start.
type Environment struct {
	Version  string `json:"version"`
	Language string `json:"language"`
	Platform string `json:"platform"`
	DataPath string `json:"data_path"`
	Windowed bool   `json:"windowed"`
}

// Environment answers what the window wants to know at its start.
//
//api:permission anyone
//api:errors none
func (a *App) Environment() Environment {
	return Environment{
		Version: config.Version, Language: cmp.Or(a.bridge.Language(), a.data.Language), Platform: goruntime.GOOS,
		DataPath: a.data.Folder, Windowed: config.HasWindow,
	}
}

// ChooseFolder lets the person choose a folder; "" when they thought better
// of it.
//
//api:permission signed in
//api:errors none
func (a *App) ChooseFolder(title string) (string, error) {
	if err := a.bridge.Admit(); err != nil {
		return "", err
	}
	return runtime.OpenDirectoryDialog(a.ctx, runtime.OpenDialogOptions{Title: title})
}

// ChooseFile lets the person choose a file that is there; "" when they thought
// better of it.
//
//api:permission signed in
//api:errors none
func (a *App) ChooseFile(title string) (string, error) {
	if err := a.bridge.Admit(); err != nil {
		return "", err
	}
	return runtime.OpenFileDialog(a.ctx, runtime.OpenDialogOptions{Title: title})
}

// ChooseNewFile lets the person choose where a file is written, and under which
// name; one may be suggested. It answers "" when they thought better of it.
//
//api:permission signed in
//api:errors none
func (a *App) ChooseNewFile(title, name string) (string, error) {
	if err := a.bridge.Admit(); err != nil {
		return "", err
	}
	return runtime.SaveFileDialog(a.ctx, runtime.SaveDialogOptions{Title: title, DefaultFilename: name})
}

// Notify tells the person by the system's own means of what happened while the
// window was not in front. A click leads to a place in the window. Without such
// means nobody is told.
//
//api:permission signed in
//api:errors none
func (a *App) Notify(title, text, place string) error {
	if err := a.bridge.Admit(); err != nil {
		return err
	}
	if !a.mayNotify() {
		return nil
	}
	if err := a.showNotice(title, text, place); err != nil {
		a.log.Warn("cannot notify", "error", err)
	}
	return nil
}

func (a *App) showNotice(title, text, place string) error {
	if a.desktop != nil {
		return a.desktop.Show(title, text, place)
	}
	return runtime.SendNotification(a.ctx, runtime.NotificationOptions{ID: place, Title: title, Body: text})
}

// openNotifications readies the system's notifications, and reports whether
// there are any. It is asked for with the first one, since it leaves traces in
// some systems.
func (a *App) openNotifications() bool {
	desktop, err := notice.Open("", a.askPlace)
	if !errors.Is(err, notice.ErrElsewhere) {
		if err != nil {
			a.log.Warn("nobody can be notified", "error", err)
		}
		a.desktop = desktop
		return err == nil
	}
	if err := runtime.InitializeNotifications(a.ctx); err != nil {
		a.log.Warn("nobody can be notified", "error", err)
		return false
	}
	if may, err := runtime.RequestNotificationAuthorization(a.ctx); err != nil || !may {
		a.log.Warn("nobody may be notified", "error", err)
		return false
	}
	runtime.OnNotificationResponse(a.ctx, func(answer runtime.NotificationResult) {
		if answer.Error == nil {
			a.askPlace(answer.Response.ID)
		}
	})
	return true
}

// askPlace shows the window, and leads to a place in it.
func (a *App) askPlace(place string) {
	a.raise()
	runtime.EventsEmit(a.ctx, "place-asked", PlaceAsked{Place: place})
}

// PlaceAsked tells the window that a person asked for a place in it, from
// outside: by a click on a notification.
//
//api:event place-asked
type PlaceAsked struct {
	Place string `json:"place"` // such as /jobs/12
}

// SetLanguage makes all further sentences in another language.
//
//api:permission anyone
//api:errors none
func (a *App) SetLanguage(code string) {
	a.data.Speak(code)
}

// ShowDark says whether the window is dark, so that the next one is from its
// first moment on.
//
//api:permission anyone
//api:errors none
func (a *App) ShowDark(dark bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	of := surface(dark)
	runtime.WindowSetBackgroundColour(a.ctx, of.R, of.G, of.B, of.A)
	if a.left.Dark != dark {
		a.left.Dark = dark
		a.remember()
	}
}

// AnswerClose is what the person decided about closing while jobs run: "stop"
// stops them safely and closes, anything else stays.
//
//api:permission anyone
//api:errors none
func (a *App) AnswerClose(answer string) {
	if answer == "stop" {
		a.leave()
	}
}

// FirstPaint is told that the first view was painted, and when the window was
// drawn before that with nothing in it yet: in milliseconds since 1970, 0 when
// nobody knows.
//
//api:permission anyone
//api:errors none
func (a *App) FirstPaint(drawn int64) {
	if a.painted.Swap(true) {
		return
	}
	view := time.Now()
	first := view
	if drawn > 0 {
		first = time.UnixMilli(drawn)
	}
	if err := backend.Proven(); err != nil {
		a.log.Error("cannot end the trial of this version", "error", err)
	}
	a.log.Info("first paint", "milliseconds", first.Sub(a.began).Milliseconds(), "first_view", view.Sub(a.began).Milliseconds())
}

// formatError turns the error of a bound method into text that the window
// parses: Wails shows it any other value as "[object Object]".
func (a *App) formatError(err error) any {
	text, failed := json.Marshal(a.data.Explain(err))
	if failed != nil {
		return err.Error()
	}
	return string(text)
}

// openLog opens the log file of the data folder. The file is made with its
// first line, which comes after backend.Open has made the folder or has said
// why it cannot.
func openLog(folder string) (*slog.Logger, func()) {
	if folder == "" {
		return slog.New(slog.DiscardHandler), func() {}
	}
	return backend.OpenLog(datadir.Peek(folder).Logs())
}

// Opening answers how the data folder opened.
//
//api:permission anyone
//api:errors none
func (a *App) Opening() wire.Opening {
	opening := a.data.Opening()
	if a.page.WasOpenedAgain() {
		opening.Ended = a.data.Sentence(fault.New(fault.PageEnded))
	}
	return opening
}

// OpenAgain opens the data folder when it did not open before for want of room
// on the disk. The window begins anew afterwards.
//
//api:permission anyone
//api:errors disk_full, in_use, no_write
func (a *App) OpenAgain() error { return a.data.OpenAgain(a.ctx) }

// Restore puts a backup in the place of the database, or an empty one for "".
// Running jobs stop safely before. What was there is kept beside it. The window
// begins anew afterwards.
//
//api:permission coordinator; anyone while a damaged database was set aside
//api:errors forbidden, not_found, backup_damaged, disk_full, no_write
func (a *App) Restore(name string) (wire.Restored, error) { return a.data.Restore(a.ctx, name) }
