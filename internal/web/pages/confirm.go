package pages

import (
	"net/http"
	"net/url"

	"parley"
	"parley/internal/identity"
	"parley/internal/web"
	"parley/internal/web/page"
)

type confirmView struct {
	page.Frame
	Token   string // of the link; "" when the page was opened without one
	Same    bool   // opened in a session of the account that asked
	Code    string // to be typed there, when it was not
	Reader  parley.Reader
	Problem *page.Problem
}

// quiet keeps a page's address, which holds a secret, from whatever the page leads to.
func quiet(w http.ResponseWriter) { w.Header().Set("Referrer-Policy", "no-referrer") }

// confirming shows what a confirmation link is for. It spends nothing: mail programs open links too.
func (p *Pages) confirming(w http.ResponseWriter, r *http.Request, who web.Asker) error {
	quiet(w)
	v := confirmView{Token: r.URL.Query().Get("token")}
	if v.Token == "" && who.Reader.ID == 0 {
		return p.ToSignIn(w, r, "/account/confirm")
	}
	if v.Token != "" {
		if err := p.f.AllowAddress(r, web.PaceSignIn); err != nil {
			return err
		}
		var err error
		v.Same, v.Code, err = p.f.Identity.Inspect(r.Context(), v.Token, who.Reader)
		if err != nil {
			return err
		}
	}
	return p.showConfirm(w, http.StatusOK, who, v)
}

func (p *Pages) showConfirm(w http.ResponseWriter, status int, who web.Asker, v confirmView) error {
	v.Frame, v.Reader = p.PrivateFrame("Confirm your address", who), who.Reader
	return p.Show(w, status, "confirm", v)
}

// confirm spends a link in the session that asked, takes a code typed there, or disowns the account.
func (p *Pages) confirm(w http.ResponseWriter, r *http.Request, who web.Asker, in url.Values) error {
	quiet(w)
	if err := p.f.AllowAddress(r, web.PaceSignIn); err != nil {
		return err
	}
	if in.Get("do") == "disown" {
		if err := p.f.Identity.Disown(r.Context(), in.Get("token")); err != nil {
			return err
		}
		return p.Show(w, http.StatusOK, "disowned", p.PrivateFrame("Thank you", who))
	}
	if who.Reader.ID == 0 {
		return parley.Errorf(parley.CodeSignInRequired, "Please sign in first, in the browser in which you registered.")
	}
	var err error
	switch in.Get("do") {
	case "confirm":
		err = p.f.Identity.Confirm(r.Context(), who.Reader, in.Get("token"))
	case "code":
		err = p.f.Identity.ConfirmByCode(r.Context(), who.Reader, in.Get("code"))
	default:
		return page.ErrNoButton()
	}
	if parley.CodeOf(err) == parley.CodeWrongCode {
		problem, status, _ := page.Refused(w, r, err)
		return p.showConfirm(w, status, who, confirmView{Problem: problem})
	}
	if err != nil {
		return err
	}
	who.Reader.ConfirmedAt = p.f.Store.Now()
	p.f.SignIn(w, r, who.Token, who.Reader) // the account may outlive the browser now, and so may its cookie
	return p.SeeOther(w, r, "/account?done=confirmed")
}

// settingUp shows the form that makes the first administrator.
func (p *Pages) settingUp(w http.ResponseWriter, r *http.Request, _ web.Asker) error {
	quiet(w)
	if err := p.f.AllowAddress(r, web.PaceSignIn); err != nil {
		return err
	}
	token := r.URL.Query().Get("token")
	if err := p.f.Identity.InspectSetup(r.Context(), token); err != nil {
		return err
	}
	return p.showSetup(w, http.StatusOK, registerView{Token: token})
}

func (p *Pages) showSetup(w http.ResponseWriter, status int, v registerView) error {
	v.Frame = p.PrivateFrame("Set up "+p.f.Site.Name, web.Asker{})
	v.Heading, v.Action, v.Submit, v.MinPassword = "Become the administrator", identity.SetupPath, "Set up", parley.MinPassword
	return p.Show(w, status, "register", v)
}

// setUp spends the setup link.
func (p *Pages) setUp(w http.ResponseWriter, r *http.Request, _ web.Asker, in url.Values) error {
	quiet(w)
	if err := p.f.AllowAddress(r, web.PaceSignIn); err != nil {
		return err
	}
	reader, token, err := p.f.Identity.ClaimSetup(r.Context(), in.Get("token"), registrationOf(in))
	if err == nil {
		p.f.SignIn(w, r, string(token), reader)
		return p.SeeOther(w, r, "/account")
	}
	if parley.CodeOf(err) == parley.CodeLinkGone {
		return err
	}
	problem, status, err := page.Refused(w, r, err)
	if err != nil {
		return err
	}
	return p.showSetup(w, status, registerView{Token: in.Get("token"), Name: in.Get("name"), Email: in.Get("email"), Problem: problem})
}
