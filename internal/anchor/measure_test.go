package anchor

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"parley/internal/markup"
)

var (
	passages = flag.Int("anchor.passages", 12_000, "passages to find again, for each kind of text")
	each     = flag.Bool("anchor.each", false, "report each text by itself")
	seed     = flag.Uint64("anchor.seed", 1, "seed of the edits")
	refused  = flag.Bool("anchor.refused", false, "print each passage that was refused without need")
	wrongs   = flag.Bool("anchor.wrong", false, "print each passage found at a wrong place")
)

// truth is where a passage of the words first..last of the first draft is after edits, from the words' own record.
type truth struct {
	first, last int     // words of the new version, -1 when none is left
	changed     float64 // share of its words replaced, misspelt, removed or come in between
	torn        bool    // its words no longer stand together
}

func track(after []token, first, last int) truth {
	t := truth{first: -1}
	kept, same := 0, 0
	for i, one := range after {
		if one.origin < first || one.origin > last {
			continue
		}
		if t.first < 0 {
			t.first = i
		}
		t.last = i
		kept++
		if !one.edited {
			same++
		}
	}
	words := last - first + 1
	if t.first < 0 {
		return t
	}
	between := t.last - t.first + 1 - kept
	t.changed = min(1, float64(words-same+between)/float64(words))
	for i := t.first; i <= t.last; i++ {
		if o := after[i].origin; o >= 0 && (o < first || o > last) {
			t.torn = true
		}
	}
	t.torn = t.torn || between > words/2+1 // whole sentences came in between
	return t
}

// tally counts outcomes of passages that had the same done to them.
type tally struct{ all, found, wrong, changed, ambiguous, gone int }

func (c *tally) String() string {
	return fmt.Sprintf("%6d passages, found %6d (%6.2f %%), wrong %d, refused: changed %d, ambiguous %d, gone %d",
		c.all, c.found, 100*float64(c.found)/float64(max(1, c.all)), c.wrong, c.changed, c.ambiguous, c.gone)
}

func (c *tally) add(o tally) {
	c.all, c.found, c.wrong = c.all+o.all, c.found+o.found, c.wrong+o.wrong
	c.changed, c.ambiguous, c.gone = c.changed+o.changed, c.ambiguous+o.ambiguous, c.gone+o.gone
}

// The kinds of passages that are told apart.
const (
	untouched = "untouched"
	light     = "lightly edited" // up to 20 % of the words
	heavy     = "heavily edited" // more of them
	cut       = "partly removed" // a sentence of it was rewritten or taken away
	removed   = "none of it left"
)

// starts gives where each word starts and ends in the normalised text.
func wordPlaces(all []token) (start, end []int) {
	at := 0
	for _, one := range all {
		n := len([]rune(one.word))
		start, end = append(start, at), append(end, at+n)
		at += n + 1
	}
	return start, end
}

type chosen struct {
	Passage
	first, last int
}

// choose describes n passages of 2 to 60 words, a third of them whole sentences.
func choose(t testing.TB, r *rand.Rand, d draft, n int, strip func(*Passage)) []chosen {
	text, all := must(t, d.text()), d.tokens()
	start, end := wordPlaces(all)
	var whole [][2]int
	at := 0
	for _, p := range d {
		for _, one := range sentences(p) {
			whole = append(whole, [2]int{at + one[0], at + one[1] - 1})
		}
		at += len(p)
	}
	var out []chosen
	for range n {
		first := r.IntN(len(all) - 2)
		last := min(len(all)-1, first+1+r.IntN(12))
		switch r.IntN(6) {
		case 0:
			last = min(len(all)-1, first+r.IntN(60)+1)
		case 1, 2:
			one := whole[r.IntN(len(whole))]
			first, last = one[0], one[1]
		}
		p, err := text.Describe(start[first], end[last])
		if err != nil {
			t.Fatal(err)
		}
		if p.Exact != text.Slice(start[first], end[last]) {
			t.Fatalf("described %q, want %q", p.Exact, text.Slice(start[first], end[last]))
		}
		p.Text = "" // every version is another text; this would only hide how words are found
		strip(&p)
		out = append(out, chosen{p, first, last})
	}
	return out
}

