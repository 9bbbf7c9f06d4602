package parley

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Role is a set of powers on one site, combined by |. A reader without any is just a reader.
type Role int

// The roles. Administrator does not imply the others: who should moderate gets that role too.
const (
	RoleAuthor        Role = 1 << iota // wrote served pieces; wears the badge
	RoleEditor                         // newsroom staff; wears the badge
	RoleModerator                      // may decide on comments, from the desk only
	RoleAdministrator                  // may give roles
)

// Has tells whether every role of want is in r.
func (r Role) Has(want Role) bool { return r&want == want }

// Badge gives the one word shown beside the name: "Author", "Editor", "Moderator" or "".
func (r Role) Badge() string {
	switch {
	case r.Has(RoleAuthor):
		return "Author"
	case r.Has(RoleEditor):
		return "Editor"
	case r.Has(RoleModerator):
		return "Moderator"
	}
	return ""
}

var roleNames = []string{"author", "editor", "moderator", "administrator"}

// Names lists the roles in r by their lower-case names, for JSON.
func (r Role) Names() []string {
	names := []string{}
	for i, name := range roleNames {
		if r.Has(1 << i) {
			names = append(names, name)
		}
	}
	return names
}

// ParseRoles reads roles by their names. It refuses an unknown one with CodeMalformed.
func ParseRoles(names []string) (roles Role, err error) {
	for _, name := range names {
		i := slices.Index(roleNames, name)
		if i < 0 {
			return 0, Errorf(CodeMalformed, "There are the roles author, editor, moderator and administrator.").On("roles")
		}
		roles |= 1 << i
	}
	return roles, nil
}

// Reader is an account on one site. Email never leaves the program in any public answer or log.
type Reader struct {
	ID          ID
	Site        ID
	Name        string // 2–40 characters, NFC, not confusable with another in use
	Email       string // "" when unknown (imported accounts); belongs to nobody until confirmed
	ConfirmedAt Time   // when the address was proved; 0 = not yet
	Roles       Role
	Hidden      bool // the profile is hidden, which also stops new follows
	CreatedAt   Time
	Comments    int // published comments
	LastComment ID  // the newest published comment; 0 = none
}

// Confirmed tells whether the reader has proved the address.
func (r Reader) Confirmed() bool { return r.ConfirmedAt != 0 }

// Byline gives what every page may show of the reader.
func (r Reader) Byline() Byline { return Byline{ID: r.ID, Name: r.Name, Roles: r.Roles} }

// Byline is the public part of a reader that stands at a comment.
type Byline struct {
	ID    ID
	Name  string
	Roles Role
}

// Initials gives one or two letters for the round sign beside a comment: the first of the first and of the
// last word.
func (b Byline) Initials() string {
	words := strings.Fields(b.Name)
	if len(words) == 0 {
		return "?"
	}
	initials := firstRune(words[0])
	if len(words) > 1 {
		initials += firstRune(words[len(words)-1])
	}
	return strings.ToUpper(initials)
}

func firstRune(s string) string {
	_, size := utf8.DecodeRuneInString(s)
	return s[:size]
}

// Viewer is who is looking. The zero Viewer on a site is nobody: what nobody may see is what everybody sees.
type Viewer struct {
	Site   ID
	Reader ID // 0 = nobody
	Roles  Role
	Desk   bool // signed in at the desk: only then do moderating roles count
}

// Nobody gives the viewer that shared pages are built for.
func Nobody(site ID) Viewer { return Viewer{Site: site} }

// Moderates tells whether the viewer may see what is hidden from readers.
func (v Viewer) Moderates() bool { return v.Desk && v.Roles.Has(RoleModerator) }
