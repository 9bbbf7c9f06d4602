package mail

import (
	"flag"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite golden files")

// TestLetters compares each letter with its golden files.
func TestLetters(t *testing.T) {
	for name, data := range map[string]Data{
		"confirm": Confirm{Site: "The Meridian", Link: "https://forum.example.org/account/confirm?token=b7vdkq3m&x=1"},
		"known":   Known{Site: "The Meridian", SignIn: "https://forum.example.org/account/sign-in"},
		"removed": Decided{
			Site: "The Meridian", Story: "Will the ceasefire at Harrow Bay hold?", Reason: "It insults or threatens somebody",
			Note:  "The second sentence is about a person, not about the harbour.\n\nWrite it again without that, please.",
			Quote: "You fool!\n\nSee https://evil.example/x, www.evil.example, evil.example or me@evil.example.\n<b>Bold</b> & \"quoted\"",
		},
		"refused": Decided{Site: "The Meridian", Story: "Fog", Refused: true, Reason: "It advertises or repeats itself"},
	} {
		m, err := Compose("ada@example.org", data)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		golden(t, "testdata/"+name+".txt", "Subject: "+m.Subject+"\n\n"+m.Text)
		golden(t, "testdata/"+name+".html", m.HTML)
		if m.To != "ada@example.org" || m.Kind != data.kind() {
			t.Errorf("%s: to %q, kind %q", name, m.To, m.Kind)
		}
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s:\ngot  %s\nwant %s", name, got, want)
	}
}

func TestComposeRefuses(t *testing.T) {
	for _, link := range []string{
		"", "/account/confirm", "//evil.example", "javascript:alert(1)", "https://", "https://me@forum.example.org/", "https://forum.example.org/\r\nBcc: x",
		"https://forum.example.org/ x", "https://forum.example.org/\"onclick=", "https://forum.example.org/<b>", "https://forum.example.org/ü", "ftp://forum.example.org/",
	} {
		if m, err := Compose("ada@example.org", Confirm{Site: "S", Link: link}); err == nil {
			t.Errorf("link %q passed: %s", link, m.Text)
		}
		if _, err := Compose("ada@example.org", Known{Site: "S", SignIn: link}); err == nil {
			t.Errorf("link %q passed", link)
		}
	}
	for _, to := range []string{"", "ada", "Ada <ada@example.org>", "ada@example.org\r\nBcc: eve@example.org", "ada@Example.org"} {
		if _, err := Compose(to, Decided{Site: "S", Reason: "R"}); err == nil {
			t.Errorf("recipient %q passed", to)
		}
	}
}

// TestWordsAreCut keeps a letter readable whatever is put into it.
func TestWordsAreCut(t *testing.T) {
	long := strings.Repeat("word ", 20_000)
	m, err := Compose("ada@example.org", Decided{Site: long, Story: long, Reason: long, Note: long, Quote: long})
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Subject) > 150 || len(m.Text) > 5_000 {
		t.Errorf("subject has %d bytes, text %d", len(m.Subject), len(m.Text))
	}
}

func TestUnlink(t *testing.T) {
	for given, want := range map[string]string{
		"https://evil.example/a.b?c":            "https:~//evil.~example/a.b?c",
		"www.evil.example":                      "www.~evil.~example",
		"me@evil.example":                       "me@~evil.~example",
		"пример.рф":                             "пример.~рф",
		"The end. And 3.5 or e.g. U.S. news...": "The end. And 3.5 or e.g. U.S. news...",
	} {
		if got := unlink(given); got != strings.ReplaceAll(want, "~", "\u2060") {
			t.Errorf("unlink(%q) = %q", given, got)
		}
	}
}
