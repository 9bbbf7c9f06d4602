package identity

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"strings"

	"parley"
	"parley/internal/store"
)

// codeLength makes 40 bits: with parley.ConfirmTries tries a mail, guessing is hopeless.
const codeLength = 8

// codeLetters leaves out what people misread (Crockford's base 32: no I, L, O, U).
const codeLetters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// codeOf derives the code to be typed from the token of the link, so that one row proves both.
func codeOf(secret string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte("parley: the code beside a confirmation link"))
	code := make([]byte, codeLength)
	for i, b := range mac.Sum(nil)[:codeLength] {
		code[i] = codeLetters[b%32]
	}
	return string(code)
}

// codeHash gives what is stored of a code; the reader is part of it, so that no table of codes fits two rows.
func codeHash(reader parley.ID, code string) []byte {
	sum := sha256.Sum256(append(binary.BigEndian.AppendUint64(nil, uint64(reader)), code...))
	return sum[:]
}

// readCode takes a typed code as people type it: any case, with spaces or dashes, O for 0, I and L for 1.
func readCode(typed string) string {
	if len(typed) > 4*codeLength {
		return ""
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == 'O':
			return '0'
		case r == 'I', r == 'L':
			return '1'
		case strings.ContainsRune(codeLetters, r):
			return r
		}
		return -1
	}, strings.ToUpper(typed))
}

func errLinkGone() error {
	return parley.Errorf(parley.CodeLinkGone, "This link has been used or has lapsed.")
}

// MintConfirmation makes the token that a mail to the reader carries; an older one dies. It is called when
// the mail is sent, so that the link's clock starts then and nothing but hashes waits anywhere. It refuses
// with parley.CodeLinkGone when there is nothing left to confirm.
func (s *Service) MintConfirmation(ctx context.Context, reader parley.ID) (secret string, err error) {
	secret = newSecret()
	sum, _ := hashOf(secret)
	err = s.store.Write(ctx, 0, func(tx *store.Tx) error {
		r, err := tx.ReaderForVerb(s.site.ID, reader)
		if err != nil {
			return err
		}
		if r.Confirmed() {
			return errLinkGone()
		}
		return tx.SetConfirmation(store.Confirmation{
			Reader: reader, Token: sum, Code: codeHash(reader, codeOf(secret)), ExpiresAt: tx.Now.Add(parley.ConfirmLife),
		})
	})
	if err != nil {
		return "", err
	}
	return secret, nil
}

// Inspect looks at a confirmation link without spending it, for the page that a GET shows: same tells that
// viewer (zero for nobody) is signed in to the very account, so a button may confirm; otherwise code is what
// to type there, to be shown beside "this was not me". It refuses with parley.CodeLinkGone.
func (s *Service) Inspect(ctx context.Context, secret string, viewer parley.Reader) (same bool, code string, err error) {
	sum, ok := hashOf(secret)
	if !ok {
		return false, "", errLinkGone()
	}
	var c store.Confirmation
	err = s.store.Read(ctx, func(tx *store.Tx) error {
		c, err = tx.ConfirmationByToken(sum)
		return err
	})
	if err != nil {
		return false, "", err
	}
	if c.Reader == viewer.ID {
		return true, "", nil
	}
	return false, codeOf(secret), nil
}

// Confirm spends a link in a session of the account that asked: the address is the reader's from then on and
// what waited for it is published. It refuses with parley.CodeLinkGone, without saying why: used, lapsed,
// another account's, or the address became somebody else's meanwhile.
func (s *Service) Confirm(ctx context.Context, r parley.Reader, secret string) error {
	sum, ok := hashOf(secret)
	if !ok {
		return errLinkGone()
	}
	return s.spend(ctx, r, func(tx *store.Tx) (bool, error) {
		c, err := tx.ConfirmationByToken(sum)
		return c.Reader == r.ID, err
	})
}

// ConfirmByCode does what Confirm does, by the code that the link shows in another browser. It refuses a
// wrong one with parley.CodeWrongCode; the link dies with the last of parley.ConfirmTries.
func (s *Service) ConfirmByCode(ctx context.Context, r parley.Reader, typed string) error {
	sum := codeHash(r.ID, readCode(typed))
	wrong := false
	err := s.spend(ctx, r, func(tx *store.Tx) (bool, error) {
		c, err := tx.ConfirmationOf(r.ID)
		if err != nil {
			return false, err
		}
		if wrong = subtle.ConstantTimeCompare(c.Code, sum) != 1; wrong {
			return false, tx.CountTry(r.ID)
		}
		return true, nil
	})
	if wrong && parley.CodeOf(err) == parley.CodeLinkGone {
		return parley.Errorf(parley.CodeWrongCode, "This is not the code. Please compare it with the page that the link in the mail opened.").On("code")
	}
	return err
}

// spend confirms the reader's address if proved says so, in one transaction. Whatever came of it stays done:
// a try is counted and a link is spent even when the confirmation is refused.
func (s *Service) spend(ctx context.Context, asking parley.Reader, proved func(*store.Tx) (bool, error)) error {
	done := false
	err := s.store.Write(ctx, 0, func(tx *store.Tx) error {
		done = false
		ok, err := proved(tx)
		if err != nil || !ok {
			return err
		}
		r, err := tx.ReaderForVerb(s.site.ID, asking.ID)
		if err != nil {
			return err
		}
		if done, err = tx.ConfirmAddress(r); err != nil {
			return err
		}
		if err := tx.EndConfirmation(r.ID); err != nil || !done {
			return err
		}
		r.ConfirmedAt = tx.Now
		tx.Append(s.event(parley.EventConfirmed, r.ID))
		return s.publishHeld(tx, r)
	})
	if err == nil && !done {
		err = errLinkGone()
	}
	return err
}

// Disown is "this was not me", said by whoever got the mail: the link dies and so does the account's session,
// after which nobody can ever use the account. It refuses with parley.CodeLinkGone.
func (s *Service) Disown(ctx context.Context, secret string) error {
	sum, ok := hashOf(secret)
	if !ok {
		return errLinkGone()
	}
	return s.store.Write(ctx, 0, func(tx *store.Tx) error {
		c, err := tx.ConfirmationByToken(sum)
		if err != nil {
			return err
		}
		if err := tx.EndConfirmation(c.Reader); err != nil {
			return err
		}
		return s.endAll(tx, c.Reader)
	})
}

// Resend asks for another confirmation mail. It refuses with parley.CodeTooManyRequests beyond three an hour
// or ten a day, the first one included; for a confirmed reader it does nothing. It counts by account, so that
// a refusal tells nobody who else asks for mail to that address; how much one address gets is bounded where
// mail is sent.
func (s *Service) Resend(ctx context.Context, r parley.Reader) error {
	if r.Confirmed() {
		return nil
	}
	if wait := s.resends.Take(r.ID.String(), s.store.Now()); wait > 0 {
		return parley.Errorf(parley.CodeTooManyRequests, "Several mails have gone to this address already. Please look for them, also where unwanted mail is kept, and ask again later.").After(wait)
	}
	return s.store.Write(ctx, 0, func(tx *store.Tx) error {
		kind, err := registeredAs(tx, r)
		if err != nil {
			return err
		}
		tx.Append(s.event(kind, r.ID))
		return nil
	})
}
