package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"parley"
	"parley/internal/identity"
	"parley/internal/mail"
	"parley/internal/mail/mailtest"
	"parley/internal/notify"
	"parley/internal/question"
	"parley/internal/store"
	"parley/internal/store/storetest"
	"parley/internal/web"
	"parley/internal/web/api"
	"parley/internal/web/webtest"
)

// TestScripts runs the stories in testdata/script against the whole API, on each engine. Their commands:
//
//	reader NAME              an account with a confirmed address, signed in as NAME from now on
//	moderator NAME           likewise, with the moderator's role, signed in at the desk too; administrator and editor likewise
//	crowd N STEP QUESTION    N readers with confirmed addresses answer a question
//	stranger NAME            an account whose address is not confirmed
//	story VAR                a story; VAR holds its id
//	close ID                 ends writing in a story
//	text ID FILE             the text of a served story, or a new version of it; a paragraph a line
//	author ID MAIL           whose address is this wrote the story
//	bearer NAME              an editor who is not signed in at the desk
//	now VAR                  the forum's time, as JSON writes it
//	waiting VAR QUESTION     the id of the settlement that waits for a second editor
//	settled N NAME STEP      the reader answers N questions, which then end with yes; Ines asks them, Jonas confirms
//	tell                     gives notices from now on
//	eventually PATH .M VALUE asks until a member of the answer is so
//	race STATUSES A B …      two readers call the same at once; … as for call
//	as NAME                  who asks from now on; "as nobody" is nobody
//	site second|first        which of the database's two sites is asked
//	call METHOD PATH [BODY]  asks; [-h 'Name: value'] before METHOD adds a header
//	status N [CODE]          what the last answer's status, and code, must have been
//	json PATH VALUE          what a member of the last answer must have been; PATH like .items.0.id
//	has TEXT                 what the last answer must hold; ! has, what it must not
//	save VAR PATH            keeps a member of the last answer
//	repeat TEXT N VAR        makes VAR hold TEXT N times
//	tick DURATION            moves the forum's clock
//
// Every answer is also held against api/openapi.yaml.
func TestScripts(t *testing.T) {
	scripts, err := filepath.Glob("testdata/script/*.txtar")
	if err != nil || len(scripts) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, script := range scripts {
		t.Run(strings.TrimSuffix(filepath.Base(script), ".txtar"), func(t *testing.T) {
			storetest.EachOptions(t, func(t *testing.T, o store.Options) { play(t, script, o) })
		})
	}
}

func play(t *testing.T, script string, o store.Options) {
	clock := storetest.NewClock()
	o.Now = clock.Now
	s, err := store.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	testscript.Run(t, testscript.Params{
		Files:               []string{script},
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			w, err := newWorld(t, s, clock)
			env.Values["world"] = w
			return err
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"reader": account(0), "moderator": account(parley.RoleModerator), "administrator": account(parley.RoleAdministrator), "editor": account(parley.RoleEditor), "crowd": crowd, "stranger": stranger,
			"story": makeStory, "close": closeStory, "as": as, "site": site, "call": call, "status": status,
			"text": text, "author": author, "tell": tell, "eventually": eventually, "race": race, "bearer": bearer, "now": now, "waiting": waiting, "settled": settled,
			"json": jsonIs, "has": has, "save": save, "repeat": repeat, "tick": tick,
		},
	})
}

// world is what one script plays in: two sites of its own in a shared database.
type world struct {
	t       *testing.T
	clock   *storetest.Clock
	forums  map[string]*web.Forum
	servers map[string]*httptest.Server
	on      string
	asker   string
	cookies map[string][]*http.Cookie
	crowd   int // how many have joined
	check   *contract

	code   int
	body   []byte
	answer any
}

func newWorld(t *testing.T, s *store.Store, clock *storetest.Clock) (*world, error) {
	w := &world{
		t: t, clock: clock, on: "first", asker: "nobody", cookies: map[string][]*http.Cookie{}, check: loadContract(t),
		forums: map[string]*web.Forum{}, servers: map[string]*httptest.Server{},
	}
	for _, which := range []string{"first", "second"} {
		base := "http://" + which + ".test"
		f := webtest.ForumOf(t, s, parley.Site{Key: which, BaseURL: base, Origins: []string{base, "http://news." + which + ".test"}, Passages: true, Questions: true})
		mux := http.NewServeMux()
		api.New(f).Routes(mux)
		handler, err := f.Wrap(mux)
		if err != nil {
			return nil, err
		}
		server := httptest.NewServer(handler)
		t.Cleanup(server.Close)
		w.forums[which], w.servers[which] = f, server
	}
	return w, nil
}

