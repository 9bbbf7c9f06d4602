package demo

import (
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
	"unicode"
	"unicode/utf8"

	"parley"
)

// talks reads every embedded talk, by file name.
func talks(t *testing.T) map[string][]Said {
	t.Helper()
	files, err := fs.Glob(Pieces(), "*.talk")
	if err != nil || len(files) == 0 {
		t.Fatalf("no talk is embedded (%v)", err)
	}
	all := map[string][]Said{}
	for _, file := range files {
		if all[file], err = Talk(Pieces(), file); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

func TestEveryStoryIsTalkedAbout(t *testing.T) {
	sum, most := 0, 0
	all := talks(t)
	for _, file := range slices.Sorted(maps.Keys(all)) {
		threads := 0
		for _, said := range all[file] {
			if said.Parent < 0 {
				threads++
			}
		}
		sum, most = sum+len(all[file]), max(most, threads)
		t.Logf("%-60s %3d comments in %2d threads", file, len(all[file]), threads)
	}
	pieces, err := fs.Glob(Pieces(), "*.md")
	if err != nil || len(pieces) < 6 {
		t.Errorf("%d pieces (%v), want at least 6", len(pieces), err)
	}
	for _, piece := range pieces {
		if file := strings.TrimSuffix(piece, ".md") + ".talk"; len(all[file]) < 40 {
			t.Errorf("%s has %d comments, want at least 40", file, len(all[file]))
		}
	}
	if sum < 300 || most < 60 {
		t.Errorf("%d comments, at most %d threads in a story; want at least 300 and 60", sum, most)
	}
}

func TestTalkIsInOrder(t *testing.T) {
	for file, talk := range talks(t) {
		seen := map[string]int{}
		for i, said := range talk {
			if i > 0 && said.After < talk[i-1].After {
				t.Errorf("%s:%d stands after a later comment", file, said.Line)
			}
			if said.Parent >= i {
				t.Errorf("%s:%d stands before what it answers", file, said.Line)
			}
			if said.Parent >= 0 && (talk[said.Parent].After >= said.After || talk[said.Parent].Depth != said.Depth-1) {
				t.Errorf("%s:%d does not fit under line %d", file, said.Line, talk[said.Parent].Line)
			}
			if said.Parent < 0 && said.Depth != 0 {
				t.Errorf("%s:%d lost what it answers", file, said.Line)
			}
			if n := utf8.RuneCountInString(said.Name); n < parley.MinName || n > parley.MaxName {
				t.Errorf("%s:%d: the name %q has %d characters", file, said.Line, said.Name, n)
			}
			if len(said.Body) > parley.MaxBody {
				t.Errorf("%s:%d is longer than a reader may write", file, said.Line)
			}
			if line, twice := seen[said.id()]; twice {
				t.Errorf("%s:%d has the name and the minute of line %d", file, said.Line, line)
			}
			seen[said.id()] = said.Line
		}
	}
}

// TestNoSentenceComesTwice keeps the talk hand-written: no comment, and no sentence of more than four words,
// stands there twice.
func TestNoSentenceComesTwice(t *testing.T) {
	bodies, sentences := map[string]string{}, map[string]string{}
	for file, talk := range talks(t) {
		for _, said := range talk {
			if before, twice := bodies[said.Body]; twice {
				t.Errorf("%s:%d repeats %s", file, said.Line, before)
			}
			bodies[said.Body] = file
			for _, sentence := range ownSentences(said.Body) {
				if before, twice := sentences[sentence]; twice && len(strings.Fields(sentence)) > 4 {
					t.Errorf("%s:%d repeats %q of %s", file, said.Line, sentence, before)
				}
				sentences[sentence] = file
			}
		}
	}
}

// TestReadersDoNotSoundAlike looks for the marks of a mould: comments that open with the same words, and
// sentences that do.
func TestReadersDoNotSoundAlike(t *testing.T) {
	const (
		mostComments  = 3 // of some 700 that may open with the same four words
		mostSentences = 6 // of some 3,500
	)
	openings, starts := map[string]int{}, map[string]int{}
	for _, talk := range talks(t) {
		for _, said := range talk {
			for i, sentence := range ownSentences(said.Body) {
				words := strings.Fields(sentence)
				if len(words) < 4 {
					continue
				}
				start := strings.Join(words[:4], " ")
				starts[start]++
				if i == 0 {
					openings[start]++
				}
			}
		}
	}
	for words, n := range openings {
		if n > mostComments {
			t.Errorf("%d comments open with %q", n, words)
		}
	}
	for words, n := range starts {
		if n > mostSentences {
			t.Errorf("%d sentences begin with %q", n, words)
		}
	}
}

var quoted = regexp.MustCompile(`"[^"]*"|“[^”]*”`)

// ownSentences gives the sentences of a comment in small letters and without punctuation; quotes of others
// are left out.
func ownSentences(body string) []string {
	var sentences []string
	for line := range strings.Lines(body) {
		if strings.HasPrefix(line, ">") {
			continue
		}
		line = quoted.ReplaceAllString(line, "")
		for _, sentence := range strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune(".?!\n", r) }) {
			words := strings.FieldsFunc(strings.ToLower(sentence), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\'' })
			if len(words) > 0 {
				sentences = append(sentences, strings.Join(words, " "))
			}
		}
	}
	return sentences
}

