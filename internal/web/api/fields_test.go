package api_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"parley"
	"parley/internal/web/api"
)

// field is one member of a request with the longest value it may have.
type field struct {
	route, member string
	most          string // "" where there is no limit to try
	cut           bool   // too long is cut, not refused
	rest          string // the other members, FRESH being something new each time
	within        string // the member whose object it stands in; "" = the request itself
}

// longPassword is one that nobody would guess, as long as they may be.
func longPassword() string {
	var words strings.Builder
	for i := 0; words.Len() < parley.MaxPassword; i++ {
		fmt.Fprintf(&words, "%x kestrel ", i*i+7919)
	}
	return words.String()[:parley.MaxPassword]
}

func fields(w *town) []field {
	longMail := strings.Repeat("l", 64) + "@" + strings.Repeat(strings.Repeat("d", 62)+".", 3)
	longMail = longMail[:min(len(longMail), parley.MaxEmail-3)] + "." + "de"
	page := w.bases[first] + "/"
	const day = `"day":"2026-01-10T00:00:00Z"`
	others := `"name":"Field FRESH","email":"field.FRESH@example.org","password":"` + password + `"`
	without := func(member string) string {
		var left []string
		for _, one := range strings.Split(others, ",") {
			if !strings.HasPrefix(one, `"`+member) {
				left = append(left, one)
			}
		}
		return strings.Join(left, ",")
	}
	return []field{
		{"POST /readers", "name", strings.Repeat("n", parley.MaxName), false, without("name"), ""},
		{"POST /readers", "email", longMail, false, without("email"), ""},
		{"POST /readers", "password", longPassword(), false, without("password"), ""},
		{"POST /session", "email", "", false, `"password":"x"`, ""},
		{"POST /session", "password", "", false, `"email":"owner@example.com"`, ""},
		{"POST /session/redeem", "verifier", "", false, ``, ""},
		{"PATCH /me", "hidden", "", false, ``, ""},
		{"POST /stories", "url", page + strings.Repeat("u", parley.MaxURL-len(page)), false, ``, ""},
		{"POST /stories", "title", strings.Repeat("t", parley.MaxTitle), true, `"url":"` + page + `FRESH"`, ""},
		{"POST /stories/{id}/comments", "body", strings.Repeat("b", parley.MaxBody), false, ``, ""},
		{"POST /stories/{id}/comments", "parent", "", false, `"body":"FRESH"`, ""},
		{"POST /comments/preview", "body", strings.Repeat("b", parley.MaxBody), false, ``, ""},
		{"PATCH /comments/{id}", "body", strings.Repeat("c", parley.MaxBody), false, ``, ""},
		{"POST /comments/{id}/reports", "reason", "", false, ``, ""},
		{"POST /comments/{id}/reports", "note", strings.Repeat("n", parley.MaxNote), false, `"reason":"spam"`, ""},
		{"POST /comments/{id}/decisions", "action", "", false, `"reason":"spam"`, ""},
		{"POST /comments/{id}/decisions", "reason", "", false, `"action":"remove"`, ""},
		{"POST /comments/{id}/decisions", "note", strings.Repeat("n", parley.MaxNote), false, `"action":"remove","reason":"spam"`, ""},
		{"PUT /readers/{id}/roles", "roles", "", false, ``, ""},

		{"POST /stories/{id}/comments", "passage", "", false, `"body":"FRESH"`, ""},
		{"POST /stories/{id}/comments", "id", "", false, `"body":"FRESH"`, "passage"},
		{"POST /stories/{id}/comments", "exact", strings.Repeat("e", parley.MaxPassage), false, `"body":"FRESH"`, "passage"},
		{"POST /stories/{id}/comments", "prefix", strings.Repeat("p", parley.MaxContext), true, `"body":"FRESH"`, "passage"},
		{"POST /stories/{id}/comments", "suffix", strings.Repeat("s", parley.MaxContext), true, `"body":"FRESH"`, "passage"},
		{"POST /stories/{id}/comments", "start", "", false, `"body":"FRESH"`, "passage"},
		{"POST /stories/{id}/comments", "end", "", false, `"body":"FRESH"`, "passage"},
		{"POST /stories/{id}/corrections", "body", strings.Repeat("b", parley.MaxNote), false, `"source":"The book"`, ""},
		{"POST /stories/{id}/corrections", "source", strings.Repeat("s", parley.MaxSource), false, `"body":"FRESH"`, ""},
		{"POST /stories/{id}/corrections", "thanks", "", false, `"body":"FRESH","source":"The book"`, ""},
		{"POST /stories/{id}/corrections", "passage", "", false, `"body":"FRESH","source":"The book"`, ""},
		{"POST /stories/{id}/corrections", "exact", strings.Repeat("e", parley.MaxPassage), false, `"body":"FRESH","source":"The book"`, "passage"},
		{"POST /corrections/{id}/decision", "accept", "", false, `"reply":"FRESH"`, ""},
		{"POST /corrections/{id}/decision", "reply", strings.Repeat("r", parley.MaxNote), false, `"accept":true`, ""},
		{"POST /stories/{id}/sequels", "url", page + strings.Repeat("u", parley.MaxURL-len(page)), false, `"note":"FRESH",` + day, ""},
		{"POST /stories/{id}/sequels", "title", strings.Repeat("t", parley.MaxTitle), false, `"url":"` + page + `",` + day, ""},
		{"POST /stories/{id}/sequels", "note", strings.Repeat("n", parley.MaxNote), false, day, ""},
		{"POST /stories/{id}/sequels", "day", "", false, `"note":"FRESH"`, ""},
		{"PUT /stories/{id}/switches", "passages", "", false, `"questions":true`, ""},
		{"PUT /stories/{id}/switches", "questions", "", false, `"passages":true`, ""},
		{"POST /stories/{id}/question", "text", strings.Repeat("w", parley.MaxQuestion-1) + "?", false, `"rule":"r","judge":"j"`, ""},
		{"POST /stories/{id}/question", "rule", strings.Repeat("r", parley.MaxRule), false, `"text":"Will it?","judge":"j"`, ""},
		{"POST /stories/{id}/question", "judge", strings.Repeat("j", parley.MaxRule), false, `"text":"Will it?","rule":"r"`, ""},
		{"POST /stories/{id}/question", "void", strings.Repeat("v", parley.MaxRule), false, `"text":"Will it?","rule":"r","judge":"j"`, ""},
		{"POST /stories/{id}/question", "office", strings.Repeat("o", 400), false, `"text":"Will it?","rule":"r","judge":"j"`, ""},
		{"POST /stories/{id}/question", "closes_at", "", false, `"text":"Will it?","rule":"r","judge":"j"`, ""},
		{"PATCH /questions/{id}", "version", "", false, `"text":"Will it?"`, ""},
		{"PATCH /questions/{id}", "text", strings.Repeat("w", parley.MaxQuestion-1) + "?", false, `"version":1`, ""},
		{"PATCH /questions/{id}", "rule", strings.Repeat("r", parley.MaxRule), false, `"version":1`, ""},
		{"PATCH /questions/{id}", "judge", strings.Repeat("j", parley.MaxRule), false, `"version":1`, ""},
		{"PATCH /questions/{id}", "void", strings.Repeat("v", parley.MaxRule), false, `"version":1`, ""},
		{"PATCH /questions/{id}", "office", strings.Repeat("o", 400), false, `"version":1`, ""},
		{"PATCH /questions/{id}", "closes_at", "", false, `"version":1`, ""},
		{"POST /questions/{id}/answers", "version", "", false, `"step":"likely"`, ""},
		{"POST /questions/{id}/answers", "step", "", false, `"version":1`, ""},
		{"POST /questions/{id}/answers", "reason", strings.Repeat("b", parley.MaxBody), false, `"version":1,"step":"likely"`, ""},
		{"POST /questions/{id}/answers", "passage", "", false, `"version":1,"step":"likely","reason":"FRESH"`, ""},
		{"POST /questions/{id}/answers", "exact", strings.Repeat("e", parley.MaxPassage), false, `"version":1,"step":"likely","reason":"FRESH"`, "passage"},
		{"POST /questions/{id}/milestones", "day", "", false, `"text":"FRESH"`, ""},
		{"POST /questions/{id}/milestones", "text", strings.Repeat("t", parley.MaxMilestone), false, day, ""},
		{"POST /questions/{id}/milestones", "url", page + strings.Repeat("u", parley.MaxURL-len(page)), false, `"text":"FRESH",` + day, ""},
		{"POST /questions/{id}/settlements", "outcome", "", false, `"source":"We looked.","happened_at":"NOW"`, ""},
		{"POST /questions/{id}/settlements", "source", strings.Repeat("s", parley.MaxSource), false, `"outcome":"yes","happened_at":"NOW"`, ""},
		{"POST /questions/{id}/settlements", "note", strings.Repeat("n", parley.MaxNote), false, `"outcome":"yes","source":"We looked.","happened_at":"NOW"`, ""},
		{"POST /questions/{id}/settlements", "happened_at", "", false, `"outcome":"yes","source":"We looked."`, ""},
		{"POST /settlements/{id}/appeals", "body", strings.Repeat("b", parley.MaxNote), false, ``, ""},
		{"POST /appeals/{id}/decision", "grant", "", false, `"reply":"FRESH"`, ""},
		{"POST /appeals/{id}/decision", "reply", strings.Repeat("r", parley.MaxNote), false, `"grant":true`, ""},
	}
}

