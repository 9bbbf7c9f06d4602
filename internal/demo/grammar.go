package demo

import (
	"bytes"
	_ "embed"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
)

//go:embed grammar.txt
var grammarText string

// grammar makes up sentences about one piece. It is read only once made and may be used by many at once.
type grammar map[string][]phrase

// phrase is text with gaps: before the first gap, then a gap and the text after it, and so on.
type phrase struct {
	before string
	gaps   []gap
}

type gap struct{ list, after string }

// newGrammar gives the grammar for the piece with this slug; pieces without lists of their own get what holds
// for all. It panics when the embedded text is broken, which a test would have seen.
func newGrammar(slug string) grammar {
	g, list := grammar{}, ""
	for number, line := range strings.Split(grammarText, "\n") {
		name, isHead := strings.CutPrefix(line, "[")
		switch {
		case number < 2 || line == "":
		case isHead:
			name, of, _ := strings.Cut(strings.TrimSuffix(name, "]"), " ")
			if list = name; of != "" && of != slug {
				list = ""
			}
		case list != "":
			g[list] = append(g[list], parsePhrase(line))
		}
	}
	for list, phrases := range g {
		for _, p := range phrases {
			for _, gap := range p.gaps {
				if g[gap.list] == nil && gap.list != answered {
					panic(fmt.Sprintf("demo: grammar.txt: the list %q names %q, which is not there", list, gap.list))
				}
			}
		}
	}
	return g
}

// answered is the gap that the name of the answered reader fills.
const answered = "to"

func parsePhrase(line string) phrase {
	before, rest, more := strings.Cut(line, "{")
	p := phrase{before: before}
	for more {
		var list string
		list, rest, _ = strings.Cut(rest, "}")
		after, next, again := strings.Cut(rest, "{")
		p.gaps = append(p.gaps, gap{list, after})
		rest, more = next, again
	}
	return p
}

// The lengths of comments in characters: log-normal about 300, as in the archives of newspapers, within what
// a reader still reads.
const (
	medianLength, lengthSpread     = 250, 0.65
	shortestLength, longestLength  = 20, 2_500
	paragraphLength, closingLength = 350, 400
)

// writer makes up one comment.
type writer struct {
	grammar
	r    *rand.Rand
	to   string         // first name of who is answered; "" = nobody
	last map[string]int // the phrase taken last, by list
	out  []byte
}

// comment makes up a whole comment; to is the name of the reader it answers, "" for none.
func (g grammar) comment(r *rand.Rand, to string) string {
	w := writer{grammar: g, r: r, last: map[string]int{}}
	w.to, _, _ = strings.Cut(to, " ")
	target := int(medianLength * math.Exp(lengthSpread*r.NormFloat64()))
	target = min(max(target, shortestLength), longestLength)
	if w.to != "" {
		w.sentence("opening", ".")
	}
	paragraph := 0
	for len(w.out) == 0 || len(w.out) < target-shortestLength {
		if len(w.out)-paragraph > paragraphLength && r.IntN(2) == 0 {
			w.out = append(w.out, "\n\n"...)
			paragraph = len(w.out)
		}
		if r.IntN(7) == 0 {
			w.sentence("question", "?")
		} else {
			w.sentence("statement", ".")
		}
	}
	if len(w.out) > closingLength && r.IntN(3) == 0 {
		w.sentence("closing", ".")
	}
	return string(w.out)
}

// sentence adds one sentence, with a capital at its beginning and a mark at its end.
func (w *writer) sentence(list, mark string) {
	if n := len(w.out); n > 0 && w.out[n-1] != '\n' {
		w.out = append(w.out, ' ')
	}
	from := len(w.out)
	w.fill(list)
	w.out = append(bytes.TrimSuffix(w.out, []byte(",")), mark...)
	if c := w.out[from]; 'a' <= c && c <= 'z' {
		w.out[from] = c - 'a' + 'A'
	}
}

// fill adds a phrase of a list, another one than the last time.
func (w *writer) fill(list string) {
	if list == answered {
		w.out = append(w.out, w.to...)
		return
	}
	phrases := w.grammar[list]
	n := w.r.IntN(len(phrases))
	if last, taken := w.last[list]; taken && n == last {
		n = (n + 1) % len(phrases)
	}
	w.last[list] = n
	w.out = append(w.out, phrases[n].before...)
	for _, gap := range phrases[n].gaps {
		w.fill(gap.list)
		w.out = append(w.out, gap.after...)
	}
}
