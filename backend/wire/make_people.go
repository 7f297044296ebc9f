package wire

import (
	"nectar/backend/auth"
	"nectar/backend/service"
)

// Session makes the JSON of how a session stands.
func (m *Maker) Session(s service.State) Session {
	out := Session{Locked: s.Locked, PINs: s.PINs, SetUp: s.SetUp}
	if p := s.Person; p.SignedIn() {
		out.Person = &SignedIn{ID: p.ID, Name: p.Name, Role: string(p.Role), ManageContent: p.ManageContent}
	}
	return out
}

// PersonName makes the JSON of what anybody may know of a person.
func (m *Maker) PersonName(n service.Name) PersonName {
	return PersonName{ID: n.ID, Name: n.Name, HasPIN: n.HasPIN}
}

// Person makes the JSON of a person.
func (m *Maker) Person(p auth.Member) Person {
	return Person{ID: p.ID, Name: p.Name, Role: string(p.Role), ManageContent: p.ManageContent, HasPIN: p.HasPIN()}
}

// PersonChanged makes the JSON of a change of a person.
func (m *Maker) PersonChanged(c service.Changed) PersonChanged {
	unprotected := c.Unprotected
	if unprotected == nil {
		unprotected = []string{}
	}
	return PersonChanged{
		Person: m.Person(c.Person), RecoveryCode: textOrNull(c.RecoveryCode),
		ObviousPIN: c.ObviousPIN, Unprotected: unprotected,
	}
}

// Setting makes the JSON of a setting with its value.
func (m *Maker) Setting(s service.SettingNow) Setting {
	out := Setting{
		Name: s.Name, Summary: s.Summary, Type: s.Type, Unit: textOrNull(s.Unit),
		Value: s.Value, Default: s.Default, Choices: s.Choices, MayChange: s.MayChange,
	}
	if s.Type == service.IntegerSetting {
		out.Min, out.Max = &s.Min, &s.Max
	}
	if out.Choices == nil {
		out.Choices = []string{}
	}
	return out
}
