package service

import (
	"context"

	"nectar/backend/auth"
	"nectar/backend/fault"
	"nectar/backend/task"
)

// recoveryKey is what tries of the recovery code are counted under. No person
// has such an id.
const recoveryKey = "recovery code"

// Changed is a person as they are after a change, with what whoever made the
// change should be told.
type Changed struct {
	Person auth.Member
	// RecoveryCode is a code that was made by this change: with it a coordinator
	// who forgot their PIN sets a new one. It is shown this once and kept as a
	// hash alone. "" when none was made.
	RecoveryCode string
	// ObviousPIN says that the new PIN is one of the first that anybody would
	// try.
	ObviousPIN bool
	// Unprotected are the coordinators without a PIN while others have one:
	// anybody may sign in as them.
	Unprotected []string
}

// SetUp finishes the first run: it gives the person at the laptop a name and,
// unless it is "", a PIN. It is for a laptop that nobody has set up yet.
func (p *People) SetUp(ctx context.Context, person auth.Person, name, pin string) (Changed, error) {
	if err := allowed(task.NotSetUp, person); err != nil {
		return Changed{}, err
	}
	if pin == "" {
		return p.change(ctx, func(r *auth.Roll) (auth.Member, error) { return setUp(r, person, name, "") })
	}
	return p.changePIN(ctx, pin, func(r *auth.Roll, hash auth.Hash) (auth.Member, error) {
		return setUp(r, person, name, hash)
	})
}

func setUp(r *auth.Roll, person auth.Person, name string, pin auth.Hash) (auth.Member, error) {
	if r.SetUp {
		return auth.Member{}, fault.New(fault.Forbidden)
	}
	if _, err := r.Rename(person.ID, name); err != nil {
		return auth.Member{}, err
	}
	return r.SetPIN(person.ID, pin)
}

// SetPIN gives a person a new PIN. Coordinators set everybody's; others their
// own, once there are PINs on the laptop at all. Whoever changes the PIN that
// they have themselves shows it (current). The first PIN of a laptop comes
// with a recovery code.
func (p *People) SetPIN(ctx context.Context, person auth.Person, who, pin, current string) (Changed, error) {
	m, err := p.ownOrAny(ctx, person, who)
	if err != nil {
		return Changed{}, err
	}
	if _, err := auth.ParsePIN(pin); err != nil {
		return Changed{}, err
	}
	if m.ID == person.ID {
		if err := p.prove(m, current); err != nil {
			return Changed{}, err
		}
	}
	changed, err := p.changePIN(ctx, pin, func(r *auth.Roll, hash auth.Hash) (auth.Member, error) {
		return r.SetPIN(m.ID, hash)
	})
	if err != nil {
		return Changed{}, err
	}
	return changed, p.guard.Forget(m.ID)
}

// ownOrAny answers the person whose PIN is to be set, if that is allowed.
func (p *People) ownOrAny(ctx context.Context, person auth.Person, who string) (auth.Member, error) {
	if err := allowed(task.SignedIn, person); err != nil {
		return auth.Member{}, err
	}
	roll, err := p.roll(ctx)
	if err != nil {
		return auth.Member{}, err
	}
	m, err := roll.Find(who)
	coordinator := task.CoordinatorOnly.MayRun(person, nil)
	own := err == nil && m.ID == person.ID && roll.AnyPIN()
	if !coordinator && !own {
		return auth.Member{}, fault.New(fault.Forbidden)
	}
	if err != nil {
		return auth.Member{}, err
	}
	return *m, nil
}

// RemovePIN takes a person's PIN away. When it was the last one, nobody has to
// sign in any more. It is for coordinators; whoever removes their own shows it
// (current).
func (p *People) RemovePIN(ctx context.Context, person auth.Person, who, current string) (Changed, error) {
	if err := allowed(task.CoordinatorOnly, person); err != nil {
		return Changed{}, err
	}
	m, err := p.ownOrAny(ctx, person, who)
	if err != nil {
		return Changed{}, err
	}
	if m.ID == person.ID {
		if err := p.prove(m, current); err != nil {
			return Changed{}, err
		}
	}
	changed, err := p.change(ctx, func(r *auth.Roll) (auth.Member, error) { return r.SetPIN(m.ID, "") })
	if err != nil {
		return Changed{}, err
	}
	return changed, p.guard.Forget(m.ID)
}

