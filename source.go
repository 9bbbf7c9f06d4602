package parley

import (
	"net/url"
	"strings"
)

// Source reads where something can be checked: an https address, or a reference in words. It gives it on one
// line, or refuses with CodeBadSource.
func Source(raw string) (string, error) {
	source := strings.Join(strings.Fields(raw), " ")
	refuse := Errorf(CodeBadSource, "Please name a source that can be checked: an https address, or a reference in words.").On("source")
	if len(source) < 4 || len(source) > MaxSource {
		return "", refuse
	}
	if !strings.Contains(source, "://") {
		return source, nil
	}
	u, err := url.Parse(source)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil {
		return "", refuse
	}
	return source, nil
}

// WebAddress reads an address that can stand in a link of the newsroom's: http or https, without a name or a
// password in it. It refuses with CodeBadSource on the member "url".
func WebAddress(raw string) (string, error) {
	u, err := url.Parse(raw)
	if err != nil || len(raw) > MaxURL || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" || u.User != nil {
		return "", Errorf(CodeBadSource, "The address must be one by https or http.").On("url")
	}
	return u.String(), nil
}