func worldOf(ts *testscript.TestScript) *world { return ts.Value("world").(*world) }

func (w *world) forum() *web.Forum { return w.forums[w.on] }

const password = "a long word for the scripts"

func account(roles parley.Role) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, _ bool, args []string) {
		w := worldOf(ts)
		given := identity.Registration{Name: args[0], Email: strings.ToLower(args[0]) + "@example.com", Password: password}
		reader, err := w.forum().Identity.CreateConfirmed(context.Background(), given, roles)
		ts.Check(err)
		ts.Setenv(strings.ToUpper(args[0]), reader.ID.String())
		w.asker = args[0]
		paths := []string{"/session"}
		if roles != 0 {
			paths = append(paths, "/desk/session")
		}
		for _, path := range paths {
			w.send(ts, "POST", path, fmt.Sprintf(`{"email":%q,"password":%q}`, given.Email, password), nil)
			if w.code != http.StatusOK {
				ts.Fatalf("sign in %s: %d %s", args[0], w.code, w.body)
			}
		}
	}
}

func crowd(ts *testscript.TestScript, _ bool, args []string) {
	w := worldOf(ts)
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	step, err := parley.ParseStep(args[1])
	ts.Check(err)
	id, err := parley.ParseID(args[2])
	ts.Check(err)
	for range n {
		w.crowd++
		given := identity.Registration{Name: fmt.Sprintf("Reader number %d", w.crowd), Email: fmt.Sprintf("crowd%d@example.com", w.crowd), Password: password}
		reader, err := w.forum().Identity.CreateConfirmed(context.Background(), given, 0)
		ts.Check(err)
		var q parley.Question
		ts.Check(w.forum().Store.Read(context.Background(), func(tx *store.Tx) (err error) {
			q, err = tx.Question(w.forum().Nobody(), id)
			return err
		}))
		_, err = w.forum().Question.Answer(context.Background(), reader, question.Draft{Question: id, Version: q.Words.Version, Step: step})
		ts.Check(err)
	}
}

func stranger(ts *testscript.TestScript, _ bool, args []string) {
	w := worldOf(ts)
	w.asker = args[0]
	w.send(ts, "POST", "/readers", fmt.Sprintf(`{"name":%q,"email":%q,"password":%q}`, args[0], strings.ToLower(args[0])+"@example.com", password), nil)
	if w.code != http.StatusCreated {
		ts.Fatalf("register %s: %d %s", args[0], w.code, w.body)
	}
	ts.Setenv(strings.ToUpper(args[0]), plain(member(ts, w.answer, ".reader.id")))
}

func makeStory(ts *testscript.TestScript, _ bool, args []string) {
	w := worldOf(ts)
	id, err := w.forum().Conversation.Register(context.Background(), parley.Story{URL: w.forum().Site.BaseURL + "/articles/" + args[0], Title: "Story " + args[0]})
	ts.Check(err)
	ts.Setenv(args[0], id.String())
}

func closeStory(ts *testscript.TestScript, _ bool, args []string) {
	w := worldOf(ts)
	id, err := parley.ParseID(args[0])
	ts.Check(err)
	ts.Check(w.forum().Store.Write(context.Background(), id, func(tx *store.Tx) error {
		_, err := tx.CloseStory(id, tx.Now)
		return err
	}))
}

func text(ts *testscript.TestScript, _ bool, args []string) {
	id, err := parley.ParseID(args[0])
	ts.Check(err)
	_, err = worldOf(ts).forum().Passages.Revise(context.Background(), id, "A piece", strings.Split(strings.TrimSpace(ts.ReadFile(args[1])), "\n"))
	ts.Check(err)
}

func author(ts *testscript.TestScript, _ bool, args []string) {
	f := worldOf(ts).forum()
	id, err := parley.ParseID(args[0])
	ts.Check(err)
	var story parley.Story
	ts.Check(f.Store.Read(context.Background(), func(tx *store.Tx) (err error) {
		story, err = tx.Story(f.Nobody(), id)
		return err
	}))
	story.AuthorEmail = args[1]
	_, err = f.Conversation.Register(context.Background(), story)
	ts.Check(err)
}

