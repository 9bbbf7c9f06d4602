package question

import (
	"strings"
	"testing"

	"parley"
)

// TestPolicy: no guessing at the fate of private people, nor at numbers of the dead, unless the site says so.
func TestPolicy(t *testing.T) {
	for text, want := range map[string]parley.Code{
		"Will the ferry still run on 1 June?":                               "",
		"Will Karsk and the Oreni sign a ceasefire by 30 June 2027?":        "",
		"Will the Oreni Federation hold a referendum before Christmas Eve?": "",
		"Will the Lindmark Institute publish the figures in May?":           parley.CodeQuestionPrivate, // an editor says what it is
		"Will more than 400 people have died by June?":                      parley.CodeQuestionDead,
		"How many soldiers will be killed this year?":                       parley.CodeQuestionDead,
		"Will the death toll pass 10,000?":                                  parley.CodeQuestionDead,
		"Will Nadia Orrin marry this year?":                                 parley.CodeQuestionPrivate,
		"Is Mr. Sand guilty?":                                               parley.CodeQuestionPrivate,
		"Will it rain":                                                      parley.CodeMalformed,
		"":                                                                  parley.CodeTextEmpty,
		strings.Repeat("x", parley.MaxQuestion) + "?":                       parley.CodeTextLong,
	} {
		w := parley.QuestionWords{Text: text, Rule: "By the almanac.", Judge: "The desk."}
		err := check(w, false, 0)
		if parley.CodeOf(err) != want {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
		if want == parley.CodeQuestionPrivate {
			w.Office = "mayor of Almery"
			if err := check(w, false, 0); err != nil {
				t.Errorf("%q with a public office: %v", text, err)
			}
		}
		if want == parley.CodeQuestionDead || want == parley.CodeQuestionPrivate {
			w.Office = ""
			if err := check(w, true, 0); err != nil {
				t.Errorf("%q on a site that allows it: %v", text, err)
			}
		}
	}
	late := parley.QuestionWords{Text: "Will it hold?", Rule: "By the almanac.", Judge: "The desk.", Closes: 5}
	if err := check(late, false, 5); parley.CodeOf(err) != parley.CodeBadDay {
		t.Errorf("a question that closes now: %v", err)
	}
}
