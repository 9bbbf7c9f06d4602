package locale

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	_ "time/tzdata" // the test must not depend on the machine's zones

	"parley"
)

func TestPluralsAndNumbers(t *testing.T) {
	c := For("en")
	for _, tt := range []struct{ got, want string }{
		{c.N("comments", 0), "No comments yet"},
		{c.N("comments", 1), "1 comment"},
		{c.N("comments", 12), "12 comments"},
		{c.N("comments", 1234), "1,234 comments"},
		{c.N("replies", 0), "0 replies"},
		{c.N("threads_shown", 118, 25), "25 of 118 threads"},
		{c.N("threads_shown", 1, 1), "1 of 1 thread"},
		{c.N("new_comments_in", 12, "100 % of %d & {0}"), "12 new comments in 100 % of %d & {0}"},
		{c.T("in_reply_to", "Zoë %s"), "In reply to Zoë %s"},
		{c.T("reply"), "Reply"},
		{c.T("no_such_key"), "no_such_key"},
		{c.N("no_such_key", 3), "no_such_key"},
		{c.N("reply", 3), "reply"},
		{c.Number(0), "0"},
		{c.Number(999), "999"},
		{c.Number(1234567), "1,234,567"},
		{c.Number(-1234), "-1,234"},
	} {
		if tt.got != tt.want {
			t.Errorf("got %q, want %q", tt.got, tt.want)
		}
	}
}

func TestOtherPluralRulesAndSigns(t *testing.T) {
	e, err := parse([]byte(`{"n": {"=0": "nic", "one": "{0} list", "few": "{0} listy", "other": "{0} listů, 5 %"}, "t": "{1} % {0}"}`))
	if err != nil {
		t.Fatal(err)
	}
	c, err := newCatalogue("cs", e)
	if err != nil {
		t.Fatal(err)
	}
	for n, want := range map[int]string{0: "nic", 1: "1 list", 3: "3 listy", 5: "5 listů, 5 %"} {
		if got := c.N("n", n); got != want {
			t.Errorf("%d: got %q, want %q", n, got, want)
		}
	}
	if got := c.T("t", "a", "b"); got != "b % a" {
		t.Errorf("got %q", got)
	}
}

func TestBrokenFiles(t *testing.T) {
	for _, text := range []string{``, `[]`, `{"a": 1}`, `{"a": {"one": "x"}}`, `{"a": {"other": 1}}`, `{"months": "x"}`} {
		if _, err := parse([]byte(text)); err == nil {
			t.Errorf("%s is read without complaint", text)
		}
	}
}

func TestNearestLanguage(t *testing.T) {
	for _, lang := range []string{"en", "en-GB", "EN_us", "de", "", "no such tag", "\x00"} {
		if got := For(lang).Lang(); got != "en" {
			t.Errorf("%q gives %s", lang, got)
		}
	}
	if got := Languages(); got[0] != Fallback {
		t.Errorf("languages are %q", got)
	}
}

