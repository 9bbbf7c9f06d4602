package desk

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"parley/internal/identity"
	"parley/internal/web"
	"parley/internal/web/page"
)

type signInView struct {
	page.Frame
	Next    string // where to go on; the path of a form when Kept is one's
	Kept    string // a form that could not be taken without signing in, as it was sent; "" = none
	Email   string
	Problem *page.Problem
}

// ownPath gives a path of the desk's own to go on with.
func ownPath(raw string) string {
	next := page.OwnPath(raw)
	if next == "/desk" || strings.HasPrefix(next, "/desk?") || strings.HasPrefix(next, "/desk/stories") {
		return next
	}
	return "/desk"
}

// signingIn shows the form to sign in at the desk.
func (d *Desk) signingIn(w http.ResponseWriter, r *http.Request, who web.Asker) error {
	next := ownPath(r.URL.Query().Get("next"))
	if who.Reader.ID != 0 {
		return d.SeeOther(w, r, next)
	}
	return d.showSignIn(w, http.StatusOK, signInView{Next: next})
}

func (d *Desk) showSignIn(w http.ResponseWriter, status int, v signInView) error {
	v.Frame = d.PrivateFrame("Sign in at the desk", web.Asker{})
	return d.Show(w, status, "desk-sign-in", v)
}

// signIn begins a session at the desk. The reader's session, if there is one, is another and stays.
func (d *Desk) signIn(w http.ResponseWriter, r *http.Request, _ web.Asker, in url.Values) error {
	v := signInView{Next: ownPath(in.Get("next")), Kept: in.Get("kept"), Email: in.Get("email")}
	who := web.Asker{}
	err := d.f.AllowSignIn(r, v.Email)
	if err == nil {
		var token identity.Token
		if who.Reader, token, err = d.f.Identity.SignInDesk(r.Context(), v.Email, in.Get("password")); err == nil {
			d.f.SignInDesk(w, r, string(token))
		}
	}
	status := 0
	switch {
	case err == nil && v.Kept == "":
		return d.SeeOther(w, r, v.Next)
	case err == nil:
		return d.showAgain(w, who, v)
	}
	if v.Problem, status, err = page.Refused(w, r, err); err != nil {
		return err
	}
	return d.showSignIn(w, status, v)
}

type againView struct {
	page.Frame
	Next   string
	Fields []keptField
}

type keptField struct{ Name, Value string }

// showAgain hands back the form that came along, to be sent.
func (d *Desk) showAgain(w http.ResponseWriter, who web.Asker, v signInView) error {
	kept, err := url.ParseQuery(v.Kept)
	if err != nil {
		return page.ErrNoButton()
	}
	again := againView{Frame: d.PrivateFrame("You are signed in", who), Next: v.Next}
	for name, values := range kept {
		for _, value := range values {
			again.Fields = append(again.Fields, keptField{name, value})
		}
	}
	slices.SortStableFunc(again.Fields, func(a, b keptField) int { return strings.Compare(a.Name, b.Name) })
	return d.Show(w, http.StatusOK, "desk-again", again)
}

// signingOut asks whether to sign out.
func (d *Desk) signingOut(w http.ResponseWriter, _ *http.Request, who web.Asker) error {
	return d.Show(w, http.StatusOK, "desk-sign-out", d.PrivateFrame("Sign out", who))
}

// signOut ends the session at the desk, and no other.
func (d *Desk) signOut(w http.ResponseWriter, r *http.Request, who web.Asker, _ url.Values) error {
	if who.Reader.ID != 0 {
		if err := d.f.Identity.SignOut(r.Context(), identity.Token(who.Token)); err != nil {
			return err
		}
	}
	d.f.SignOutDesk(w, r)
	return d.SeeOther(w, r, "/desk/sign-out")
}
