package markup

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/text"
	"golang.org/x/text/unicode/norm"
)

// MaxArticle is the most bytes of one of the publisher's pieces: a long
// magazine piece has 60,000.
const MaxArticle = 1 << 20

// Block is a part of an article that readers can point at.
type Block struct {
	ID   string // id attribute of its element, "p-" and ten hexadecimal digits
	Text string // its text on one line
}

// Article renders a piece of the publisher's own, in the comment dialect with
// these differences: headings are h2 (for # and ##) and h3, underlined ones
// too, quotes that stand by themselves have class "pull", pictures are shown,
// links may be relative and carry no rel, reference links work, and a single
// newline is a space. The author is trusted, the text still cannot bring HTML.
//
// Every block that is not inside another and has text in it gets an id made
// from its letters and digits only, so that neither an edit elsewhere nor a
// mended comma moves what readers attached to it; where a text repeats, the
// later ids end in -2, -3 and so on.
func Article(src []byte) (string, []Block, error) {
	if len(src) > MaxArticle {
		return "", nil, fmt.Errorf("read article: longer than %d bytes", MaxArticle)
	}
	if !utf8.Valid(src) {
		return "", nil, errors.New("read article: not valid UTF-8")
	}
	body := []byte(norm.NFC.String(tidy(string(src))))
	tree := articles.Parse(text.NewReader(body))
	var out strings.Builder
	var blocks []Block
	times := map[string]int{}
	for n := tree.FirstChild(); n != nil; n = n.NextSibling() {
		w := writer{src: body, article: true}
		w.node(n)
		element := w.String()
		if element == "" { // a reference definition
			continue
		}
		if words := Text(element, math.MaxInt); words != "" {
			id := blockID(words)
			if times[id]++; times[id] > 1 {
				id = fmt.Sprintf("%s-%d", id, times[id])
			}
			blocks = append(blocks, Block{id, words})
			element = name(element, id)
		}
		out.WriteString(element)
		out.WriteByte('\n')
	}
	return articlePolicy.Sanitize(out.String()), blocks, nil
}

// blockID hashes what is left of a text when case, spaces and punctuation do
// not count. Forty bits tell the blocks of one piece apart.
func blockID(words string) string {
	folded := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, norm.NFKC.String(words))
	if folded == "" {
		folded = words
	}
	sum := sha256.Sum256([]byte(folded))
	return "p-" + hex.EncodeToString(sum[:5])
}

// name puts an id, and a pull quote's class, into the first tag of element.
func name(element, id string) string {
	end := strings.IndexAny(element, " >")
	attributes := ` id="` + id + `"`
	if element[:end] == "<blockquote" {
		attributes += ` class="pull"`
	}
	return element[:end] + attributes + element[end:]
}

// articleURL is [SafeURL] that also takes addresses within the publisher's
// own site.
func articleURL(raw string) string {
	if safe := SafeURL(raw); safe != "" {
		return safe
	}
	u, err := url.Parse(raw)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || strings.HasPrefix(raw, "//") ||
		len(raw) > maxURL || strings.ContainsFunc(raw, unfit) {
		return ""
	}
	return u.String()
}
