// Package noticetest stands in for the part of a desktop that shows notifications.
package noticetest

import (
	"errors"
	"fmt"
	"sync"

	"github.com/godbus/dbus/v5"
)

const (
	service = "org.freedesktop.Notifications"
	object  = "/org/freedesktop/Notifications"
)

// Shown is a notification as the desktop was asked to show it.
type Shown struct {
	ID      uint32   `json:"id"`
	App     string   `json:"app"`
	Icon    string   `json:"icon"`
	Title   string   `json:"title"`
	Text    string   `json:"text"`
	Actions []string `json:"actions"`
}

// Desktop shows notifications to nobody, and tells of them.
type Desktop struct {
	bus  *dbus.Conn
	show func(Shown)

	mu   sync.Mutex
	last uint32 // guarded by mu
}

// Serve becomes the bus's desktop. What it is asked to show it tells show.
func Serve(bus *dbus.Conn, show func(Shown)) (*Desktop, error) {
	d := &Desktop{bus: bus, show: show}
	if err := bus.Export(calls{d}, object, service); err != nil {
		return nil, fmt.Errorf("serve notifications: %w", err)
	}
	answer, err := bus.RequestName(service, dbus.NameFlagDoNotQueue)
	if err == nil && answer != dbus.RequestNameReplyPrimaryOwner {
		err = errors.New("another desktop is there")
	}
	if err != nil {
		return nil, fmt.Errorf("become the desktop: %w", err)
	}
	return d, nil
}

// Click tells of a click as desktops do: of the action, and that the notification is gone.
func (d *Desktop) Click(id uint32) error {
	return errors.Join(d.bus.Emit(object, service+".ActionInvoked", id, "default"), d.closed(id))
}

// Dismiss tells that a person has put a notification away.
func (d *Desktop) Dismiss(id uint32) error { return d.closed(id) }

func (d *Desktop) closed(id uint32) error {
	const byThePerson = uint32(2)
	return d.bus.Emit(object, service+".NotificationClosed", id, byThePerson)
}

// calls are the methods that the bus offers.
type calls struct{ d *Desktop }

func (c calls) GetCapabilities() ([]string, *dbus.Error) {
	return []string{"actions", "body", "body-markup"}, nil
}

func (c calls) Notify(app string, _ uint32, icon, title, text string, actions []string, _ map[string]dbus.Variant, _ int32) (uint32, *dbus.Error) {
	c.d.mu.Lock()
	c.d.last++
	id := c.d.last
	c.d.mu.Unlock()
	c.d.show(Shown{ID: id, App: app, Icon: icon, Title: title, Text: text, Actions: actions})
	return id, nil
}
