package identity

import (
	"context"
	"crypto/sha256"
	"encoding/base64"

	"parley"
	"parley/internal/store"
)

// Offer keeps, for parley.RedeemLife, that the page at origin which knows the verifier behind challenge may
// sign the reader in. challenge is BASE64URL(SHA-256(ASCII(verifier))), as in RFC 7636 section 4.2. origin
// must be what the browser says opened the sign-in window, not what its address claims; one that may not
// embed the site's conversations is refused with parley.CodeForbidden.
func (s *Service) Offer(ctx context.Context, r parley.Reader, challenge, origin string) error {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(challenge)
	if err != nil || len(raw) != sha256.Size {
		return parley.Errorf(parley.CodeMalformed, "This sign-in window was not opened by the forum's own program.").On("challenge")
	}
	if !s.site.Embeds(origin) {
		return parley.Errorf(parley.CodeForbidden, "Pages of this address may not sign readers in.").On("origin")
	}
	return s.store.Write(ctx, 0, func(tx *store.Tx) error {
		return tx.Offer(raw, r.ID, origin, tx.Now.Add(parley.RedeemLife))
	})
}

// Redeem spends an offer and begins a session for the page that made the verifier, 43 characters of
// base64url. origin is the request's own. It refuses with parley.CodeLinkGone.
func (s *Service) Redeem(ctx context.Context, verifier, origin string) (parley.Reader, Token, error) {
	if _, ok := hashOf(verifier); !ok {
		return parley.Reader{}, "", errLinkGone()
	}
	challenge := sha256.Sum256([]byte(verifier))
	var r parley.Reader
	token := newToken()
	err := s.store.Write(ctx, 0, func(tx *store.Tx) error {
		id, err := tx.Redeem(challenge[:], origin)
		if err != nil {
			return err
		}
		if r, err = tx.ReaderForVerb(s.site.ID, id); err != nil {
			return err
		}
		tx.Append(s.event(parley.EventSession, r.ID))
		return s.begin(tx, token, r, store.ScopeReader)
	})
	if err != nil {
		return parley.Reader{}, "", err
	}
	return r, token, nil
}
