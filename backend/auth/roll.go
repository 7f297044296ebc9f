package auth

import (
	"crypto/rand"
	"encoding/hex"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"nectar/backend/fault"
)

// Roll is everybody known on this laptop, the first one first. Its methods
// keep its rules: somebody is a coordinator, and no two people have one name.
type Roll struct {
	Members []Member
	// SetUp says that somebody has set the laptop up.
	SetUp bool
	// Recovery is the hash of the recovery code; "" while nobody has a PIN.
	Recovery Hash
}

// Member is a person as they are on the roll.
type Member struct {
	Person

	PIN Hash // "" for none
}

// HasPIN reports whether the person signs in with a PIN.
func (m Member) HasPIN() bool { return m.PIN != "" }

// AnyPIN reports whether anybody has a PIN, so that signing in is needed.
func (r *Roll) AnyPIN() bool { return slices.ContainsFunc(r.Members, Member.HasPIN) }

// First answers the coordinator who is at the laptop while nobody has a PIN.
func (r *Roll) First() (Member, bool) {
	i := slices.IndexFunc(r.Members, func(m Member) bool { return m.Role == Coordinator })
	if i < 0 {
		return Member{}, false
	}
	return r.Members[i], true
}

// Find answers the person of that name, whatever its capitals, or of that id.
// Nobody is fault.NotFound.
func (r *Roll) Find(who string) (*Member, error) {
	name := strings.TrimSpace(who)
	for i := range r.Members {
		if strings.EqualFold(r.Members[i].Name, name) {
			return &r.Members[i], nil
		}
	}
	for i := range r.Members {
		if strings.EqualFold(r.Members[i].ID, name) {
			return &r.Members[i], nil
		}
	}
	return nil, fault.New(fault.NotFound, "what", "person", "id", who)
}

// ByID answers the person of an id.
func (r *Roll) ByID(id string) (Member, bool) {
	i := slices.IndexFunc(r.Members, func(m Member) bool { return m.ID == id })
	if i < 0 {
		return Member{}, false
	}
	return r.Members[i], true
}

// Add puts a person on the roll and gives them an id, which nobody ever had.
func (r *Roll) Add(m Member) (Member, error) {
	name, nameFault := r.name(m.Name, "")
	if err := fault.Invalid(append(nameFault, checkRole(m.Role)...)...); err != nil {
		return Member{}, err
	}
	var id [8]byte
	_, _ = rand.Read(id[:]) // never fails
	m.ID, m.Name = hex.EncodeToString(id[:]), name
	r.Members = append(r.Members, m)
	return m, nil
}

// Rename gives a person another name.
func (r *Roll) Rename(who, name string) (Member, error) {
	m, err := r.Find(who)
	if err != nil {
		return Member{}, err
	}
	name, refused := r.name(name, m.ID)
	if err := fault.Invalid(refused...); err != nil {
		return Member{}, err
	}
	m.Name = name
	return *m, nil
}

// Grant says what a person may do. Nil changes nothing. The last coordinator
// stays one: fault.LastCoordinator.
func (r *Roll) Grant(who string, role *Role, manageContent *bool) (Member, error) {
	m, err := r.Find(who)
	if err != nil {
		return Member{}, err
	}
	if role != nil {
		if err := fault.Invalid(checkRole(*role)...); err != nil {
			return Member{}, err
		}
		if *role != Coordinator && r.isLast(*m) {
			return Member{}, fault.New(fault.LastCoordinator, "name", m.Name)
		}
		m.Role = *role
	}
	if manageContent != nil {
		m.ManageContent = *manageContent
	}
	return *m, nil
}

// Remove takes a person off the roll. The last coordinator stays:
// fault.LastCoordinator.
func (r *Roll) Remove(who string) (Member, error) {
	m, err := r.Find(who)
	if err != nil {
		return Member{}, err
	}
	if r.isLast(*m) {
		return Member{}, fault.New(fault.LastCoordinator, "name", m.Name)
	}
	removed := *m
	r.Members = slices.DeleteFunc(r.Members, func(m Member) bool { return m.ID == removed.ID })
	r.settle()
	return removed, nil
}

// SetPIN gives a person a PIN, or takes it away ("").
func (r *Roll) SetPIN(who string, pin Hash) (Member, error) {
	m, err := r.Find(who)
	if err != nil {
		return Member{}, err
	}
	m.PIN = pin
	r.settle()
	return *m, nil
}

// settle forgets the recovery code when there is no PIN to recover.
func (r *Roll) settle() {
	if !r.AnyPIN() {
		r.Recovery = ""
	}
}

func (r *Roll) isLast(m Member) bool {
	return m.Role == Coordinator && !slices.ContainsFunc(r.Members, func(other Member) bool {
		return other.ID != m.ID && other.Role == Coordinator
	})
}

// maxName is how long a name may be, in characters.
const maxName = 60

// name checks a name that is to be the person's of the id, and answers it
// without spaces around it.
func (r *Roll) name(name, id string) (string, []fault.Field) {
	name = strings.TrimSpace(name)
	if n := utf8.RuneCountInString(name); n == 0 {
		return "", []fault.Field{fault.At("name", fault.FieldRequired)}
	} else if n > maxName || !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl) {
		return "", []fault.Field{fault.At("name", fault.FieldName, "max", maxName)}
	}
	for _, m := range r.Members {
		if m.ID != id && (strings.EqualFold(m.Name, name) || strings.EqualFold(m.ID, name)) {
			return "", []fault.Field{fault.At("name", fault.FieldTaken, "value", name)}
		}
	}
	return name, nil
}

func checkRole(role Role) []fault.Field {
	if role == Coordinator || role == Teacher {
		return nil
	}
	return []fault.Field{fault.At("role", fault.FieldChoice, "choices", string(Coordinator)+", "+string(Teacher))}
}