// rubbish is JSON that no text field takes, and some that it must survive.
var rubbish = map[string]string{
	"a number": `7`, "a huge number": `1e999`, "true": `true`, "a list": `["x"]`, "an object": `{"a":1}`, "lists without end": strings.Repeat("[", 20_000),
	"null": `null`, "nothing": `""`, "a NUL": `"a\u0000b"`, "half a surrogate": `"\ud800"`, "invalid UTF-8": "\"\xff\xfe\"", "a raw control character": "\"a\x01b\"",
	"a direction override": `"\u202egnp.exe"`, "a line": `"a\r\nSet-Cookie: x=y"`, "quotes": `"'; DROP TABLE comments; --"`, "a dollar quote": `"$$ OR 1=1 $$"`,
	"an id of nothing": `"12"`, "the largest id": `"9223372036854775807"`, "more than an id": `"9223372036854775808"`, "a negative id": `"-1"`,
}

// TestFields tries each member of each request at its limit, over it, far over it and with rubbish: nothing ends in
// a 5xx, and what is refused has written nothing.
func TestFields(t *testing.T) {
	w := newTown(t)
	owner := w.join(first, "owner", 0)
	w.join(first, "other", 0)
	w.join(first, "moderator", parley.RoleModerator|parley.RoleAdministrator|parley.RoleEditor)
	_, desk, err := w.forums[first].Identity.SignInDesk(t.Context(), mailOf("moderator"), password)
	if err != nil {
		t.Fatal(err)
	}
	story := w.story(first)
	try := func(f field, what, value string) reply {
		w.fresh++
		method, path, _ := strings.Cut(f.route, " ")
		asker, id := "other", story.ID
		switch {
		case strings.Contains(path, "roles"):
			id = owner.ID
		case strings.Contains(path, "/comments/{id}"):
			id = w.comment(owner, story, parley.Published).ID
		default:
			id = w.argued(path, id)
		}
		if path == "/comments/{id}" || path == "/me" {
			asker = "owner"
		}
		headers := append(w.as(asker), "Cookie", "parley-desk="+string(desk))
		if strings.HasPrefix(path, "/session") || path == "/readers" {
			headers = nil
		}
		moment := w.forums[first].Store.Now().UTC().Format(time.RFC3339Nano)
		body := "{" + strings.NewReplacer("FRESH", fmt.Sprint(w.fresh), "NOW", moment).Replace(f.rest)
		if f.rest != "" && what != "nothing else" {
			body += ","
		}
		if f.within != "" {
			value = quoted(f.within) + ":{" + value + "}"
		}
		body += value + "}"
		before := w.counts()
		got := w.ask(first, method, api.Prefix+strings.ReplaceAll(path, "{id}", id.String()), body, headers...)
		if got.StatusCode >= 500 {
			t.Errorf("%s %s, %s: %d %s", f.route, f.member, what, got.StatusCode, got.body)
		}
		if after := w.counts(); got.StatusCode >= 400 && !maps.Equal(before, after) {
			t.Errorf("%s %s, %s: refused with %d, but wrote: %v, then %v", f.route, f.member, what, got.StatusCode, before, after)
		}
		return got
	}
	for _, f := range fields(w) {
		name := quoted(f.member) + ":"
		for what, value := range rubbish {
			try(f, what, name+value)
		}
		if got := try(f, "twice", name+`"x",`+name+`"y"`); got.code() != "malformed" {
			t.Errorf("%s %s twice: %d %s", f.route, f.member, got.StatusCode, got.body)
		}
		if got := try(f, "a stranger beside it", name+`null,"colour":"red"`); got.code() != "unknown_member" {
			t.Errorf("%s %s beside an unknown member: %d %s", f.route, f.member, got.StatusCode, got.body)
		}
		if f.most == "" {
			try(f, "a thousand times too long", name+quoted(strings.Repeat("x", 60_000)))
			continue
		}
		if got := try(f, "at its limit", name+quoted(f.most)); got.StatusCode >= 300 {
			t.Errorf("%s %s at its limit of %d: %d %s", f.route, f.member, len(f.most), got.StatusCode, got.body)
		}
		// A letter more at the front keeps an address an address, and at the end a page a page.
		over := f.most + "x"
		if f.member == "email" {
			over = "x" + f.most
		}
		if got := try(f, "one over", name+quoted(over)); (got.StatusCode >= 300) == f.cut {
			t.Errorf("%s %s one over: %d %s", f.route, f.member, got.StatusCode, got.body)
		}
		if got := try(f, "a thousand times over", name+quoted(strings.Repeat(f.most, 1000))); got.StatusCode < 400 || f.cut && got.StatusCode != 413 {
			t.Errorf("%s %s a thousand times over: %d %s", f.route, f.member, got.StatusCode, got.body)
		}
	}
}

