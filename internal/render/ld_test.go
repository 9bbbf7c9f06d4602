package render

import (
	"encoding/json"
	"strings"
	"testing"

	"parley"
)

// TestDiscussionLD holds the data against what stands on the page: gone comments say nothing, answers hang under
// what they answer, and text is text.
func TestDiscussionLD(t *testing.T) {
	element, err := DiscussionLD(small())
	if err != nil {
		t.Fatal(err)
	}
	type comment struct {
		Type    string `json:"@type"`
		URL     string
		Text    string
		Author  struct{ Name, URL string }
		Comment []comment
	}
	var read struct {
		Type         string `json:"@type"`
		Headline     string
		CommentCount int
		Comment      []comment
	}
	data := strings.TrimSuffix(strings.TrimPrefix(string(element), `<script type="application/ld+json">`), `</script>`)
	if err := json.Unmarshal([]byte(data), &read); err != nil {
		t.Fatal(err)
	}
	if read.Type != "DiscussionForumPosting" || read.Headline != harbour().Title || read.CommentCount != 6 || len(read.Comment) != 1 {
		t.Fatalf("read %+v", read)
	}
	top := read.Comment[0]
	if top.Type != "Comment" || top.URL != "https://forum.example/c/1" || top.Text != "One." || top.Author.Name != tobias.Name || len(top.Comment) != 1 {
		t.Errorf("the thread is %+v", top)
	}
	under := top.Comment[0].Comment
	if len(under) != 2 || under[1].Text != "Four & more. A second paragraph." {
		t.Errorf("the third level is %+v", under)
	}
	if strings.Contains(data, dirk.Name) || strings.Contains(data, `""`) {
		t.Errorf("it names who is gone, or says nothing with many words: %s", data)
	}
}

func TestNewsArticleLD(t *testing.T) {
	element, err := NewsArticleLD(Article{URL: "https://news.example/a", Headline: "H", Author: "Ilse Marrow", PublishedAt: noon}, Page{Site: site, Story: parley.Story{ID: 9}})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"@type":"NewsArticle"`, `"datePublished":"2026-11-23T12:00:00Z"`, `"discussionUrl":"https://forum.example/s/9"`, `"author":{"@type":"Person","name":"Ilse Marrow"}`} {
		if !strings.Contains(string(element), want) {
			t.Errorf("no %s in %s", want, element)
		}
	}
	if strings.Contains(string(element), "image") {
		t.Errorf("an image that is not there: %s", element)
	}
}
