package demo

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"parley"
	"parley/internal/markup"
	"parley/internal/press"
)

// wording is one version of a piece's text.
type wording struct {
	title  string
	blocks []string // the paragraphs, as they stand on the page
	at     parley.Time
}

// wordings gives the versions of a piece's text, oldest first. The last is the piece itself.
func wordings(a *press.Article, arg Argument) ([]wording, error) {
	now := wording{title: a.Title, at: max(parley.TimeOf(a.Published), parley.Time(arg.Current))}
	for _, block := range a.Blocks {
		now.blocks = append(now.blocks, block.Text)
	}
	all := []wording{now}
	for i := len(arg.Versions) - 1; i >= 0; i-- {
		before, err := arg.Versions[i].of(now)
		if err == nil && before.at >= now.at {
			err = fmt.Errorf("it stood from %v, when the next one was there", before.at.UTC())
		}
		if err != nil {
			return nil, fmt.Errorf("version %d: %w", i+1, err)
		}
		now = before
		all = append(all, now)
	}
	slices.Reverse(all)
	return all, nil
}

// of gives an earlier version from the one after it.
func (e earlier) of(next wording) (wording, error) {
	w := wording{title: e.Title, at: parley.Time(e.At)}
	if w.title == "" {
		w.title = next.title
	}
	if e.Text != "" {
		_, blocks, err := markup.Article([]byte(e.Text))
		for _, block := range blocks {
			w.blocks = append(w.blocks, block.Text)
		}
		return w, err
	}
	w.blocks = slices.Clone(next.blocks)
	for _, edit := range e.Edits {
		is := func(block string) bool { return strings.Contains(block, edit.Is) }
		i := slices.IndexFunc(w.blocks, is)
		if i < 0 || slices.ContainsFunc(w.blocks[i+1:], is) {
			return w, fmt.Errorf("%q does not stand once in the version after it", edit.Is)
		}
		if w.blocks[i] = strings.Replace(w.blocks[i], edit.Is, edit.Was, 1); strings.TrimSpace(w.blocks[i]) == "" {
			w.blocks = slices.Delete(w.blocks, i, i+1)
		}
	}
	return w, nil
}

// beside is how much of the text before and after a passage goes with it.
const beside = 32

// passage finds the words that a file quotes: "words" or "first words … last words". They must stand there once.
func (w wording) passage(about string) (parley.Passage, error) {
	text := strings.Join(w.blocks, " ")
	first, last, between := strings.Cut(about, " … ")
	start := strings.Index(text, first)
	if start < 0 {
		return parley.Passage{}, fmt.Errorf("the text did not say %q", first)
	}
	end := start + len(first)
	if strings.Contains(text[start+1:], first) {
		return parley.Passage{}, fmt.Errorf("the text says %q twice; quote more of it", first)
	}
	if between {
		after := strings.Index(text[end:], last)
		if after < 0 {
			return parley.Passage{}, fmt.Errorf("after %q the text did not say %q", first, last)
		}
		end += after + len(last)
	}
	p := parley.Passage{Exact: text[start:end], Start: utf8.RuneCountInString(text[:start])}
	p.End = p.Start + utf8.RuneCountInString(p.Exact)
	before, after := []rune(text[:start]), []rune(text[end:])
	p.Prefix = string(before[max(0, len(before)-beside):])
	p.Suffix = string(after[:min(len(after), beside)])
	return p, nil
}

// standing gives the version that stood at a moment: the last that was there by then.
func standing(all []wording, at parley.Time) wording {
	w := all[0]
	for _, one := range all {
		if one.at <= at {
			w = one
		}
	}
	return w
}
