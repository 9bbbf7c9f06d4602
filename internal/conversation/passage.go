package conversation

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strings"
	"unicode/utf8"

	"parley"
	"parley/internal/anchor"
	"parley/internal/markup"
	"parley/internal/store"
)

// quoted makes the words that a reader chose fit to be kept. It refuses with CodePassageLong. Words that are none
// are no passage.
func quoted(p parley.Passage) (parley.Passage, error) {
	p = parley.Passage{ID: p.ID, Exact: markup.Line(p.Exact), Prefix: markup.Line(p.Prefix), Suffix: markup.Line(p.Suffix), Start: p.Start, End: p.End}
	if p.ID != 0 {
		return parley.Passage{ID: p.ID}, nil
	}
	if p.Exact == "" {
		return parley.Passage{}, nil
	}
	length := utf8.RuneCountInString(p.Exact)
	if length > parley.MaxPassage {
		return p, parley.Errorf(parley.CodePassageLong, "Please choose a shorter passage: it has %d characters, the most are %d.", length, parley.MaxPassage).On("passage")
	}
	if prefix := []rune(p.Prefix); len(prefix) > parley.MaxContext {
		p.Prefix = string(prefix[len(prefix)-parley.MaxContext:])
	}
	if suffix := []rune(p.Suffix); len(suffix) > parley.MaxContext {
		p.Suffix = string(suffix[:parley.MaxContext])
	}
	if p.Start < 0 || p.End <= p.Start || p.End > 1<<24 { // no text is that long: the hint is nonsense
		p.Start, p.End = 0, 0
	}
	return p, nil
}

// passage finds or makes what a new comment speaks of. It refuses with CodePassagesOff, CodePassageUnknown and
// CodePassagesFull.
func (s *Service) passage(tx *store.Tx, author parley.Reader, story parley.Story, p parley.Passage) (parley.Passage, error) {
	if p.ID == 0 && p.Exact == "" {
		return p, nil
	}
	if !s.site.HasPassages(story) {
		return p, parley.Errorf(parley.CodePassagesOff, "Comments on passages are switched off here. Your comment can stand on the story as a whole.").On("passage")
	}
	if p.ID != 0 {
		known, err := tx.Passage(s.viewer(author), p.ID)
		if err == nil && known.Story != story.ID {
			err = unknownPassage()
		}
		return known, err
	}
	p.Site, p.Story, p.CreatedAt = s.site.ID, story.ID, tx.Now
	p, fingerprint, err := s.locate(tx, story, p)
	if err != nil {
		return p, err
	}
	p.ID = tx.NewID()
	p, made, err := tx.EnsurePassage(p, fingerprint)
	if err != nil || !made {
		return p, err
	}
	if n, err := tx.CountPassages(story.ID); err != nil || n <= parley.MaxPassages {
		return p, err
	}
	return p, parley.Errorf(parley.CodePassagesFull, "Readers already talk about %d passages of this story, the most there can be. Please join one of them.", parley.MaxPassages).On("passage")
}

// Chooser gives what finds or makes the passage that a reader chose, within a transaction of another verb's: for what
// is about a passage and is no comment. It refuses as posting does. A reader who chose nothing gets the zero passage.
func (s *Service) Chooser(by parley.Reader, chosen parley.Passage) func(*store.Tx, parley.Story) (parley.Passage, error) {
	return func(tx *store.Tx, story parley.Story) (parley.Passage, error) {
		p, err := quoted(chosen)
		if err != nil {
			return p, err
		}
		return s.passage(tx, by, story, p)
	}
}

func unknownPassage() *parley.Error {
	return parley.Errorf(parley.CodePassageUnknown, "These words are not in the story. It may have changed: please reload the page and choose them again.").On("passage")
}

// locate says where a passage stands, and gives what is equal for all who choose the same words in the same
// place. Of a page whose text the forum does not hold it knows only what the reader quotes.
func (s *Service) locate(tx *store.Tx, story parley.Story, p parley.Passage) (parley.Passage, []byte, error) {
	if story.Version == 0 {
		p.State = parley.PassageQuoted
		return p, digest("quoted", p.Exact, last(p.Prefix, telling), first(p.Suffix, telling)), nil
	}
	quote := anchor.Quote{Exact: p.Exact, Prefix: p.Prefix, Suffix: p.Suffix, Start: p.Start, End: p.End, HasPosition: p.End > 0}
	for number := story.Version; number > max(0, story.Version-lookedBack); number-- {
		v, err := tx.Version(story.ID, number)
		if err != nil {
			return p, nil, err
		}
		text := anchor.NewText(v.Blocks...)
		place := text.Find(quote)
		if place.Outcome != anchor.Found || place.By == anchor.ByFuzzy {
			continue // a page as old as an earlier version has the very words of that one
		}
		own := text.Describe(place.Start, place.End)
		p.Exact, p.Prefix, p.Suffix, p.Start, p.End = own.Exact, first(own.Prefix, parley.MaxContext), first(own.Suffix, parley.MaxContext), place.Start, place.End
		p.State, p.Version = parley.PassageFound, number
		if number == story.Version {
			return p, digest("found", fmt.Sprint(number), fmt.Sprint(p.Start), fmt.Sprint(p.End)), nil
		}
		return s.carry(tx, story, p, text)
	}
	return p, nil, unknownPassage()
}

// lookedBack is how many versions of a text a reader's open page may be behind.
const lookedBack = 5

// carry takes a passage that was chosen in an earlier version into the current one.
func (s *Service) carry(tx *store.Tx, story parley.Story, p parley.Passage, earlier *anchor.Text) (parley.Passage, []byte, error) {
	now, err := tx.Version(story.ID, story.Version)
	if err != nil {
		return p, nil, err
	}
	place := anchor.Carry(earlier, anchor.NewText(now.Blocks...), []anchor.Quote{earlier.Describe(p.Start, p.End)})[0]
	chosen := p.Version
	p.Version = story.Version
	if place.Outcome == anchor.Found {
		p.Start, p.End = place.Start, place.End
		return p, digest("found", fmt.Sprint(p.Version), fmt.Sprint(p.Start), fmt.Sprint(p.End)), nil
	}
	p.State = parley.PassageChanged
	return p, digest("changed", fmt.Sprint(chosen), fmt.Sprint(p.Start), fmt.Sprint(p.End)), nil
}

// telling is how much of the surroundings tells two equal quotes of a foreign page apart: browsers keep more or
// less of it.
const telling = 32

func digest(parts ...string) []byte {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return sum[:]
}

func first(s string, n int) string {
	if runes := []rune(s); len(runes) > n {
		return string(runes[:n])
	}
	return s
}

func last(s string, n int) string {
	if runes := []rune(s); len(runes) > n {
		return string(runes[len(runes)-n:])
	}
	return s
}

// PostAlso is Post with something more in the same transaction, which sees the comment as it was saved. A request
// whose key had been here before does not run it again.
func (s *Service) PostAlso(ctx context.Context, author parley.Reader, d parley.Draft, also func(*store.Tx, parley.Comment) error) (parley.Comment, int64, error) {
	posted, err := s.post(ctx, author, d, also)
	return posted.Comment, posted.Revision, err
}