func TestDates(t *testing.T) {
	c := For("en")
	at := parley.TimeOf(time.Date(2026, 11, 23, 8, 12, 59, 0, time.UTC))
	in := func(name string) *time.Location {
		l, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	for _, tt := range []struct{ got, want string }{
		{c.Date(at, in("Europe/Berlin")), "Monday 23 November 2026"},
		{c.DateTime(at, in("Europe/Berlin")), "Monday 23 November 2026, 9.12 CET"},
		{c.Short(at, in("Europe/Berlin")), "23 November, 9.12"},
		{c.DateTime(at, nil), "Monday 23 November 2026, 8.12 UTC"},
		{c.DateTime(at, in("Pacific/Auckland")), "Monday 23 November 2026, 21.12 NZDT"},
		{c.DateTime(at, in("Asia/Kathmandu")), "Monday 23 November 2026, 13.57 UTC+5:45"},
		{c.DateTime(at, in("America/Sao_Paulo")), "Monday 23 November 2026, 5.12 UTC-3"},
		{c.DateTime(at, time.FixedZone("", -12*3600)), "Sunday 22 November 2026, 20.12 UTC-12"},
		{c.DateTime(at.Add(-8*time.Hour-7*time.Minute), time.UTC), "Monday 23 November 2026, 0.05 UTC"},
		{c.Short(at+parley.Time(220*24*time.Hour/time.Millisecond), in("Europe/Berlin")), "1 July, 10.12"},
		{c.Stamp(at, in("Europe/Berlin")), "23 November 2026, 9.12 CET"},
		{c.Date(0, nil), ""},
		{c.Day(at, in("Pacific/Auckland"), false), "23 November"},
		{c.Day(at, time.FixedZone("", -12*3600), true), "22 November 2026"},
	} {
		if tt.got != tt.want {
			t.Errorf("got %q, want %q", tt.got, tt.want)
		}
	}
}

func TestManyGoroutines(t *testing.T) {
	var wait sync.WaitGroup
	for i := range 20 {
		wait.Go(func() {
			for range 50 {
				if got, want := For("en").N("comments", 1000+i), "comments"; !strings.HasPrefix(got, "1,0") || !strings.HasSuffix(got, want) {
					t.Errorf("got %q", got)
				}
			}
		})
	}
	wait.Wait()
}

// Every language has English's keys and their placeholders, so that none shows a
// key, and the keys are names in JavaScript.
func TestLanguagesAreWhole(t *testing.T) {
	name := regexp.MustCompile(`^[a-z][a-z_]*$`)
	read := func(lang string) entries {
		text, err := files.ReadFile(lang + ".json")
		if err != nil {
			t.Fatal(err)
		}
		e, err := parse(text)
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	english := read(Fallback)
	for _, lang := range Languages() {
		if got, want := For(lang).Keys(), For(Fallback).Keys(); !slices.Equal(got, want) {
			t.Errorf("%s has keys %q, English %q", lang, got, want)
		}
		e := read(lang)
		for key, m := range e.messages {
			want := slots(english.messages[key].all())
			if got := slots(m.all()); got != want {
				t.Errorf("%s %s has placeholders %s, English %s", lang, key, got, want)
			}
			if !name.MatchString(key) {
				t.Errorf("%s: %q is no name in JavaScript", lang, key)
			}
		}
		if slices.Contains(e.dates.Weekdays[:], "") || slices.Contains(e.dates.Months[:], "") ||
			e.dates.Date == "" || e.dates.DateTime == "" || e.dates.Short == "" || e.dates.Stamp == "" || e.dates.Day == "" || e.dates.DayYear == "" {
			t.Errorf("%s lacks words for dates", lang)
		}
	}
	if n := len(For(Fallback).Keys()); n < 40 {
		t.Errorf("only %d messages, so the test looked at nothing", n)
	}
}

// all joins every form of a message.
func (m msg) all() string {
	text := m.text
	for _, form := range m.forms {
		text += form
	}
	return text
}

// slots lists the placeholders in a text, each once.
func slots(text string) string {
	found := placeholder.FindAllString(text, -1)
	slices.Sort(found)
	return strings.Join(slices.Compact(found), "")
}

// used finds {{.L.T "key"}} and its kind in a template.
var used = regexp.MustCompile(`\{\{[^}]*\b[TNtn] "([a-z_]+)"`)

func TestTemplatesUseKnownKeys(t *testing.T) {
	if got := used.FindStringSubmatch(`<p>{{$.Words.N "replies" .Count}}</p>`); len(got) != 2 || got[1] != "replies" {
		t.Fatalf("the pattern finds %q", got)
	}
	keys := For(Fallback).Keys()
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".html" {
			return err
		}
		text, err := os.ReadFile(path)
		for _, match := range used.FindAllStringSubmatch(string(text), -1) {
			if !slices.Contains(keys, match[1]) {
				t.Errorf("%s uses %q, which no language file has", path, match[1])
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
