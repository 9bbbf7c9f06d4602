package identity

import (
	"math/rand"
	"strings"
	"testing"
	"time"

	"parley"
)

func TestPasswords(t *testing.T) {
	s := &Service{site: parley.Site{Name: "The Meridian Forum"}}
	words := s.guessWords("Ada Lovelace", "ada.lovelace@example.org")
	for password, code := range map[string]parley.Code{
		goodPassword:                                       "",
		"correct horse battery staple":                     "",
		"meine Katze heißt Minka":                          "",
		"q8#kLw92!mXz7pT":                                  "",
		"thunder-lamp-river-9":                             "",
		"мой кот не спит ночью":                            "",
		"鸟在三棵树上唱歌给十个人听到了":                                  "",
		strings.Repeat("many words of a long phrase ", 9):  "",
		"passwordpassword":                                 parley.CodePasswordWeak,
		"p@$$w0rdp@$$w0rd":                                 parley.CodePasswordWeak,
		"Password12345678":                                 parley.CodePasswordWeak,
		"123456789012345":                                  parley.CodePasswordWeak,
		"qwertyuiopasdfgh":                                 parley.CodePasswordWeak,
		"1qaz2wsx3edc4rfv":                                 parley.CodePasswordWeak,
		"aaaaaaaaaaaaaaa":                                  parley.CodePasswordWeak,
		"ааааааааааааааа":                                  parley.CodePasswordWeak, // Cyrillic
		"               ":                                  parley.CodePasswordWeak,
		"абвгдежзийклмноп":                                 parley.CodePasswordWeak, // the alphabet
		"aabbccddeeffgghh":                                 parley.CodePasswordWeak,
		"ponmlkjihgfedcba":                                 parley.CodePasswordWeak,
		"xyzzyxyzzyxyzzy":                                  parley.CodePasswordWeak,
		"Gr7-Gr7-Gr7-Gr7-Gr7":                              parley.CodePasswordWeak,
		"m0nk3ydr4g0nl3tm31n":                              parley.CodePasswordWeak, // monkeydragonletmein
		"iloveyouiloveyou":                                 parley.CodePasswordWeak,
		"Ada Lovelace 1234":                                parley.CodePasswordWeak,
		"ada.lovelace@example":                             parley.CodePasswordWeak,
		"the meridian forum":                               parley.CodePasswordWeak,
		"Meridian-Meridian":                                parley.CodePasswordWeak,
		"q8#kLw92!mXz7p":                                   parley.CodePasswordShort,
		"éé\u0301éééééééééé":                               parley.CodePasswordShort, // 14 signs once composed
		strings.Repeat("many words of a long phrase ", 10): parley.CodePasswordLong,
	} {
		wants(t, password, checkPassword(password, words), code)
	}
}

// TestJudgingIsQuick: the estimate must not become a way to stop the server. Letters written as signs are what
// its own search takes seconds for.
func TestJudgingIsQuick(t *testing.T) {
	source := rand.New(rand.NewSource(1))
	signs := []rune("4@8({[<369&#!1/|0$5+7%2abcdeils01299")
	for range 20 {
		runes := make([]rune, parley.MaxPassword)
		for i := range runes {
			runes[i] = signs[source.Intn(len(signs))]
		}
		begin := time.Now()
		common(string(runes), nil)
		if took := time.Since(begin); took > time.Second {
			t.Fatalf("judging %q took %v", string(runes), took)
		}
	}
}

func TestCleanAddress(t *testing.T) {
	for given, want := range map[string]string{
		"ada@example.org":                        "ada@example.org",
		" Ada.Lovelace+news@EXAMPLE.org ":        "ada.lovelace+news@example.org",
		"ada@müller.example":                     "ada@xn--mller-kva.example",
		"o'neil@example.co.uk":                   "o'neil@example.co.uk",
		strings.Repeat("a", 64) + "@example.org": strings.Repeat("a", 64) + "@example.org",
		strings.Repeat("a", 65) + "@example.org": "",
		"a@" + strings.Repeat("b", 250) + ".org": "",
		"":                                       "",
		"ada":                                    "",
		"ada@":                                   "",
		"@example.org":                           "",
		"ada@localhost":                          "",
		"ada@example..org":                       "",
		"ada@example.org.":                       "",
		"ada@@example.org":                       "",
		"ada@exa mple.org":                       "",
		"ada @example.org":                       "",
		`"ada b"@example.org`:                    "",
		"ada@[127.0.0.1]":                        "",
		"Ada <ada@example.org>":                  "",
		"ada@example.org,b@c.org":                "",
		"ada@example.org\nBcc: b@c.d":            "",
		"ada@example.org\x00":                    "",
		"ad\u00e0@example.org":                   "",
		"ada@example.org (Ada)":                  "",
	} {
		got, err := cleanAddress(given)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%.40q becomes %q (%v), want %q", given, got, err, want)
		}
	}
}
