package config

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
)

// Check judges whether the settings make sense together and are safe to run. Its
// error joins one sentence per problem, each beginning with where the value came
// from. It looks at nothing outside: no file, no port, no database.
func (c Config) Check() error {
	return errors.Join(
		c.checkFolders(), c.checkAddr(), c.checkBaseURL(), c.checkPlainHTTP(),
		c.checkDatabase(), c.checkDrain(), c.checkNATS(), c.checkSite(), c.checkOrigins(), c.checkProxies(), c.checkLimits(),
		c.checkSMTP(), c.checkMailFrom(), c.checkMetrics(), c.checkTraces(), c.checkAmounts(),
	)
}

// problem is one sentence about one setting.
func (c Config) problem(name, format string, args ...any) error {
	place := c.Source(name)
	switch {
	case place == sourceDefault:
		place = "--" + name
	case strings.HasPrefix(place, "file "):
		place += ", " + name
	}
	return fmt.Errorf("%s: %s", place, fmt.Sprintf(format, args...))
}

func (c Config) checkFolders() error {
	if c.Data == "" && c.command != "demo" {
		return c.problem("data", "names the folder that holds everything, and is not set")
	}
	return nil
}

// checkDatabase never repeats the value, which holds a password.
func (c Config) checkDatabase() error {
	if c.Database == "" {
		return nil
	}
	u, err := url.Parse(c.Database.Reveal())
	if err != nil || (u.Scheme != "postgres" && u.Scheme != "postgresql") {
		return c.problem("database", "must be postgres://name:password@host/database, or empty for SQLite in the data folder")
	}
	return nil
}

// SQLite says whether the store is the embedded one.
func (c Config) SQLite() bool { return c.Database == "" }

// siteKey keeps keys usable in paths, file names and metrics labels; 40
// characters are plenty and fit every one of those.
var siteKey = regexp.MustCompile(`^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$`)

// longestSiteName fits a title bar and a mail's subject beside what they say.
const longestSiteName = 80

func (c Config) checkSite() error {
	var problems []error
	if !siteKey.MatchString(c.Site) {
		problems = append(problems, c.problem("site", "%s is not a key of at most 40 lower-case letters, digits and inner hyphens", quote(c.Site)))
	}
	if n := len([]rune(c.SiteName)); n == 0 || n > longestSiteName {
		problems = append(problems, c.problem("site-name", "must have 1 to %d characters, and has %d", longestSiteName, n))
	}
	return errors.Join(problems...)
}

func (c Config) checkProxies() error {
	for _, network := range c.TrustedProxies {
		if network.Bits() == 0 {
			return c.problem("trusted-proxies", "%s trusts the whole world, so that anybody could claim any address", network)
		}
	}
	return nil
}

// Limited says whether rate limits are in force.
func (c Config) Limited() bool { return c.Limits != "off" }

func (c Config) checkLimits() error {
	switch {
	case c.Limited():
		return nil
	case !c.Loopback():
		return c.problem("limits", "off is allowed only on a loopback address, and --addr is %s", c.Addr)
	case !c.homeBase():
		return c.problem("limits", "off is allowed only for this machine, and --base-url is %s", c.BaseURL)
	}
	return nil
}

func (c Config) checkAmounts() error {
	var problems []error
	if c.Readers < 0 {
		problems = append(problems, c.problem("readers", "%d is below zero", c.Readers))
	}
	if c.Comments < 0 {
		problems = append(problems, c.problem("comments", "%d is below zero", c.Comments))
	}
	return errors.Join(problems...)
}
