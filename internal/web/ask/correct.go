package ask

import (
	"net/http"
	"net/url"
	"slices"

	"parley"
	"parley/internal/passages"
	"parley/internal/store"
	"parley/internal/web"
	"parley/internal/web/page"
)

type correctView struct {
	page.Frame
	suggestion
	Story   parley.Story
	Heading string
	About   *parley.Passage // nil = the story as a whole
	Problem *page.Problem
	Done    string
	Own     []suggested // newest first
	Author  bool        // the reader wrote the story
}

// suggestion is a correction as the form holds it.
type suggestion struct {
	Passage      parley.ID
	Body, Source string
	Thanks       bool
}

// suggested is a correction that was suggested, with the words it is about.
type suggested struct {
	parley.Correction
	Quote string // "" = the story as a whole
}

// correcting shows the form to suggest a correction, and what became of the reader's earlier ones.
func (a *Ask) correcting(w http.ResponseWriter, r *http.Request, who web.Asker) error {
	story, err := a.storyAt(r, who)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	v := correctView{suggestion: suggestion{Thanks: true}}
	if q.Get("passage") != "" {
		if v.Passage, err = parley.ParseID(q.Get("passage")); err != nil {
			return err
		}
	}
	if q.Get("done") == "sent" {
		v.Done = "Thank you. It has gone to the author and the editors, and what became of it will stand here."
	}
	return a.showCorrecting(w, r, http.StatusOK, who, story, v)
}

func (a *Ask) showCorrecting(w http.ResponseWriter, r *http.Request, status int, who web.Asker, story parley.Story, v correctView) error {
	v.Frame = a.PrivateFrame("Suggest a correction", who)
	v.Styles = []string{argumentStyle}
	v.Story, v.Heading, v.Author = story, page.TitleOf(story), story.WrittenBy(who.Reader)
	err := a.f.Store.View(r.Context(), func(tx *store.Tx) error {
		if v.Passage != 0 {
			p, err := tx.Passage(who.Viewer(a.f.Site), v.Passage)
			if err == nil && p.Story != story.ID {
				err = parley.Errorf(parley.CodeNotFound, "There is no such passage here.")
			}
			if err != nil {
				return err
			}
			v.About = &p
		}
		all, err := tx.CorrectionsBy(who.Reader.ID, 0, parley.MaxPage)
		if err != nil {
			return err
		}
		all = slices.DeleteFunc(all, func(c parley.Correction) bool { return c.Story != story.ID })
		v.Own, err = quoting(tx, all)
		return err
	})
	if err != nil {
		return err
	}
	return a.Show(w, status, "correct", v)
}

// quoting adds to corrections the words they are about.
func quoting(tx *store.Tx, all []parley.Correction) ([]suggested, error) {
	var about []parley.ID
	for _, c := range all {
		if c.Passage != 0 {
			about = append(about, c.Passage)
		}
	}
	quotes, err := tx.Quotes(about)
	list := make([]suggested, len(all))
	for i, c := range all {
		list[i] = suggested{c, quotes[c.Passage].Exact}
	}
	return list, err
}

// correct sends a correction to the author and the editors.
func (a *Ask) correct(w http.ResponseWriter, r *http.Request, who web.Asker, in url.Values) error {
	story, err := a.storyAt(r, who)
	if err != nil {
		return err
	}
	s := suggestion{Body: in.Get("body"), Source: in.Get("source"), Thanks: in.Get("thanks") != ""}
	if in.Get("passage") != "" {
		if s.Passage, err = parley.ParseID(in.Get("passage")); err != nil {
			return err
		}
	}
	if err = a.f.AllowReader(r, web.PaceComment); err == nil {
		_, err = a.f.Passages.Suggest(r.Context(), who.Reader, passages.Suggestion{Story: story.ID, Passage: s.Passage, Body: s.Body, Source: s.Source, Thanks: s.Thanks})
	}
	if err == nil {
		return a.SeeOther(w, r, storyPath(story.ID, "/correct")+"?done=sent")
	}
	problem, status, err := page.Refused(w, r, err)
	if err != nil {
		return err
	}
	return a.showCorrecting(w, r, status, who, story, correctView{suggestion: s, Problem: problem})
}
