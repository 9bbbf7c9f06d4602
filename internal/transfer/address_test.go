package transfer

import (
	"strings"
	"testing"
	"time"

	"parley"
)

func TestRewriting(t *testing.T) {
	table := []Rewrite{
		{"https://old.example", "https://courier.example"},
		{"https://old.example/blog/", "https://courier.example/opinion"},
		{"http://old.example/news", "https://courier.example/news/"},
	}
	for link, want := range map[string]string{
		"https://old.example":                "https://courier.example",
		"https://old.example/a?b=c#d":        "https://courier.example/a?b=c#d",
		"HTTPS://Old.Example/A":              "https://courier.example/A",
		"https://old.example?p=1":            "https://courier.example?p=1",
		"https://old.example/blog/x":         "https://courier.example/opinion/x",
		"https://old.example/blogger/x":      "https://courier.example/blogger/x",
		"http://old.example/news/y":          "https://courier.example/news/y",
		"http://old.example/newsletter":      "http://old.example/newsletter",
		"https://old.example.evil.example/":  "https://old.example.evil.example/",
		"https://old.example:8443/":          "https://old.example:8443/",
		"https://other.example/old.example/": "https://other.example/old.example/",
		"":                                   "",
	} {
		if got := rewrite(table, link); got != want {
			t.Errorf("%s becomes %s, want %s", link, got, want)
		}
	}
}

func TestRewritesAreCheckedFirst(t *testing.T) {
	for _, c := range []struct {
		rewrite Rewrite
		want    string // in the error; "" = none
	}{
		{Rewrite{"https://old.example", "https://courier.example"}, ""},
		{Rewrite{"http://old.example/blog/", "https://courier.example/opinion/"}, ""},
		{Rewrite{"old.example", "https://courier.example"}, `"old.example" must be an address that begins with http:// or https://`},
		{Rewrite{"https://old.example", ""}, `"" must be an address`},
		{Rewrite{"https://old.example", "https://elsewhere.example"}, "https://elsewhere.example is not on the site, which is at https://forum.courier.example, https://courier.example"},
	} {
		_, err := WordPress(t.Context(), nil, Options{Site: courier, Rewrites: []Rewrite{c.rewrite}})
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v gives %v, want %q", c.rewrite, err, c.want)
		}
	}
}

func TestAddressesOfStories(t *testing.T) {
	for link, want := range map[string]string{
		"https://courier.example/a/?utm_source=x#c": "https://courier.example/a/",
		"http://courier.example/a/":                 "https://courier.example/a/ upgraded",
		"https://COURIER.example:443/a/":            "https://courier.example/a/",
		"http://courier.example:8080/a/":            "",
		"https://courier.example.org/":              "",
		"ftp://courier.example/":                    "",
		"//courier.example/a":                       "",
		"/a/":                                       "",
		"https://ana@courier.example/":              "",
		"https://courier.example/" + strings.Repeat("x", parley.MaxURL): "",
	} {
		got, upgraded, err := storyURL(courier, nil, link)
		if upgraded {
			got += " upgraded"
		}
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%.80s gives %q, %v, want %q", link, got, err, want)
		}
	}
}

func TestNames(t *testing.T) {
	for raw, want := range map[string]string{
		"Ana Lund":                         "Ana Lund",
		"  Ana \t\n Lund ":                 "Ana Lund",
		"Ana\u202eLund\u200b\ufeff\x00":    "AnaLund",
		"Zoe\u0308":                        "Zoë",
		"نگار\u200cخانه":                   "نگار\u200cخانه", // the joiner is part of the spelling
		"":                                 "Guest",
		"\u2066\u2069":                     "Guest",
		"X":                                "X (guest)",
		"ana.lund@reader.example":          "ana.lund",
		"a@b@c":                            "a@b@c",
		"@ana":                             "@ana",
		"\xff\xfeAna":                      "Ana",
		strings.Repeat("é", 50):            strings.Repeat("é", 40),
		strings.Repeat("e", 39) + "  Lund": strings.Repeat("e", 39),
	} {
		if got := displayName(raw); got != want {
			t.Errorf("%q becomes %q, want %q", raw, got, want)
		}
	}
}

func TestMailAddresses(t *testing.T) {
	for raw, want := range map[string]string{
		" Ana.Lund+News@Reader.Example ":         "ana.lund+news@reader.example",
		"ana@böse.example":                       "ana@böse.example",
		"":                                       "",
		"ana":                                    "",
		"ana@localhost":                          "",
		"@reader.example":                        "",
		"ana@reader.example.":                    "",
		"ana@":                                   "",
		"ana@.":                                  "",
		"a@b@reader.example":                     "",
		"ana lund@reader.example":                "",
		"ana@reader.example\r\nBcc: x@y.example": "",
		"<ana@reader.example>":                   "",
		"ana\u202e@reader.example":               "",
		strings.Repeat("a", 250) + "@b.example":  "",
	} {
		if got := address(raw); got != want {
			t.Errorf("%q gives %q, want %q", raw, got, want)
		}
	}
}

func TestStamps(t *testing.T) {
	zone := time.FixedZone("", 2*3600)
	for raw, want := range map[string]string{
		"2024-02-29 12:00:00":  "2024-02-29T10:00:00Z",
		"2016-12-31 23:59:60":  "2016-12-31T21:59:59Z",
		"2038-01-19 05:14:08":  "2038-01-19T03:14:08Z",
		"9999-12-31 23:59:59":  "9999-12-31T21:59:59Z",
		"0000-00-00 00:00:00":  "",
		"2023-02-29 12:00:00":  "",
		"2024-02-29T12:00:00Z": "",
		"12345-01-01 00:00:00": "",
		"":                     "",
	} {
		at, ok := readStamp(raw, zone)
		if ok != (want != "") || ok && moment(at) != want {
			t.Errorf("%q gives %s, %t, want %q", raw, moment(at), ok, want)
		}
	}
}
