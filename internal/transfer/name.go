package transfer

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"parley"
)

// displayName makes a name that other systems allowed into one that a byline can bear: 2 to 40 characters in
// normal form C without controls or direction marks. A mail address given as a name loses its host, so that
// it is not published here again.
func displayName(raw string) string {
	name := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) && r != '\u200c' && r != '\u200d' || r == unicode.ReplacementChar {
			return -1
		}
		return r
	}, norm.NFC.String(strings.ToValidUTF8(raw, "")))
	name = strings.Join(strings.Fields(name), " ")
	if mailbox, _, isAddress := strings.Cut(name, "@"); isAddress && address(name) != "" {
		name = mailbox
	}
	runes := []rune(name)
	switch {
	case len(runes) == 0:
		return "Guest"
	case len(runes) < parley.MinName:
		return name + " (guest)"
	case len(runes) > parley.MaxName:
		return strings.TrimSpace(string(runes[:parley.MaxName]))
	}
	return name
}

// address gives the mail address in lower case, and "" for what is none. It only weeds out what people type
// into such a field; whether mail arrives there nobody asks.
func address(raw string) string {
	raw = strings.ToLower(strings.TrimSpace(raw))
	mailbox, host, ok := strings.Cut(raw, "@")
	if !ok || mailbox == "" || len(raw) > parley.MaxEmail || strings.Contains(host, "@") || !strings.Contains(host, ".") || host != strings.Trim(host, ".") {
		return ""
	}
	if strings.ContainsFunc(raw, func(r rune) bool {
		return r <= ' ' || r == 0x7f || strings.ContainsRune(`"(),:;<>[\]`, r) || !unicode.IsPrint(r)
	}) {
		return ""
	}
	return raw
}

// personID makes an id of what tells a person from others, without giving it away.
func personID(kind string, marks ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(marks, "\x00")))
	return kind + ":" + hex.EncodeToString(sum[:16])
}

// cut gives the first characters of s, at most most.
func cut(s string, most int) string {
	runes := []rune(s)
	if len(runes) <= most {
		return s
	}
	return strings.TrimSpace(string(runes[:most-1])) + "…"
}
