package anchor

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

var (
	passages = flag.Int("anchor.passages", 0, "passages to find again for each row of the table; 0 = a few, for two rows only")
	seed     = flag.Uint64("anchor.seed", 1, "seed of the texts' edits")
	show     = flag.String("anchor.show", "", "print passages that were found at a wrong place (wrong) or refused without need (refused)")
	racing   bool // the race detector makes it ten times as long and learns nothing: it all runs in one goroutine
)

// way is how texts are edited, and what of its passages is told.
type way struct {
	name                     string
	count                    int // passages of a text that are looked for together
	every                    int // words of a text for each edit, at most
	copies                   bool
	noPosition, noSides      bool
	countsLineEnds, byItself bool
}

const (
	revised   = 250 // an afternoon's corrections
	rewritten = 25  // about every sentence was in somebody's hands
)

var ways = []way{
	{name: "100 passages together", count: 100, every: revised},
	{name: "500 together", count: 500, every: revised},
	{name: "20 together", count: 20, every: revised},
	{name: "100, sentences said again elsewhere", count: 100, every: revised, copies: true},
	{name: "100, about every sentence edited", count: 100, every: rewritten},
	{name: "100, positions counted with line ends", count: 100, every: revised, countsLineEnds: true},
	{name: "100, no surroundings", count: 100, every: revised, noSides: true},
	{name: "100, no positions", count: 100, every: revised, noPosition: true},
	{name: "each by itself", count: 100, every: revised, byItself: true},
}

// The kinds of passages that are told apart.
const (
	untouched = iota
	light     // up to 20 % of the words changed
	heavy     // more of them
	torn      // a sentence of it was rewritten or taken away
	removed   // none of it left
	kinds
)

// tally counts passages that had the same done to them.
type tally struct{ all, found, wrong int }

func (c tally) share() float64 { return 100 * float64(c.found) / float64(max(1, c.all)) }

// TestMeasured edits texts in ways that are known, and looks for their passages. Without flags it takes seconds and
// holds the figures of docs/anchors.md; with -anchor.passages it makes the table there.
func TestMeasured(t *testing.T) {
	if testing.Short() || racing {
		t.Skip("measures for some seconds")
	}
	n, some := *passages, ways
	if n == 0 {
		n, some = 4000, ways[:1]
	}
	for _, set := range []struct {
		name  string
		texts []draft
		light float64
	}{{"demo", demoPieces(t), 95}, {"repeated phrases", repeatedTexts(), 95}} {
		for _, w := range some {
			t.Run(set.name+"/"+w.name, func(t *testing.T) {
				var total [kinds]tally
				for i, d := range set.texts {
					for kind, c := range measure(t, rand.New(rand.NewPCG(*seed, uint64(i))), d, n/len(set.texts), w) {
						total[kind].all += c.all
						total[kind].found += c.found
						total[kind].wrong += c.wrong
					}
				}
				line := "| " + set.name + ", " + w.name
				for _, c := range total {
					line += fmt.Sprintf(" | %d: %.2f %%, %d wrong", c.all, c.share(), c.wrong)
				}
				t.Log(line + " |")
				if *passages == 0 && (total[untouched].share() < 99 || total[light].share() < set.light || total[untouched].wrong+total[light].wrong+total[removed].wrong > 0) {
					t.Error("worse than docs/anchors.md says")
				}
			})
		}
	}
}

// measure edits d again and again, and looks for about n of its passages in what it became.
func measure(t testing.TB, r *rand.Rand, d draft, n int, w way) (result [kinds]tally) {
	e := editor{Rand: r, copies: w.copies}
	for _, one := range d.tokens() {
		e.stock = append(e.stock, strings.Trim(one.word, ".,;:?!"))
	}
	for done := 0; done < n; done += w.count {
		known := choose(r, d, w)
		e.lost = map[int]bool{}
		edits := 1 + len(d.tokens())/w.every
		version := e.revise(d, r.IntN(1+edits))
		for range r.IntN(1 + edits) {
			p := known[r.IntN(len(known))]
			version = e.mend(version, p.first, p.last)
		}
		text, after := NewText(version.text()), version.tokens()
		for i, place := range findEach(text, known, w) {
			real, p := track(after, known[i].first, known[i].last), known[i]
			if real.apart {
				continue
			}
			kind := real.kind(e.lostAny(p.first, p.last))
			c := &result[kind]
			c.all++
			right := real.at(after, place)
			switch {
			case place.Outcome == Found && !right:
				c.wrong++
				fallthrough
			case place.Outcome == Found:
				c.found++
			}
			if *show == "wrong" && place.Outcome == Found && !right || *show == "refused" && place.Outcome != Found && kind <= light {
				t.Logf("kind %d: %+v\nwas %q\nnow %q\nfrom word %d", kind, place, p.Exact, text.Slice(place.Start-40, place.End+40), real.first)
			}
		}
	}
	return result
}

func findEach(text *Text, known []chosen, w way) (out []Place) {
	var quotes []Quote
	for _, k := range known {
		if w.byItself {
			out = append(out, text.Find(k.Quote))
		}
		quotes = append(quotes, k.Quote)
	}
	if w.byItself {
		return out
	}
	return text.FindAll(quotes)
}

// chosen is a passage that is the words from first to last of a draft.
type chosen struct {
	Quote
	first, last int
}

// choose describes passages of 2 to 60 words, a third of them whole sentences, as any annotator would: with 32
// characters on each side.
func choose(r *rand.Rand, d draft, w way) (out []chosen) {
	text, all := NewText(d.text()), d.tokens()
	start, end := wordPlaces(all)
	var whole []span
	var paragraph []int
	for k, p := range d {
		for _, one := range sentences(p) {
			whole = append(whole, span{len(paragraph) + one[0], len(paragraph) + one[1] - 1})
		}
		paragraph = append(paragraph, slices.Repeat([]int{k}, len(p))...)
	}
	for range w.count {
		first := r.IntN(len(all) - 2)
		last := min(len(all)-1, first+1+r.IntN(12))
		switch r.IntN(6) {
		case 0:
			last = min(len(all)-1, first+r.IntN(60)+1)
		case 1, 2:
			one := whole[r.IntN(len(whole))]
			first, last = one.start, one.end
		}
		a, b := start[first], end[last]
		q := Quote{text.Slice(a, b), text.Slice(a-32, a), text.Slice(b, b+32), a, b, true}
		if w.noPosition {
			q.HasPosition, q.Start, q.End = false, 0, 0
		}
		if w.noSides {
			q.Prefix, q.Suffix = "", ""
		}
		if w.countsLineEnds {
			q.Start, q.End = a+paragraph[first], b+paragraph[last]
		}
		out = append(out, chosen{q, first, last})
	}
	return out
}