// Recover gives a coordinator a new PIN on the strength of the recovery code.
// It asks for nobody, because whoever needs it cannot sign in. The code serves
// once: the answer brings the next one. Wrong codes are slowed down like PINs.
func (p *People) Recover(ctx context.Context, who, code, pin string) (Changed, error) {
	if _, err := auth.ParsePIN(pin); err != nil {
		return Changed{}, err
	}
	roll, err := p.roll(ctx)
	if err != nil {
		return Changed{}, err
	}
	m, err := roll.Find(who)
	if err != nil {
		return Changed{}, err
	}
	if m.Role != auth.Coordinator {
		return Changed{}, fault.New(fault.Forbidden)
	}
	err = p.guard.Try(recoveryKey, fault.New(fault.WrongCode), func() (bool, error) {
		return roll.Recovery.Matches(auth.ReadCode(code))
	})
	if err != nil {
		return Changed{}, err
	}
	changed, err := p.changePIN(ctx, pin, func(r *auth.Roll, hash auth.Hash) (auth.Member, error) {
		if r.Recovery != roll.Recovery {
			return auth.Member{}, fault.New(fault.WrongCode) // somebody used it meanwhile
		}
		r.Recovery = ""
		return r.SetPIN(m.ID, hash)
	})
	if err != nil {
		return Changed{}, err
	}
	return changed, p.guard.Forget(m.ID)
}

// NewRecoveryCode makes a new recovery code, for whoever lost the old one,
// which is worth nothing from then on. It is for coordinators of a laptop with
// PINs.
func (p *People) NewRecoveryCode(ctx context.Context, person auth.Person) (string, error) {
	if err := allowed(task.CoordinatorOnly, person); err != nil {
		return "", err
	}
	code, hash, err := newCode()
	if err != nil {
		return "", err
	}
	_, err = p.store.ChangeRoll(ctx, func(r *auth.Roll) error {
		if !r.AnyPIN() {
			return fault.New(fault.NoPINs)
		}
		r.Recovery = hash
		return nil
	})
	if err != nil {
		return "", err
	}
	return code, p.guard.Forget(recoveryKey)
}

// changePIN stores a change that gives somebody a PIN, and makes a recovery
// code where there is none. Hashing takes a while, so it comes first.
func (p *People) changePIN(ctx context.Context, pin string, do func(*auth.Roll, auth.Hash) (auth.Member, error)) (Changed, error) {
	parsed, err := auth.ParsePIN(pin)
	if err != nil {
		return Changed{}, err
	}
	hash, err := auth.HashOf(string(parsed))
	if err != nil {
		return Changed{}, err
	}
	code, codeHash, err := newCode()
	if err != nil {
		return Changed{}, err
	}
	made := false
	changed, err := p.change(ctx, func(r *auth.Roll) (auth.Member, error) {
		m, err := do(r, hash)
		if made = r.Recovery == ""; made {
			r.Recovery = codeHash
		}
		return m, err
	})
	if err != nil {
		return Changed{}, err
	}
	changed.ObviousPIN = parsed.Obvious()
	if made {
		changed.RecoveryCode = code
	}
	return changed, nil
}

func newCode() (code string, hash auth.Hash, err error) {
	code = auth.RecoveryCode()
	hash, err = auth.HashOf(auth.ReadCode(code))
	return code, hash, err
}

// unprotected names the coordinators that anybody may sign in as.
func unprotected(roll auth.Roll) []string {
	if !roll.AnyPIN() {
		return nil
	}
	var names []string
	for _, m := range roll.Members {
		if m.Role == auth.Coordinator && !m.HasPIN() {
			names = append(names, m.Name)
		}
	}
	return names
}
