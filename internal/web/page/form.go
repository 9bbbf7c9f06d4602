package page

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
	"parley/internal/web"
)

// maxForm is the most bytes of a form: several times the longest comment with every byte escaped, so that a
// text far over its limit still comes back to be shortened.
const maxForm = 256 << 10

// ReadForm gives what a plain form sends. It refuses what is not one, or not whole, with parley.CodeMediaType or
// parley.CodeMalformed.
func ReadForm(w http.ResponseWriter, r *http.Request) (url.Values, error) {
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

// SeeOther sends the browser to a page of the forum's own after a form, so that reloading sends nothing twice.
func (s *Set) SeeOther(w http.ResponseWriter, r *http.Request, path string) error {
	http.Redirect(w, r, s.f.Site.BaseURL+path, http.StatusSeeOther)
	return nil
}

// ToSignIn sends the browser to sign in, and from there to the path next.
func (s *Set) ToSignIn(w http.ResponseWriter, r *http.Request, next string) error {
	return s.SeeOther(w, r, "/account/sign-in?"+url.Values{"next": {OwnPath(next)}}.Encode())
}

// OwnPath gives a path of the forum's own to come back to, as we would write it ourselves. Whatever is not just
// a path, with its query and fragment, becomes the first page.
func OwnPath(raw string) string {
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

// Problem is a refusal as the form it came from shows it. A nil Problem is none.
type Problem struct {
	Code     parley.Code
	Field    string // where it belongs; "" = the form as a whole
	Sentence string
}

// On gives what is wrong with one field, "" when nothing is.
func (p *Problem) On(field string) string {
	if p == nil || p.Field != field {
		return ""
	}
	return p.Sentence
}

// Refused gives an error as the form it came from can show it, with its status. What is our own fault gets a
// page of its own instead.
func Refused(w http.ResponseWriter, r *http.Request, err error) (*Problem, int, error) {
	e, ok := errors.AsType[*parley.Error](err)
	if !ok || e.Code == parley.CodeInternal || e.Code == parley.CodeNotFound {
		return nil, 0, err
	}
	status := web.StatusOf(e.Code)
	if status >= http.StatusInternalServerError && e.Code != parley.CodeBusy {
		slog.WarnContext(r.Context(), "a form was turned away", "request", web.RequestID(r), "route", r.Pattern, "code", e.Code, "error", e.Err)
	}
	if e.Retry > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(e.Retry.Seconds()))))
	}
	return &Problem{e.Code, e.Field, e.Sentence}, status, nil
}
