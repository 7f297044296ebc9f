package cli

import (
	"context"
	"time"

	"nectar/backend/auth"
	"nectar/backend/fault"
)

// identity is who acts in this run.
type identity struct {
	id  string // "" for whoever is at the laptop
	pin string // that proved it
}

// identify finds out who acts, by --as and a PIN, before the data folder is
// opened in another way than to read: nobody owns it while somebody types, or
// waits because of wrong PINs.
func (f *face) identify(ctx context.Context) error {
	if f.who != nil {
		return nil
	}
	if f.globals.As == "" {
		f.who = &identity{}
		return nil
	}
	s, err := f.env.Open(f.globals.Data)(ctx, ToRead)
	if err != nil {
		return err
	}
	defer func() { _ = s.Runner.Close(context.WithoutCancel(ctx)) }()
	f.speak(s)
	pin, err := f.pinOf(ctx, s, f.globals.As)
	if err != nil {
		return err
	}
	var person auth.Person
	err = f.patiently(ctx, func() error {
		person, err = s.Services.People.SignIn(ctx, f.globals.As, pin)
		return err
	})
	if err != nil {
		return err
	}
	f.who = &identity{person.ID, pin}
	return nil
}

// pinOf answers the PIN that a person has to show, from the environment or the
// terminal; "" for somebody without one.
func (f *face) pinOf(ctx context.Context, s *Session, who string) (string, error) {
	m, err := s.Services.People.Name(ctx, who)
	switch {
	case err != nil || !m.HasPIN:
		return "", err
	case f.env.PIN != "":
		return f.env.PIN, nil
	case f.env.Ask == nil:
		return "", fault.New(fault.PINNeeded, "name", m.Name)
	}
	return f.env.Ask(ctx, plain(f.say.text("pin_of", "name", m.Name))+" ")
}

// proof answers the PIN that another process needs to know who acts; nil when
// none was shown.
func (f *face) proof() *string {
	if f.who == nil || f.who.pin == "" {
		return nil
	}
	return &f.who.pin
}

// person answers who acts in a session that was opened.
func (f *face) person(ctx context.Context, s *Session) (auth.Person, error) {
	if f.who.id == "" {
		return s.Services.People.SignedIn(ctx)
	}
	return s.Services.People.Known(ctx, f.who.id)
}

// patiently does something with a secret, and waits as long as wrong ones make
// it. The wait is served here: no other run of the program shortens it.
func (f *face) patiently(ctx context.Context, do func() error) error {
	for {
		err := do()
		if fault.CodeOf(err) != fault.TooManyTries {
			return err
		}
		seconds, _ := fault.Of(err).Params["count"].(int)
		if !f.json {
			_ = write(f.env.Stderr, f.say.text("too_soon", "count", seconds)+"\n")
		}
		if err := f.env.sleep(ctx, time.Duration(seconds)*time.Second); err != nil {
			return err
		}
	}
}

// sleep waits, or answers why it was woken.
func (e Env) sleep(ctx context.Context, d time.Duration) error {
	if e.Sleep != nil {
		return e.Sleep(ctx, d)
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