// measure edits d in many ways, up to one edit for so many words, and looks for its passages in each version.
func measure(t testing.TB, r *rand.Rand, d draft, n, strength int, strip func(*Passage)) map[string]*tally {
	result := map[string]*tally{untouched: {}, light: {}, heavy: {}, cut: {}, removed: {}}
	e := editor{Rand: r}
	for _, one := range d.tokens() {
		e.stock = append(e.stock, strings.Trim(one.word, ".,;:?!"))
	}
	known := choose(t, r, d, min(n, 150), strip)
	for done := 0; done < n; {
		e.lost = map[int]bool{}
		edits := 1 + len(d.tokens())/strength
		version := e.revise(d, r.IntN(1+edits))
		for range 1 + r.IntN(edits) {
			p := known[r.IntN(len(known))]
			version = e.mend(version, p.first, p.last)
		}
		text, after := must(t, version.text()), version.tokens()
		start, end := wordPlaces(after)
		for _, p := range known[:min(len(known), n-done)] {
			done++
			real := track(after, p.first, p.last)
			if real.torn {
				continue
			}
			kind := removed
			switch {
			case real.first < 0 || real.changed == 1:
				real.first = -1
			case e.lostAny(p.first, p.last):
				kind = cut
			case real.changed == 0:
				kind = untouched
			case real.changed <= 0.2:
				kind = light
			default:
				kind = heavy
			}
			c := result[kind]
			c.all++
			got := text.Find(p.Passage)
			if *refused && got.Outcome != Found && (kind == light || kind == untouched) {
				t.Logf("REFUSED %s %v (rival %v)\n  quote  %q\n  prefix %q\n  suffix %q\n  is     %q", kind, got.Outcome, p.Rival, p.Exact, p.Prefix, p.Suffix, text.Slice(start[real.first]-40, end[real.last]+40))
			}
			switch got.Outcome {
			case Changed:
				c.changed++
			case Ambiguous:
				c.ambiguous++
			case Gone:
				c.gone++
			case Found:
				c.found++
				if real.first < 0 || !within(start, got.Start, real.first) || !within(end, got.End, real.last) {
					c.wrong++
					if *wrongs {
						was := ""
						if real.first >= 0 {
							was = text.Slice(start[real.first]-40, end[real.last]+40)
						}
						t.Logf("WRONG %s %.3f (rival %v)\n  quote  %q\n  prefix %q\n  suffix %q\n  found  %q | %q | %q\n  is     %q", kind, got.Score, p.Rival, p.Exact, p.Prefix, p.Suffix,
							text.Slice(got.Start-len(p.Prefix), got.Start), text.Slice(got.Start, got.End), text.Slice(got.End, got.End+len(p.Suffix)), was)
					}
				}
			}
		}
	}
	return result
}

// within tells whether position x is at most a word off the edge of word i.
func within(edges []int, x, i int) bool {
	return x >= edges[max(0, i-1)] && x <= edges[min(len(edges)-1, i+1)]
}

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
		if head, body, ok := strings.Cut(strings.TrimPrefix(string(source), "---\n"), "\n---\n"); ok && len(head) < 2000 {
			source = []byte(body)
		}
		_, blocks, err := markup.Article(source)
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

var (
	asIs  = func(*Passage) {}
	plain = func(p *Passage) { p.Rival = nil }
	w3c   = func(p *Passage) { // as other annotators make them: 32 characters on each side, nothing else
		prefix, suffix := []rune(p.Prefix), []rune(p.Suffix)
		p.Prefix, p.Suffix, p.Rival = string(prefix[max(0, len(prefix)-32):]), string(suffix[:min(32, len(suffix))]), nil
	}
)

// Up to how many words there are for each edit.
const (
	revised   = 250 // an afternoon's corrections
	rewritten = 25  // about every sentence was in somebody's hands
)

func TestMeasuredOnEditedTexts(t *testing.T) {
	for _, set := range []struct {
		name  string
		texts []draft
	}{{"demo pieces", demoPieces(t)}, {"repeated phrases", repeatedTexts()}} {
		for _, way := range []struct {
			name     string
			share    int // of the passages asked for
			strength int
			strip    func(*Passage)
		}{
			{"revised", 1, revised, asIs},
			{"rewritten", 1, rewritten, asIs},
			{"revised, rivals not known", 4, revised, plain},
			{"revised, 32 characters around and rivals not known", 4, revised, w3c},
		} {
			t.Run(set.name+"/"+way.name, func(t *testing.T) {
				total := map[string]*tally{untouched: {}, light: {}, heavy: {}, cut: {}, removed: {}}
				for i, d := range set.texts {
					one := measure(t, rand.New(rand.NewPCG(*seed, uint64(i))), d, *passages/len(set.texts)/way.share, way.strength, way.strip)
					for kind, c := range one {
						total[kind].add(*c)
					}
					if *each {
						t.Logf("text %d: untouched      %s", i, one[untouched])
						t.Logf("text %d: lightly edited %s", i, one[light])
					}
				}
				for _, kind := range []string{untouched, light, heavy, cut, removed} {
					t.Logf("%-15s %s", kind, total[kind])
				}
			})
		}
	}
}

// repeatedTexts builds texts that say the same again and again: sentences out of a small stock, one sentence with
// other words filled in, refrains in prose, and words out of a handful.
func repeatedTexts() (all []draft) {
	r := rand.New(rand.NewPCG(7, 7))
	pick := func(from []string) string { return from[r.IntN(len(from))] }
	nouns := strings.Fields("council library harbour mine school ministry village river railway market court hospital")
	verbs := strings.Fields("close open sell keep repair move count visit defend forget")
	fill := func() string {
		return fmt.Sprintf("The %s voted to %s the %s before the winter, and the %s did not object.", pick(nouns), pick(verbs), pick(nouns), pick(nouns))
	}
	for _, stock := range []int{4, 12, 30} {
		var sentences []string
		for range stock {
			sentences = append(sentences, fill())
			if r.IntN(2) == 0 {
				sentences[len(sentences)-1] = fmt.Sprintf("Nobody in the %s %s what the %s %s.", pick(nouns), pick([]string{"knows", "asked", "saw", "wrote down"}), pick(nouns), pick([]string{"wants", "did next", "has cost us so far", "said to whom, or when"}))
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
	all = append(all, compose(r, 12, 6, func() string {
		var words []string
		for range 5 + r.IntN(8) {
			words = append(words, pick(few))
		}
		return strings.Join(words, " ") + "."
	}))
	return all
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
	return newDraft(slices.Clip(all))
}
