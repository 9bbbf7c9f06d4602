package pages

import (
	"net/http"
	"strings"

	"parley"
	"parley/internal/identity"
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

		{"GET /s/{story}/write", p.private(p.writing)},
		{"POST /s/{story}/write", p.form(p.write)},
		{"GET /s/{story}/follow", p.members(p.storyFollow)},
		{"POST /s/{story}/follow", p.memberForm(p.followStory)},
		{"GET /c/{comment}/act", p.private(p.act)},
		{"POST /c/{comment}/act", p.form(p.doAct)},
		{"GET /readers/{reader}/act", p.members(p.readerAct)},
		{"POST /readers/{reader}/act", p.memberForm(p.doReaderAct)},
		{"GET /following", p.members(p.following)},
		{"GET /notices", p.members(p.notices)},
		{"POST /notices/seen", p.memberForm(p.see)},

		{"GET /account", p.members(p.account)},
		{"POST /account", p.memberForm(p.changeAccount)},
		{"GET /account/register", p.private(p.registering)},
		{"POST /account/register", p.form(p.register)},
		{"GET /account/sign-in", p.private(p.signingIn)},
		{"POST /account/sign-in", p.form(p.signIn)},
		{"GET /account/sign-out", p.private(p.signingOut)},
		{"POST /account/sign-out", p.form(p.signOut)},
		{"GET /account/confirm", p.private(p.confirming)},
		{"POST /account/confirm", p.form(p.confirm)},
		{"GET " + identity.SetupPath, p.private(p.settingUp)},
		{"POST " + identity.SetupPath, p.form(p.setUp)},
		{"GET /account/bar", p.private(p.bar)},
		{"GET /login", p.private(p.login)},
		{"POST /login", p.form(p.logIn)},
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
