package anchor

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/internal/markup"
)

// demoPieces gives the texts of the demo.
func demoPieces(t testing.TB) (all []draft) {
	files, err := filepath.Glob("../demo/content/*.md")
	if err != nil || len(files) < 5 {
		t.Fatalf("found %d pieces: %v", len(files), err)
	}
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		_, body, ok := strings.Cut(string(source), "\n---\n")
		if !ok {
			t.Fatalf("%s has no front matter", file)
		}
		_, blocks, err := markup.Article([]byte(body))
		if err != nil {
			t.Fatal(err)
		}
		var paragraphs []string
		for _, b := range blocks {
			paragraphs = append(paragraphs, b.Text)
		}
		all = append(all, newDraft(paragraphs))
	}
	return all
}

// repeatedTexts makes texts that say the same again and again: sentences out of a stock of thirty and of sixty, one
// sentence with other words filled in, a refrain, and words out of a handful.
func repeatedTexts() (all []draft) {
	r := rand.New(rand.NewPCG(7, 7))
	pick := func(from []string) string { return from[r.IntN(len(from))] }
	nouns := strings.Fields("council library harbour mine school ministry village river railway market court hospital")
	verbs := strings.Fields("close open sell keep repair move count visit defend forget")
	fill := func() string {
		return fmt.Sprintf("The %s voted to %s the %s before the winter, and the %s did not object.", pick(nouns), pick(verbs), pick(nouns), pick(nouns))
	}
	for _, stock := range []int{30, 60} {
		var sentences []string
		for range stock {
			sentences = append(sentences, fill())
			if r.IntN(2) == 0 {
				sentences[len(sentences)-1] = fmt.Sprintf("Nobody in the %s %s what the %s %s.", pick(nouns), pick([]string{"knows", "asked", "saw", "wrote down"}),
					pick(nouns), pick([]string{"wants", "did next", "has cost us so far", "said to whom, or when"}))
			}
		}
		all = append(all, compose(r, 18, 6, func() string { return pick(sentences) }))
	}
	all = append(all, compose(r, 18, 6, fill))
	refrain := "We were told to wait, and we waited."
	all = append(all, compose(r, 20, 5, func() string {
		if r.IntN(2) == 0 {
			return refrain
		}
		return fill()
	}))
	few := strings.Fields("bread and roses or bread and rain")
	return append(all, compose(r, 12, 6, func() string {
		var words []string
		for range 5 + r.IntN(8) {
			words = append(words, pick(few))
		}
		return strings.Join(words, " ") + "."
	}))
}

func compose(r *rand.Rand, paragraphs, most int, sentence func() string) draft {
	var all []string
	for range paragraphs {
		var p []string
		for range 2 + r.IntN(most) {
			p = append(p, sentence())
		}
		all = append(all, strings.Join(p, " "))
	}
	return newDraft(all)
}
