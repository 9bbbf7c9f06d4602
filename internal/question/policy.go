package question

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"parley"
	"parley/internal/markup"
)

// The policy on what is not to be guessed at in public: the fate of a private person, and how many people will
// have died. A machine cannot know who is private; so a name refuses until an editor says which public office its
// bearer holds, which is kept with the question and shown.

// dead finds words that count people who died or will die. Both halves must stand in the same sentence.
var (
	counts = regexp.MustCompile(`(?i)\b(how many|number of|more than|fewer than|less than|at least|over|exceed|exceeds|toll|count|casualties|fatalities|\d[\d.,]*)\b`)
	dead   = regexp.MustCompile(`(?i)\b(dead|deaths?|die|dies|died|dying|killed|kill|kills|killings?|fatalit(y|ies)|casualt(y|ies)|lose their lives|lives lost|bod(y|ies)|victims?|perish(ed)?|murder(s|ed)?|toll)\b`)
)

// check judges the words of a question. It refuses with what a stranger to the policy needs to mend it.
func check(w parley.QuestionWords, delicate bool, now parley.Time) error {
	for _, field := range []struct {
		name, text, what string
		max              int // bytes; 0 = counted in characters below
		needed           bool
	}{
		{"text", w.Text, "the question", 0, true}, {"rule", w.Rule, "how it will be settled", parley.MaxRule, true},
		{"judge", w.Judge, "who settles it", parley.MaxRule, true}, {"void", w.Void, "what would make it void", parley.MaxRule, false},
		{"office", w.Office, "the public office", maxOffice, false},
	} {
		switch {
		case field.needed && field.text == "":
			return parley.Errorf(parley.CodeTextEmpty, "Please say %s.", field.what).On(field.name)
		case field.max > 0 && len(field.text) > field.max:
			return parley.Errorf(parley.CodeTextLong, "Please say %s in at most %d characters.", field.what, field.max).On(field.name)
		}
	}
	if utf8.RuneCountInString(w.Text) > parley.MaxQuestion {
		return parley.Errorf(parley.CodeTextLong, "A question has at most %d characters: it stands on one line.", parley.MaxQuestion).On("text")
	}
	if !strings.HasSuffix(w.Text, "?") {
		return parley.Errorf(parley.CodeMalformed, "Please write it as a question that can be answered with a chance, ending in a question mark.").On("text")
	}
	if w.Closes != 0 && w.Closes <= now {
		return parley.Errorf(parley.CodeBadDay, "The day on which answers end must lie ahead.").On("closes_at")
	}
	if delicate {
		return nil
	}
	return decent(w)
}

// maxOffice is the most bytes of a public office, as the schema has it.
const maxOffice = 400

// decent is the policy.
func decent(w parley.QuestionWords) error {
	for sentence := range strings.SplitSeq(strings.ReplaceAll(w.Text, "?", "."), ".") {
		if counts.MatchString(sentence) && dead.MatchString(sentence) {
			return parley.Errorf(parley.CodeQuestionDead, "Readers are not asked to guess at numbers of the dead. Ask about what would end it, or what follows.").On("text")
		}
	}
	if name := person(w.Text); name != "" && w.Office == "" {
		return parley.Errorf(parley.CodeQuestionPrivate, "This looks like a question on a person: %s. Readers are not asked to guess at private people. If the person holds a public office and the question is about that, say which; if it is no person, say so there.", name).On("office")
	}
	return nil
}

// titles stand before names of people.
var titles = []string{"mr", "mrs", "ms", "miss", "dr", "prof", "sir", "lady", "lord"}

// places are words that make a capitalised pair something else than a person.
var places = []string{
	"street", "road", "river", "valley", "war", "party", "union", "council", "court", "bank", "city", "county", "island", "islands", "sea", "bay",
	"north", "south", "east", "west", "new", "upper", "lower", "lake", "mount", "port", "quay", "bridge", "parliament", "assembly", "senate",
	"bill", "law", "federation", "association", "commission", "committee", "league", "company", "fund", "club", "university", "school", "hospital",
	"eve", "day", "week", "year", "christmas", "easter", "ramadan", "spring", "summer", "autumn", "winter", "olympic", "cup", "line", "harbour",
	"republic", "kingdom", "states", "nations", "office", "ministry", "department", "act", "treaty", "agreement", "accord", "mines", "library", "hall",
	"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
	"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "will", "the", "is", "are", "does", "do", "can", "has", "by", "before",
}

// person gives what looks like a person's name, two capitalised words side by side or a title with one, or "".
func person(text string) string {
	words := strings.Fields(text)
	for i, word := range words {
		first := strings.Trim(word, `"'“”‘’(),;:.?!`)
		if i+1 == len(words) || ends(word) {
			continue
		}
		second := strings.TrimSuffix(strings.TrimSuffix(strings.Trim(words[i+1], `"'“”‘’(),;:.?!`), "’s"), "'s")
		if !capital(second) {
			continue
		}
		if slices.Contains(titles, strings.ToLower(strings.TrimSuffix(first, "."))) {
			return first + " " + second
		}
		if capital(first) && !common(first) && !common(second) {
			return first + " " + second
		}
	}
	return ""
}

// ends tells whether a word ends a part of a sentence, so that the next does not belong to its name.
func ends(word string) bool {
	return strings.ContainsAny(word[len(word)-1:], ",;:.?!)") && len(word) > 3
}

func common(word string) bool { return slices.Contains(places, strings.ToLower(word)) }

// capital tells whether a word is written like a name: a capital, then small letters.
func capital(word string) bool {
	first, size := utf8.DecodeRuneInString(word)
	if !unicode.IsUpper(first) || len(word) == size {
		return false
	}
	second, _ := utf8.DecodeRuneInString(word[size:])
	return unicode.IsLower(second) || second == '’' || second == '\''
}

func tidied(w parley.QuestionWords) parley.QuestionWords {
	w.Text, w.Rule, w.Judge, w.Void, w.Office = markup.Line(w.Text), markup.Line(w.Rule), markup.Line(w.Judge), markup.Line(w.Void), markup.Line(w.Office)
	return w
}
