package service_test

import (
	"encoding/json"

	"nectar/backend/auth"
	"nectar/backend/fault"
	"nectar/backend/service"
)

// peopleRows are the rows of theTable for people and settings.
func peopleRows() map[string]row {
	const coordinators, everybody, someone = "cf", "tmcf", "nobody of that name"
	return map[string]row{
		"People.Prepare":     open("the program does it at the first start"),
		"People.Names":       open("those who are not signed in choose from them"),
		"People.Name":        open("those who are not signed in choose from them"),
		"People.SignedIn":    open("it answers who is there"),
		"People.SignIn":      open("it asks for the PIN"),
		"People.Known":       open("it answers for an id that has signed in before"),
		"People.OpenSession": open("nobody is signed in in it yet"),
		"People.Recover":     open("it asks for the recovery code"),

		"People.List": only(coordinators, func(a asked) error { _, err := a.People.List(a.ctx(), a.person); return err }),
		"People.Add": only(coordinators, func(a asked) error {
			_, err := a.People.Add(a.ctx(), a.person, service.NewPerson{Name: "", Role: auth.Teacher})
			return err
		}),
		"People.Rename": only(coordinators, func(a asked) error { _, err := a.People.Rename(a.ctx(), a.person, someone, "x"); return err }),
		"People.Grant": only(coordinators, func(a asked) error {
			_, err := a.People.Grant(a.ctx(), a.person, someone, service.Grant{})
			return err
		}),
		"People.Remove":    only(coordinators, func(a asked) error { _, err := a.People.Remove(a.ctx(), a.person, someone); return err }),
		"People.SetPIN":    only(coordinators, func(a asked) error { _, err := a.People.SetPIN(a.ctx(), a.person, someone, "2580", ""); return err }),
		"People.RemovePIN": only(coordinators, func(a asked) error { _, err := a.People.RemovePIN(a.ctx(), a.person, someone, ""); return err }),
		"People.NewRecoveryCode": only(coordinators, func(a asked) error {
			_, err := a.People.NewRecoveryCode(a.ctx(), a.person)
			return err
		}),
		// Of the first run: an empty name is refused to whoever may.
		"People.SetUp": only("f", func(a asked) error { _, err := a.People.SetUp(a.ctx(), a.person, "", ""); return err }),

		"Settings.Values": open("the program reads them"),
		"Settings.Watch":  open("the program follows them"),
		"Settings.List":   only(everybody, func(a asked) error { _, err := a.Settings.List(a.ctx(), a.person); return err }),
		"Settings.Get":    only(everybody, func(a asked) error { _, err := a.Settings.Get(a.ctx(), a.person, "workers_high"); return err }),
		"Settings.Set": only(coordinators, func(a asked) error {
			before, err := a.Settings.Values(a.ctx())
			if err != nil {
				return err
			}
			_, err = a.Settings.Set(a.ctx(), a.person, "workers_high", json.RawMessage("1"))
			if after, failed := a.Settings.Values(a.ctx()); fault.CodeOf(err) == fault.Forbidden && after != before || failed != nil {
				return fault.New(fault.Internal)
			}
			return err
		}),
	}
}
