package anchor

import (
	"slices"
	"unicode"
)

// span is a word of a text: what stands between spaces, or one character of a script that writes none.
type span struct{ start, end int }

// wordsOf gives the words of a piece of text from position from to to.
func wordsOf(all []rune, from, to int) (out []span) {
	for x := from; x < to; {
		if all[x] == ' ' {
			x++
			continue
		}
		end := x + 1
		for end < to && all[end] != ' ' && (unicode.IsMark(all[end]) || !spacelessRune(all[end-1]) && !spacelessRune(all[end])) {
			end++
		}
		out = append(out, span{x, end})
		x = end
	}
	return out
}

func spacelessRune(r rune) bool { return r > unicode.MaxLatin1 && unicode.In(r, spaceless...) }

// What it costs to make one text of another, a word at a time.
const (
	same     int32 = 0
	misspelt int32 = 1 // a letter or two, or its punctuation
	other    int32 = 3 // another word, none, or a new one
)

// cost compares two words.
func cost(a, b []rune) int32 {
	if slices.Equal(a, b) {
		return same
	}
	n := max(len(a), len(b))
	if n < 3 || 3*min(len(a), len(b)) < 2*n {
		return other
	}
	head, tail := 0, 0
	for head < min(len(a), len(b)) && a[head] == b[head] {
		head++
	}
	for tail < min(len(a), len(b))-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	if 3*(head+tail) >= 2*n-2 && head+tail > 0 && n-head-tail <= 2 {
		return misspelt
	}
	return other
}

// ending gives, for each j, what it costs to make words of those of to that end before word j, beginning anywhere.
func ending(words, to [][]rune) []int32 {
	row, above := make([]int32, len(to)+1), make([]int32, len(to)+1)
	for i, w := range words {
		row, above = above, row
		row[0] = int32(i+1) * other
		for j, v := range to {
			row[j+1] = min(above[j+1]+other, row[j]+other, above[j]+cost(w, v))
		}
	}
	return row
}

// beginning is ending for words that begin with word j, ending anywhere.
func beginning(words, to [][]rune) []int32 {
	row := ending(reversed(words), reversed(to))
	slices.Reverse(row)
	return row
}
