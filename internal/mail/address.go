package mail

import (
	"net/mail"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"

	"parley"
)

// maxLocal is the most bytes before the @ (RFC 5321 section 4.5.3.1.1).
const maxLocal = 64

// ParseAddress gives a mail address as it is kept: one plain address
// (RFC 5321), at most [parley.MaxEmail] bytes, its domain in lower case and
// ASCII. It refuses with code email_invalid, in words for the person who typed
// it: names and angle brackets, several addresses, quoted or non-ASCII local
// parts, addresses in brackets and domains without a dot.
func ParseAddress(given string) (string, error) {
	// The length comes first: parsing addresses has been quadratic before.
	if len(given) > 4*parley.MaxEmail {
		return "", refuse("This address is too long.")
	}
	given = strings.TrimSpace(given)
	local, domain, found := cutLast(given, "@")
	switch {
	case given == "":
		return "", refuse("Please give a mail address.")
	case !found:
		return "", refuse("This is not a mail address: it has no @.")
	case strings.ContainsAny(given, ",;"):
		return "", refuse("Please give one address only.")
	case strings.ContainsAny(given, "\"()<>:\\[]") || strings.ContainsFunc(given, func(r rune) bool { return r <= ' ' || r == 0x7f }):
		return "", refuse("Please give the address alone, like name@example.org, without a name, spaces or brackets.")
	case strings.ContainsFunc(local, func(r rune) bool { return r > '~' }):
		return "", refuse("Only unaccented letters can stand before the @.")
	}
	ascii, err := hosts.ToASCII(domain)
	if err != nil || !utf8.ValidString(domain) || !strings.Contains(ascii, ".") || strings.HasSuffix(ascii, ".") {
		return "", refuse("What stands after the @ is not the name of a mail server.")
	}
	address := local + "@" + strings.ToLower(ascii)
	if len(address) > parley.MaxEmail || len(local) > maxLocal {
		return "", refuse("This address is too long.")
	}
	if parsed, err := mail.ParseAddress(address); err != nil || parsed.Address != address || parsed.Name != "" {
		return "", refuse("This is not an address that mail could be sent to.")
	}
	return address, nil
}

// hosts reads names as browsers do (UTS 46), with the lengths that DNS allows.
var hosts = idna.New(idna.MapForLookup(), idna.BidiRule(), idna.StrictDomainName(true), idna.VerifyDNSLength(true))

func cutLast(s, separator string) (before, after string, found bool) {
	if i := strings.LastIndex(s, separator); i >= 0 {
		return s[:i], s[i+len(separator):], true
	}
	return s, "", false
}

func refuse(sentence string) error {
	return parley.Errorf(parley.CodeEmailInvalid, "%s", sentence).On("email")
}
