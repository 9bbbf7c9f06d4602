package pages

import (
	"net/http"

	"parley/internal/identity"
	"parley/internal/web/page"
)

// table lists the routes in the order a reader meets them.
func (p *Pages) table() page.Table {
	return page.Table{
		"GET /{$}":                p.Shared(p.index),
		"GET /rss.xml":            p.Shared(p.toFeed),
		"GET /articles/{name...}": p.Shared(p.article),

		"GET /fragment":            p.Part(p.fragment),
		"GET /s/{story}":           p.Shared(p.story),
		"GET /s/{story}/comments":  p.Part(p.threads),
		"GET /s/{story}/new":       p.Part(p.arrivals),
		"GET /s/{story}/feed":      p.Part(p.feed),
		"GET /c/{comment}":         p.Shared(p.permalink),
		"GET /c/{comment}/replies": p.Part(p.replies),
		"GET /c/{comment}/item":    p.Part(p.item),
		"GET /readers/{reader}":    p.Shared(p.profile),

		"GET /s/{story}/write":       p.Private(p.writing),
		"POST /s/{story}/write":      p.Form(p.write),
		"GET /s/{story}/follow":      p.Members(p.storyFollow),
		"POST /s/{story}/follow":     p.MemberForm(p.followStory),
		"GET /c/{comment}/act":       p.Private(p.act),
		"POST /c/{comment}/act":      p.Form(p.doAct),
		"GET /readers/{reader}/act":  p.Members(p.readerAct),
		"POST /readers/{reader}/act": p.MemberForm(p.doReaderAct),
		"GET /following":             p.Members(p.following),
		"GET /notices":               p.Members(p.notices),
		"POST /notices/seen":         p.Form(p.see),

		"GET /account":               p.Members(p.account),
		"POST /account":              p.MemberForm(p.changeAccount),
		"GET /account/register":      p.Private(p.registering),
		"POST /account/register":     p.Form(p.register),
		"GET /account/sign-in":       p.Private(p.signingIn),
		"POST /account/sign-in":      p.Form(p.signIn),
		"GET /account/sign-out":      p.Private(p.signingOut),
		"POST /account/sign-out":     p.Form(p.signOut),
		"GET /account/confirm":       p.Private(p.confirming),
		"POST /account/confirm":      p.Form(p.confirm),
		"GET " + identity.SetupPath:  p.Private(p.settingUp),
		"POST " + identity.SetupPath: p.Form(p.setUp),
		"GET /account/bar":           p.Private(p.bar),
		"GET /login":                 p.Private(p.login),
		"POST /login":                p.Form(p.logIn),
		"GET /bridge":                p.Shared(p.bridge),
	}
}

// Routes adds the pages and the browser code to a router. Whatever no route of the router knows is answered
// with a page that says so.
func (p *Pages) Routes(mux *http.ServeMux) {
	p.Handle(mux, p.table())
	for _, name := range p.assets.Names() {
		mux.Handle("GET /"+name, p.assets)
	}
	mux.Handle("/", p.Shared(func(http.ResponseWriter, *http.Request) error { return page.ErrNothing() }))
}
