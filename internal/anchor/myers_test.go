package anchor

import (
	"math/rand/v2"
	"testing"
)

// slow counts edits with the whole matrix: the first column of a free scan is 0.
func slow(pattern, text []rune, free bool) []int32 {
	column := make([]int32, len(pattern)+1)
	for i := range column {
		column[i] = int32(i)
	}
	var out []int32
	for j, r := range text {
		above := column[0]
		if !free {
			column[0] = int32(j + 1)
		}
		for i, want := range pattern {
			cost := above
			if want != r {
				cost++
			}
			above = column[i+1]
			column[i+1] = min(cost, column[i]+1, above+1)
		}
		out = append(out, column[len(pattern)])
	}
	return out
}

// TestScanEqualsTheMatrix compares the bit-parallel counts with the plain ones, around the edges of blocks too.
func TestScanEqualsTheMatrix(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	letters := []rune("abcdéש")
	word := func(n, kinds int) []rune {
		out := make([]rune, n)
		for i := range out {
			out[i] = letters[random.IntN(kinds)]
		}
		return out
	}
	for _, m := range []int{1, 2, 3, 31, 63, 64, 65, 66, 127, 128, 129, 192, 300} {
		for kinds := 1; kinds <= len(letters); kinds++ {
			pattern, body := word(m, kinds), word(200+random.IntN(300), len(letters))
			if kinds%2 == 0 { // something near the pattern stands in the text
				copy(body[20:], pattern)
				body[25] = 'x'
			}
			text := NewText(string(body))
			for _, free := range []bool{true, false} {
				got := make([]int32, text.Len())
				text.compile(pattern).scan(text.ids, free, got)
				for j, want := range slow(pattern, body, free) {
					if got[j] != want {
						t.Fatalf("pattern of %d, %d letters, free %v, end %d: %d edits, want %d", m, kinds, free, j+1, got[j], want)
					}
				}
			}
		}
	}
}

func TestEndingsAndBeginnings(t *testing.T) {
	text := NewText("one two three two one")
	check := func(name string, got []int32, want ...int32) {
		t.Helper()
		for i := range want {
			if len(got) != len(want) || got[i] != want[i] {
				t.Fatalf("%s: %v, want %v", name, got, want)
			}
		}
	}
	check("two ends", text.endings([]rune("two"), 6, 8), 1, 0, 1)
	check("two begins", text.beginnings([]rune("two"), 3, 5), 1, 0, 1)
	check("at the very ends", text.beginnings([]rune("one"), 18, 21), 0, 1, 2, 3)
	check("nothing", text.endings(nil, 0, 2), 0, 0, 0)
}
