package press

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
)

// Edition is the publication at one moment. It is never changed once made and may be read by many at once.
type Edition struct {
	Articles []*Article // newest first
	Problems []error    // one *[Problem] a file with a mistake, by file name
	Version  string     // changes whenever an article does, comes or goes

	bySlug map[string]*Article
}

func newEdition(articles []*Article, problems []error) *Edition {
	slices.SortFunc(articles, func(a, b *Article) int {
		return cmp.Or(b.Published.Compare(a.Published), cmp.Compare(a.Slug, b.Slug))
	})
	e := &Edition{Articles: articles, Problems: problems, bySlug: make(map[string]*Article, len(articles))}
	sum := sha256.New()
	for _, a := range articles {
		e.bySlug[a.Slug] = a
		sum.Write([]byte(a.Slug + " " + a.Version + "\n"))
	}
	e.Version = short(sum.Sum(nil))
	return e
}

// Article gives the article with this slug, or nil.
func (e *Edition) Article(slug string) *Article { return e.bySlug[slug] }

// Sections lists the sections that have articles, by name.
func (e *Edition) Sections() []string {
	var sections []string
	for _, a := range e.Articles {
		if a.Section != "" {
			sections = append(sections, a.Section)
		}
	}
	slices.Sort(sections)
	return slices.Compact(sections)
}

// In gives the articles of a section, newest first.
func (e *Edition) In(section string) []*Article {
	var articles []*Article
	for _, a := range e.Articles {
		if a.Section == section {
			articles = append(articles, a)
		}
	}
	return articles
}

// short writes as much of a hash as tells versions of one file apart: 64 bits.
func short(sum []byte) string { return hex.EncodeToString(sum[:8]) }
