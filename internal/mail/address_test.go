package mail

import (
	"strings"
	"testing"

	"parley"
)

func TestParseAddress(t *testing.T) {
	for given, want := range map[string]string{
		"ada@example.org":                        "ada@example.org",
		" ada@example.org\n":                     "ada@example.org",
		"Ada.Lum@Example.ORG":                    "Ada.Lum@example.org",
		"ada+news@example.org":                   "ada+news@example.org",
		"o'neil_1-2@sub.example.org":             "o'neil_1-2@sub.example.org",
		"ada@BÜCHER.example":                     "ada@xn--bcher-kva.example",
		strings.Repeat("a", 64) + "@example.org": strings.Repeat("a", 64) + "@example.org",
	} {
		if got, err := ParseAddress(given); err != nil || got != want {
			t.Errorf("ParseAddress(%q) = %q, %v, want %q", given, got, err, want)
		}
	}
}

var badAddresses = []string{
	"", " ", "@", "ada", "ada@", "@example.org", "ada@example", "ada@example.", "ada@.example.org", "ada@example..org", "ada@@example.org",
	"Ada <ada@example.org>", "<ada@example.org>", "ada@example.org,eve@example.org", "ada@example.org;eve@example.org", "ada@example.org eve@example.org",
	"ada@example.org\r\nBcc: eve@example.org", "ada@example.org\nBcc: eve@example.org", "ada\r@example.org", "ada\x00@example.org", "ada\t@example.org", "ada@exam\x7fple.org",
	"ada@example.org%0aBcc:eve@example.org", `"ada"@example.org`, `"ada eve"@example.org`, `ada\@example.org`, "ada(note)@example.org", "ada@[127.0.0.1]", "ada@[IPv6:::1]",
	"ada:eve@example.org", "group:ada@example.org;", ".ada@example.org", "ada.@example.org", "a..da@example.org", "ädä@example.org", "ada\u202e@example.org", "ada@exam\u202eple.org",
	"ada@exam ple.org", "ada@-example.org", "ada@example-.org", "ada@exa_mple.org", "=?utf-8?q?ada?=@example.org?", "ada@example.org?subject=x", "mailto:ada@example.org",
	"ada@xn--a.example", strings.Repeat("a", 65) + "@example.org", "ada@" + strings.Repeat("a", 64) + ".org", "ada@" + strings.Repeat("abc.", 70) + "org",
	strings.Repeat("a@", 2_000_000), strings.Repeat("(", 1_000_000) + "@example.org", "\xff@example.org", "ada@\xff.org",
}

func TestParseAddressRefuses(t *testing.T) {
	for _, given := range badAddresses {
		got, err := ParseAddress(given)
		if parley.CodeOf(err) != parley.CodeEmailInvalid || got != "" {
			t.Errorf("ParseAddress(%.60q) = %q, %v", given, got, err)
		}
	}
}

func FuzzParseAddress(f *testing.F) {
	for _, given := range badAddresses {
		f.Add(given[:min(len(given), 1000)])
	}
	f.Add("Ada.Lum@Example.ORG")
	f.Fuzz(func(t *testing.T, given string) {
		got, err := ParseAddress(given)
		if err != nil {
			return
		}
		if again, err := ParseAddress(got); err != nil || again != got {
			t.Fatalf("%q gives %q, which gives %q, %v", given, got, again, err)
		}
		if len(got) > parley.MaxEmail || strings.Count(got, "@") != 1 || strings.ContainsFunc(got, func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune(`<>()[],;:"\`, r) }) {
			t.Fatalf("%q gives %q", given, got)
		}
	})
}
