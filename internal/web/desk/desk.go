// Package desk is where the newsroom works: editors and moderators sign in with the same account as on the
// readers' pages, by a cookie of the desk's own, and find every story with what they can do about it.
//
// The page of a story is made of sections. Each says what it shows and what its forms do; the page brings them
// together, reads all of them from one snapshot, and shows a refused form again with everything in it.
//
// No page of the desk runs a script. What a story's section may do is decided by the verbs below, who ask the
// reader's roles anew: a session at the desk opens the pages and nothing else.
package desk

import (
	"embed"
	"io/fs"
	"net/http"
	"net/url"

	"parley"
	"parley/internal/web"
	"parley/internal/web/page"
)

//go:embed templates/*.html
var files embed.FS

// staff are the roles whose bearers find something to do here.
const staff = parley.RoleEditor | parley.RoleModerator

// Desk serves the newsroom's pages of one forum. It is safe for concurrent use.
type Desk struct {
	*page.Set
	f        *web.Forum
	sections []section
}

// New parses the templates. It fails when the program was built wrongly or the forum's origin is not one.
func New(f *web.Forum) (*Desk, error) { return furnish(f, files, sections(f)) }

// furnish puts a desk together whose templates, those of the sections among them, stand in files.
func furnish(f *web.Forum, files fs.FS, sections []section) (*Desk, error) {
	set, err := page.New(f, files)
	if err != nil {
		return nil, err
	}
	set.Plain = true
	return &Desk{Set: set, f: f, sections: sections}, nil
}

// Routes adds the pages to a router.
func (d *Desk) Routes(mux *http.ServeMux) {
	d.Handle(mux, page.Table{
		"GET /desk":                            d.staffed(d.index),
		"POST /desk/stories":                   d.staffForm(d.open),
		"GET /desk/stories/{story}":            d.staffed(d.story),
		"POST /desk/stories/{story}/{section}": d.staffForm(d.act),

		"GET /desk/sign-in":   d.anyone(d.signingIn),
		"POST /desk/sign-in":  d.form(d.signIn),
		"GET /desk/sign-out":  d.anyone(d.signingOut),
		"POST /desk/sign-out": d.form(d.signOut),
	})
}

// anyone is for pages that are there before anybody has signed in at the desk.
func (d *Desk) anyone(h page.For) http.Handler {
	return web.Answer(func(w http.ResponseWriter, r *http.Request) error {
		web.Private(w.Header())
		who, err := d.who(r)
		if err != nil {
			return err
		}
		return h(w, r, who)
	}, d.ShowError)
}

// form is for what their forms send.
func (d *Desk) form(h page.FormFor) http.Handler {
	return d.anyone(func(w http.ResponseWriter, r *http.Request, who web.Asker) error {
		if err := d.FromOwnPage(r); err != nil {
			return err
		}
		in, err := page.ReadForm(w, r)
		if err != nil {
			return err
		}
		return h(w, r, who, in)
	})
}

// staffed is for the pages of those who work here. Nobody is sent to sign in, and back.
func (d *Desk) staffed(h page.For) http.Handler {
	return d.anyone(func(w http.ResponseWriter, r *http.Request, who web.Asker) error {
		switch {
		case who.Reader.ID == 0:
			return d.SeeOther(w, r, "/desk/sign-in?"+url.Values{"next": {r.URL.RequestURI()}}.Encode())
		case who.Reader.Roles&staff == 0:
			return d.Show(w, http.StatusForbidden, "not-staff", d.PrivateFrame("This cannot be done", who))
		}
		return h(w, r, who)
	})
}

// staffForm is for their forms. Whoever has been signed out meanwhile signs in and sends the form again: it is
// kept.
func (d *Desk) staffForm(h page.FormFor) http.Handler {
	return d.form(func(w http.ResponseWriter, r *http.Request, who web.Asker, in url.Values) error {
		switch {
		case who.Reader.ID == 0:
			return d.showSignIn(w, http.StatusUnauthorized, signInView{Next: r.URL.RequestURI(), Kept: in.Encode()})
		case who.Reader.Roles&staff == 0:
			return d.Show(w, http.StatusForbidden, "not-staff", d.PrivateFrame("This cannot be done", who))
		}
		if err := d.f.Limits.Allow(web.PaceMark, "reader "+who.Reader.ID.String()); err != nil {
			return err
		}
		return h(w, r, who, in)
	})
}

// who gives who is signed in at the desk, and counts the request.
func (d *Desk) who(r *http.Request) (web.Asker, error) {
	who, err := d.f.AtDesk(r)
	if err != nil {
		return who, err
	}
	if who.Reader.ID == 0 {
		return who, d.f.AllowAddress(r, web.PaceRead)
	}
	return who, d.f.Limits.Allow(web.PaceRead, "reader "+who.Reader.ID.String())
}

// viewer gives what somebody at the desk may see.
func (d *Desk) viewer(who web.Asker) parley.Viewer {
	v := who.Viewer(d.f.Site)
	v.Desk = true
	return v
}
