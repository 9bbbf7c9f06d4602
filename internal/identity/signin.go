package identity

import (
	"context"

	"parley"
	"parley/internal/store"
)

// deskRoles are the roles whose bearers work at the desk.
const deskRoles = parley.RoleModerator | parley.RoleEditor | parley.RoleAdministrator

// SignIn begins a session for whoever knows address and password. Unknown address, wrong password and
// unconfirmed address are refused alike, with parley.CodeSignInFailed and after the same work. After many
// failures in a row an address rests, known or not: parley.CodeTooManyRequests. parley.CodeBusy when too many
// sign in at once.
func (s *Service) SignIn(ctx context.Context, email, password string) (parley.Reader, Token, error) {
	return s.signIn(ctx, email, password, store.ScopeReader)
}

// SignInDesk begins a session at the desk, like SignIn, for readers who work there. Others are refused with
// parley.CodeForbidden once they have proved who they are.
func (s *Service) SignInDesk(ctx context.Context, email, password string) (parley.Reader, Token, error) {
	return s.signIn(ctx, email, password, store.ScopeDesk)
}

func (s *Service) signIn(ctx context.Context, email, password string, scope store.Scope) (parley.Reader, Token, error) {
	var nobody parley.Reader
	address, _ := cleanAddress(email) // "" is nobody's
	if wait := s.failures.wait(address, s.store.Now()); wait > 0 {
		return nobody, "", parley.Errorf(parley.CodeTooManyRequests, "Signing in failed too often with this address. Please try again later.").After(wait)
	}
	r, kept, err := s.keptFor(ctx, address)
	if err != nil {
		return nobody, "", err
	}
	fits, better, err := s.ways[wayPassword].prove(ctx, kept, password)
	if err != nil {
		return nobody, "", err
	}
	if !fits {
		s.failures.add(address, s.store.Now())
		return nobody, "", parley.Errorf(parley.CodeSignInFailed, "No account fits this address and password. An address must be confirmed before it can be used to sign in.")
	}
	s.failures.clear(address)
	token := newToken()
	err = s.store.Write(ctx, 0, func(tx *store.Tx) error {
		if r, err = tx.ReaderForVerb(s.site.ID, r.ID); err != nil {
			return err
		}
		if scope == store.ScopeDesk && r.Roles&deskRoles == 0 {
			return parley.Errorf(parley.CodeForbidden, "This account does not work at the desk.")
		}
		if better != "" {
			if err := tx.SetCredential(r.ID, wayPassword, "", better); err != nil {
				return err
			}
		}
		tx.Append(s.event(parley.EventSession, r.ID))
		return s.begin(tx, token, r, scope)
	})
	if err != nil {
		return nobody, "", err
	}
	return r, token, nil
}

// keptFor gives the reader who owns an address and what is kept of the password; nothing for nobody.
func (s *Service) keptFor(ctx context.Context, address string) (r parley.Reader, kept string, err error) {
	err = s.store.View(ctx, func(tx *store.Tx) error {
		found, err := tx.ReaderByAddress(s.site.ID, address)
		if err != nil && parley.CodeOf(err) != parley.CodeNotFound {
			return err
		}
		r = found
		kept, err = tx.Credential(r.ID, wayPassword, "") // asked for nobody too: the same work
		return err
	})
	return r, kept, err
}
