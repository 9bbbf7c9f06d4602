package web

import (
	"log/slog"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"parley"
	"parley/internal/changes"
	"parley/internal/conversation"
	"parley/internal/identity"
	"parley/internal/live"
	"parley/internal/moderation"
	"parley/internal/passages"
	"parley/internal/question"
	"parley/internal/render"
	"parley/internal/store"
)

// Forum is what the routes stand on: one site with its verbs. It is made once at start; nothing but
// the number of requests under way changes.
type Forum struct {
	Site         parley.Site
	Store        *store.Store
	Changes      *changes.Log // nil = what a reader is told is read anew every time
	Conversation *conversation.Service
	Identity     *identity.Service
	Moderation   *moderation.Service
	Passages     *passages.Service
	Question     *question.Service
	Hub          *live.Hub
	Renderer     *render.Renderer
	Cache        *render.Cache
	Scripts      render.Scripts // the browser's parts for passages and questions
	Metrics      *Metrics
	Limits       *Limiter // nil = no limits
	Proxies      Proxies
	TracedBefore bool           // the traceparent of trusted proxies decides what is traced
	Secure       bool           // readers reach the forum by https
	Zone         *time.Location // the newsroom's clock, for dates on pages

	underWay int32 // requests, see Enter
}

// Nobody gives the viewer that shared pages are built for.
func (f *Forum) Nobody() parley.Viewer { return parley.Nobody(f.Site.ID) }

// BasePath gives the path the forum lives under, "" at the root of its host.
func (f *Forum) BasePath() string {
	u, err := url.Parse(f.Site.BaseURL)
	if err != nil {
		return ""
	}
	return u.Path
}

// Origin gives the forum's own origin.
func (f *Forum) Origin() string { return f.Site.Origins[0] }

// Wrap puts around the routes what every request goes through.
func (f *Forum) Wrap(routes http.Handler) (http.Handler, error) {
	guarded, err := f.guard(routes)
	if err != nil {
		return nil, err
	}
	return f.place(f.watch(secure(guarded))), nil
}

// place serves what lies below the base path, under the one spelling that the router knows. The router itself
// would send others, such as //s//1, to the root of the newspaper's host.
func (f *Forum) place(next http.Handler) http.Handler {
	base := f.BasePath()
	below := http.StripPrefix(base, next)
	astray := f.watch(secure(Answer(f.astray, Problem)))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rest, inside := strings.CutPrefix(r.URL.EscapedPath(), base)
		if !inside || !clean(rest) {
			astray.ServeHTTP(w, r)
			return
		}
		below.ServeHTTP(w, r)
	})
}

// astray sends other spellings of a path below the base to the right one, and knows nothing elsewhere.
func (f *Forum) astray(w http.ResponseWriter, r *http.Request) error {
	rest, inside := strings.CutPrefix(r.URL.EscapedPath(), f.BasePath())
	if !inside || rest != "" && rest[0] != '/' {
		return parley.Errorf(parley.CodeNotFound, "There is nothing at this address.")
	}
	target := f.Site.BaseURL + cleaned(rest)
	if r.URL.RawQuery != "" {
		target += "?" + r.URL.RawQuery
	}
	http.Redirect(w, r, target, http.StatusTemporaryRedirect)
	return nil
}

// clean tells whether a path is as the router wants it.
func clean(p string) bool {
	if p == "" || p[0] != '/' || strings.Contains(p, "//") || strings.Contains(p, "/.") {
		return p == cleaned(p)
	}
	return true
}

// cleaned gives a path as the router wants it: rooted, without empty and dot segments.
func cleaned(p string) string {
	clean := path.Clean("/" + p)
	if strings.HasSuffix(p, "/") && clean != "/" {
		clean += "/"
	}
	return clean
}

// NewServer gives the HTTP server with the limits that slow and greedy clients meet. Whoever has not read an answer
// within a minute is cut off; streams have a limit of their own for each message.
func NewServer(handler http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: headersWithin,
		ReadTimeout:       bodyWithin,
		WriteTimeout:      readWithin,
		IdleTimeout:       idleFor,
		MaxHeaderBytes:    maxHeaders,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
}
