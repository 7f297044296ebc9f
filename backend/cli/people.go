package cli

import (
	"context"
	"strings"

	"nectar/backend/auth"
	"nectar/backend/service"
	"nectar/backend/wire"
)

type peopleCommand struct {
	List         peopleListCommand   `cmd:"" default:"1" help:"List who uses this laptop."`
	SetUp        setUpCommand        `cmd:"" help:"Give the person at a new laptop a name, and a PIN."`
	Add          addPersonCommand    `cmd:"" help:"Add a person."`
	Rename       renameCommand       `cmd:"" help:"Give a person another name."`
	Remove       removePersonCommand `cmd:"" help:"Remove a person. Their jobs stay, under their name."`
	SetPIN       setPINCommand       `cmd:"" name:"set-pin" help:"Give a person a new PIN, or take it away."`
	Grant        grantCommand        `cmd:"" help:"Change what a person may do."`
	Recover      recoverCommand      `cmd:"" help:"Give a coordinator a new PIN on the strength of the recovery code."`
	RecoveryCode recoveryCodeCommand `cmd:"" help:"Make a new recovery code in place of the old one."`
}

// Help implements kong.HelpProvider.
func (c *peopleCommand) Help() string {
	return `A person is meant by their name or id. PINs and the recovery code are asked for at a terminal; without one they are lines of standard input. As soon as somebody has a PIN, every command needs --as.`
}

type peopleListCommand struct{}

func (c *peopleListCommand) run(ctx context.Context, f *face) (int, error) {
	return statusDone, f.with(ctx, ToRead, func(s *Session) error {
		members, err := s.Services.People.List(ctx, s.Person)
		if err != nil {
			return err
		}
		people := make([]wire.Person, len(members))
		for i, m := range members {
			people[i] = f.maker.Person(m)
		}
		return f.answer(people, func() string { return f.peopleTable(people) })
	})
}

type setUpCommand struct {
	Name string `arg:"" help:"The name of the person."`
	PIN  bool   `name:"pin" help:"Ask for a PIN."`
}

func (c *setUpCommand) run(ctx context.Context, f *face) (int, error) {
	return f.changePerson(ctx, c.PIN, func(s *Session, pin string) (service.Changed, error) {
		return s.Services.People.SetUp(ctx, s.Person, c.Name, pin)
	})
}

type addPersonCommand struct {
	Name          string `arg:"" help:"The name of the person."`
	Role          string `default:"teacher" placeholder:"ROLE" help:"coordinator or teacher."`
	ManageContent bool   `help:"May manage content."`
	PIN           bool   `name:"pin" help:"Ask for a PIN."`
}

func (c *addPersonCommand) run(ctx context.Context, f *face) (int, error) {
	return f.changePerson(ctx, c.PIN, func(s *Session, pin string) (service.Changed, error) {
		return s.Services.People.Add(ctx, s.Person, service.NewPerson{
			Name: c.Name, Role: auth.Role(c.Role), ManageContent: c.ManageContent, PIN: pin,
		})
	})
}

type renameCommand struct {
	Who  string `arg:"" name:"name" help:"The person."`
	Name string `arg:"" name:"new-name" help:"Their new name."`
}

func (c *renameCommand) run(ctx context.Context, f *face) (int, error) {
	return f.changePerson(ctx, false, func(s *Session, _ string) (service.Changed, error) {
		return s.Services.People.Rename(ctx, s.Person, c.Who, c.Name)
	})
}

type removePersonCommand struct {
	Who string `arg:"" name:"name" help:"The person."`
}

func (c *removePersonCommand) run(ctx context.Context, f *face) (int, error) {
	return f.changePerson(ctx, false, func(s *Session, _ string) (service.Changed, error) {
		return s.Services.People.Remove(ctx, s.Person, c.Who)
	})
}

type setPINCommand struct {
	Who  string `arg:"" name:"name" help:"The person."`
	None bool   `help:"Take the PIN away."`
}

func (c *setPINCommand) run(ctx context.Context, f *face) (int, error) {
	return f.changePerson(ctx, !c.None, func(s *Session, pin string) (service.Changed, error) {
		if c.None {
			return s.Services.People.RemovePIN(ctx, s.Person, c.Who, f.who.pin)
		}
		return s.Services.People.SetPIN(ctx, s.Person, c.Who, pin, f.who.pin)
	})
}

