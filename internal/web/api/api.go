// Package api is the JSON API under /api/v1, described in api/openapi.yaml. Handlers decode, call one verb or
// one reading method, and encode; a test keeps the routes and the description equal.
package api

import (
	"net/http"
	"slices"
	"strings"

	"parley"
	"parley/internal/recent"
	"parley/internal/render"
	"parley/internal/web"
)

// Prefix is where the API lives.
const Prefix = "/api/v1"

// API serves the JSON routes of one forum.
type API struct {
	f    *web.Forum
	kept *recent.Cache[whose, *kept] // answers to me
}

// New gives the API of a forum.
func New(f *web.Forum) *API {
	return &API{f: f, kept: recent.New(maxKept, func(_ whose, k *kept) uint32 { return k.weight() })}
}

// Route is one line of the table of contents.
type Route struct {
	Pattern string // "METHOD /path/{wildcard}" below Prefix
	Handle  web.Handler
}

// Table lists the routes in the order a reader meets them.
func (a *API) Table() []Route {
	return []Route{
		{"POST /readers", a.register},
		{"POST /session", a.signIn},
		{"DELETE /session", a.signOut},
		{"POST /session/redeem", a.redeem},
		{"GET /me", a.me},
		{"PATCH /me", a.changeMe},
		{"GET /me/follows", a.myFollows},
		{"GET /me/followers", a.myFollowers},
		{"GET /me/mutes", a.mySilences(parley.Mute)},
		{"GET /me/blocks", a.mySilences(parley.Block)},
		{"GET /me/corrections", a.myCorrections},
		{"GET /me/record", a.record},

		{"POST /stories", a.openStory},
		{"GET /stories/{id}", a.story},
		{"GET /stories/{id}/comments", a.threads},
		{"POST /stories/{id}/comments", a.post},
		{"GET /stories/{id}/events", a.events},
		{"PUT /stories/{id}/follow", a.follow(parley.FollowStory, true)},
		{"DELETE /stories/{id}/follow", a.follow(parley.FollowStory, false)},
		{"GET /counts", a.counts},

		{"GET /stories/{id}/passages", a.passages},
		{"GET /stories/{id}/annotations", a.annotations},
		{"GET /stories/{id}/versions", a.versions},
		{"GET /stories/{id}/versions/{number}", a.version},
		{"GET /stories/{id}/corrections", a.corrections},
		{"POST /stories/{id}/corrections", a.suggest},
		{"GET /stories/{id}/suggestions", a.suggestions},
		{"POST /corrections/{id}/decision", a.decideCorrection},
		{"GET /stories/{id}/sequels", a.sequels},
		{"POST /stories/{id}/sequels", a.addSequel},
		{"DELETE /sequels/{id}", a.endSequel},
		{"PUT /stories/{id}/switches", a.switches},

		{"GET /stories/{id}/question", a.questionOf},
		{"POST /stories/{id}/question", a.ask},
		{"GET /questions/{id}", a.question},
		{"PATCH /questions/{id}", a.reword},
		{"POST /questions/{id}/close", a.closeQuestion},
		{"POST /questions/{id}/answers", a.answer},
		{"GET /questions/{id}/answers", a.answers},
		{"GET /questions/{id}/together", a.together},
		{"PUT /questions/{id}/follow", a.follow(parley.FollowQuestion, true)},
		{"DELETE /questions/{id}/follow", a.follow(parley.FollowQuestion, false)},
		{"POST /questions/{id}/milestones", a.addMilestone},
		{"DELETE /milestones/{id}", a.endMilestone},

		{"POST /questions/{id}/settlements", a.propose},
		{"POST /settlements/{id}/confirmation", a.settle(true)},
		{"POST /settlements/{id}/refusal", a.settle(false)},
		{"POST /settlements/{id}/appeals", a.appeal},
		{"POST /appeals/{id}/decision", a.hear},

		{"POST /comments/preview", a.preview},
		{"GET /comments/{id}", a.comment},
		{"PATCH /comments/{id}", a.edit},
		{"DELETE /comments/{id}", a.withdraw},
		{"GET /comments/{id}/replies", a.replies},
		{"PUT /comments/{id}/recommendation", a.recommend(true)},
		{"DELETE /comments/{id}/recommendation", a.recommend(false)},
		{"POST /comments/{id}/reports", a.report},
		{"PUT /threads/{id}/follow", a.follow(parley.FollowThread, true)},
		{"DELETE /threads/{id}/follow", a.follow(parley.FollowThread, false)},

		{"GET /readers/{id}", a.reader},
		{"GET /readers/{id}/comments", a.readerComments},
		{"PUT /readers/{id}/follow", a.follow(parley.FollowReader, true)},
		{"DELETE /readers/{id}/follow", a.follow(parley.FollowReader, false)},
		{"PUT /readers/{id}/mute", a.silence(parley.Mute, true)},
		{"DELETE /readers/{id}/mute", a.silence(parley.Mute, false)},
		{"PUT /readers/{id}/block", a.silence(parley.Block, true)},
		{"DELETE /readers/{id}/block", a.silence(parley.Block, false)},

		{"GET /feed", a.feed},
		{"GET /notices", a.notices},
		{"POST /notices/seen", a.seen},

		{"POST /desk/session", a.signInDesk},
		{"POST /comments/{id}/decisions", a.decide},
		{"PUT /readers/{id}/roles", a.giveRoles},
	}
}

// Routes adds the API to a router. What the table does not know answers 404 or 405 as a problem.
func (a *API) Routes(mux *http.ServeMux) {
	methods := map[string][]string{}
	for _, route := range a.Table() {
		method, path, _ := strings.Cut(route.Pattern, " ")
		mux.Handle(method+" "+Prefix+path, web.Answer(a.open(roomFor(route.Pattern), route.Handle), web.Problem))
		methods[path] = append(methods[path], method)
	}
	for path, allowed := range methods {
		for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE"} {
			if !slices.Contains(allowed, method) {
				mux.Handle(method+" "+Prefix+path, web.Answer(otherMethod(allowed), web.Problem))
			}
		}
	}
	mux.Handle(Prefix+"/", web.Answer(func(http.ResponseWriter, *http.Request) error {
		return parley.Errorf(parley.CodeNotFound, "There is nothing at this address.")
	}, web.Problem))
}

// open lets the site's own pages read every answer, errors too, and begins nothing while so much is under way that there
// is no room for it.
func (a *API) open(room int, h web.Handler) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		web.Private(w.Header())
		a.f.Credentialed(w, r)
		if err := a.f.Enter(room); err != nil {
			return err
		}
		defer a.f.Leave()
		return h(w, r)
	}
}

func otherMethod(allowed []string) web.Handler {
	list := strings.Join(allowed, ", ")
	return func(w http.ResponseWriter, _ *http.Request) error {
		w.Header().Set("Allow", list)
		return parley.Errorf(parley.CodeMethod, "This address knows %s only.", list)
	}
}

// shared marks an answer to a request without a cookie as the same for everybody. Scripts read it without
// credentials.
func shared(h http.Header) {
	h.Set("Cache-Control", render.Shared)
	h.Set("Vary", "Cookie")
	h.Del("Access-Control-Allow-Credentials")
	web.AllowReading(h)
}
