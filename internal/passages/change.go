package passages

import (
	"context"
	"strings"

	"github.com/aymanbagabas/go-udiff"

	"parley"
	"parley/internal/store"
)

// Change is what one version of a text changed of the version before.
type Change struct {
	Version    parley.Version // without its blocks
	Title      []Piece        // the headline, when it changed
	Paragraphs [][]Piece      // the paragraphs that changed, came or went, in order
}

// Piece is some words of a changed paragraph.
type Piece struct {
	Kind PieceKind
	Text string
}

// PieceKind says what became of some words.
type PieceKind string

// The kinds of pieces.
const (
	Kept    PieceKind = "kept"
	Added   PieceKind = "added"
	Removed PieceKind = "removed"
)

// maxChanges is how many versions one page compares: each costs reading and comparing two texts.
const maxChanges = 50

// Changes tells what changed in a story's text and when, newest first, at most the last maxChanges versions. The
// first version changed nothing and stands last, when it is among them.
func (s *Service) Changes(ctx context.Context, v parley.Viewer, story parley.ID) ([]Change, error) {
	var all []parley.Version
	err := s.store.View(ctx, func(tx *store.Tx) error {
		t, err := tx.Story(v, story)
		if err != nil {
			return err
		}
		all = all[:0]
		for number := t.Version; number > max(0, t.Version-maxChanges); number-- {
			one, err := tx.Version(story, number)
			if err != nil {
				return err
			}
			all = append(all, one)
		}
		return nil
	})
	changes := make([]Change, len(all))
	for i, one := range all {
		changes[i].Version = one
		changes[i].Version.Blocks = nil
		if i+1 < len(all) {
			changes[i].Title, changes[i].Paragraphs = compare(all[i+1], one)
		}
	}
	return changes, err
}

// compare gives what differs between two versions, word by word.
func compare(before, after parley.Version) (title []Piece, paragraphs [][]Piece) {
	if before.Title != after.Title {
		for _, words := range differ([]string{before.Title}, []string{after.Title}) {
			title = append(title, words...)
		}
	}
	return title, differ(before.Blocks, after.Blocks)
}

// paragraph ends the words of a paragraph where two texts are compared as lists of words. No word is written so.
const paragraph = "\u2029"

// differ compares two texts as lists of words and gives the paragraphs in which something differs.
func differ(before, after []string) [][]Piece {
	old, now := listed(before), listed(after)
	var all [][]Piece
	var current []Piece
	add := func(kind PieceKind, words string) {
		for line := range strings.Lines(words) {
			if word := strings.TrimSuffix(line, "\n"); word != paragraph {
				current = extend(current, kind, word)
				continue
			}
			if touched(current) {
				all = append(all, current)
			}
			current = nil
		}
	}
	at := 0
	for _, edit := range udiff.Lines(old, now) {
		add(Kept, old[at:edit.Start])
		add(Removed, old[edit.Start:edit.End])
		add(Added, edit.New)
		at = edit.End
	}
	add(Kept, old[at:])
	if touched(current) {
		all = append(all, current)
	}
	return all
}

// listed writes a text with one word a line.
func listed(blocks []string) string {
	var b strings.Builder
	for _, block := range blocks {
		for _, word := range strings.Fields(block) {
			b.WriteString(word + "\n")
		}
		b.WriteString(paragraph + "\n")
	}
	return b.String()
}

// extend adds a word to the last piece, or begins another.
func extend(pieces []Piece, kind PieceKind, word string) []Piece {
	if n := len(pieces); n > 0 && pieces[n-1].Kind == kind {
		pieces[n-1].Text += " " + word
		return pieces
	}
	return append(pieces, Piece{kind, word})
}

func touched(pieces []Piece) bool {
	for _, p := range pieces {
		if p.Kind != Kept {
			return true
		}
	}
	return false
}