type grantCommand struct {
	Who           string  `arg:"" name:"name" help:"The person."`
	Role          *string `placeholder:"ROLE" help:"coordinator or teacher."`
	ManageContent *bool   `negatable:"" help:"May manage content, or may not."`
}

func (c *grantCommand) run(ctx context.Context, f *face) (int, error) {
	if c.Role == nil && c.ManageContent == nil {
		return statusRefused, f.usage("usage.no_grant")
	}
	grant := service.Grant{Role: (*auth.Role)(c.Role), ManageContent: c.ManageContent}
	return f.changePerson(ctx, false, func(s *Session, _ string) (service.Changed, error) {
		return s.Services.People.Grant(ctx, s.Person, c.Who, grant)
	})
}

type recoverCommand struct {
	Who string `arg:"" name:"name" help:"The coordinator."`
}

func (c *recoverCommand) run(ctx context.Context, f *face) (int, error) {
	code, err := f.secret(ctx, f.say.text("code"))
	if err != nil {
		return statusDone, err
	}
	pin, err := f.newPIN(ctx)
	if err != nil {
		return statusDone, err
	}
	return statusDone, f.withNobody(ctx, ToStore, func(s *Session) error {
		var changed service.Changed
		err := f.patiently(ctx, func() (err error) {
			changed, err = s.Services.People.Recover(ctx, c.Who, code, pin)
			return err
		})
		if err != nil {
			return err
		}
		return f.answerPerson(changed)
	})
}

type recoveryCodeCommand struct{}

func (c *recoveryCodeCommand) run(ctx context.Context, f *face) (int, error) {
	return statusDone, f.with(ctx, ToStore, func(s *Session) error {
		code, err := s.Services.People.NewRecoveryCode(ctx, s.Person)
		if err != nil {
			return err
		}
		return f.answer(map[string]string{"recovery_code": code}, func() string { return f.codeText(code) })
	})
}

// changePerson changes a person, with a new PIN that is asked for before the
// data folder is owned.
func (f *face) changePerson(ctx context.Context, withPIN bool, do func(s *Session, pin string) (service.Changed, error)) (int, error) {
	if err := f.identify(ctx); err != nil {
		return statusDone, err
	}
	pin := ""
	if withPIN {
		var err error
		if pin, err = f.newPIN(ctx); err != nil {
			return statusDone, err
		}
	}
	return statusDone, f.with(ctx, ToStore, func(s *Session) error {
		var changed service.Changed
		err := f.patiently(ctx, func() (err error) {
			changed, err = do(s, pin)
			return err
		})
		if err != nil {
			return err
		}
		return f.answerPerson(changed)
	})
}

func (f *face) answerPerson(changed service.Changed) error {
	answer := f.maker.PersonChanged(changed)
	return f.answer(answer, func() string {
		text := f.peopleTable([]wire.Person{answer.Person})
		if answer.ObviousPIN {
			text += f.say.text("obvious_pin") + "\n"
		}
		if len(answer.Unprotected) > 0 {
			text += f.say.text("unprotected", "names", strings.Join(answer.Unprotected, ", ")) + "\n"
		}
		if answer.RecoveryCode != nil {
			text += f.codeText(*answer.RecoveryCode) + "\n"
		}
		return text
	})
}

func (f *face) codeText(code string) string { return f.say.text("recovery_code", "code", code) }

func (f *face) peopleTable(people []wire.Person) string {
	t := table{columns: []column{
		{head: f.say.text("head.id")},
		{head: f.say.text("head.name"), flex: true},
		{head: f.say.text("head.role")},
		{head: f.say.text("head.manages")},
		{head: f.say.text("head.pin")},
	}}
	for _, p := range people {
		t.add(p.ID, p.Name, f.say.text("role."+p.Role), f.yes(p.ManageContent || p.Role == string(auth.Coordinator)), f.yes(p.HasPIN))
	}
	return t.render(f.env.Width)
}

func (f *face) yes(is bool) string {
	if is {
		return f.say.text("yes")
	}
	return f.say.text("no")
}
