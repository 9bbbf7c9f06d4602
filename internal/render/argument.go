package render

import (
	"html/template"
	"slices"
	"strconv"
	"strings"

	"parley"
)

// Argument is what stands around a story's own words: talk about its passages, its open question, what has
// happened since, what was corrected. The zero value is a story with none of it, and not a byte of it is written
// then.
type Argument struct {
	PassagesOn  bool
	Passages    []parley.Passage // those with threads, in reading order
	Question    *Asked           // nil = none, or switched off
	Sequels     []parley.Sequel  // newest first
	Corrections []parley.Correction
	Scripts     Scripts
	Article     string          // CSS selector of the text on this page; "" = the element's attribute says it
	Served      bool            // the forum holds the text
	SinceAbove  bool            // the page says at its own head what has happened since
	Styled      bool            // the page's own head links argument.css, so that nothing moves when it comes
	About       *parley.Passage // the page shows only the threads about it
}

// Asked is a story's question as shared pages show it: never with what readers think of it.
type Asked struct {
	Question   parley.Question
	Settlement *parley.Settlement // the one that stands; nil = none yet
}

// Scripts are the addresses of the browser's parts below the forum's base URL; "" = not there.
type Scripts struct{ Passages, Question string }

// listedPassages is how many passages stand above a conversation; the others are a page of their own.
const listedPassages = 5

// Any tells whether anything of it is on the page.
func (a Argument) Any() bool {
	return a.PassagesOn || a.Question != nil || len(a.Corrections) > 0 || len(a.Sequels) > 0 && !a.SinceAbove
}

// argumentView is an Argument as its templates print it.
type argumentView struct {
	Argument
	In     *scene
	Parts  template.HTMLAttr // the scripts that the page loads, and when
	Most   []passageView     // the passages readers talk about most
	Since  []sequelView
	Judged *askedView
	Mended []correctionView
}

type passageView struct {
	parley.Passage
	Link template.HTMLAttr
	Note string // what readers are to know of its place; "" = it stands there
	Talk string
}

type sequelView struct {
	parley.Sequel
	On moment
}

type askedView struct {
	*Asked
	ID       string
	Link     template.HTMLAttr
	Answer   template.HTMLAttr
	Answered string
	Closes   *moment
	Ended    string // the outcome in words; "" = open
	Until    string // whether it takes answers, in words
}

type correctionView struct {
	parley.Correction
	On moment
	By string // whom to thank; "" = nobody by name
}

func (s *scene) argument(a Argument) *argumentView {
	if !a.Any() {
		return nil
	}
	v := &argumentView{Argument: a, In: s, Parts: s.parts(a)}
	for _, p := range a.Passages {
		v.Most = append(v.Most, s.passage(p))
	}
	if len(v.Most) > listedPassages {
		slices.SortStableFunc(v.Most, func(a, b passageView) int { return b.Comments - a.Comments })
		v.Most = v.Most[:listedPassages]
	}
	if !a.SinceAbove {
		v.Since = s.sequels(a.Sequels)
	}
	if a.Question != nil {
		v.Judged = s.asked(a.Question)
	}
	for _, c := range a.Corrections {
		one := correctionView{Correction: c, On: s.date(c.DecidedAt)}
		if c.Thanks {
			one.By = c.Reader.Name
		}
		v.Mended = append(v.Mended, one)
	}
	return v
}

// parts names the scripts to load, each with when: at once in quiet, when something on the page is opened, or
// when somebody is signed in, who may have answered.
func (s *scene) parts(a Argument) template.HTMLAttr {
	var parts []string
	if a.PassagesOn && a.Scripts.Passages != "" {
		when := " select"
		if len(a.Passages) > 0 || a.Article != "" {
			when = " idle"
		}
		parts = append(parts, s.Site.BaseURL+a.Scripts.Passages+when)
	}
	if a.Question != nil && a.Scripts.Question != "" {
		parts = append(parts, s.Site.BaseURL+a.Scripts.Question+" toggle known")
	}
	if len(parts) == 0 {
		return ""
	}
	attributes := `data-parts="` + template.HTMLEscapeString(strings.Join(parts, "; ")) + `"`
	if a.Article != "" {
		attributes += ` data-article="` + template.HTMLEscapeString(a.Article) + `"`
		if version := s.Story.Version; version > 0 { // the one that the positions of passages count in
			attributes += ` data-version="` + strconv.Itoa(version) + `"`
		}
	}
	if a.PassagesOn {
		attributes += ` data-passages="` + template.HTMLEscapeString(s.Words.Number(len(a.Passages))) + `"`
	}
	return template.HTMLAttr(attributes)
}

// Passage prepares the passage that a page is about.
func (s *scene) Passage(p *parley.Passage) passageView { return s.passage(*p) }

func (p place) passage(about parley.Passage) passageView {
	return passageView{
		Passage: about, Link: template.HTMLAttr(`href="` + p.base + "/s/" + about.Story.String() + "?passage=" + about.ID.String() + `"`),
		Note: p.standing(about.State), Talk: p.Words.N("comments", about.Comments),
	}
}

// standing says what readers are to know of a passage's place; "" when it simply stands there.
func (p place) standing(state parley.PassageState) string {
	switch state {
	case parley.PassageChanged:
		return p.Words.T("passage_changed")
	case parley.PassageQuoted:
		return p.Words.T("passage_quoted")
	}
	return ""
}

func (s *scene) sequels(all []parley.Sequel) []sequelView {
	views := make([]sequelView, len(all))
	for i, q := range all {
		views[i] = sequelView{q, s.day(q.Day)}
	}
	return views
}

// day writes a date without the hour.
func (s *scene) day(t parley.Time) moment {
	return moment{Text: s.Words.Date(t, nil), ISO: template.HTMLAttr(`datetime="` + t.UTC().Format("2006-01-02") + `"`)}
}

func (s *scene) asked(a *Asked) *askedView {
	id := a.Question.ID.String()
	v := &askedView{
		Asked: a, ID: id, Link: s.link("/q/" + id), Answer: s.link("/q/" + id + "/answer"),
		Answered: s.Words.N("answered", a.Question.Readers), Until: s.Words.T("question_open"),
	}
	if closes := a.Question.Words.Closes; closes != 0 {
		day := s.day(closes)
		v.Closes = &day
	}
	switch {
	case a.Settlement != nil && a.Settlement.State == parley.SettlementConfirmed:
		v.Ended = s.Words.T("settled_" + string(a.Settlement.Outcome))
		v.Until = ""
	case a.Question.State != parley.QuestionOpen:
		v.Until = s.Words.T("question_closed")
	}
	return v
}
