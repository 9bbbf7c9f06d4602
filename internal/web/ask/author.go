package ask

import (
	"net/http"
	"net/url"
	"slices"

	"parley"
	"parley/internal/store"
	"parley/internal/web"
	"parley/internal/web/page"
)

type authorView struct {
	page.Frame
	Story   parley.Story
	Heading string
	Author  bool // the reader wrote the story; an editor otherwise
	Talk    []sentence
	Waiting []decidable // newest first
	Decided []suggested
	Problem *page.Problem
	Lost    string // what was written into a form that is not there any more
	Done    string
}

// sentence is a passage with the newest talk about it.
type sentence struct {
	parley.Passage
	Newest []remark
}

type remark struct {
	parley.Comment
	Text string // its beginning
}

// decidable is a correction that waits, with its form as it was last filled in.
type decidable struct {
	suggested
	Accept, Reply string
	Problem       *page.Problem
}

const (
	// sentencesShown is how many passages the author's page shows: those readers talk about most.
	sentencesShown = 20
	// remarksShown is how many threads of each.
	remarksShown = 2
	// suggestionsShown is how many suggestions that wait, and how many that were decided.
	suggestionsShown = 50
)

var authorDone = map[string]string{
	"accepted": "Accepted. It is listed under the story, and the reader is told.",
	"declined": "Declined, and the reader is told why.",
}

// author shows whoever wrote a story which of its sentences readers talk about, and what they suggest to correct.
func (a *Ask) author(w http.ResponseWriter, r *http.Request, who web.Asker) error {
	return a.showAuthor(w, r, http.StatusOK, who, nil, nil)
}

// showAuthor shows the page; in and problem are those of a form that was refused.
func (a *Ask) showAuthor(w http.ResponseWriter, r *http.Request, status int, who web.Asker, in url.Values, problem *page.Problem) error {
	story, err := a.storyAt(r, who)
	if err != nil {
		return err
	}
	v := authorView{
		Story: story, Heading: page.TitleOf(story), Author: story.WrittenBy(who.Reader), Problem: problem,
		Done: authorDone[r.URL.Query().Get("done")],
	}
	if !v.Author && !who.Reader.Roles.Has(parley.RoleEditor) {
		return parley.Errorf(parley.CodeForbidden, "This page is for the author of the story and for editors.")
	}
	v.Frame = a.PrivateFrame("For the author: "+v.Heading, who)
	v.Styles = []string{argumentStyle}
	viewer := who.Viewer(a.f.Site)
	err = a.f.Store.View(r.Context(), func(tx *store.Tx) (err error) {
		if v.Talk, err = talked(tx, viewer, story); err != nil {
			return err
		}
		return v.addSuggestions(tx, viewer, in)
	})
	if err != nil {
		return err
	}
	return a.Show(w, status, "author", v)
}

// talked gives the passages of a story with the most comments, each with its newest threads.
func talked(tx *store.Tx, v parley.Viewer, story parley.Story) ([]sentence, error) {
	all, err := tx.Passages(v, story.ID)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(all, func(a, b parley.Passage) int { return b.Comments - a.Comments })
	var list []sentence
	for _, p := range all[:min(len(all), sentencesShown)] {
		one := sentence{Passage: p}
		threads, _, err := tx.ThreadsAbout(v, p.ID, true, parley.Cursor{}, remarksShown)
		if err != nil {
			return nil, err
		}
		for _, t := range threads {
			if t.Root.State == parley.Published {
				one.Newest = append(one.Newest, remark{t.Root, beginning(t.Root, reasonLength/2)})
			}
		}
		list = append(list, one)
	}
	return list, nil
}

func (v *authorView) addSuggestions(tx *store.Tx, who parley.Viewer, in url.Values) error {
	open, err := tx.Corrections(who, v.Story.ID, parley.CorrectionOpen, 0, suggestionsShown)
	if err != nil {
		return err
	}
	waiting, err := quoting(tx, open)
	if err != nil {
		return err
	}
	v.Lost = in.Get("reply")
	for _, s := range waiting {
		one := decidable{suggested: s}
		if in.Get("id") == s.ID.String() {
			one.Accept, one.Reply, one.Problem = in.Get("accept"), in.Get("reply"), v.Problem
			v.Lost = ""
		}
		v.Waiting = append(v.Waiting, one)
	}
	var decided []parley.Correction
	for _, state := range []parley.CorrectionState{parley.CorrectionAccepted, parley.CorrectionDeclined} {
		some, err := tx.Corrections(who, v.Story.ID, state, 0, suggestionsShown)
		if err != nil {
			return err
		}
		decided = append(decided, some...)
	}
	slices.SortFunc(decided, func(a, b parley.Correction) int { return int(b.DecidedAt - a.DecidedAt) })
	v.Decided, err = quoting(tx, decided)
	return err
}

// decide accepts or declines a correction, for the author. Editors decide at the desk: the reader's cookie does none
// of the newsroom's work.
func (a *Ask) decide(w http.ResponseWriter, r *http.Request, who web.Asker, in url.Values) error {
	story, err := a.storyAt(r, who)
	if err != nil {
		return err
	}
	if !story.WrittenBy(who.Reader) {
		return parley.Errorf(parley.CodeForbidden, "Corrections are decided by the author here, and by editors at the desk.")
	}
	id, err := parley.ParseID(in.Get("id"))
	if err != nil {
		return err
	}
	done := map[string]string{"yes": "accepted", "no": "declined"}[in.Get("accept")]
	if done == "" {
		err = parley.Errorf(parley.CodeMalformed, "Please say whether the correction is accepted or declined.").On("accept")
	}
	if err == nil {
		err = a.f.AllowReader(r, web.PaceMark)
	}
	if err == nil {
		_, err = a.f.Passages.Decide(r.Context(), who.Reader, id, done == "accepted", in.Get("reply"))
	}
	if err == nil {
		return a.SeeOther(w, r, storyPath(story.ID, "/author")+"?done="+done)
	}
	problem, status, err := page.Refused(w, r, err)
	if err != nil {
		return err
	}
	return a.showAuthor(w, r, status, who, in, problem)
}
