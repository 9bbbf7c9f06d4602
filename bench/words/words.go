// Package words makes up the text of comments: words that follow each other as they do in a given text, so that
// it compresses about as well as what people write, and no two comments are the same.
package words

import (
	"math/rand/v2"
	"strings"
)

// Chain knows which word may follow which.
type Chain struct {
	next   map[string][]string
	starts []string
}

// Learn gives the chain of a text. It must hold at least one sentence.
func Learn(text string) *Chain {
	c := &Chain{next: map[string][]string{}}
	before := ""
	for _, word := range strings.Fields(text) {
		if before == "" {
			c.starts = append(c.starts, word)
		} else {
			c.next[before] = append(c.next[before], word)
		}
		before = word
		if strings.ContainsAny(word[len(word)-1:], ".!?") {
			before = ""
		}
	}
	return c
}

// longest is how many words a sentence may have before it is ended: a chain can go round in circles.
const longest = 40

// Text gives whole sentences of at least a number of bytes together, in one paragraph of plain text.
func (c *Chain) Text(dice *rand.Rand, bytes int) string {
	var text strings.Builder
	for text.Len() < bytes {
		if text.Len() > 0 {
			text.WriteByte(' ')
		}
		c.sentence(dice, &text)
	}
	return text.String()
}

func (c *Chain) sentence(dice *rand.Rand, text *strings.Builder) {
	word := c.starts[dice.IntN(len(c.starts))]
	text.WriteString(word)
	for range longest {
		after := c.next[word]
		if len(after) == 0 {
			return
		}
		word = after[dice.IntN(len(after))]
		text.WriteByte(' ')
		text.WriteString(word)
	}
	text.WriteByte('.')
}
