package config

import (
	"errors"
	"net/url"
	"strings"
)

// checkNATS never repeats the address, which may hold a password.
func (c Config) checkNATS() error {
	if c.NATS == "" {
		for _, beside := range []struct{ name, value string }{
			{"nats-creds", c.NATSCreds}, {"nats-ca", c.NATSCA}, {"nats-cert", c.NATSCert}, {"nats-key", c.NATSKey},
		} {
			if beside.value != "" {
				return c.problem(beside.name, "has no effect without --nats")
			}
		}
		return nil
	}
	var problems []error
	if c.SQLite() {
		problems = append(problems, c.problem("nats", "is for several processes on one PostgreSQL (--database); SQLite is served by a single one, which has nobody to tell"))
	}
	for one := range strings.SplitSeq(c.NATS.Reveal(), ",") {
		u, err := url.Parse(strings.TrimSpace(one))
		if err != nil || (u.Scheme != "nats" && u.Scheme != "tls") || u.Hostname() == "" {
			problems = append(problems, c.problem("nats", "must be nats://host:4222 or tls://host:4222, with name:password@ before the host where NATS asks for it; several are separated by commas"))
			break
		}
	}
	if (c.NATSCert == "") != (c.NATSKey == "") {
		problems = append(problems, c.problem("nats-cert", "and --nats-key go together, and only one is set"))
	}
	return errors.Join(problems...)
}
