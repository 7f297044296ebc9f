package notice

import (
	"errors"
	"fmt"
	"html"
	"slices"
	"sync"

	"github.com/godbus/dbus/v5"
)

// The desktop's own service; specifications.freedesktop.org/notification-spec.
const (
	service = "org.freedesktop.Notifications"
	object  = "/org/freedesktop/Notifications"
)

// byDefault is the action of a click on a notification itself.
const byDefault = "default"

// Desktop is the desktop as it shows notifications. It may be used by several
// callers at once.
type Desktop struct {
	bus     *dbus.Conn
	clicked func(place string)
	markup  bool // the desktop reads the text as markup
	ended   chan struct{}

	mu     sync.Mutex
	places map[uint32]string // guarded by mu; where a click on each that is shown leads
}

// Open reaches the service of the desktop over the session's bus at the address,
// "" for that of the environment. A click on a notification calls clicked with
// its place, one at a time; one that is put away or runs out calls nothing.
func Open(address string, clicked func(place string)) (*Desktop, error) {
	bus, err := connect(address)
	if err != nil {
		return nil, fmt.Errorf("reach the session bus: %w", err)
	}
	d := &Desktop{bus: bus, clicked: clicked, ended: make(chan struct{}), places: map[uint32]string{}}
	if err := d.listen(); err != nil {
		return nil, errors.Join(err, bus.Close())
	}
	return d, nil
}

// connect opens a connection whose signals keep their order: a click is told
// before the end of what was clicked.
func connect(address string) (*dbus.Conn, error) {
	inOrder := dbus.WithSignalHandler(dbus.NewSequentialSignalHandler())
	if address == "" {
		return dbus.ConnectSessionBus(inOrder)
	}
	return dbus.Connect(address, inOrder)
}

func (d *Desktop) listen() error {
	for _, member := range []string{"ActionInvoked", "NotificationClosed"} {
		err := d.bus.AddMatchSignal(dbus.WithMatchSender(service), dbus.WithMatchInterface(service), dbus.WithMatchMember(member))
		if err != nil {
			return fmt.Errorf("listen to the desktop: %w", err)
		}
	}
	var can []string
	if err := d.desktop().Call(service+".GetCapabilities", 0).Store(&can); err != nil {
		return fmt.Errorf("ask what the desktop shows: %w", err)
	}
	d.markup = slices.Contains(can, "body-markup")
	signals := make(chan *dbus.Signal, 1)
	d.bus.Signal(signals)
	go func() {
		defer close(d.ended)
		for signal := range signals {
			d.take(signal)
		}
	}()
	return nil
}

func (d *Desktop) desktop() dbus.BusObject { return d.bus.Object(service, object) }

// Show shows a title and a text; a click leads to the place.
func (d *Desktop) Show(title, text, place string) error {
	if d.markup {
		text = html.EscapeString(text)
	}
	d.mu.Lock() // until its number is known nothing is told of it
	defer d.mu.Unlock()
	var id uint32
	err := d.desktop().Call(service+".Notify", 0,
		"Nectar", uint32(0), "nectar", title, text,
		[]string{byDefault, ""}, map[string]dbus.Variant{"desktop-entry": dbus.MakeVariant("nectar")}, int32(-1),
	).Store(&id)
	if err != nil {
		return fmt.Errorf("show a notification: %w", err)
	}
	d.places[id] = place
	return nil
}

func (d *Desktop) take(signal *dbus.Signal) {
	var id uint32
	var action string
	switch signal.Name {
	case service + ".ActionInvoked":
		if dbus.Store(signal.Body, &id, &action) != nil {
			return
		}
	case service + ".NotificationClosed":
		if len(signal.Body) == 0 || dbus.Store(signal.Body[:1], &id) != nil {
			return
		}
	default:
		return
	}
	d.mu.Lock()
	place, isOurs := d.places[id]
	delete(d.places, id)
	d.mu.Unlock()
	if isOurs && action == byDefault {
		d.clicked(place)
	}
}

// Close stops listening, and answers when nothing is told any more. Notifications
// that are shown stay.
func (d *Desktop) Close() {
	_ = d.bus.Close()
	<-d.ended
}
