package demo

import (
	"fmt"
	"io/fs"
	"slices"
	"time"

	"parley"
)

// scene is a story with all that was written by hand about it.
type scene struct {
	name     string // the slug of the piece, "letters/ferry" or "almanac/herring"
	story    parley.Story
	by       string // who wrote the piece
	talks    []*told
	wordings []wording // of a piece whose text the forum serves, oldest first
	argument Argument
	answers  []given
	shift    time.Duration
}

// told is one file of talk.
type told struct {
	*scene
	file string
	talk []Said
	ids  []parley.ID // of the comments, place by place, once they are there
}

// written tells when a comment was written in the demo's own days, and at when on this machine's clock.
func (t *told) written(said Said) parley.Time {
	if said.From != 0 {
		return said.From.Add(said.After)
	}
	return t.story.PublishedAt.Add(said.After)
}

func (t *told) at(said Said) parley.Time { return t.written(said).Add(t.shift) }

// gather reads all that was written by hand.
func (d Deps) gather() ([]*scene, error) {
	var scenes []*scene
	for _, a := range d.Edition.Articles {
		s := &scene{name: a.Slug, by: a.Author, story: parley.Story{
			URL: d.site().BaseURL + a.Path(), Title: a.Title, Section: a.Section, PublishedAt: parley.TimeOf(a.Published),
			AuthorEmail: a.Email, PassagesOff: !a.Passages, QuestionsOff: !a.Questions,
		}}
		if !a.Written.IsZero() {
			s.story.WrittenAt = parley.TimeOf(a.Written)
		}
		files := []string{a.Slug + ".talk"}
		if a.Slug == lifeStory {
			files = append(files, lifeTalk, a.Slug+".reasons.talk")
		}
		var err error
		if s.argument, err = argumentOf(Pieces(), a.Slug); err == nil {
			s.wordings, err = wordings(a, s.argument)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", a.Slug, err)
		}
		if err := s.read(files...); err != nil {
			return nil, err
		}
		scenes = append(scenes, s)
	}
	for _, l := range letters {
		if l.talk == "" {
			continue // made by the first write under it
		}
		s := &scene{name: "letters/" + l.Slug, by: l.Author, story: parley.Story{
			URL: d.Names.Address(l.Path()), Title: l.Title, Section: lettersSection, PublishedAt: parley.TimeOf(l.Published),
		}}
		if err := s.read(l.talk); err != nil {
			return nil, err
		}
		scenes = append(scenes, s)
	}
	entries, err := almanac()
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		scenes = append(scenes, &scene{name: "almanac/" + e.Slug, argument: Argument{Question: e.Question}, story: parley.Story{
			URL: d.Names.Address(e.Path()), Title: e.Title, Section: lettersSection, PublishedAt: parley.Time(e.Question.Asked),
		}})
	}
	imagine(scenes)
	for _, s := range scenes {
		s.shift = min(0, d.Store.Now().UTC().Sub(s.last().Add(time.Minute).UTC()))
	}
	return scenes, nil
}

const lettersSection = "Almery Letters"

// argumentOf reads what a piece carries besides its talk, if anything.
func argumentOf(dir fs.FS, slug string) (arg Argument, err error) {
	file := slug + ".argument.yaml"
	if _, err := fs.Stat(dir, file); err != nil {
		return arg, nil
	}
	if err := readYAML(dir, file, &arg); err != nil {
		return arg, err
	}
	if arg.Question != nil {
		err = arg.Question.check()
	}
	return arg, err
}

func (s *scene) read(files ...string) error {
	for _, file := range files {
		talk, err := Talk(Pieces(), file)
		if err != nil {
			return err
		}
		s.talks = append(s.talks, &told{scene: s, file: file, talk: talk, ids: make([]parley.ID, len(talk))})
	}
	return nil
}

// imagine makes up the answers of all questions. Under each piece those who talk there come first, then the
// others in an order of their own for every question.
func imagine(scenes []*scene) {
	own := map[string]bool{}
	for _, a := range accounts().All() {
		own[a.Name] = true
	}
	names := func(s *scene) (all []string) {
		for _, t := range s.talks {
			for _, said := range t.talk {
				if !own[said.Name] && said.Name != s.by {
					all = append(all, said.Name)
				}
			}
		}
		return all
	}
	var everybody []string
	for _, s := range scenes {
		everybody = append(everybody, names(s)...)
	}
	slices.Sort(everybody)
	everybody = slices.Compact(everybody)
	for _, s := range scenes {
		if s.argument.Question == nil {
			continue
		}
		others := slices.Clone(everybody)
		drawFor("cast", s.name).Shuffle(len(others), func(i, j int) { others[i], others[j] = others[j], others[i] })
		s.answers = s.argument.Question.given(s.name, s.talks, append(names(s), others...))
	}
}

// last gives the moment of the last thing that happened to a story.
func (s *scene) last() parley.Time {
	last := s.story.PublishedAt
	later := func(at parley.Time) { last = max(last, at) }
	for _, t := range s.talks {
		for _, said := range t.talk {
			later(t.written(said))
		}
	}
	for _, w := range s.wordings {
		later(w.at)
	}
	for _, c := range s.argument.Corrections {
		later(max(parley.Time(c.At), parley.Time(c.Decided)))
	}
	for _, l := range s.argument.Since {
		later(parley.Time(l.Day))
	}
	for _, g := range s.answers {
		later(g.at)
	}
	if q := s.argument.Question; q != nil && q.Settled != nil {
		later(parley.Time(q.Settled.At).Add(confirmPause))
		if q.Settled.Appeal != nil {
			later(parley.Time(q.Settled.Appeal.Decided))
		}
	}
	return last
}

// about finds the passage that a comment speaks of, in the text as it read then.
func (t *told) about(said Said) (parley.Passage, error) {
	switch {
	case said.About == "":
		return parley.Passage{}, nil
	case len(t.wordings) == 0:
		return parley.Passage{Exact: said.About}, nil // a page elsewhere: the forum knows no more than what is quoted
	}
	p, err := standing(t.wordings, t.written(said)).passage(said.About)
	if err != nil {
		err = fmt.Errorf("%s:%d: %w", t.file, said.Line, err)
	}
	return p, err
}
