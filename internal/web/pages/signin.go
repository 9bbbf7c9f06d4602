package pages

import (
	"net/http"
	"net/url"
	"strings"

	"parley"
	"parley/internal/identity"
	"parley/internal/web"
	"parley/internal/web/page"
)

type registerView struct {
	page.Frame
	kept
	Heading     string
	Action      string
	Submit      string
	Token       string // of a setup link
	Name, Email string
	Problem     *page.Problem
	MinPassword int
}

type signInView struct {
	page.Frame
	kept
	Email   string
	Problem *page.Problem
	As      string // who is signed in already
}

// doShow is what the button says that only goes from one of the two forms to the other, with what is kept.
const doShow = "show"

// registering shows the form to register.
func (p *Pages) registering(w http.ResponseWriter, r *http.Request, who web.Asker) error {
	next := p.cameFrom(r)
	if who.Reader.ID != 0 {
		return p.showSignIn(w, http.StatusOK, signInView{kept: kept{Next: next}, As: who.Reader.Name})
	}
	return p.showRegister(w, http.StatusOK, registerView{kept: kept{Next: next}})
}

func (p *Pages) showRegister(w http.ResponseWriter, status int, v registerView) error {
	v.Frame = p.PrivateFrame("Register", web.Asker{})
	v.Heading, v.Action, v.Submit, v.MinPassword = "Join our commenting forum", "/account/register", "Register", parley.MinPassword
	return p.Show(w, status, "register", v)
}

// keptOf reads what travels with a form.
func keptOf(in url.Values) kept {
	return kept{Next: page.OwnPath(in.Get("next")), Body: in.Get("body"), Key: in.Get("key")}
}

func registrationOf(in url.Values) identity.Registration {
	return identity.Registration{Name: in.Get("name"), Email: in.Get("email"), Password: in.Get("password")}
}

// register makes an account and signs it in. The same form sent again by the account it made is thanked again.
func (p *Pages) register(w http.ResponseWriter, r *http.Request, who web.Asker, in url.Values) error {
	k := keptOf(in)
	switch {
	case who.Reader.ID != 0 && strings.EqualFold(who.Reader.Email, strings.TrimSpace(in.Get("email"))):
		return p.welcome(w, who, k, true)
	case who.Reader.ID != 0:
		return p.showSignIn(w, http.StatusOK, signInView{kept: k, As: who.Reader.Name})
	case in.Get("do") == doShow:
		return p.showRegister(w, http.StatusOK, registerView{kept: k})
	}
	reader, err := p.registerReader(w, r, in)
	if err != nil {
		problem, status, err := page.Refused(w, r, err)
		if err != nil {
			return err
		}
		return p.showRegister(w, status, registerView{kept: k, Name: in.Get("name"), Email: in.Get("email"), Problem: problem})
	}
	return p.welcome(w, web.Asker{Reader: reader}, k, true)
}

func (p *Pages) registerReader(w http.ResponseWriter, r *http.Request, in url.Values) (parley.Reader, error) {
	if err := p.f.AllowAddress(r, web.PaceRegister); err != nil {
		return parley.Reader{}, err
	}
	reader, token, err := p.f.Identity.Register(r.Context(), registrationOf(in))
	if err == nil {
		p.f.SignIn(w, r, string(token), reader)
	}
	return reader, err
}

type welcomeView struct {
	page.Frame
	kept
	Reader  parley.Reader
	New     bool // just registered
	Waits   bool // comments wait until the address is confirmed
	Writing bool // a comment came along
	MaxBody int

	Answering bool // it is the reason for an answer to a question
}

// welcome thanks whoever has registered, and hands back the comment that came along.
func (p *Pages) welcome(w http.ResponseWriter, who web.Asker, k kept, isNew bool) error {
	v := welcomeView{
		Frame: p.PrivateFrame("You are signed in", who), kept: k, Reader: who.Reader, New: isNew,
		Waits: p.f.Site.HoldUnconfirmed && !who.Reader.Confirmed(), MaxBody: parley.MaxBody,
		Answering: k.Body != "" && strings.HasPrefix(k.Next, "/q/"),
	}
	v.Writing = v.Answering || k.Body != "" && strings.HasPrefix(k.Next, "/s/")
	if isNew {
		v.Title = "Thank you for registering"
	}
	return p.Show(w, http.StatusOK, "welcome", v)
}

// signingIn shows the form to sign in.
func (p *Pages) signingIn(w http.ResponseWriter, r *http.Request, who web.Asker) error {
	return p.showSignIn(w, http.StatusOK, signInView{kept: kept{Next: p.cameFrom(r)}, As: who.Reader.Name})
}

// cameFrom gives where to go after signing in: what the link says, else the page of ours that it was on. Links are the
// same for everybody, and on many pages; so they need not say it.
func (p *Pages) cameFrom(r *http.Request) string {
	if said := r.URL.Query().Get("next"); said != "" {
		return page.OwnPath(said)
	}
	if before, found := strings.CutPrefix(r.Referer(), p.f.Site.BaseURL+"/"); found && !strings.HasPrefix(before, "account/") {
		return page.OwnPath("/" + before)
	}
	return page.OwnPath("")
}

func (p *Pages) showSignIn(w http.ResponseWriter, status int, v signInView) error {
	v.Frame = p.PrivateFrame("Sign in", web.Asker{})
	return p.Show(w, status, "sign-in", v)
}

// signIn begins a session. Whoever is signed in as somebody else leaves that session behind.
func (p *Pages) signIn(w http.ResponseWriter, r *http.Request, who web.Asker, in url.Values) error {
	k := keptOf(in)
	if in.Get("do") == doShow {
		return p.showSignIn(w, http.StatusOK, signInView{kept: k, As: who.Reader.Name})
	}
	reader, err := p.signInReader(w, r, in)
	if err != nil {
		problem, status, err := page.Refused(w, r, err)
		if err != nil {
			return err
		}
		return p.showSignIn(w, status, signInView{kept: k, Email: in.Get("email"), Problem: problem})
	}
	if k.Body == "" {
		return p.SeeOther(w, r, k.Next)
	}
	return p.welcome(w, web.Asker{Reader: reader}, k, false)
}

func (p *Pages) signInReader(w http.ResponseWriter, r *http.Request, in url.Values) (parley.Reader, error) {
	if err := p.f.AllowSignIn(r, in.Get("email")); err != nil {
		return parley.Reader{}, err
	}
	reader, token, err := p.f.Identity.SignIn(r.Context(), in.Get("email"), in.Get("password"))
	if err == nil {
		p.f.SignIn(w, r, string(token), reader)
	}
	return reader, err
}

// signingOut asks whether to sign out: opening a page never ends a session.
func (p *Pages) signingOut(w http.ResponseWriter, _ *http.Request, who web.Asker) error {
	return p.Show(w, http.StatusOK, "sign-out", p.PrivateFrame("Sign out", who))
}

// signOut ends the session.
func (p *Pages) signOut(w http.ResponseWriter, r *http.Request, who web.Asker, in url.Values) error {
	if who.Reader.ID != 0 {
		if err := p.f.Identity.SignOut(r.Context(), identity.Token(who.Token)); err != nil {
			return err
		}
	}
	p.f.SignOut(w, r)
	return p.SeeOther(w, r, page.OwnPath(in.Get("next")))
}