func bearer(ts *testscript.TestScript, _ bool, args []string) {
	account(parley.RoleEditor)(ts, false, args)
	w := worldOf(ts)
	w.cookies[args[0]] = slices.DeleteFunc(w.cookies[args[0]], func(c *http.Cookie) bool { return strings.HasSuffix(c.Name, "-desk") })
}

func now(ts *testscript.TestScript, _ bool, args []string) {
	ts.Setenv(args[0], worldOf(ts).clock.Now().UTC().Format(time.RFC3339Nano))
}

func waiting(ts *testscript.TestScript, _ bool, args []string) {
	id, err := parley.ParseID(args[1])
	ts.Check(err)
	f := worldOf(ts).forum()
	var all []parley.Settlement
	ts.Check(f.Store.Read(context.Background(), func(tx *store.Tx) (err error) {
		all, err = tx.Settlements(id)
		return err
	}))
	ts.Setenv(args[0], all[len(all)-1].ID.String())
}

func settled(ts *testscript.TestScript, _ bool, args []string) {
	w := worldOf(ts)
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	for range n {
		w.crowd++
		makeStory(ts, false, []string{fmt.Sprintf("asked%d", w.crowd)})
		steps := []struct{ asker, method, path, body string }{
			{"Ines", "POST", "/stories/" + ts.Getenv(fmt.Sprintf("asked%d", w.crowd)) + "/question", `{"text":"Will it?","rule":"By looking.","judge":"We"}`},
			{args[1], "POST", "/questions/ID/answers", `{"version":1,"step":"` + args[2] + `"}`},
			{"Ines", "POST", "/questions/ID/settlements", `{"outcome":"yes","source":"We looked.","happened_at":"NOW"}`},
			{"Jonas", "POST", "/settlements/ID/confirmation", `{}`},
		}
		id := ""
		for _, step := range steps {
			w.asker = step.asker
			w.clock.Advance(10 * time.Minute)
			moment := w.clock.Now().UTC().Format(time.RFC3339Nano)
			w.send(ts, step.method, strings.Replace(step.path, "ID", id, 1), strings.Replace(step.body, "NOW", moment, 1), nil)
			if w.code/100 != 2 {
				ts.Fatalf("%s %s: %d %s", step.method, step.path, w.code, w.body)
			}
			if !strings.HasSuffix(step.path, "/answers") {
				id = plain(member(ts, w.answer, ".id"))
			}
		}
	}
	w.asker = args[1]
}

func tell(ts *testscript.TestScript, _ bool, _ []string) {
	f := worldOf(ts).forum()
	sink := mailtest.Start(worldOf(ts).t)
	sender, err := mail.NewSMTP(mail.SMTPOptions{Addr: sink.Addr, TLS: "starttls", Roots: sink.Roots, From: "forum@example.com"})
	ts.Check(err)
	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { notify.New(f.Store, f.Site, f.Identity, sender, slog.New(slog.DiscardHandler)).Run(ctx) })
	ts.Defer(func() { stop(); running.Wait() })
}

func eventually(ts *testscript.TestScript, _ bool, args []string) {
	w := worldOf(ts)
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		w.send(ts, "GET", args[0], "", nil)
		if w.code == http.StatusOK && plain(member(ts, w.answer, args[1])) == args[2] {
			return
		}
		if time.Now().After(deadline) {
			ts.Fatalf("%s of %s is never %s: %s", args[1], args[0], args[2], w.body)
		}
	}
}

func race(ts *testscript.TestScript, _ bool, args []string) {
	w := worldOf(ts)
	codes := make([]string, 2)
	var running sync.WaitGroup
	for i := range codes {
		running.Go(func() {
			r, err := w.request(args[1+i], args[3], args[4], args[5], nil)
			if err != nil {
				codes[i] = err.Error()
				return
			}
			got, err := client.Do(r)
			if err != nil {
				codes[i] = err.Error()
				return
			}
			got.Body.Close()
			codes[i] = strconv.Itoa(got.StatusCode)
		})
	}
	running.Wait()
	slices.Sort(codes)
	if got := strings.Join(codes, " "); got != args[0] {
		ts.Fatalf("both at once: %s, want %s", got, args[0])
	}
}

func as(ts *testscript.TestScript, _ bool, args []string) { worldOf(ts).asker = args[0] }

func site(ts *testscript.TestScript, _ bool, args []string) { worldOf(ts).on = args[0] }

