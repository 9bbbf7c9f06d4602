package e2e

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// TestThreeRequestsToTheFirstComment: a foreign page needs one script, one style sheet and one fragment until the first comment
// can be read, all from the forum and from nowhere else; what else there is comes after it.
func TestThreeRequestsToTheFirstComment(t *testing.T) {
	d := startDemo(t)
	tb := visit(t, browser(t), "reader").open(d.letters + "/ferry")
	tb.near()
	tb.until("the first comment", "parleyEyes.one('[data-list] li')")
	var asked []struct {
		Name       string
		Start, End float64
		Bytes      int
	}
	list := eval[string](tb, `JSON.stringify(performance.getEntriesByType("resource").map((e) =>
		({Name: e.name, Start: e.startTime, End: e.responseEnd, Bytes: e.transferSize})))`)
	if err := json.Unmarshal([]byte(list), &asked); err != nil {
		t.Fatal(err)
	}
	shown := 0.0
	for _, r := range asked {
		if strings.Contains(r.Name, "/fragment?") {
			shown = r.End
		}
	}
	if shown == 0 {
		t.Fatalf("no fragment was asked for: %s", list)
	}
	var before []string
	for _, r := range asked {
		u, err := url.Parse(r.Name)
		if err != nil {
			t.Fatal(err)
		}
		origin := u.Scheme + "://" + u.Host
		if origin == d.letters {
			continue // the magazine's own style sheet
		}
		if origin != d.forum {
			t.Errorf("the page asked %s for something", origin)
		}
		if r.Start < shown && u.Path != "/api/v1/me" {
			before = append(before, u.Path)
		}
	}
	slices.Sort(before)
	if want := []string{"/embed.css", "/embed.js", "/fragment"}; !slices.Equal(before, want) {
		t.Errorf("asked for before the first comment: %v, want %v", before, want)
	}
}
