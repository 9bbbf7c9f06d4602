package api_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/store"
	"parley/internal/web"
	"parley/internal/web/api"
)

// askers are the columns of the matrix: nobody, the owner of what is asked for, another reader, one whom the owner
// has blocked, a moderator on the newspaper's pages (by the reader's cookie) and at the desk (by the desk's), and a
// reader of the second site with its cookie. The desk's account is an administrator and an editor too. Of what is
// written about in corrections the owner is the author.
var askers = []string{"nobody", "owner", "other", "blocked", "moderator", "desk", "foreigner"}

// payloads are the bodies of the routes that want one. FRESH is something new each time.
var payloads = map[string]string{
	"POST /readers":                 `{"name":"Reader FRESH","email":"FRESH@example.org","password":"` + password + `"}`,
	"POST /session":                 `{"email":"owner@example.com","password":"` + password + `"}`,
	"POST /session/redeem":          `{"verifier":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}`,
	"PATCH /me":                     `{}`,
	"POST /stories":                 `{"url":"BASE/opened/FRESH"}`,
	"POST /stories/{id}/comments":   `{"body":"Fresh words FRESH."}`,
	"POST /comments/preview":        `{"body":"Words."}`,
	"PATCH /comments/{id}":          `{"body":"Other words FRESH."}`,
	"POST /comments/{id}/reports":   `{"reason":"spam"}`,
	"POST /notices/seen":            `{}`,
	"POST /desk/session":            `{"email":"owner@example.com","password":"` + password + `"}`,
	"POST /comments/{id}/decisions": `{"action":"remove","reason":"spam"}`,
	"PUT /readers/{id}/roles":       `{"roles":["author"]}`,

	"POST /stories/{id}/corrections":      `{"body":"Wrong FRESH.","source":"The book"}`,
	"POST /corrections/{id}/decision":     `{"accept":true,"reply":"So it was."}`,
	"POST /stories/{id}/sequels":          `{"note":"It has rained since FRESH.","day":"2026-01-10T00:00:00Z"}`,
	"PUT /stories/{id}/switches":          `{"passages":true,"questions":true}`,
	"POST /stories/{id}/question":         `{"text":"Will it?","rule":"By looking.","judge":"We"}`,
	"PATCH /questions/{id}":               `{"version":1,"judge":"The desk"}`,
	"POST /questions/{id}/close":          `{}`,
	"POST /questions/{id}/answers":        `{"version":1,"step":"likely"}`,
	"POST /questions/{id}/milestones":     `{"text":"It rained","day":"2026-01-10T00:00:00Z"}`,
	"POST /questions/{id}/settlements":    `{"outcome":"yes","source":"We looked.","happened_at":"NOW"}`,
	"POST /settlements/{id}/confirmation": `{}`,
	"POST /settlements/{id}/refusal":      `{}`,
	"POST /settlements/{id}/appeals":      `{"body":"It was not so."}`,
	"POST /appeals/{id}/decision":         `{"grant":false,"reply":"We have looked again."}`,
}

// ends are the routes after which an asker has another session, or none.
var ends = map[string]bool{
	"POST /readers": true, "POST /session": true, "DELETE /session": true, "POST /session/redeem": true, "PUT /readers/{id}/roles": true,
}

