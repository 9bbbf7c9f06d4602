package anchor

import (
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// MaxText is the most bytes of a text that is looked through: four times the longest article that Parley serves.
// In a longer one nothing is found.
const MaxText = 4 << 20

// Text is a text in which passages are described and found: Unicode NFC, each run of white space (the Unicode
// property White_Space) one space, none at the ends. Positions are code points of that text, from 0, an end being
// the position after the last. It never changes and may be used by several goroutines.
type Text struct {
	words    string
	runes    []rune
	at       []int32 // byte in words where each rune starts, and one more for the end
	ids      []int32 // runes by their number in the alphabet
	alphabet map[rune]int32
	blocks   []opening // of the blocks with text
	repeats  repeats
}

// NewText normalises the blocks of an article (paragraphs, headings, list items; plain text in UTF-8, each byte
// that is not becomes U+FFFD) and joins them by one space. Blocks without text count as blocks.
func NewText(blocks ...string) *Text {
	t := &Text{alphabet: map[rune]int32{}}
	for i, block := range blocks {
		words := strings.Trim(fold(block), " ")
		if words == "" {
			continue
		}
		if len(t.runes) > 0 {
			t.runes = append(t.runes, ' ')
		}
		t.blocks = append(t.blocks, opening{len(t.runes), i})
		t.runes = append(t.runes, []rune(words)...)
	}
	t.words = string(t.runes)
	t.at = make([]int32, len(t.runes)+1)
	t.ids = make([]int32, len(t.runes))
	b := 0
	for i, r := range t.runes {
		t.at[i] = int32(b)
		b += utf8.RuneLen(r)
		id, known := t.alphabet[r]
		if !known {
			id = int32(len(t.alphabet))
			t.alphabet[r] = id
		}
		t.ids[i] = id
	}
	t.at[len(t.runes)] = int32(b)
	t.index()
	return t
}

// String gives the normalised text.
func (t *Text) String() string { return t.words }

// Len gives the text's length in code points.
func (t *Text) Len() int { return len(t.runes) }

// Slice gives the normalised text between two positions, of which those outside the text mean its ends.
func (t *Text) Slice(start, end int) string {
	start, end = max(0, min(start, t.Len())), max(0, min(end, t.Len()))
	if start >= end {
		return ""
	}
	return t.words[t.at[start]:t.at[end]]
}

// opening is where one of the blocks given to [NewText] starts.
type opening struct{ at, block int }

// Block tells which of the blocks given to [NewText], from 0, holds the code point at pos; the space between two
// belongs to the one before it, and positions outside the text to the first and the last with text. It gives -1 when
// there is no text.
func (t *Text) Block(pos int) int {
	if len(t.blocks) == 0 {
		return -1
	}
	i := sort.Search(len(t.blocks), func(i int) bool { return t.blocks[i].at > pos })
	return t.blocks[max(0, i-1)].block
}

// position gives the code point that starts at a byte of the normalised text.
func (t *Text) position(b int) int {
	if len(t.words) == len(t.runes) {
		return b
	}
	return sort.Search(len(t.at), func(i int) bool { return int(t.at[i]) >= b })
}

// fold normalises a piece of a text as [NewText] does, but keeps a space at either end: a piece that ends in one
// ends at a word.
func fold(piece string) string {
	piece = norm.NFC.String(strings.ToValidUTF8(piece, "\uFFFD"))
	var b strings.Builder
	b.Grow(len(piece))
	space := false
	for _, r := range piece {
		now := unicode.IsSpace(r)
		if now && space {
			continue
		}
		if space = now; now {
			r = ' '
		}
		b.WriteRune(r)
	}
	return b.String()
}
