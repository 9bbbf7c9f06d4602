package pages

import (
	"net/http"
	"strings"

	"parley"
	"parley/internal/web"
)

// route is one line of the table of contents.
type route struct {
	pattern string // "METHOD /path/{wildcard}"
	handler http.Handler
}

// table lists the routes in the order a reader meets them.
func (p *Pages) table() []route {
	return []route{
		{"GET /{$}", p.shared(p.index)},
		{"GET /rss.xml", p.shared(p.toFeed)},
		{"GET /articles/{name...}", p.shared(p.article)},

		{"GET /fragment", p.part(p.fragment)},
		{"GET /s/{story}", p.shared(p.story)},
		{"GET /s/{story}/comments", p.part(p.threads)},
		{"GET /s/{story}/new", p.part(p.arrivals)},
		{"GET /s/{story}/feed", p.part(p.feed)},
		{"GET /c/{comment}", p.shared(p.permalink)},
		{"GET /c/{comment}/replies", p.part(p.replies)},
		{"GET /c/{comment}/item", p.part(p.item)},
		{"GET /readers/{reader}", p.shared(p.profile)},
		{"GET /bridge", p.shared(p.bridge)},
	}
}

// Routes adds the pages and the browser code to a router. Whatever no route of the router knows is answered
// with a page that says so.
func (p *Pages) Routes(mux *http.ServeMux) {
	methods := map[string][]string{}
	for _, route := range p.table() {
		method, path, _ := strings.Cut(route.pattern, " ")
		mux.Handle(route.pattern, route.handler)
		methods[path] = append(methods[path], method)
	}
	for path, allowed := range methods {
		mux.Handle(path, p.shared(otherMethod(strings.Join(allowed, ", "))))
	}
	for _, name := range p.assets.Names() {
		mux.Handle("GET /"+name, p.assets)
	}
	mux.Handle("/", p.shared(func(http.ResponseWriter, *http.Request) error { return errNothing() }))
}

func errNothing() *parley.Error {
	return parley.Errorf(parley.CodeNotFound, "There is nothing at this address.")
}

func otherMethod(allowed string) web.Handler {
	return func(w http.ResponseWriter, _ *http.Request) error {
		w.Header().Set("Allow", allowed)
		return parley.Errorf(parley.CodeMethod, "This address knows %s only.", allowed)
	}
}

// shared is for pages that are the same for everybody.
func (p *Pages) shared(h web.Handler) http.Handler { return web.Answer(h, p.showError) }

// part is for what scripts and other programs fetch, from pages of any origin. They read errors as problems.
func (p *Pages) part(h web.Handler) http.Handler {
	return web.Answer(func(w http.ResponseWriter, r *http.Request) error {
		web.AllowReading(w.Header())
		return h(w, r)
	}, web.Problem)
}