func TestMatrix(t *testing.T) {
	w := newTown(t)
	owner := w.join(first, "owner", 0)
	for _, name := range []string{"other", "blocked", "moderator", "hidden"} {
		w.join(first, name, map[string]parley.Role{"moderator": parley.RoleModerator | parley.RoleAdministrator | parley.RoleEditor}[name])
	}
	w.join(second, "foreigner", 0)
	f := w.forums[first]
	for _, err := range []error{
		f.Conversation.Silence(t.Context(), owner, parley.Block, w.people["blocked"].ID, true),
		f.Identity.HideProfile(t.Context(), w.people["hidden"], true),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	_, desk, err := f.Identity.SignInDesk(t.Context(), mailOf("moderator"), password)
	if err != nil {
		t.Fatal(err)
	}
	m := &matrixOf{town: w, desk: string(desk), open: w.story(first), elsewhere: w.story(second)}
	_, err = f.Passages.Revise(t.Context(), m.open.ID, "A story", []string{"Words."})
	w.done(err)
	for _, route := range api.New(&web.Forum{}).Table() {
		objects := objectsOf(route.Pattern)
		if len(matrix[route.Pattern]) != len(objects) {
			t.Errorf("%s has %d rows in the matrix, want %d: %q", route.Pattern, len(matrix[route.Pattern]), len(objects), objects)
		}
		for _, object := range objects {
			var got []string
			for _, asker := range askers {
				got = append(got, m.status(route.Pattern, object, asker))
			}
			if row, want := strings.Join(got, " "), matrix[route.Pattern][object]; row != want {
				t.Errorf("%s of %s:\n got %s\nwant %s", route.Pattern, object, row, want)
			}
		}
	}
}

// around are the objects of the routes that are about what stands around a story.
var around = map[string][]string{
	"questions": {"open", "closed", "proposed", "settled", "off"}, "settlements": {"proposed", "settled", "declined", "overturned"},
	"appeals": {"open", "refused"}, "corrections": {"open", "accepted", "declined"}, "milestones": {"there", "gone"}, "sequels": {"there", "gone"},
}

func objectsOf(pattern string) []string {
	_, path, _ := strings.Cut(pattern, " /")
	if kind, _, _ := strings.Cut(path, "/"); around[kind] != nil {
		return append(slices.Clone(around[kind]), "elsewhere", "nothing")
	}
	states := []string{"published", "held", "refused", "removed", "withdrawn", "elsewhere", "nothing"}
	switch {
	case pattern == "POST /stories/{id}/comments":
		objects := []string{"open", "closed", "elsewhere", "nothing"}
		for _, state := range states {
			objects = append(objects, "under "+state)
		}
		return objects
	case strings.HasSuffix(pattern, "/stories/{id}/question"):
		return []string{"open", "asked", "elsewhere", "nothing"}
	case strings.Contains(pattern, "/comments/{id}"), strings.Contains(pattern, "/threads/{id}"):
		return states
	case strings.Contains(pattern, "/stories/{id}"):
		return []string{"open", "closed", "elsewhere", "nothing"}
	case strings.Contains(pattern, "/readers/{id}"):
		return []string{"owner", "hidden", "elsewhere", "nothing"}
	}
	return []string{"-"}
}

type matrixOf struct {
	*town
	desk            string
	open, elsewhere parley.Story
}

// status asks for one cell, on something made for it.
func (m *matrixOf) status(pattern, object, asker string) string {
	m.Helper()
	method, path, _ := strings.Cut(pattern, " ")
	m.fresh++
	body := strings.NewReplacer("FRESH", fmt.Sprint(m.fresh), "BASE", m.bases[first]).Replace(payloads[pattern])
	id := parley.ID(12)
	kind, _, _ := strings.Cut(path[1:], "/")
	switch {
	case around[kind] != nil:
		id = m.aroundOf(kind, object)
	case strings.HasPrefix(object, "under "):
		parent := m.commentOf(strings.TrimPrefix(object, "under "))
		id, body = m.open.ID, strings.TrimSuffix(body, "}")+`,"parent":"`+parent.String()+`"}`
	case strings.Contains(path, "/stories/"):
		if id = m.storyOf(object); object == "open" && strings.HasSuffix(path, "/question") {
			id = m.story(first).ID // a story is asked once
		}
	case strings.Contains(path, "/readers/"):
		if name := map[string]string{"owner": "owner", "hidden": "hidden", "elsewhere": "foreigner"}[object]; name != "" {
			id = m.people[name].ID
		}
	default:
		id = m.commentOf(object)
	}
	body = strings.ReplaceAll(body, "NOW", m.forums[first].Store.Now().UTC().Format(time.RFC3339Nano))
	got := m.ask(first, method, api.Prefix+strings.NewReplacer("{id}", id.String(), "{number}", "1").Replace(path), body, m.cookie(asker)...)
	if got.StatusCode >= 500 {
		m.Errorf("%s of %s by %s: %s", pattern, object, asker, got.body)
	}
	m.undo(pattern, asker, id)
	return fmt.Sprint(got.StatusCode)
}

func (m *matrixOf) cookie(asker string) []string {
	switch asker {
	case "nobody":
		return nil
	case "desk":
		return []string{"Cookie", "parley-desk=" + m.desk}
	}
	return m.as(asker)
}

func (m *matrixOf) storyOf(object string) parley.ID {
	m.Helper()
	switch object {
	case "nothing":
		return 12
	case "elsewhere":
		return m.elsewhere.ID
	case "asked":
		return m.asked(first, "open").Story
	case "closed":
		story := m.story(first)
		m.write(func(tx *store.Tx) error { _, err := tx.CloseStory(story.ID, tx.Now); return err })
		return story.ID
	}
	return m.open.ID
}

// aroundOf gives what stands around a story, made for one cell.
func (m *matrixOf) aroundOf(kind, object string) parley.ID {
	m.Helper()
	site, state := first, object
	switch object {
	case "nothing":
		return 12
	case "elsewhere":
		site, state = second, around[kind][0]
	}
	switch kind {
	case "questions":
		return m.asked(site, state).ID
	case "settlements":
		return m.settlement(site, state).ID
	case "appeals":
		return m.appeal(site, state).ID
	case "milestones":
		return m.milestone(site, state).ID
	case "sequels":
		return m.sequel(site, state, m.story(site)).ID
	case "corrections":
		return m.correction(site, state, m.written(site, m.people[map[string]string{first: "owner", second: "foreigner"}[site]])).ID
	}
	m.Fatalf("nothing to make of %s", kind)
	return 0
}

func (m *matrixOf) commentOf(object string) parley.ID {
	m.Helper()
	switch object {
	case "-", "nothing":
		return 12
	case "elsewhere":
		return m.comment(m.people["foreigner"], m.elsewhere, parley.Published).ID
	}
	return m.comment(m.people["owner"], m.open, parley.State(object)).ID
}

// undo takes back what a cell did between readers, and to their sessions.
func (m *matrixOf) undo(pattern, asker string, target parley.ID) {
	m.Helper()
	if ends[pattern] {
		clear(m.tokens)
	}
	by, known := m.people[asker]
	if !known || !strings.HasPrefix(pattern, "PUT /readers/") || asker == "foreigner" {
		if pattern == "PUT /readers/{id}/roles" && asker == "desk" && (target == m.people["owner"].ID || target == m.people["hidden"].ID) {
			m.write(func(tx *store.Tx) error { return tx.GiveRoles(target, 0) })
		}
		return
	}
	m.write(func(tx *store.Tx) error {
		if _, err := tx.Unfollow(by.ID, parley.FollowReader, target); err != nil {
			return err
		}
		for _, kind := range []parley.Silence{parley.Mute, parley.Block} {
			if _, err := tx.Unsilence(by.ID, kind, target); err != nil {
				return err
			}
		}
		return nil
	})
}
