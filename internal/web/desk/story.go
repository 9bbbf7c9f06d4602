package desk

import (
	"context"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"parley"
	"parley/internal/store"
	"parley/internal/web"
	"parley/internal/web/page"
)

// pathOf gives the path of a story's page at the desk.
func pathOf(story parley.Story) string { return "/desk/stories/" + story.ID.String() }

// visit is who looks at which story.
type visit struct {
	Story  parley.Story
	Reader parley.Reader // who is signed in at the desk
	Viewer parley.Viewer // the same, as what they may see
}

// section is one part of a story's page: what it shows, and what the forms that stand there do.
type section struct {
	Name  string // lower-case letters: its anchor, the end of the path its forms post to, and "section-NAME" its template
	Title string
	Roles parley.Role // whoever has one of them finds it on the page

	// read gives what the template finds as .Data, from the snapshot that the whole page is read from. nil leaves
	// the section out.
	read func(tx *store.Tx, at visit) (any, error)

	// act does what a form asks and gives the key in done of what the page then says, or refuses. nil = there are
	// no forms.
	act  func(ctx context.Context, at visit, in url.Values) (done string, err error)
	done map[string]string
}

// sections lists what a story's page is made of, in the order it is shown.
func sections(f *web.Forum) []section {
	return []section{questionSection(f), settleSection(f), sinceSection(f), correctionSection(f), passageSection(f)}
}

// sectionView is what a section's template is shown with.
type sectionView struct {
	page.Frame
	visit
	Action  string        // where its forms post
	Problem *page.Problem // with a form that was refused; Problem.On gives what is wrong with one of its fields
	In      url.Values    // what that form held
	Data    any
}

// Value gives what a field shows: what a refused form held, or else what is kept.
func (v sectionView) Value(name, kept string) string {
	if v.In.Has(name) {
		return v.In.Get(name)
	}
	return kept
}

type storyView struct {
	page.Frame
	Story    storyRow
	Sections []shown
}

// shown is a section as the page has it. What came of its form stands above what its template makes.
type shown struct {
	Name, Title string
	Done        string
	Problem     *page.Problem
	HTML        template.HTML
}

// refusal is a form that a section did not take.
type refusal struct {
	section string
	in      url.Values
	problem *page.Problem
}

// story shows a story with everything that can be done about it here.
func (d *Desk) story(w http.ResponseWriter, r *http.Request, who web.Asker) error {
	id, err := web.PathID(r, "story")
	if err != nil {
		return err
	}
	return d.showStory(w, r, http.StatusOK, who, id, refusal{})
}

func (d *Desk) showStory(w http.ResponseWriter, r *http.Request, status int, who web.Asker, id parley.ID, refused refusal) error {
	at := visit{Reader: who.Reader, Viewer: d.viewer(who)}
	data := map[string]any{}
	err := d.f.Store.View(r.Context(), func(tx *store.Tx) (err error) {
		if at.Story, err = tx.Story(at.Viewer, id); err != nil {
			return err
		}
		for _, s := range d.sectionsFor(who.Reader) {
			if data[s.Name], err = s.read(tx, at); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	frame := d.PrivateFrame(page.TitleOf(at.Story), who)
	v := storyView{Frame: frame, Story: rowOf(at.Story)}
	place, done, _ := strings.Cut(r.URL.Query().Get("done"), ".")
	for _, s := range d.sectionsFor(who.Reader) {
		if data[s.Name] == nil {
			continue
		}
		filled := sectionView{Frame: frame, visit: at, Action: frame.Base + pathOf(at.Story) + "/" + s.Name, Data: data[s.Name]}
		on := shown{Name: s.Name, Title: s.Title}
		switch s.Name {
		case refused.section:
			filled.In, filled.Problem, on.Problem = refused.in, refused.problem, refused.problem
		case place:
			on.Done = s.done[done]
		}
		html, err := d.View("section-"+s.Name, filled)
		if err != nil {
			return err
		}
		on.HTML = template.HTML(html) // made by the section's own template
		v.Sections = append(v.Sections, on)
	}
	return d.Show(w, status, "desk-story", v)
}

func (d *Desk) sectionsFor(r parley.Reader) []section {
	return slices.DeleteFunc(slices.Clone(d.sections), func(s section) bool { return r.Roles&s.Roles == 0 })
}

// act does what a form of a section asks, and comes back to the section.
func (d *Desk) act(w http.ResponseWriter, r *http.Request, who web.Asker, in url.Values) error {
	id, err := web.PathID(r, "story")
	if err != nil {
		return err
	}
	mine := d.sectionsFor(who.Reader)
	i := slices.IndexFunc(mine, func(s section) bool { return s.Name == r.PathValue("section") && s.act != nil })
	if i < 0 {
		return page.ErrNothing()
	}
	at := visit{Reader: who.Reader, Viewer: d.viewer(who)}
	err = d.f.Store.Read(r.Context(), func(tx *store.Tx) (err error) {
		at.Story, err = tx.Story(at.Viewer, id)
		return err
	})
	if err != nil {
		return err
	}
	done, err := mine[i].act(r.Context(), at, in)
	if err == nil {
		return d.SeeOther(w, r, pathOf(at.Story)+"?done="+mine[i].Name+"."+done+"#"+mine[i].Name)
	}
	problem, status, err := page.Refused(w, r, err)
	if err != nil {
		return err
	}
	return d.showStory(w, r, status, who, id, refusal{mine[i].Name, in, problem})
}