// argued gives something new for a route to work on, and id where the route works on a story.
func (w *town) argued(path string, id parley.ID) parley.ID {
	w.Helper()
	switch kind, rest, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/{id}"); {
	case kind == "questions":
		return w.asked(first, "open").ID
	case kind == "settlements":
		return w.settlement(first, "settled").ID
	case kind == "appeals":
		return w.appeal(first, "open").ID
	case kind == "corrections":
		return w.correction(first, "open", w.story(first)).ID
	case kind == "stories" && (rest == "/corrections" || rest == "/sequels" || rest == "/question" || rest == "/switches"):
		return w.story(first).ID
	}
	return id
}

func quoted(s string) string {
	text, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// lists are all the lists with cursors: the name each cursor is bound to and where it is asked for.
func lists(story parley.Story, comment parley.Comment, reader parley.Reader) map[string]string {
	threads := "/stories/" + story.ID.String() + "/comments?"
	return map[string]string{
		"newest": threads + "sort=newest&", "oldest": threads + "sort=oldest&", "recommended": threads + "sort=recommended&",
		"replies": "/comments/" + comment.ID.String() + "/replies?", "reader": "/readers/" + reader.ID.String() + "/comments?",
		"feed": "/feed?", "notices": "/notices?", "follows-reader": "/me/follows?kind=reader&", "follows-thread": "/me/follows?kind=thread&",
		"follows-story": "/me/follows?kind=story&", "follows-question": "/me/follows?kind=question&", "corrections": "/me/corrections?",
		"suggestions-open": "/stories/" + story.ID.String() + "/suggestions?", "suggestions-declined": "/stories/" + story.ID.String() + "/suggestions?state=declined&",
		"followers": "/me/followers?", "mute": "/me/mutes?", "block": "/me/blocks?",
	}
}

func TestCursorsBelongToTheirLists(t *testing.T) {
	w := newTown(t)
	owner := w.join(first, "owner", 0)
	story := w.story(first)
	comment := w.comment(owner, story, parley.Published)
	all := lists(story, comment, owner)
	for from := range all {
		cursor := parley.Cursor{ID: comment.ID}.Encode(from)
		for to, path := range all {
			got := w.ask(first, "GET", api.Prefix+path+"cursor="+cursor, "", w.as("owner")...)
			if want := map[bool]int{true: 200, false: 400}[from == to]; got.StatusCode != want {
				t.Errorf("a cursor of %s asked of %s: %d %s", from, to, got.StatusCode, got.body)
			}
		}
	}
	for to, path := range all {
		for _, made := range []string{
			"x", "AAAA", "-", "1.newest.0.1", "%00", "%ff", strings.Repeat("A", 129), strings.Repeat("A", 9_000), "eyJpZCI6MX0",
			url.QueryEscape("' OR 1=1 --"), parley.Cursor{Key: -1, ID: 5}.Encode(to), parley.Cursor{ID: -5}.Encode(to),
			parley.Cursor{ID: 5}.Encode(to) + "=", parley.Cursor{ID: 5}.Encode(to) + "&cursor=" + parley.Cursor{ID: 6}.Encode(to),
		} {
			if got := w.ask(first, "GET", api.Prefix+path+"cursor="+made, "", w.as("owner")...); got.StatusCode != 400 {
				t.Errorf("the cursor %.40q asked of %s: %d %s", made, to, got.StatusCode, got.body)
			}
		}
		for _, wild := range []parley.Cursor{{Key: 1<<63 - 1, ID: 1<<63 - 1}, {Key: 1<<63 - 1, ID: 1}, {ID: 1}} {
			if got := w.ask(first, "GET", api.Prefix+path+"cursor="+wild.Encode(to), "", w.as("owner")...); got.StatusCode != 200 {
				t.Errorf("the cursor %+v asked of %s: %d %s", wild, to, got.StatusCode, got.body)
			}
		}
	}
}

// TestParameters gives every parameter and header that is read what nobody sends.
func TestParameters(t *testing.T) {
	w := newTown(t)
	owner := w.join(first, "owner", 0)
	story, elsewhere := w.story(first), w.story(second)
	comment, question := w.comment(owner, story, parley.Published), w.asked(first, "open")
	values := []string{
		"", "x", "-1", "+1", "0", "01", "1e3", "9223372036854775808", "%00", "%ff%fe", "%E2%80%AE", "%0d%0aSet-Cookie:%20a=b", "null", "[]", "%zz", ";", "a;b",
		url.QueryEscape("' OR '1'='1"), url.QueryEscape("$1; SELECT 1"), strings.Repeat("9", 8_000), elsewhere.ID.String(), url.QueryEscape(elsewhere.URL),
	}
	s, c, r := "/stories/"+story.ID.String(), "/comments/"+comment.ID.String(), "/readers/"+owner.ID.String()
	w.token("owner")
	for _, path := range []string{
		api.Prefix + s + "/comments?sort=", api.Prefix + s + "/comments?limit=", api.Prefix + s + "?x=", api.Prefix + "/me?story=", api.Prefix + "/me?rev=",
		api.Prefix + "/counts?story=", api.Prefix + s + "/events?after=", api.Prefix + c + "/replies?limit=", api.Prefix + r + "/comments?limit=",
		api.Prefix + "/me/follows?kind=", api.Prefix + "/feed?limit=", api.Prefix + "/notices?limit=", "/fragment?story=", "/fragment?lang=en&rev=", "/s/" + story.ID.String() + "?rev=",
		api.Prefix + s + "/comments?passage=", api.Prefix + s + "/suggestions?state=", api.Prefix + s + "/passages?x=", api.Prefix + s + "/versions/", api.Prefix + s + "/annotations?x=",
		api.Prefix + "/questions/" + question.ID.String() + "/together?x=", api.Prefix + "/questions/", api.Prefix + "/me/corrections?limit=", api.Prefix + "/me/record?x=",
		"/s/" + story.ID.String() + "?passage=", "/s/" + story.ID.String() + "?sort=", "/s/" + story.ID.String() + "?cursor=", "/s/" + story.ID.String() + "/new?after=", "/s/" + story.ID.String() + "/feed?format=",
		"/s/new?story=", "/c/" + comment.ID.String() + "?after=", "/c/" + comment.ID.String() + "?before=", "/c/" + comment.ID.String() + "/replies?cursor=",
		"/readers/" + owner.ID.String() + "?cursor=", "/?section=", "/?from=", "/login?return=", "/login?challenge=", "/account/confirm?token=",
		"/account/setup?token=", "/account/sign-in?next=", "/account?list=", "/account?cursor=", "/following?cursor=", "/notices?cursor=",
		"/s/" + story.ID.String() + "/write?parent=", "/c/" + comment.ID.String() + "/act?done=", "/s/", "/c/", "/readers/", "/articles/", api.Prefix + "/comments/", api.Prefix + "/stories/",
	} {
		before := w.counts()
		for _, value := range values {
			if value == "%zz" && !strings.Contains(path, "?") {
				continue // no client sends it
			}
			got := w.ask(first, "GET", path+value, "", w.as("owner")...)
			if got.StatusCode >= 500 || strings.Contains(got.Header.Get("Set-Cookie"), "a=b") {
				t.Errorf("GET %.80s: %d %v", path+value, got.StatusCode, got.Header)
			}
			for _, own := range []string{"goroutine", ".go:", "sqlite", "SQL logic", "no such table", "/internal/"} {
				if strings.Contains(got.body, own) {
					t.Errorf("GET %.80s tells of our insides: %q", path+value, own)
				}
			}
		}
		if after := w.counts(); !maps.Equal(before, after) {
			t.Errorf("reading %s wrote: %v, then %v", path, before, after)
		}
	}
	for _, id := range []string{"x", "-1", "1.5", strings.Repeat("9", 5_000)} {
		if got := w.ask(first, "GET", api.Prefix+s+"/events", "", "Last-Event-ID", id); got.StatusCode != 400 {
			t.Errorf("Last-Event-ID %.20s: %d", id, got.StatusCode)
		}
	}
}

// TestOneKeyOverHTTP sends one comment a hundred times at once: one is written, and every answer is the same.
func TestOneKeyOverHTTP(t *testing.T) {
	w := newTown(t)
	w.join(first, "owner", 0)
	story := w.story(first)
	before := w.counts()
	headers := append(w.as("owner"), "Idempotency-Key", "one-and-only")
	answers := make([]reply, 64)
	var sending sync.WaitGroup
	for i := range answers {
		sending.Go(func() {
			answers[i] = w.ask(first, "POST", api.Prefix+"/stories/"+story.ID.String()+"/comments", `{"body":"Once, *please*."}`, headers...)
		})
	}
	sending.Wait()
	for i, got := range answers {
		if got.StatusCode != 201 || got.body != answers[0].body {
			t.Errorf("answer %d is %d %s, the first %d %s", i, got.StatusCode, got.body, answers[0].StatusCode, answers[0].body)
		}
	}
	after := w.counts()
	if after["comments"] != before["comments"]+1 || after["idempotency"] != before["idempotency"]+1 {
		t.Errorf("before %v, after %v", before, after)
	}
}
