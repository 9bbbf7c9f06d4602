package parley_test

import (
	"errors"
	"fmt"
	"testing"

	"parley"
)

func TestWhatAReaderMayDoToAComment(t *testing.T) {
	author, other := parley.Reader{ID: 1}, parley.Reader{ID: 2}
	written := parley.Time(1_800_000_000_000)
	soon, late := written.Add(parley.EditWindow), written.Add(parley.EditWindow)+1
	in := func(s parley.State) parley.Comment {
		return parley.Comment{Author: parley.Byline{ID: 1}, State: s, CreatedAt: written}
	}
	for what, c := range map[string]struct {
		got  error
		want parley.Code
	}{
		"edit own in time":        {in(parley.Published).MayEdit(author, soon), ""},
		"edit own while it waits": {in(parley.Held).MayEdit(author, soon), ""},
		"edit own too late":       {in(parley.Published).MayEdit(author, late), parley.CodeTooLate},
		"edit another's":          {in(parley.Published).MayEdit(other, soon), parley.CodeNotYours},
		"edit what was removed":   {in(parley.Removed).MayEdit(author, soon), parley.CodeNotPublished},
		"withdraw own late":       {in(parley.Published).MayWithdraw(author), ""},
		"withdraw another's":      {in(parley.Published).MayWithdraw(other), parley.CodeNotYours},
		"answer":                  {in(parley.Published).MayAnswer(), ""},
		"answer withdrawn":        {in(parley.Withdrawn).MayAnswer(), parley.CodeParentGone},
		"recommend":               {in(parley.Published).MayRecommend(other), ""},
		"recommend own":           {in(parley.Published).MayRecommend(author), parley.CodeOwnComment},
		"recommend removed":       {in(parley.Removed).MayRecommend(other), parley.CodeNotPublished},
		"report own":              {in(parley.Published).MayReport(author), parley.CodeOwnComment},
		"report held":             {in(parley.Held).MayReport(other), parley.CodeNotPublished},
	} {
		if parley.CodeOf(c.got) != c.want {
			t.Errorf("%s: %v, want %q", what, c.got, c.want)
		}
	}
}

func TestEveryStepOfModeration(t *testing.T) {
	legal := map[string]parley.State{
		"publish held": parley.Published, "refuse held": parley.Refused, "remove published": parley.Removed,
		"restore removed": parley.Published, "restore refused": parley.Published,
	}
	steps := 0
	for _, action := range []parley.Action{parley.ActionPublish, parley.ActionRefuse, parley.ActionRemove, parley.ActionRestore, "burn"} {
		for _, from := range []parley.State{parley.Published, parley.Held, parley.Refused, parley.Removed, parley.Withdrawn} {
			to, err := action.Next(from)
			want, ok := legal[fmt.Sprintf("%s %s", action, from)]
			if ok {
				steps++
			}
			if (err == nil) != ok || to != want {
				t.Errorf("%s from %s: %q, %v; want %q", action, from, to, err, want)
			}
		}
	}
	if steps != len(legal) {
		t.Errorf("%d of %d legal steps were tried", steps, len(legal))
	}
}

func TestErrorsHaveTwoAudiences(t *testing.T) {
	cause := errors.New("disk I/O error on /var/lib")
	err := fmt.Errorf("post: %w", parley.Errorf(parley.CodeBusy, "Please try again.").On("body").Because(cause))
	if parley.CodeOf(err) != parley.CodeBusy || !errors.Is(err, cause) || parley.CodeOf(cause) != parley.CodeInternal || parley.CodeOf(nil) != "" {
		t.Errorf("%v is not both a refusal and its cause", err)
	}
	refusal, _ := errors.AsType[*parley.Error](err)
	if refusal.Sentence != "Please try again." || refusal.Field != "body" {
		t.Errorf("strangers see %+v", refusal)
	}
}

func TestInitials(t *testing.T) {
	for name, want := range map[string]string{"Nadia Orrin": "NO", "jory_k": "J", "Åsa von der Élan": "ÅÉ", "": "?", "سلمى": "س"} {
		if got := (parley.Byline{Name: name}).Initials(); got != want {
			t.Errorf("%q → %q, want %q", name, got, want)
		}
	}
}
