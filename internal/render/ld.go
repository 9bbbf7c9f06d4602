package render

import (
	"encoding/json"
	"fmt"
	"html/template"

	"parley"
	"parley/internal/markup"
)

// Article is what a page about a served piece tells machines. Addresses are absolute; empty members are left out.
type Article struct {
	URL         string
	Headline    string
	Description string
	Section     string
	Language    string
	Author      string
	Publisher   string
	Image       string
	PublishedAt parley.Time
	ModifiedAt  parley.Time
}

// maxLD is how many comments stand in the data for machines: what the page shows first.
const maxLD = 25

type thing map[string]any

// NewsArticleLD gives a <script> element with a schema.org NewsArticle and the threads' comments as Comment.
func NewsArticleLD(a Article, p Page) (template.HTML, error) {
	about := thing{
		"@context": "https://schema.org", "@type": "NewsArticle", "@id": a.URL, "url": a.URL,
		"headline": a.Headline, "description": a.Description, "articleSection": a.Section,
		"inLanguage": a.Language, "image": a.Image,
		"datePublished": stamp(a.PublishedAt), "dateModified": stamp(a.ModifiedAt),
		"commentCount": p.Story.Comments, "discussionUrl": newScene(p.Site, p.Story).StoryURL(),
		"comment": commentsLD(p),
	}
	if a.Author != "" {
		about["author"] = thing{"@type": "Person", "name": a.Author}
	}
	if a.Publisher != "" {
		about["publisher"] = thing{"@type": "NewsMediaOrganization", "name": a.Publisher}
	}
	return script(about)
}

// DiscussionLD gives a <script> element with a schema.org DiscussionForumPosting for a conversation's own page.
func DiscussionLD(p Page) (template.HTML, error) {
	address := newScene(p.Site, p.Story).StoryURL()
	return script(thing{
		"@context": "https://schema.org", "@type": "DiscussionForumPosting", "@id": address, "url": address,
		"headline": p.Story.Title, "datePublished": stamp(p.Story.CreatedAt), "inLanguage": p.Site.Language,
		"author":       thing{"@type": "Organization", "name": p.Site.Name, "url": p.Site.BaseURL},
		"isPartOf":     thing{"@type": "WebPage", "url": p.Story.URL, "name": p.Story.Title},
		"commentCount": p.Story.Comments,
		"comment":      commentsLD(p),
	})
}

func commentsLD(p Page) []any {
	s := newScene(p.Site, p.Story)
	list := []any{}
	for _, t := range p.Threads[:min(len(p.Threads), maxLD)] {
		if ld := s.ld(grow(t.Root, t.Replies)); ld != nil {
			list = append(list, ld)
		}
	}
	return list
}

// ld gives one published comment with its published answers, nil for any other.
func (s *scene) ld(n *node) thing {
	if n.State != parley.Published {
		return nil
	}
	address := s.Site.BaseURL + "/c/" + n.ID.String()
	about := thing{
		"@type": "Comment", "@id": address, "url": address, "text": markup.Text(string(text(n.Comment)), parley.MaxImportedBody),
		"datePublished": stamp(n.CreatedAt), "dateModified": stamp(n.EditedAt),
		"author": thing{"@type": "Person", "name": n.Author.Name, "url": s.Site.BaseURL + "/readers/" + n.Author.ID.String()},
	}
	if n.Recommendations > 0 {
		about["upvoteCount"] = n.Recommendations
	}
	answers := []any{}
	for _, kid := range n.Kids {
		if ld := s.ld(kid); ld != nil {
			answers = append(answers, ld)
		}
	}
	if len(answers) > 0 {
		about["comment"] = answers
	}
	return about
}

func stamp(t parley.Time) string {
	if t == 0 {
		return ""
	}
	return iso(t)
}

// script writes data so that no text in it can end the element: encoding/json writes <, > and & as escapes.
func script(about thing) (template.HTML, error) {
	about.prune()
	data, err := json.Marshal(about)
	if err != nil {
		return "", fmt.Errorf("encode data for machines: %w", err)
	}
	return template.HTML(`<script type="application/ld+json">` + string(data) + `</script>`), nil
}

func (t thing) prune() {
	for name, value := range t {
		switch value := value.(type) {
		case string:
			if value == "" {
				delete(t, name)
			}
		case thing:
			value.prune()
		case []any:
			for _, member := range value {
				if m, ok := member.(thing); ok {
					m.prune()
				}
			}
		}
	}
}