func call(ts *testscript.TestScript, _ bool, args []string) {
	headers := http.Header{}
	for len(args) > 1 && args[0] == "-h" {
		name, value, _ := strings.Cut(args[1], ": ")
		headers.Set(name, value)
		args = args[2:]
	}
	body := ""
	if len(args) > 2 {
		body = args[2]
		if file, ok := strings.CutPrefix(body, "@"); ok {
			body = ts.ReadFile(file)
		}
	}
	worldOf(ts).send(ts, args[0], args[1], body, headers)
}

func (w *world) send(ts *testscript.TestScript, method, path, body string, headers http.Header) {
	r, err := w.request(w.asker, method, path, body, headers)
	ts.Check(err)
	answer, err := client.Do(r)
	ts.Check(err)
	w.body = readAll(ts, answer)
	w.code = answer.StatusCode
	for _, c := range answer.Cookies() {
		w.keep(c)
	}
	w.answer = nil
	if strings.Contains(answer.Header.Get("Content-Type"), "json") {
		ts.Check(json.Unmarshal(w.body, &w.answer))
	}
	ts.Logf("%s %s → %d %.300s", method, path, w.code, w.body)
	if err := w.check.answer(r, answer, w.body); err != nil {
		ts.Fatalf("the answer is not what api/openapi.yaml says: %v", err)
	}
}

func (w *world) request(asker, method, path, body string, headers http.Header) (*http.Request, error) {
	r, err := http.NewRequest(method, w.servers[w.on].URL+api.Prefix+path, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for name, values := range headers {
		r.Header[name] = values
	}
	for _, c := range w.cookies[asker] {
		r.AddCookie(c)
	}
	return r, nil
}

func (w *world) keep(c *http.Cookie) {
	var kept []*http.Cookie
	for _, old := range w.cookies[w.asker] {
		if old.Name != c.Name {
			kept = append(kept, old)
		}
	}
	if c.MaxAge >= 0 {
		kept = append(kept, c)
	}
	w.cookies[w.asker] = kept
}

func status(ts *testscript.TestScript, neg bool, args []string) {
	w := worldOf(ts)
	if got := strconv.Itoa(w.code); (got == args[0]) == neg {
		ts.Fatalf("status %s, want %s: %s", got, args[0], w.body)
	}
	if len(args) > 1 {
		if got := member(ts, w.answer, ".code"); fmt.Sprint(got) != args[1] {
			ts.Fatalf("code %v, want %s: %s", got, args[1], w.body)
		}
	}
}

func jsonIs(ts *testscript.TestScript, neg bool, args []string) {
	got := plain(member(ts, worldOf(ts).answer, args[0]))
	if (got == args[1]) == neg {
		ts.Fatalf("%s is %s, want %s (negated: %v)", args[0], got, args[1], neg)
	}
}

func has(ts *testscript.TestScript, neg bool, args []string) {
	if strings.Contains(string(worldOf(ts).body), args[0]) == neg {
		ts.Fatalf("looked for %q (negated: %v) in %s", args[0], neg, worldOf(ts).body)
	}
}

func save(ts *testscript.TestScript, _ bool, args []string) {
	ts.Setenv(args[0], plain(member(ts, worldOf(ts).answer, args[1])))
}

func repeat(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	ts.Setenv(args[2], strings.Repeat(args[0], n))
}

func tick(ts *testscript.TestScript, _ bool, args []string) {
	d, err := time.ParseDuration(args[0])
	ts.Check(err)
	worldOf(ts).clock.Advance(d)
}

// member walks a decoded answer along a path like .items.0.author.name; .items.len is a list's length.
func member(ts *testscript.TestScript, value any, path string) any {
	for _, step := range strings.Split(strings.TrimPrefix(path, "."), ".") {
		switch v := value.(type) {
		case map[string]any:
			next, ok := v[step]
			if !ok {
				ts.Fatalf("no member %s of %s", step, path)
			}
			value = next
		case []any:
			if step == "len" {
				return len(v)
			}
			i, err := strconv.Atoi(step)
			if err != nil || i >= len(v) {
				ts.Fatalf("no item %s of %d for %s", step, len(v), path)
			}
			value = v[i]
		default:
			ts.Fatalf("%s: nothing below %v", path, value)
		}
	}
	return value
}

func plain(value any) string {
	switch v := value.(type) {
	case nil:
		return "null"
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return fmt.Sprint(value)
}
