package config

import (
	"errors"
	"net/url"
	"regexp"
	"strings"
)

func (c Config) checkAddr() error {
	if _, _, err := splitAddr(c.Addr); err != nil {
		return c.problem("addr", "%s %v", quote(c.Addr), err)
	}
	return nil
}

func (c Config) checkBaseURL() error {
	if c.BaseURL == "" {
		return nil
	}
	base, err := webURL(c.BaseURL)
	switch {
	case err != nil:
		return c.problem("base-url", "%s %v", quote(c.BaseURL), err)
	case base.RawQuery != "" || base.ForceQuery || strings.Contains(c.BaseURL, "#"):
		return c.problem("base-url", "%s must end with the path, without ? or #", quote(c.BaseURL))
	case base.EscapedPath() != base.Path || !basePath.MatchString(base.Path):
		return c.problem("base-url", "%s has a path other than plain segments such as /_parley", quote(c.BaseURL))
	}
	if want := originOf(base); !strings.HasPrefix(c.BaseURL, want+"/") && c.BaseURL != want {
		return c.problem("base-url", "%s must begin as browsers write it: %s", quote(c.BaseURL), want)
	}
	return nil
}

// basePath allows what needs no escaping anywhere, and no "." or ".." segment.
var basePath = regexp.MustCompile(`^(?:/[A-Za-z0-9_~-]+)*$`)

// checkPlainHTTP keeps cookies off open networks: plain http is for one machine,
// and readers elsewhere come by https, which a proxy may end.
func (c Config) checkPlainHTTP() error {
	switch {
	case c.HTTPS(), c.checkAddr() != nil, c.checkBaseURL() != nil:
		return nil
	case !c.Loopback() && c.BaseURL == "":
		return c.problem("base-url", "is needed, and must be https, because --addr %s can be reached from elsewhere", c.Addr)
	case !c.Loopback():
		return c.problem("base-url", "%s must be https, because --addr %s can be reached from elsewhere", c.BaseURL, c.Addr)
	case !c.homeBase():
		return c.problem("base-url", "%s must be https, because readers elsewhere would sign in over plain http", c.BaseURL)
	}
	return nil
}

// homeBase says whether the base URL leads to this machine only.
func (c Config) homeBase() bool {
	base, err := url.Parse(c.BaseURL)
	return err == nil && (c.BaseURL == "" || homeHost(base.Hostname()))
}

func (c Config) checkOrigins() error {
	var problems []error
	for i, origin := range c.Origins {
		if err := checkOrigin(origin); err != nil {
			problems = append(problems, c.problem("origins", "%s %v", quote(origin), err))
		}
		for _, earlier := range c.Origins[:i] {
			if earlier == origin {
				problems = append(problems, c.problem("origins", "%s stands there twice", quote(origin)))
				break
			}
		}
	}
	return errors.Join(problems...)
}

// checkOrigin wants an origin letter for letter as browsers send it (RFC 6454,
// section 6.2), since it is compared as it stands.
func checkOrigin(origin string) error {
	if strings.Contains(origin, "*") {
		return errors.New("has a *, and each origin must be named by itself")
	}
	u, err := webURL(origin)
	if err != nil {
		return err
	}
	if want := originOf(u); origin != want {
		return errors.New("must be exactly what browsers send: " + want)
	}
	if u.Scheme == "http" && !homeHost(u.Hostname()) {
		return errors.New("must be https; plain http is only for this machine")
	}
	return nil
}

// hostName allows what browsers send: lower-case labels, punycode for others.
var hostName = regexp.MustCompile(`^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$`)

// webURL reads an absolute http or https URL that names a host and nobody's
// password. Its errors are the end of a sentence.
func webURL(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "":
		return nil, errors.New("is not an absolute address such as https://www.example.com")
	case u.User != nil:
		return nil, errors.New("must not hold a name or password")
	case u.Port() != "" && !validPort(u.Port()), strings.HasSuffix(u.Host, ":"):
		return nil, errors.New("has an impossible port")
	case !strings.Contains(u.Host, "[") && !hostName.MatchString(strings.ToLower(u.Hostname())):
		return nil, errors.New("has a host that browsers write otherwise; names in other scripts begin with xn--")
	}
	return u, nil
}

func validPort(text string) bool {
	port, err := parsePort(text)
	return err == nil && port > 0
}

// originOf writes the origin of a URL as browsers do: lower case, without the
// scheme's own port.
func originOf(u *url.URL) string {
	host := strings.ToLower(u.Host)
	if (u.Scheme == "https" && u.Port() == "443") || (u.Scheme == "http" && u.Port() == "80") {
		host = strings.TrimSuffix(host, ":"+u.Port())
	}
	return u.Scheme + "://" + host
}
