package web

import (
	"log/slog"
	"net/http"
	"time"

	"parley"
	"parley/internal/identity"
	"parley/internal/store"
)

// Asker is who asks: a signed-in reader, or nobody when Reader.ID is 0.
type Asker struct {
	Reader  parley.Reader
	Session store.Session
	Token   string
}

// Viewer gives the asker as a viewer of the site. Moderating powers count at the desk only.
func (a Asker) Viewer(site parley.Site) parley.Viewer {
	return parley.Viewer{Site: site.ID, Reader: a.Reader.ID, Roles: a.Reader.Roles}
}

// Who finds out who asks, once a request. A cookie that means nothing is nobody, not an error.
func (f *Forum) Who(r *http.Request) (Asker, error) {
	known := askedOf(r)
	if known.who == nil && known.err == nil {
		who, err := f.who(r, f.cookieName())
		known.who, known.err = &who, err
	}
	if known.err != nil {
		return Asker{}, known.err
	}
	return *known.who, nil
}

func (f *Forum) who(r *http.Request, name string) (Asker, error) {
	cookie, err := r.Cookie(name)
	if err != nil || cookie.Value == "" {
		return Asker{}, nil
	}
	session, reader, err := f.Identity.Who(r.Context(), cookie.Value)
	if parley.CodeOf(err) == parley.CodeSignInRequired {
		return Asker{}, nil
	}
	return Asker{Reader: reader, Session: session, Token: cookie.Value}, err
}

// HasCookie tells whether a request brings any cookie of ours, meaningful or not: its answer is then kept by
// no cache.
func (f *Forum) HasCookie(r *http.Request) bool {
	_, err := r.Cookie(f.cookieName())
	return err == nil
}

// Reader gives the signed-in reader who asks, or refuses with CodeSignInRequired.
func (f *Forum) Reader(r *http.Request) (Asker, error) {
	who, err := f.Who(r)
	if err == nil && (who.Reader.ID == 0 || who.Session.Scope != store.ScopeReader) {
		err = parley.Errorf(parley.CodeSignInRequired, "Please sign in first.")
	}
	return who, err
}

// AtDesk finds out who is signed in at the desk, by the desk's own cookie: nobody when there is none, or one that
// means nothing. Any other cookie means nothing here.
func (f *Forum) AtDesk(r *http.Request) (Asker, error) {
	who, err := f.who(r, f.deskCookieName())
	if who.Session.Scope != store.ScopeDesk {
		return Asker{}, err
	}
	return who, err
}

// Staff gives whoever is signed in at the desk, by the desk's own cookie and from the forum's own pages only. The
// reader's cookie can never do the newsroom's work: it lies within reach of every script on the newspaper's pages.
// What the roles allow is for the verbs to say.
func (f *Forum) Staff(r *http.Request) (Asker, error) {
	who, err := f.AtDesk(r)
	if err != nil {
		return Asker{}, err
	}
	if who.Reader.ID == 0 {
		return Asker{}, parley.Errorf(parley.CodeSignInRequired, "Please sign in at the desk first.")
	}
	// Older browsers say where a request comes from in Origin alone.
	site, origin := r.Header.Get("Sec-Fetch-Site"), r.Header.Get("Origin")
	if site != "" && site != "same-origin" && site != "none" || origin != "" && origin != f.Origin() {
		return Asker{}, parley.Errorf(parley.CodeCrossOrigin, "Decisions are made on the forum's own pages.")
	}
	return who, nil
}

// Moderator gives the viewer of whoever is signed in at the desk, as Staff does.
func (f *Forum) Moderator(r *http.Request) (parley.Viewer, error) {
	who, err := f.Staff(r)
	if err != nil {
		return parley.Viewer{}, err
	}
	v := who.Viewer(f.Site)
	v.Desk = true
	return v, nil
}

// cookieName gives the name of the reader's cookie. The __Host- prefix makes the browser hold to Secure, no
// Domain and Path=/ (RFC 6265bis); on plain http at home it cannot be used.
func (f *Forum) cookieName() string {
	if f.Secure {
		return "__Host-parley"
	}
	return "parley"
}

func (f *Forum) deskCookieName() string { return f.cookieName() + "-desk" }

// SignIn gives the browser its session and ends the one it had: nobody holds the cookie of that any more. Until
// the address is confirmed the session ends with the browser.
func (f *Forum) SignIn(w http.ResponseWriter, r *http.Request, token string, reader parley.Reader) {
	f.endSession(r, f.cookieName(), token)
	cookie := f.cookie(r, f.cookieName(), token)
	cookie.MaxAge = int(identity.MaxAge(reader, store.ScopeReader) / time.Second)
	http.SetCookie(w, cookie)
}

// SignInDesk gives the browser its session at the desk, likewise.
func (f *Forum) SignInDesk(w http.ResponseWriter, r *http.Request, token string) {
	f.endSession(r, f.deskCookieName(), token)
	cookie := f.cookie(r, f.deskCookieName(), token)
	cookie.SameSite, cookie.Partitioned = http.SameSiteStrictMode, false
	http.SetCookie(w, cookie)
}

// endSession ends the session whose cookie a new token is about to take the place of. The new session has begun
// whatever comes of it.
func (f *Forum) endSession(r *http.Request, name, token string) {
	old, err := r.Cookie(name)
	if err != nil || old.Value == token {
		return
	}
	if err := f.Identity.SignOut(r.Context(), identity.Token(old.Value)); err != nil {
		slog.WarnContext(r.Context(), "a session that was left behind did not end", "request", RequestID(r), "error", err)
	}
}

// SignOut takes our cookies back by name. Clear-Site-Data would take the newspaper's own with them.
func (f *Forum) SignOut(w http.ResponseWriter, r *http.Request) {
	cookie := f.cookie(r, f.cookieName(), "")
	cookie.MaxAge = -1
	http.SetCookie(w, cookie)
}

// SignOutDesk takes the desk's cookie back, likewise.
func (f *Forum) SignOutDesk(w http.ResponseWriter, r *http.Request) {
	cookie := f.cookie(r, f.deskCookieName(), "")
	cookie.MaxAge, cookie.SameSite, cookie.Partitioned = -1, http.SameSiteStrictMode, false
	http.SetCookie(w, cookie)
}

func (f *Forum) cookie(r *http.Request, name, value string) *http.Cookie {
	c := &http.Cookie{Name: name, Value: value, Path: "/", HttpOnly: true, Secure: f.Secure, SameSite: http.SameSiteLaxMode}
	if f.Secure && r.Header.Get("Sec-Fetch-Site") == "cross-site" {
		c.SameSite, c.Partitioned = http.SameSiteNoneMode, true
	}
	return c
}
