package pages

import (
	"errors"
	"log/slog"
	"math"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"unicode/utf8"

	"parley"
	"parley/internal/store"
	"parley/internal/web"
)

// maxForm is the most bytes of a form: several times the longest comment with every byte escaped, so that a
// text far over its limit still comes back to be shortened.
const maxForm = 256 << 10

// private is for pages that depend on who asks.
func (p *Pages) private(h func(http.ResponseWriter, *http.Request, web.Asker) error) http.Handler {
	return web.Answer(func(w http.ResponseWriter, r *http.Request) error {
		web.Private(w.Header())
		if err := p.f.AllowReader(r, web.PaceRead); err != nil {
			return err
		}
		who, err := p.who(r)
		if err != nil {
			return err
		}
		return h(w, r, who)
	}, p.showError)
}

// members is private for readers who are signed in. Others are sent to sign in, and back.
func (p *Pages) members(h func(http.ResponseWriter, *http.Request, web.Asker) error) http.Handler {
	return p.private(func(w http.ResponseWriter, r *http.Request, who web.Asker) error {
		if who.Reader.ID == 0 {
			return p.toSignIn(w, r, r.URL.RequestURI())
		}
		return h(w, r, who)
	})
}

// form is for what plain forms send: from pages of the forum's own only, not from those of the publisher, whose
// scripts use the API.
func (p *Pages) form(h func(http.ResponseWriter, *http.Request, web.Asker, url.Values) error) http.Handler {
	return web.Answer(func(w http.ResponseWriter, r *http.Request) error {
		web.Private(w.Header())
		if p.own.Check(r) != nil {
			return parley.Errorf(parley.CodeCrossOrigin, "This form was not sent from a page of this forum.")
		}
		if err := p.f.AllowReader(r, web.PaceRead); err != nil {
			return err
		}
		who, err := p.who(r)
		if err != nil {
			return err
		}
		in, err := readForm(w, r)
		if err != nil {
			return err
		}
		return h(w, r, who, in)
	}, p.showError)
}

// memberForm is form for readers who are signed in. Others are sent to sign in, and back to the page that the
// form stands on.
func (p *Pages) memberForm(h func(http.ResponseWriter, *http.Request, web.Asker, url.Values) error) http.Handler {
	return p.form(func(w http.ResponseWriter, r *http.Request, who web.Asker, in url.Values) error {
		if who.Reader.ID == 0 {
			return p.toSignIn(w, r, strings.TrimSuffix(r.URL.RequestURI(), "/seen"))
		}
		return h(w, r, who, in)
	})
}

// who gives who asks. A session at the desk is nobody's here.
func (p *Pages) who(r *http.Request) (web.Asker, error) {
	who, err := p.f.Who(r)
	if who.Session.Scope != store.ScopeReader {
		return web.Asker{}, err
	}
	return who, err
}

func readForm(w http.ResponseWriter, r *http.Request) (url.Values, error) {
	media, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
	if !strings.EqualFold(strings.TrimSpace(media), "application/x-www-form-urlencoded") {
		return nil, parley.Errorf(parley.CodeMediaType, "This is not the form that stands on this page.")
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
			return nil, err
		}
		return nil, parley.Errorf(parley.CodeMalformed, "The form did not arrive whole.").Because(err)
	}
	for _, values := range r.PostForm {
		for _, value := range values {
			if !utf8.ValidString(value) {
				return nil, parley.Errorf(parley.CodeMalformed, "The form is not valid UTF-8.")
			}
		}
	}
	return r.PostForm, nil
}

// seeOther sends the browser to a page of the forum's own after a form, so that reloading sends nothing twice.
func (p *Pages) seeOther(w http.ResponseWriter, r *http.Request, path string) error {
	http.Redirect(w, r, p.f.Site.BaseURL+path, http.StatusSeeOther)
	return nil
}

func (p *Pages) toSignIn(w http.ResponseWriter, r *http.Request, next string) error {
	return p.seeOther(w, r, "/account/sign-in?"+url.Values{"next": {ownPath(next)}}.Encode())
}

// ownPath gives a path of the forum's own to come back to, as we would write it ourselves. Whatever is not just
// a path, with its query and fragment, becomes the first page.
func ownPath(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || u.Opaque != "" || !strings.HasPrefix(u.Path, "/") ||
		path.Clean(u.Path) != u.Path || strings.ContainsFunc(raw, odd) || strings.ContainsFunc(u.Path, odd) {
		return "/"
	}
	own := url.URL{Path: u.Path, RawQuery: u.Query().Encode(), Fragment: u.Fragment}
	return own.String()
}

// odd tells a character that browsers may read as a slash or drop.
func odd(r rune) bool { return r == '\\' || r <= ' ' || r == 0x7f || r > 0x7e }

// problem is a refusal as the form it came from shows it. The nil problem is none.
type problem struct {
	Code     parley.Code
	Field    string // where it belongs; "" = the form as a whole
	Sentence string
}

// On gives what is wrong with one field, "" when nothing is.
func (p *problem) On(field string) string {
	if p == nil || p.Field != field {
		return ""
	}
	return p.Sentence
}

// refused gives an error as the form it came from can show it, with its status. What is our own fault gets a
// page of its own instead.
func (p *Pages) refused(w http.ResponseWriter, r *http.Request, err error) (*problem, int, error) {
	e, ok := errors.AsType[*parley.Error](err)
	if !ok || e.Code == parley.CodeInternal || e.Code == parley.CodeNotFound {
		return nil, 0, err
	}
	status := web.StatusOf(e.Code)
	if status >= http.StatusInternalServerError {
		slog.WarnContext(r.Context(), "a form was turned away", "request", web.RequestID(r), "route", r.Pattern, "code", e.Code, "error", e.Err)
	}
	if e.Retry > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(e.Retry.Seconds()))))
	}
	return &problem{e.Code, e.Field, e.Sentence}, status, nil
}
