package web

import (
	"slices"

	"parley"
	"parley/internal/render"
	"parley/internal/store"
)

// argument reads what stands around a story's own words, as nobody sees it. A story with none of it costs no
// further question.
func (f *Forum) argument(tx *store.Tx, story parley.Story) (a render.Argument, err error) {
	a = render.Argument{PassagesOn: f.Site.HasPassages(story), Scripts: f.Scripts, Served: story.Version > 0}
	if a.PassagesOn && story.Passages > 0 {
		if a.Passages, err = tx.Passages(f.Nobody(), story.ID); err != nil {
			return a, err
		}
	}
	if f.Site.HasQuestion(story) {
		if a.Question, err = f.asked(tx, story.Question); err != nil {
			return a, err
		}
	}
	if story.Sequels > 0 {
		if a.Sequels, err = tx.Sequels(story.ID); err != nil {
			return a, err
		}
	}
	if story.Corrections > 0 {
		a.Corrections, err = tx.AcceptedCorrections(story.ID, parley.MaxPage)
	}
	return a, err
}

// asked gives a question with the settlement that stands.
func (f *Forum) asked(tx *store.Tx, id parley.ID) (*render.Asked, error) {
	q, err := tx.Question(f.Nobody(), id)
	if err != nil {
		return nil, err
	}
	asked := &render.Asked{Question: q}
	if q.State != parley.QuestionSettled {
		return asked, nil
	}
	all, err := tx.Settlements(id)
	standing := slices.IndexFunc(all, func(s parley.Settlement) bool { return s.State == parley.SettlementConfirmed })
	if standing >= 0 {
		asked.Settlement = &all[standing]
	}
	return asked, err
}

// about narrows a page to the threads about one passage of its story.
func (f *Forum) about(tx *store.Tx, page *render.Page, p Part, from parley.Cursor) (next parley.Cursor, err error) {
	passage, err := tx.Passage(f.Nobody(), p.Passage)
	if err == nil && (passage.Story != p.Story || !page.Argument.PassagesOn) {
		err = parley.Errorf(parley.CodeNotFound, "There is no such passage here.")
	}
	if err != nil {
		return next, err
	}
	page.Argument.About = &passage
	page.Threads, next, err = tx.ThreadsAbout(f.Nobody(), p.Passage, p.Sort == parley.Newest, from, parley.PageThreads)
	return next, err
}
