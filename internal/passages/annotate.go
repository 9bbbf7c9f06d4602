package passages

import (
	"context"
	"fmt"
	"time"

	"parley"
	"parley/internal/anchor"
	"parley/internal/store"
)

// The W3C Web Annotation Data Model (Recommendation of 23 February 2017), as far as an export needs it:
// https://www.w3.org/TR/annotation-model/. Times are RFC 3339 in UTC.

// AnnotationType is the media type of an export (Web Annotation Protocol, section 3.2).
const AnnotationType = `application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"`

// Collection is an AnnotationCollection with its only page inside (section 5).
type Collection struct {
	Context string         `json:"@context"`
	ID      string         `json:"id"`
	Type    string         `json:"type"`
	Label   string         `json:"label"`
	Total   int            `json:"total"`
	First   AnnotationPage `json:"first"`
}

// AnnotationPage is an AnnotationPage.
type AnnotationPage struct {
	ID         string       `json:"id"`
	Type       string       `json:"type"`
	PartOf     string       `json:"partOf"`
	StartIndex int          `json:"startIndex"`
	Items      []Annotation `json:"items"`
}

// Annotation is one thread's first comment on a passage.
type Annotation struct {
	ID         string           `json:"id"`
	Type       string           `json:"type"`
	Motivation string           `json:"motivation"`
	Created    string           `json:"created"`
	Modified   string           `json:"modified,omitempty"`
	Creator    *Creator         `json:"creator,omitempty"`
	Body       AnnotationBody   `json:"body"`
	Target     AnnotationTarget `json:"target"`
}

// Creator is the reader who wrote it, by the public name.
type Creator struct {
	ID   string `json:"id"`
	Type string `json:"type"`
	Name string `json:"name"`
}

// AnnotationBody is the comment's text.
type AnnotationBody struct {
	Type    string `json:"type"`
	Value   string `json:"value"`
	Format  string `json:"format"`
	Purpose string `json:"purpose"`
}

// AnnotationTarget is the passage.
type AnnotationTarget struct {
	Source   string            `json:"source"`
	Selector []anchor.Selector `json:"selector"`
	State    *TimeState        `json:"state,omitempty"`
}

// TimeState says when the text read so (section 4.4.1).
type TimeState struct {
	Type       string `json:"type"`
	SourceDate string `json:"sourceDate"`
}

// Annotations exports what readers say of a story's passages: the first comment of every thread, each with the
// passage as its reader chose it. Removed and withdrawn comments have no text and are left out. Where passages are
// switched off it is empty.
func (s *Service) Annotations(ctx context.Context, v parley.Viewer, story parley.ID) (Collection, error) {
	var c Collection
	err := s.store.View(ctx, func(tx *store.Tx) error {
		t, err := tx.Story(v, story)
		if err != nil {
			return err
		}
		address := fmt.Sprintf("%s/api/v1/stories/%s/annotations", s.site.BaseURL, story)
		c = Collection{
			Context: "http://www.w3.org/ns/anno.jsonld", ID: address, Type: "AnnotationCollection", Label: t.Title,
			First: AnnotationPage{ID: address + "#first", Type: "AnnotationPage", PartOf: address, Items: []Annotation{}},
		}
		if !s.site.HasPassages(t) {
			return nil
		}
		all, err := tx.Passages(v, story)
		if err != nil {
			return err
		}
		for _, p := range all {
			if err := s.annotate(tx, v, t, p, &c.First); err != nil {
				return err
			}
		}
		c.Total = len(c.First.Items)
		return nil
	})
	return c, err
}

func (s *Service) annotate(tx *store.Tx, v parley.Viewer, t parley.Story, p parley.Passage, page *AnnotationPage) error {
	from := parley.Cursor{}
	for {
		threads, next, err := tx.ThreadsAbout(v, p.ID, false, from, parley.MaxPage)
		if err != nil {
			return err
		}
		for _, thread := range threads {
			if c := thread.Root; c.State == parley.Published {
				page.Items = append(page.Items, s.annotation(t, p, c))
			}
		}
		if next.ID == 0 {
			return nil
		}
		from = next
	}
}

func (s *Service) annotation(t parley.Story, p parley.Passage, c parley.Comment) Annotation {
	a := Annotation{
		ID: s.site.BaseURL + "/c/" + c.ID.String(), Type: "Annotation", Motivation: "commenting", Created: stamp(c.CreatedAt),
		Creator: &Creator{ID: s.site.BaseURL + "/readers/" + c.Author.ID.String(), Type: "Person", Name: c.Author.Name},
		Body:    AnnotationBody{Type: "TextualBody", Value: c.Body, Format: "text/markdown", Purpose: "commenting"},
		Target:  AnnotationTarget{Source: t.URL, Selector: Quote(p).Selectors()},
	}
	if c.EditedAt != 0 {
		a.Modified = stamp(c.EditedAt)
	}
	if p.State != parley.PassageFound {
		a.Target.State = &TimeState{Type: "TimeState", SourceDate: stamp(p.CreatedAt)}
	}
	return a
}

func stamp(t parley.Time) string { return t.UTC().Format(time.RFC3339) }
