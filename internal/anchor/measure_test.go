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
	passages = flag.Int("anchor.passages", 10_000, "passages to find again, for each kind of text and description")
	seed     = flag.Uint64("anchor.seed", 1, "seed of the texts and edits")
	show     = flag.String("anchor.show", "", "print passages: wrong, or refused")
	only     = flag.String("anchor.only", "", "only ways and texts whose name contains this")
	each     = flag.Bool("anchor.each", false, "each text")
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
type tally struct{ all, found, wrong int }

func (c *tally) String() string {
	return fmt.Sprintf("%6d passages, found %6d (%6.2f %%), wrong %d", c.all, c.found, 100*float64(c.found)/float64(max(1, c.all)), c.wrong)
}

// The kinds of passages that are told apart.
const (
	untouched = "untouched"
	light     = "lightly edited" // up to 20 % of the words
	heavy     = "heavily edited" // more of them
	cut       = "partly removed" // a sentence of it was rewritten or taken away
	removed   = "none of it left"
)

// wordPlaces gives where each word starts and ends in the normalised text.
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
	Quote
	first, last int
}

// choose describes n passages of 2 to 60 words, a third of them whole sentences.
func choose(t testing.TB, r *rand.Rand, d draft, n int, w way) []chosen {
	text, all := NewText(d.text()), d.tokens()
	start, end := wordPlaces(all)
	var whole [][2]int
	at := 0
	para := []int{}
	for k, p := range d {
		for _, one := range sentences(p) {
			whole = append(whole, [2]int{at + one[0], at + one[1] - 1})
		}
		at += len(p)
		for range p {
			para = append(para, k)
		}
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
		a, b := start[first], end[last]
		p := Quote{text.Slice(a, b), text.Slice(a-32, a), text.Slice(b, b+32), a, b, true}
		if w.own {
			p = text.Describe(a, b)
		}
		if w.nohint {
			p.HasPosition, p.Start, p.End = false, 0, 0
		}
		if w.noside {
			p.Prefix, p.Suffix = "", ""
		}
		if w.raw {
			p.Start += para[first]
			p.End += para[last]
		}
		out = append(out, chosen{p, first, last})
	}
	return out
}

type way struct {
	name                                     string
	count                                    int // passages a file
	strength                                 int
	nohint, noside, own, raw, single, copies bool
}

// measure edits d in many ways, up to one edit for so many words, and looks for its passages in each version.
func measure(t testing.TB, r *rand.Rand, d draft, n int, w way) map[string]*tally {
	result := map[string]*tally{untouched: {}, light: {}, heavy: {}, cut: {}, removed: {}}
	e := editor{Rand: r, copies: w.copies}
	for _, one := range d.tokens() {
		e.stock = append(e.stock, strings.Trim(one.word, ".,;:?!"))
	}
	for done := 0; done < n; {
		known := choose(t, r, d, w.count, w)
		e.lost = map[int]bool{}
		edits := 1 + len(d.tokens())/w.strength
		version := e.revise(d, r.IntN(1+edits))
		for range r.IntN(1 + edits) {
			p := known[r.IntN(len(known))]
			version = e.mend(version, p.first, p.last)
		}
		text, after := NewText(version.text()), version.tokens()
		start, end := wordPlaces(after)
		var qs []Quote
		for _, k := range known {
			qs = append(qs, k.Quote)
		}
		places := text.FindAll(qs)
		if w.single {
			for i := range qs {
				places[i] = text.Find(qs[i])
			}
		}
		for i, p := range known {
			done++
			real := track(after, p.first, p.last)
			if real.torn {
				continue
			}
			kind := removed
			switch {
			case real.first < 0:
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
			got := places[i]
			was := ""
			if real.first >= 0 {
				was = fmt.Sprintf("[%d] %q", start[real.first], text.Slice(start[real.first]-40, end[real.last]+40))
			}
			if *show == "refused" && got.Outcome != Found && (kind == light || kind == untouched) {
				t.Logf("REFUSED %s %v\n  quote  [%d] %q\n  prefix %q\n  suffix %q\n  is     %s", kind, got.Why, p.Start, p.Exact, p.Prefix, p.Suffix, was)
			}
			if got.Outcome == Found {
				c.found++
				if real.first < 0 || !within(start, got.Start, real.first) || !within(end, got.End, real.last) {
					c.wrong++
					if *show == "wrong" {
						t.Log(dbg(text, qs, i))
						t.Logf("WRONG %s %s %.3f\n  quote  [%d] %q\n  prefix %q\n  suffix %q\n  found  [%d] %q | %q | %q\n  is     %s", kind, got.By, got.Score, p.Start, p.Exact, p.Prefix, p.Suffix, got.Start,
							text.Slice(got.Start-40, got.Start), text.Slice(got.Start, got.End), text.Slice(got.End, got.End+40), was)
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

// Up to how many words there are for each edit.
const (
	revised   = 250 // an afternoon's corrections
	rewritten = 25  // about every sentence was in somebody's hands
)

func TestMeasuredOnEditedTexts(t *testing.T) {
	for _, set := range []struct {
		name  string
		texts []draft
	}{{"demo", demoPieces(t)}, {"repeated", repeatedTexts()}} {
		for _, w := range []way{
			{name: "100 copies", count: 100, strength: revised, copies: true},
			{name: "dense copies", count: 500, strength: revised, copies: true},
			{name: "dense", count: 500, strength: revised},
			{name: "dense rewritten", count: 500, strength: rewritten},
			{name: "100", count: 100, strength: revised},
			{name: "100 rewritten", count: 100, strength: rewritten},
			{name: "20", count: 20, strength: revised},
			{name: "raw", count: 100, strength: revised, raw: true},
			{name: "nohint", count: 100, strength: revised, nohint: true},
			{name: "noside", count: 100, strength: revised, noside: true},
			{name: "bare", count: 100, strength: revised, noside: true, nohint: true},
			{name: "single", count: 100, strength: revised, single: true},
			{name: "own single", count: 100, strength: revised, single: true, own: true},
		} {
			name := set.name + "/" + w.name
			if !strings.Contains(name, *only) {
				continue
			}
			t.Run(name, func(t *testing.T) {
				total := map[string]*tally{untouched: {}, light: {}, heavy: {}, cut: {}, removed: {}}
				for i, d := range set.texts {
					one := measure(t, rand.New(rand.NewPCG(*seed, uint64(i))), d, *passages/len(set.texts), w)
					for kind, c := range one {
						total[kind].all += c.all
						total[kind].found += c.found
						total[kind].wrong += c.wrong
					}
					if *each {
						t.Logf("text %d: untouched      %s", i, one[untouched])
						t.Logf("text %d: lightly edited %s", i, one[light])
						t.Logf("text %d: removed %s", i, one[removed])
					}
				}
				line := fmt.Sprintf("%-28s", name)
				for _, kind := range []string{untouched, light, heavy, cut, removed} {
					c := total[kind]
					line += fmt.Sprintf(" | %5d %6.2f%% w%-3d", c.all, 100*float64(c.found)/float64(max(1, c.all)), c.wrong)
				}
				fmt.Println(line)
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
	for _, stock := range []int{30, 60} {
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
