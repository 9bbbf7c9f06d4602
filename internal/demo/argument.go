package demo

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"

	"parley"
)

// Argument is what a piece carries besides its talk. A file SLUG.argument.yaml holds it; all parts may be left
// out:
//
//	current: 2026-11-20T17:40:00+01:00   since when the piece reads as it does; left out: since it appeared
//	versions:                            what it said before, oldest first
//	  - at: 2026-11-19T06:00:00+01:00
//	    edits:                           turned back from the version after it
//	      - is: In February
//	        was: In March
//	corrections:
//	  - by: Tamás Őrsi
//	    at: 2026-11-19T07:02:00+01:00
//	    about: In March … gate four      a passage, as in a talk; left out: the piece as a whole
//	    body: What is wrong, and what is right.
//	    source: Where it can be checked.
//	    thanks: true                     the reader may be thanked by name
//	    accepted: What was corrected.    or "declined: Why it was not."; without either it waits
//	    decided: 2026-11-19T07:18:00+01:00
//	    decider: Ilse Marrow
//	since:                               what has happened since
//	  - day: 2026-02-11
//	    piece: a-later-piece             left out: a note alone
//	    note: What has changed.
//	question:                            see Asked
type Argument struct {
	Current     moment
	Versions    []earlier
	Corrections []correction
	Since       []later
	Question    *Asked
}

// earlier is an earlier version of a piece's text.
type earlier struct {
	At    moment
	Title string // the headline then; "" = as in the version after it
	Text  string // Markdown; "" = as in the version after it, with the edits turned back
	Edits []edit
}

type edit struct{ Is, Was string }

type correction struct {
	By                 string
	At                 moment
	About              string
	Body, Source       string
	Thanks             bool
	Accepted, Declined string
	Decided            moment
	Decider            string
}

type later struct {
	Day         moment
	Piece, Note string
}

// Asked is a question with what came of it:
//
//	by: Judith Amsel
//	asked: 2026-05-21T06:00:00+02:00
//	text: Will it be over by {closes}?   the gap is filled with the day on which answers end
//	rule: How it is settled.
//	judge: By whom.
//	void: What would make it void.
//	office: Premier of Karsk             when it names a person who holds one
//	closes: 2027-06-30                   moved on by whole years when the demo starts too late for it
//	milestones:
//	  - day: 2026-06-25
//	    text: The fourth round of talks opens
//	crowd:                               the readers whose answers are made up, around a path set by hand
//	  readers: 60
//	  path: [2026-05-21 2.6, 2026-06-25 2.5, 2026-07-02 4.2]   the yardstick's steps counted from 1 to 7
//	  without: [Ansel Dovrei]            who would not answer
//	answers:                             set by hand, beside those that comments give the reason for
//	  Nadia Orrin: [2026-05-23 unlikely, 2026-06-27 realistic_possibility]
//	settled:
//	  outcome: no
//	  happened: 2026-02-11T05:40:00+01:00
//	  source: Where it can be checked.
//	  note: Shown to readers.
//	  by: Judith Amsel                   proposes it, and
//	  at: 2026-02-11T11:00:00+01:00
//	  with: Leonie Staal                 confirms it three hours later
//	  appeal:
//	    by: A. Corrigall
//	    at: 2026-02-12T09:10:00+01:00
//	    body: What is wrong with it.
//	    refused: Why it stands.
//	    decided: 2026-02-12T15:00:00+01:00
//	    decider: Emeric Sand
type Asked struct {
	By                              string
	Asked                           moment
	Text, Rule, Judge, Void, Office string
	Closes                          moment
	Milestones                      []milestone
	Crowd                           crowdPath
	Answers                         map[string][]thought
	Settled                         *settled
}

type milestone struct {
	Day  moment
	Text string
}

type crowdPath struct {
	Readers int
	Path    []point
	Without []string
}

type settled struct {
	Outcome      string
	Happened     moment
	Source, Note string
	By           string
	At           moment
	With         string
	Appeal       *appeal
}

type appeal struct {
	By      string
	At      moment
	Body    string
	Refused string
	Decided moment
	Decider string
}

// readYAML reads one file strictly: what it says and nothing knows is an error. Errors name file and line.
func readYAML(dir fs.FS, file string, into any) error {
	src, err := fs.ReadFile(dir, file)
	if err != nil {
		return fmt.Errorf("read %s: %w", file, err)
	}
	if err := yaml.NewDecoder(bytes.NewReader(src), yaml.Strict()).Decode(into); err != nil {
		own, mistake := (*wrong)(nil), yaml.Error(nil)
		switch {
		case errors.As(err, &own):
			return fmt.Errorf("%s:%d: %w", file, own.line, own.what)
		case errors.As(err, &mistake) && mistake.GetToken() != nil:
			return fmt.Errorf("%s:%d: %s", file, mistake.GetToken().Position.Line, mistake.GetMessage())
		}
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}

// wrong is a value that cannot be read, with its line.
type wrong struct {
	line int
	what error
}

func (w *wrong) Error() string { return w.what.Error() }

// scalar reads a value by its text.
func scalar(node ast.Node, read func(text string) error) error {
	token := node.GetToken()
	if err := read(token.Value); err != nil {
		return &wrong{token.Position.Line, err}
	}
	return nil
}

// moment is a time in a file: RFC 3339, or a day, which means its noon in UTC.
type moment parley.Time

// UnmarshalYAML reads a moment.
func (m *moment) UnmarshalYAML(node ast.Node) error { return scalar(node, m.read) }

func (m *moment) read(text string) error {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t, err = time.Parse(time.DateOnly, text)
		t = t.Add(12 * time.Hour)
	}
	if err != nil {
		return fmt.Errorf("%q is neither a day like 2026-05-21 nor a moment like 2026-05-21T06:00:00+02:00", text)
	}
	*m = moment(parley.TimeOf(t))
	return nil
}

// point is a place on the yardstick at a moment.
type point struct {
	at   parley.Time
	step float64 // from 1 to 7; halves lie between two steps
}

// UnmarshalYAML reads "2026-05-21 2.6".
func (p *point) UnmarshalYAML(node ast.Node) error { return scalar(node, p.read) }

func (p *point) read(text string) error {
	at, rest, err := cutMoment(text)
	if err != nil {
		return err
	}
	p.at = at
	if p.step, err = strconv.ParseFloat(rest, 64); err != nil || p.step < 1 || p.step > 7 {
		return fmt.Errorf("%q is no place on the yardstick, from 1 to 7", rest)
	}
	return nil
}

// thought is an answer at a moment.
type thought struct {
	at   parley.Time
	step parley.Step
}

// UnmarshalYAML reads "2026-05-23 unlikely".
func (t *thought) UnmarshalYAML(node ast.Node) error { return scalar(node, t.read) }

func (t *thought) read(text string) error {
	at, rest, err := cutMoment(text)
	if err != nil {
		return err
	}
	t.at = at
	if t.step, err = parley.ParseStep(rest); err != nil {
		return fmt.Errorf("%q is none of the seven answers, such as realistic_possibility", rest)
	}
	return nil
}

func cutMoment(text string) (at parley.Time, rest string, err error) {
	first, rest, _ := strings.Cut(text, " ")
	var m moment
	err = m.read(first)
	return parley.Time(m), strings.TrimSpace(rest), err
}
