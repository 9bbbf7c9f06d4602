package identity

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"time"

	"parley"
	"parley/internal/changes"
	"parley/internal/store"
)

// tokenBytes is the length of every secret made here, in bytes (trusted sources ask for 16; 32 cost nothing).
const tokenBytes = 32

// touchEvery is how often at most the use of a session is written down, so that reading writes nothing.
const touchEvery = time.Hour

// touchRest is how long no use is written down after that failed, so that a full disk does not make every
// page view try.
const touchRest = time.Minute

// Token is what a browser keeps to prove its session: 43 characters of base64url. It belongs into an HttpOnly
// cookie and nowhere else: no log, no page, no address. MaxAge tells how long the cookie lives.
type Token string

func newToken() Token { return Token(newSecret()) }

func newSecret() string {
	raw := make([]byte, tokenBytes)
	rand.Read(raw)
	return base64.RawURLEncoding.EncodeToString(raw)
}

// hashOf gives what is stored of a secret. Whatever newSecret cannot have made is refused without looking it
// up, so that garbage costs the same whatever its length.
func hashOf(secret string) (sum []byte, ok bool) {
	if len(secret) != base64.RawURLEncoding.EncodedLen(tokenBytes) {
		return nil, false
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(secret)
	if err != nil {
		return nil, false
	}
	hash := sha256.Sum256(raw)
	return hash[:], true
}

// lives gives how long a session lives unused and at most, and how long its cookie may outlive the browser.
// Until an address is confirmed the account lives in this browser's session only.
func lives(r parley.Reader, scope store.Scope) (idle, life, maxAge time.Duration) {
	switch {
	case scope == store.ScopeDesk:
		return parley.DeskIdle, parley.DeskLife, 0
	case !r.Confirmed():
		return parley.ConfirmLife, parley.SessionLife, 0
	}
	return parley.SessionIdle, parley.SessionLife, parley.SessionIdle
}

// MaxAge gives how long the cookie of a session may outlive the browser now; 0 = it ends with it. It changes
// when the address is confirmed, so the cookie is worth sending again then.
func MaxAge(r parley.Reader, scope store.Scope) time.Duration {
	_, _, maxAge := lives(r, scope)
	return maxAge
}

// begin adds a session for the token.
func (s *Service) begin(tx *store.Tx, token Token, r parley.Reader, scope store.Scope) error {
	sum, _ := hashOf(string(token))
	idle, _, _ := lives(r, scope)
	return tx.InsertSession(store.Session{
		Token: sum, Site: s.site.ID, Reader: r.ID, Scope: scope, CreatedAt: tx.Now, SeenAt: tx.Now, ExpiresAt: tx.Now.Add(idle),
	})
}

func errNobody() error { return parley.Errorf(parley.CodeSignInRequired, "Please sign in first.") }

// Who gives the living session behind a cookie and its reader, or refuses with parley.CodeSignInRequired. The reader's
// counts may be some seconds old; everything else is as it stands. The
// session's life is extended by its use; that is written down at most once an hour, and failing to does not
// keep anybody from reading.
func (s *Service) Who(ctx context.Context, secret string) (store.Session, parley.Reader, error) {
	sum, ok := hashOf(secret)
	if !ok {
		return store.Session{}, parley.Reader{}, errNobody()
	}
	key := [sha256.Size]byte(sum)
	mark, keep := int64(0), s.changes != nil
	if keep {
		var err error
		if mark, err = s.changes.Mark(ctx); err != nil {
			return store.Session{}, parley.Reader{}, err
		}
		if k, ok := s.known.Get(key); ok && s.holds(k) {
			if s.touch(ctx, &k.session, k.reader) {
				s.known.Set(key, k)
			}
			return k.session, k.reader, nil
		}
	}
	k := known{mark: mark, read: s.store.Now()}
	err := s.store.Read(ctx, func(tx *store.Tx) (err error) {
		k.session, k.reader, err = tx.Session(s.site.ID, sum)
		return err
	})
	if err != nil {
		return store.Session{}, parley.Reader{}, err
	}
	s.touch(ctx, &k.session, k.reader)
	if keep {
		s.known.Set(key, k)
	}
	return k.session, k.reader, nil
}

const (
	// maxKnown is how many sessions are kept in memory: half a kilobyte each.
	maxKnown = 20_000
	// reread is how long a kept session is used though nothing has happened to its reader, for what happens behind
	// the forum's back: a row deleted by hand.
	reread = 5 * time.Second
)

// known is a session that was read a moment ago.
type known struct {
	session store.Session
	reader  parley.Reader
	mark    int64       // of the changes, before it was read
	read    parley.Time // when
}

// holds tells whether reading the session again would give the same.
func (s *Service) holds(k known) bool {
	now := s.store.Now()
	return now < k.read.Add(reread) && now < k.session.ExpiresAt && s.changes.Quiet(k.mark, changes.Account(k.reader.ID))
}

// touch notes the use of a session when that is due, and tells whether it did.
func (s *Service) touch(ctx context.Context, session *store.Session, r parley.Reader) (noted bool) {
	now := s.store.Now()
	idle, life, _ := lives(r, session.Scope)
	expires := min(now.Add(idle), session.CreatedAt.Add(life))
	if now < session.SeenAt.Add(touchEvery) && expires < session.ExpiresAt.Add(touchEvery) || int64(now) < s.resting.Load() {
		return false
	}
	key := [sha256.Size]byte(session.Token)
	if _, already := s.touching.LoadOrStore(key, true); already {
		return false
	}
	defer s.touching.Delete(key)
	err := s.store.Write(ctx, 0, func(tx *store.Tx) error { return tx.TouchSession(session.Token, expires) })
	if err != nil {
		s.resting.Store(int64(now.Add(touchRest)))
		s.log.Warn("the use of a session was not noted", "error", err)
		return false
	}
	session.SeenAt, session.ExpiresAt = now, expires
	return true
}

// Viewer gives who looks at a page in a session. Only a desk session brings moderating powers.
func Viewer(session store.Session, r parley.Reader) parley.Viewer {
	return parley.Viewer{Site: r.Site, Reader: r.ID, Roles: r.Roles, Desk: session.Scope == store.ScopeDesk}
}

// SignOut ends the session of a cookie. One that has ended already is no error. The name of an account that
// can never be used again and wrote nothing is free from then on.
func (s *Service) SignOut(ctx context.Context, token Token) error {
	sum, ok := hashOf(string(token))
	if !ok {
		return nil
	}
	return s.store.Write(ctx, 0, func(tx *store.Tx) error {
		_, r, err := tx.Session(s.site.ID, sum)
		if parley.CodeOf(err) == parley.CodeSignInRequired {
			return nil
		}
		if err != nil {
			return err
		}
		if err := tx.EndSession(sum); err != nil {
			return err
		}
		return s.ended(tx, r.ID)
	})
}

// SignOutEverywhere ends every session of a reader, at the desk too.
func (s *Service) SignOutEverywhere(ctx context.Context, r parley.Reader) error {
	return s.store.Write(ctx, 0, func(tx *store.Tx) error { return s.endAll(tx, r.ID) })
}

func (s *Service) endAll(tx *store.Tx, reader parley.ID) error {
	if err := tx.EndSessions(reader); err != nil {
		return err
	}
	return s.ended(tx, reader)
}

// ended says that sessions of a reader ended and tidies up after an account nobody can use any more.
func (s *Service) ended(tx *store.Tx, reader parley.ID) error {
	tx.Append(s.event(parley.EventSession, reader))
	return tx.FreeName(reader)
}
