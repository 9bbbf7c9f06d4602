package anchor

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"sort"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// MaxText is the most bytes of a text: four times the longest article that Parley serves.
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
	source   []span // where each rune came from
	repeated func() bool
	digest   func() string
}

// span is a piece of the source, in bytes and in code points.
type span struct{ byteStart, byteEnd, start, end int32 }

// Source is a piece of the text as it was before it was normalised.
type Source struct {
	Start     int `json:"start"`     // code point
	End       int `json:"end"`       // code point after the last
	ByteStart int `json:"byteStart"` // of its UTF-8
	ByteEnd   int `json:"byteEnd"`
}

// NewText normalises source, which is plain text in UTF-8 (each byte that is not becomes U+FFFD) of at most
// [MaxText] bytes.
func NewText(source string) (*Text, error) {
	if len(source) > MaxText {
		return nil, fmt.Errorf("read text: longer than %d bytes", MaxText)
	}
	t := &Text{alphabet: map[rune]int32{}}
	var segments norm.Iter
	segments.InitString(norm.NFC, source)
	for point := int32(0); !segments.Done(); {
		from := segments.Pos()
		segment := segments.Next()
		point = t.add(segment, source[from:segments.Pos()], from, point)
	}
	if n := len(t.runes); n > 0 && t.runes[n-1] == ' ' {
		t.runes, t.source = t.runes[:n-1], t.source[:n-1]
	}
	t.index()
	return t, nil
}

// add appends a normalised segment that was made from source, which starts at byte from and code point point,
// and gives the code point after it. Inside a segment that normalising changed, every rune comes from all of it.
func (t *Text) add(segment []byte, source string, from int, point int32) int32 {
	all := span{int32(from), int32(from + len(source)), point, point + int32(utf8.RuneCountInString(source))}
	same := string(segment) == source
	for i, n := 0, int32(0); i < len(segment); n++ {
		r, size := utf8.DecodeRune(segment[i:])
		place := all
		if same {
			place = span{all.byteStart + int32(i), all.byteStart + int32(i+size), point + n, point + n + 1}
		}
		i += size
		if !unicode.IsSpace(r) {
			t.runes, t.source = append(t.runes, r), append(t.source, place)
			continue
		}
		last := len(t.runes) - 1
		switch {
		case last < 0:
		case t.runes[last] == ' ':
			t.source[last].byteEnd, t.source[last].end = place.byteEnd, place.end
		default:
			t.runes, t.source = append(t.runes, ' '), append(t.source, place)
		}
	}
	return all.end
}

func (t *Text) index() {
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
	t.repeated = sync.OnceValue(func() bool { return repetitive(t.words) })
	t.digest = sync.OnceValue(func() string {
		sum := sha256.Sum256([]byte(t.words))
		return hex.EncodeToString(sum[:8])
	})
}

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

// Source gives where the text between two positions, 0 ≤ start < end ≤ [Text.Len], stood before normalising. A
// character that was made from several, and a space made from a run, stand for all of those.
func (t *Text) Source(start, end int) Source {
	first, last := t.source[start], t.source[end-1]
	return Source{int(first.start), int(last.end), int(first.byteStart), int(last.byteEnd)}
}

// Digest tells one normalised text from another: 16 hexadecimal digits.
func (t *Text) Digest() string { return t.digest() }

// position gives the code point that starts at a byte of the normalised text.
func (t *Text) position(b int) int {
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
		if now := unicode.IsSpace(r); !now || !space {
			if space = now; now {
				r = ' '
			}
			b.WriteRune(r)
		}
	}
	return b.String()
}
