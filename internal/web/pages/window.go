package pages

import (
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"parley"
	"parley/internal/web"
	"parley/internal/web/page"
)

type bridgeView struct {
	page.Frame
	Origins string // the exact origins that are heard and told, parted by spaces
}

// bridge is the hidden frame through which tabs of the site's different origins hear that somebody has signed
// in or out.
func (p *Pages) bridge(w http.ResponseWriter, r *http.Request) error {
	if web.Canonical(w, r, p.f.Site.BaseURL) {
		return nil
	}
	body, err := p.Lasting(r.Context(), "bridge", "", func() ([]byte, error) {
		return p.View("bridge", bridgeView{p.Frame(p.f.Site.Name), strings.Join(p.f.Site.Origins, " ")})
	})
	if err != nil {
		return err
	}
	web.AllowFrames(w.Header(), p.f.Site)
	web.ServeShared(w, r, body)
	return nil
}

// bar is the small frame that says, without a script, who is signed in: shared pages cannot.
func (p *Pages) bar(w http.ResponseWriter, _ *http.Request, who web.Asker) error {
	web.AllowFrames(w.Header(), p.f.Site)
	return p.Show(w, http.StatusOK, "bar", p.PrivateFrame("Your account", who))
}

// loginView is the sign-in window of pages on other origins.
type loginView struct {
	page.Frame
	Return    string // the origin that asked; "" = none that may
	Challenge string // proves the page that asked; "" when the browser does not say that Return opened the window
	Register  bool
	As        string // who is signed in already
	Name      string
	Email     string
	Problem   *page.Problem

	MinPassword int
}

// login shows the sign-in window. It ends in a hint to the page that opened it; what lets that page in, its
// challenge, counts only when the browser itself names the page's origin, in Referer: an address can be written
// by anybody, and whoever knows the answer to the challenge gets the reader's session.
func (p *Pages) login(w http.ResponseWriter, r *http.Request, who web.Asker) error {
	q := r.URL.Query()
	v := loginView{Register: q.Get("way") == "register", As: who.Reader.Name}
	if p.f.Site.Embeds(q.Get("return")) {
		v.Return = q.Get("return")
	}
	if v.Return != "" && originOf(r.Referer()) == v.Return {
		v.Challenge = q.Get("challenge")
	}
	return p.showLogin(w, http.StatusOK, v)
}

func originOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return ""
	}
	return u.Scheme + "://" + strings.ToLower(u.Host)
}

func (p *Pages) showLogin(w http.ResponseWriter, status int, v loginView) error {
	v.Frame, v.MinPassword = p.PrivateFrame("Sign in", web.Asker{}), parley.MinPassword
	if v.Register {
		v.Title = "Register"
	}
	return p.Show(w, status, "login", v)
}

type loggedInView struct {
	page.Frame
	Reader parley.Reader
	Return string
	New    bool
	Stay   int // ms the window stays open, to be read
}

// logIn registers or signs in within the window, and tells the page that opened it.
func (p *Pages) logIn(w http.ResponseWriter, r *http.Request, who web.Asker, in url.Values) error {
	v := loginView{Challenge: in.Get("challenge"), Register: in.Get("way") == "register", Name: in.Get("name"), Email: in.Get("email")}
	if p.f.Site.Embeds(in.Get("return")) {
		v.Return = in.Get("return")
	}
	reader, err := who.Reader, error(nil)
	switch in.Get("do") {
	case "register":
		reader, err = p.registerReader(w, r, in)
	case "sign-in":
		reader, err = p.signInReader(w, r, in)
	case "continue":
	default: // the other form of the two
		v.As = ""
		return p.showLogin(w, http.StatusOK, v)
	}
	if err != nil {
		status := 0
		if v.Problem, status, err = page.Refused(w, r, err); err != nil {
			return err
		}
		return p.showLogin(w, status, v)
	}
	if reader.ID == 0 {
		return p.showLogin(w, http.StatusUnauthorized, v)
	}
	if v.Challenge != "" && v.Return != "" {
		// A page that cannot be let in by its challenge may still be reached by the cookie, so this is no
		// reason to fail.
		if err := p.f.Identity.Offer(r.Context(), reader, v.Challenge, v.Return); err != nil {
			slog.WarnContext(r.Context(), "a sign-in could not be offered", "request", web.RequestID(r), "code", parley.CodeOf(err))
		}
	}
	done := loggedInView{Frame: p.PrivateFrame("You are signed in", web.Asker{}), Reader: reader, Return: v.Return, New: in.Get("do") == "register", Stay: 300}
	if done.New {
		done.Title, done.Stay = "Thank you for registering", 2500
	}
	return p.Show(w, http.StatusOK, "logged-in", done)
}
