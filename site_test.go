package parley_test

import (
	"strings"
	"testing"

	"parley"
)

var ledger = parley.Site{Origins: []string{"https://forum.ledger.example", "https://ledger.example", "http://news.localhost:8080"}}

func TestOneStoryHasOneAddress(t *testing.T) {
	for raw, want := range map[string]string{
		"https://ledger.example/a":                          "https://ledger.example/a",
		"https://LEDGER.example:443/a#comments":             "https://ledger.example/a",
		"https://ledger.example":                            "https://ledger.example/",
		"https://ledger.example/a?utm_source=x&fbclid=1":    "https://ledger.example/a",
		"https://ledger.example/a?page=2&utm_medium=social": "https://ledger.example/a?page=2",
		"https://ledger.example/a?b=2&a=1":                  "https://ledger.example/a?a=1&b=2",
		"http://ledger.example/a":                           "https://ledger.example/a",
		"http://news.localhost:8080/x":                      "http://news.localhost:8080/x",
	} {
		if got, err := ledger.StoryURL(raw); err != nil || got != want {
			t.Errorf("%s → %q, %v; want %q", raw, got, err, want)
		}
	}
}

func TestAddressesElsewhereAreRefused(t *testing.T) {
	for _, raw := range []string{
		"", "ledger.example/a", "//ledger.example/a", "https://evil.example/a", "https://ledger.example.evil.example/a",
		"https://notledger.example/a", "https://ledger.example@evil.example/", "https://user@ledger.example/a", "javascript:alert(1)",
		"https://ledger.example:8443/a", "ftp://ledger.example/a", "https://ledger.example./a", "https:ledger.example/a", "https://%6cedger.example/\x00",
		"https://ledger.example/" + strings.Repeat("a", parley.MaxURL),
	} {
		if got, err := ledger.StoryURL(raw); parley.CodeOf(err) != parley.CodeBadStory {
			t.Errorf("%q → %q, %v", raw, got, err)
		}
	}
}
