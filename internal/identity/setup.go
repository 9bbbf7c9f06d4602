package identity

import (
	"context"
	"crypto/subtle"
	"encoding/hex"
	"net/url"
	"strings"

	"parley"
	"parley/internal/store"
)

// SetupPath is where the setup link leads, below the site's base address.
const SetupPath = "/account/setup"

// firstRoles are what the first administrator gets: somebody has to moderate from the first day on.
const firstRoles = parley.RoleAdministrator | parley.RoleModerator | parley.RoleEditor

func (s *Service) setupKey() string { return "setup:" + s.site.Key }

// maxSetups is how many setup links are good at once: those of the last starts. More would only be links that
// nobody looks for any more.
const maxSetups = 8

// SetupLink gives the one-use address that makes the first administrator, to be printed on the console.
// needed is false once there is one. Links of earlier calls stay good, so that a restart, or another process on
// the same database, does not spoil one that somebody is about to open; the first use ends all of them.
func (s *Service) SetupLink(ctx context.Context) (link string, needed bool, err error) {
	secret := newSecret()
	sum, _ := hashOf(secret)
	err = s.store.Write(ctx, 0, func(tx *store.Tx) error {
		have, err := tx.AnyWithRole(s.site.ID, parley.RoleAdministrator)
		if needed = !have; err != nil || have {
			return err
		}
		kept, err := tx.Meta(s.setupKey())
		if err != nil {
			return err
		}
		all := append(strings.Fields(kept), hex.EncodeToString(sum))
		return tx.SetMeta(s.setupKey(), strings.Join(all[max(0, len(all)-maxSetups):], " "))
	})
	if err != nil || !needed {
		return "", false, err
	}
	return s.site.BaseURL + SetupPath + "?" + url.Values{"token": {secret}}.Encode(), true, nil
}

// InspectSetup looks at a setup link without spending it. It refuses with parley.CodeLinkGone.
func (s *Service) InspectSetup(ctx context.Context, secret string) error {
	sum, ok := hashOf(secret)
	if !ok {
		return errLinkGone()
	}
	return s.store.View(ctx, func(tx *store.Tx) error { return s.setupOpen(tx, sum) })
}

// ClaimSetup spends the setup link: its account is the first administrator, moderates, and counts as
// confirmed. It refuses like CreateConfirmed, and a link that is not or no longer good with
// parley.CodeLinkGone.
func (s *Service) ClaimSetup(ctx context.Context, secret string, given Registration) (parley.Reader, Token, error) {
	sum, ok := hashOf(secret)
	if !ok {
		return parley.Reader{}, "", errLinkGone()
	}
	if err := s.InspectSetup(ctx, secret); err != nil { // before hashing: strangers must not make us hash
		return parley.Reader{}, "", err
	}
	a, err := s.check(ctx, given, true)
	if err != nil {
		return parley.Reader{}, "", err
	}
	var r parley.Reader
	token := newToken()
	err = s.store.Write(ctx, 0, func(tx *store.Tx) error {
		if err := s.setupOpen(tx, sum); err != nil {
			return err
		}
		if r, err = s.openConfirmed(tx, a, firstRoles); err != nil {
			return err
		}
		if err := tx.SetMeta(s.setupKey(), ""); err != nil {
			return err
		}
		return s.begin(tx, token, r, store.ScopeReader)
	})
	if err != nil {
		return parley.Reader{}, "", err
	}
	return r, token, nil
}

func (s *Service) setupOpen(tx *store.Tx, sum []byte) error {
	kept, err := tx.Meta(s.setupKey())
	if err != nil {
		return err
	}
	have, err := tx.AnyWithRole(s.site.ID, parley.RoleAdministrator)
	if err != nil {
		return err
	}
	good := 0
	for _, one := range strings.Fields(kept) {
		good |= subtle.ConstantTimeCompare([]byte(one), []byte(hex.EncodeToString(sum)))
	}
	if have || good != 1 {
		return errLinkGone()
	}
	return nil
}