func TestParseTalk(t *testing.T) {
	talk, err := parseTalk("\n@ Ada | +2h\nLater.\n\n> a quote\n>> @ not a header\n")
	if err == nil {
		t.Fatalf("a header without a time was taken for text: %+v", talk)
	}
	talk, err = parseTalk("@ Ada Lum | +2h\nLater.\n\n> a quote\n\n> @ Bo | +1d2h5m | 7\nAn *answer*.\n@ Cy | +5m | 0\nFirst.\n>@ Ada Lum | +6m\nSecond.")
	if err != nil {
		t.Fatal(err)
	}
	want := []Said{
		{Line: 8, Name: "Cy", After: 5 * time.Minute, Body: "First.", Parent: -1},
		{Line: 10, Name: "Ada Lum", Depth: 1, After: 6 * time.Minute, Body: "Second.", Parent: 0},
		{Line: 1, Name: "Ada Lum", After: 2 * time.Hour, Body: "Later.\n\n> a quote", Parent: -1},
		{Line: 6, Name: "Bo", Depth: 1, After: 26*time.Hour + 5*time.Minute, Recommended: 7, Body: "An *answer*.", Parent: 2},
	}
	if !slices.Equal(talk, want) {
		t.Errorf("read\n%+v, want\n%+v", talk, want)
	}
}

func TestTalkMarks(t *testing.T) {
	talk, err := parseTalk("from 2026-05-21T06:00:00+02:00\n\n@ Ada Lum | +1h\nabout: The guns … stop.\nthought: highly_unlikely\n\nabout: time.\n")
	want := Said{
		Line: 3, Name: "Ada Lum", From: parley.TimeOf(time.Date(2026, 5, 21, 4, 0, 0, 0, time.UTC)), After: time.Hour,
		About: "The guns … stop.", Thought: parley.HighlyUnlikely, Body: "about: time.", Parent: -1,
	}
	if err != nil || len(talk) != 1 || talk[0] != want {
		t.Errorf("read %+v (%v), want %+v", talk, err, want)
	}
}

func TestTalkErrorsNameFileAndLine(t *testing.T) {
	for src, want := range map[string]string{
		"Hello.":                                `x.talk:1: a talk begins with a header such as "@ Name | +1h30m | 12"`,
		"@ Ada | soon\nHello.":                  `x.talk:1: a header looks like "@ Name | +1d2h30m | 12", with a ">" for each level of a reply`,
		"@ Ada | +1h\nHello.\n>> @ Bo | +2h\n":  `x.talk:3: nothing above has one ">" less`,
		"@ Ada | +1h\n\n@ Bo | +2h\nHello.":     `x.talk:1: Ada says nothing`,
		"@ Ada | +1h\nA.\n> @ Bo | +1h\nB.":     `x.talk:3: Bo answers line 1 before it was written`,
		"@ Ada | +\nA.":                         `x.talk:1: Ada writes before there is anything to read`,
		"@ Ada | +1h\nthought: perhaps\nA":      `x.talk:2: "perhaps" is none of the seven answers, such as realistic_possibility`,
		"@ A | +1h\nA.\n> @ B | +2h\nabout: c":  `x.talk:4: what a reply is about, and thinks, is said by what opens its thread`,
		"@ A | +1h\nabout: b\nabout: c\nA.":     `x.talk:3: "about:" names one passage`,
		"from noon\n@ A | +1h\nA.":              `x.talk:1: "noon" is neither a day like 2026-05-21 nor a moment like 2026-05-21T06:00:00+02:00`,
		"@ Ada | +1h | 99999999999999999999\nA": `x.talk:1: 99999999999999999999 is more than 10000`,
	} {
		_, err := Talk(fstest.MapFS{"x.talk": {Data: []byte(src)}}, "x.talk")
		if err == nil || err.Error() != want {
			t.Errorf("%q gives\n%v, want\n%s", src, err, want)
		}
	}
}
