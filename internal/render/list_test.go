package render

import (
	"bytes"
	"cmp"
	"strings"
	"testing"

	"parley"
)

// blank gives a renderer of its own.
func blank(t testing.TB) *Renderer {
	t.Helper()
	r, err := New()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// What marks the place of replies may stand in a comment, too.
func TestMarkInAComment(t *testing.T) {
	p := small()
	p.Threads[0].Root.HTML = "<p>One\x00 and \x00</p>"
	var b bytes.Buffer
	if err := blank(t).Threads(&b, p); err != nil {
		t.Fatal(err)
	}
	one, two, further := strings.Index(b.String(), "One\x00 and \x00</p>"), strings.Index(b.String(), "<p>Two.</p>"), strings.Index(b.String(), "data-more-replies")
	if one < 0 || two < one || further < two || strings.Count(b.String(), "\x00") != 2 {
		t.Errorf("the thread is out of order:\n%s", b.String())
	}
}

// Every view is printed as html/template prints it, whatever strangers wrote.
func TestPlatesPrintWhatTemplatesSay(t *testing.T) {
	r := blank(t)
	for _, text := range append([]string{"Ann"}, hostile...) {
		p := sample()
		p.Story.Title, p.Story.URL, p.Next, p.Cursor = text, text, text, text
		for i := range p.Threads {
			p.Threads[i].Root.Author.Name, p.Threads[i].Root.Body = text, text
			p.Threads[i].Root.Passage, p.Threads[i].Root.Quote = 50, parley.Passage{ID: 50, Exact: text, State: parley.PassageChanged}
		}
		p.Argument = Argument{
			PassagesOn: true, Passages: []parley.Passage{{ID: 50, Story: 700, Exact: text, Comments: 3, Threads: 1}}, Scripts: Scripts{"/p.js", "/q.js"}, Served: true,
			Question:    &Asked{Question: parley.Question{ID: 60, State: parley.QuestionOpen, Words: parley.QuestionWords{Text: text, Rule: text, Judge: text, Closes: noon}}},
			Sequels:     []parley.Sequel{{URL: text, Title: text, Note: text, Day: noon}},
			Corrections: []parley.Correction{{Reply: text, Thanks: true, Reader: parley.Byline{Name: text}, DecidedAt: noon}},
		}
		about := p
		about.Argument.About = &p.Argument.Passages[0]
		s := newScene(p.Site, p.Story)
		plates := r.of(s)
		held := lone(in(parley.Held, p.Threads[0].Root))
		held.Note = text
		first := row{Item: s.alone(p.Threads[0].Root), Answers: s.alone(p.Threads[1].Root), Story: s.link("/s/1"), Title: text}
		for _, one := range []struct {
			name  string
			plate interface {
				Append([]byte, any) ([]byte, error)
			}
			view any
		}{
			{"fragment", plates.fragment, newPage(p)}, {"conversation", plates.conversation, newPage(p)}, {"fragment", plates.fragment, newPage(about)},
			{"fragment", plates.fragment, newPage(Page{Site: site, Story: parley.Story{URL: text}, Sort: parley.Newest})},
			{"permalink", plates.permalink, &threadView{ThreadView{Site: site, Story: p.Story, Root: p.Threads[0].Root, Earlier: text, Later: text}, s}},
			{"list", plates.list, &listView{[]row{first}, text}}, {"since", plates.since, &sinceView{s.sequels(p.Argument.Sequels)}},
			{"item", plates.item, s.item(new(item), held)}, {"item", plates.item, s.item(new(item), grow(p.Threads[0].Root, p.Threads[0].Replies))},
			{"item", plates.item, s.item(new(item), grow(p.Threads[0].Root, p.Threads[0].Replies).Kids[0])},
		} {
			var want strings.Builder
			err1 := plates.set.ExecuteTemplate(&want, one.name, one.view)
			got, err2 := one.plate.Append(nil, one.view)
			if err := cmp.Or(err1, err2); err != nil {
				t.Fatalf("%s: %v", one.name, err)
			}
			if string(got) != want.String() {
				t.Errorf("%s of %q: %s", one.name, text, firstDifference(got, []byte(want.String())))
			}
		}
	}
}
