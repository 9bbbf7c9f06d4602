package identity

import (
	"net/mail"
	"strings"

	"golang.org/x/net/idna"

	"parley"
)

// maxLocal is the most bytes before the @ (RFC 5321 section 4.5.3.1.1).
const maxLocal = 64

// cleanAddress gives a mail address as it is kept and compared: one plain address, in lower case, its domain
// in ASCII. It refuses with parley.CodeEmailInvalid.
func cleanAddress(given string) (string, error) {
	refuse := parley.Errorf(parley.CodeEmailInvalid, "This is not an address that mail could be sent to.").On("email")
	given = strings.TrimSpace(given)
	if len(given) > parley.MaxEmail || strings.ContainsAny(given, "\"()<>,;:\\[]") {
		return "", refuse
	}
	parsed, err := mail.ParseAddress(given)
	if err != nil || parsed.Address != given {
		return "", refuse
	}
	at := strings.LastIndexByte(given, '@')
	local, domain := given[:at], given[at+1:]
	domain, err = idna.Lookup.ToASCII(domain)
	if err != nil || !strings.Contains(domain, ".") || len(local) > maxLocal || strings.ContainsFunc(local, func(r rune) bool { return r > '~' }) {
		return "", refuse
	}
	address := strings.ToLower(local + "@" + domain)
	if len(address) > parley.MaxEmail {
		return "", refuse
	}
	return address, nil
}
