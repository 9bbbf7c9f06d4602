package identity

import (
	"strings"

	"parley/internal/mail"
)

// cleanAddress gives a mail address as it is kept and compared, all in lower case: some server may tell Ada@
// from ada@, but no reader does. It refuses with parley.CodeEmailInvalid.
func cleanAddress(given string) (string, error) {
	address, err := mail.ParseAddress(given)
	return strings.ToLower(address), err
}
