package identity

import (
	"context"

	"parley"
	"parley/internal/store"
)

// Registration is what somebody fills in to become a reader. Nothing in it has been checked.
type Registration struct {
	Name     string
	Email    string
	Password string
}

// account is a registration that has been checked, with its hash.
type account struct {
	name, nameKey, email, secret string
}

// check refuses what no account can be made of, and hashes the password. staff may bear a reserved name.
func (s *Service) check(ctx context.Context, given Registration, staff bool) (a account, err error) {
	if a.name, err = CleanName(given.Name); err != nil {
		return a, err
	}
	if a.nameKey = NameKey(a.name); !staff && s.reserved(a.name) {
		return a, errNameTaken()
	}
	if a.email, err = cleanAddress(given.Email); err != nil {
		return a, err
	}
	if err := checkPassword(given.Password, s.guessWords(a.name, a.email)); err != nil {
		return a, err
	}
	a.secret, err = s.ways[wayPassword].seal(ctx, given.Password)
	return a, err
}

// open adds the account without a confirmed address. It refuses a name in use with parley.CodeNameTaken.
func (s *Service) open(tx *store.Tx, a account, roles parley.Role) (parley.Reader, error) {
	r := parley.Reader{ID: tx.NewID(), Site: s.site.ID, Name: a.name, Email: a.email, Roles: roles, CreatedAt: tx.Now}
	taken, err := tx.InsertReader(r, a.nameKey)
	if err != nil {
		return r, err
	}
	if taken {
		return r, errNameTaken()
	}
	return r, tx.SetCredential(r.ID, wayPassword, "", a.secret)
}

// Register makes an account and signs it in. The answer is the same whether the address is known or not: an
// address belongs to nobody until it is confirmed, so there is always an account, and what the mail says is
// decided later, by who owns the address. It refuses with the codes of names, addresses and passwords, with
// parley.CodeNameTaken (names are public) and, when too many are registering, with parley.CodeBusy.
func (s *Service) Register(ctx context.Context, given Registration) (parley.Reader, Token, error) {
	a, err := s.check(ctx, given, false)
	if err != nil {
		return parley.Reader{}, "", err
	}
	var r parley.Reader
	token := newToken()
	err = s.store.Write(ctx, 0, func(tx *store.Tx) error {
		if r, err = s.open(tx, a, 0); err != nil {
			return err
		}
		kind, err := registeredAs(tx, r)
		if err != nil {
			return err
		}
		tx.Append(s.event(kind, r.ID))
		return s.begin(tx, token, r, store.ScopeReader)
	})
	if err != nil {
		return parley.Reader{}, "", err
	}
	s.resends.Take(r.ID.String(), s.store.Now())
	return r, token, nil
}

// registeredAs tells which mail an account waits for: its own confirmation, or the word to the owner of the
// address that somebody else tried it.
func registeredAs(tx *store.Tx, r parley.Reader) (parley.EventKind, error) {
	_, err := tx.ReaderByAddress(r.Site, r.Email)
	switch parley.CodeOf(err) {
	case "":
		return parley.EventKnownAddress, nil
	case parley.CodeNotFound:
		return parley.EventRegistered, nil
	}
	return "", err
}

// CreateConfirmed makes an account whose address counts as confirmed, for the demo and for operators. It
// refuses like Register, and with parley.CodeEmailInvalid an address that belongs to somebody.
func (s *Service) CreateConfirmed(ctx context.Context, given Registration, roles parley.Role) (parley.Reader, error) {
	a, err := s.check(ctx, given, true)
	if err != nil {
		return parley.Reader{}, err
	}
	var r parley.Reader
	err = s.store.Write(ctx, 0, func(tx *store.Tx) error {
		r, err = s.openConfirmed(tx, a, roles)
		return err
	})
	return r, err
}

func (s *Service) openConfirmed(tx *store.Tx, a account, roles parley.Role) (parley.Reader, error) {
	r, err := s.open(tx, a, roles)
	if err != nil {
		return r, err
	}
	done, err := tx.ConfirmAddress(r)
	if err != nil {
		return r, err
	}
	if !done {
		return r, parley.Errorf(parley.CodeEmailInvalid, "This address belongs to a reader of this site already.").On("email")
	}
	r.ConfirmedAt = tx.Now
	tx.Append(s.event(parley.EventConfirmed, r.ID))
	if roles != 0 {
		tx.Append(s.event(parley.EventRolesChanged, r.ID))
	}
	return r, nil
}
