// Package ask holds the readers' pages of the argument: a story's open question with how answers are counted, a
// reader's own answers and record, the passages readers talk about, what changed in a text, corrections, and the
// page on which an author sees them.
//
// They come in the two kinds of the pages package, and everything works without a script. Shared pages never hold
// what readers think together of a question before everybody may see it; a reader who has answered sees it on the
// private page of the answer.
package ask

import (
	"embed"
	"net/http"
	"net/url"

	"parley"
	"parley/internal/store"
	"parley/internal/web"
	"parley/internal/web/page"
)

//go:embed templates/*.html
var files embed.FS

// argumentStyle is the style sheet of the argument, which these pages share with conversations.
const argumentStyle = "argument.css"

// Ask serves the pages of one forum. It is safe for concurrent use.
type Ask struct {
	*page.Set
	f *web.Forum
}

// New parses the templates. It fails when the program was built wrongly or the forum's origin is not one.
func New(f *web.Forum) (*Ask, error) {
	set, err := page.New(f, files)
	if err != nil {
		return nil, err
	}
	return &Ask{Set: set, f: f}, nil
}

// Routes adds the pages to a router.
func (a *Ask) Routes(mux *http.ServeMux) {
	a.Handle(mux, page.Table{
		"GET /q/{question}":         a.Shared(a.question),
		"GET /q/{question}/answer":  a.Private(a.answering),
		"POST /q/{question}/answer": a.Form(a.answer),
		"GET /q/{question}/follow":  a.Members(a.following),
		"POST /q/{question}/follow": a.memberForm(a.follow),
		"GET /q/{question}/appeal":  a.Members(a.appealing),
		"POST /q/{question}/appeal": a.memberForm(a.appeal),
		"GET /account/record":       a.Members(a.record),

		"GET /s/{story}/passages": a.Shared(a.passages),
		"GET /s/{story}/changes":  a.Shared(a.changes),
		"GET /s/{story}/correct":  a.Members(a.correcting),
		"POST /s/{story}/correct": a.memberForm(a.correct),
		"GET /s/{story}/author":   a.Members(a.author),
		"POST /s/{story}/author":  a.memberForm(a.decide),
	})
}

// memberForm is for what forms of signed-in readers send. Whoever has been signed out meanwhile gets everything
// back, to send it again.
func (a *Ask) memberForm(h page.FormFor) http.Handler {
	return a.Form(func(w http.ResponseWriter, r *http.Request, who web.Asker, in url.Values) error {
		if who.Reader.ID == 0 {
			return a.keep(w, r, in)
		}
		return h(w, r, who, in)
	})
}

type keptView struct {
	page.Frame
	Action string
	Fields []keptField
}

type keptField struct {
	Name, Value string
	Shown       bool // the reader wrote it
}

// written are the fields whose words readers write themselves.
var written = map[string]bool{"body": true, "source": true, "reply": true}

// keep shows a form's fields to somebody who is not signed in any more.
func (a *Ask) keep(w http.ResponseWriter, r *http.Request, in url.Values) error {
	v := keptView{Frame: a.PrivateFrame("You have been signed out", web.Asker{}), Action: page.OwnPath(r.URL.RequestURI())}
	for name, values := range in {
		for _, value := range values {
			v.Fields = append(v.Fields, keptField{name, value, written[name] && value != ""})
		}
	}
	return a.Show(w, http.StatusUnauthorized, "kept-form", v)
}

// storyAt finds the story in a path.
func (a *Ask) storyAt(r *http.Request, who web.Asker) (story parley.Story, err error) {
	id, err := web.PathID(r, "story")
	if err != nil {
		return story, err
	}
	err = a.f.Store.Read(r.Context(), func(tx *store.Tx) (err error) {
		story, err = tx.Story(who.Viewer(a.f.Site), id)
		return err
	})
	return story, err
}

// storyPath gives the path of a story's page; page is "" or begins with a slash.
func storyPath(story parley.ID, page string) string { return "/s/" + story.String() + page }
