package anchor

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// page is a page of about 3,000 words, as drafts: the demo's pieces one after another.
func page(t testing.TB, texts []draft, words int) draft {
	var out draft
	for n := 0; n < words; {
		for _, d := range texts {
			for _, p := range d {
				if n < words {
					out = append(out, p)
					n += len(p)
				}
			}
		}
	}
	return newDraft(slices.Collect(func(yield func(string) bool) {
		for _, p := range out {
			if !yield(draft{p}.text()) {
				return
			}
		}
	}))
}

// BenchmarkFindAll finds 1,000 passages, of which nineteen in twenty are untouched, on a page of 3,000 words that is
// read anew each time.
func BenchmarkFindAll(b *testing.B) {
	for _, kind := range []struct {
		name  string
		texts []draft
	}{{"prose", demoPieces(b)}, {"repeated", repeatedTexts()[3:4]}} {
		b.Run(kind.name, func(b *testing.B) {
			r := rand.New(rand.NewPCG(3, 3))
			d := page(b, kind.texts, 3000)
			known := choose(r, d, way{count: 1000})
			e := editor{Rand: r, stock: []string{"winter"}, lost: map[int]bool{}}
			later := d
			touched := func() int {
				n := 0
				all := later.tokens()
				for _, k := range known {
					if track(all, k.first, k.last).changed > 0 {
						n++
					}
				}
				return n
			}
			for touched() < 50 {
				k := known[r.IntN(len(known))]
				later = e.mend(later, k.first, k.last)
			}
			var qs []Quote
			for _, k := range known {
				qs = append(qs, k.Quote)
			}
			source := later.text()
			b.Logf("%d words, %d passages touched", len(later.tokens()), touched())
			b.ResetTimer()
			found := 0
			for b.Loop() {
				found = 0
				for _, p := range NewText(source).FindAll(qs) {
					if p.Outcome == Found {
						found++
					}
				}
			}
			b.ReportMetric(float64(found), "found")
			b.ReportMetric(float64(b.Elapsed().Microseconds())/1000/float64(b.N), "ms/page")
		})
	}
}
