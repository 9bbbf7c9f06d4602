package config

import (
	"errors"
	"net/mail"
)

// Mails says whether the server can send mail.
func (c Config) Mails() bool { return c.SMTP != "" }

func (c Config) checkSMTP() error {
	if !c.Mails() {
		if c.SMTPUser != "" {
			return c.problem("smtp-user", "has no effect without --smtp")
		}
		return nil
	}
	host, port, err := splitAddr(c.SMTP)
	var problems []error
	switch {
	case err != nil:
		problems = append(problems, c.problem("smtp", "%s %v", quote(c.SMTP), err))
	case host == "" || port == 0:
		problems = append(problems, c.problem("smtp", "%s needs both a host and a port, such as mail.example.com:587", quote(c.SMTP)))
	}
	if (c.SMTPUser == "") != (c.SMTPPassword == "") {
		problems = append(problems, c.problem("smtp-user", "and --smtp-password go together, and only one is set"))
	}
	if c.SMTPTLS == "none" && c.SMTPPassword != "" && !loopbackHost(host) {
		problems = append(problems, c.problem("smtp-tls", "none would send the password readable to %s", c.SMTP))
	}
	return errors.Join(problems...)
}

func (c Config) checkMailFrom() error {
	if c.MailFrom == "" {
		if c.Mails() {
			return c.problem("mail-from", "is needed with --smtp, such as The Ledger <forum@example.com>")
		}
		return nil
	}
	if _, err := mail.ParseAddress(c.MailFrom); err != nil {
		return c.problem("mail-from", "%s is not an address such as The Ledger <forum@example.com>", quote(c.MailFrom))
	}
	return nil
}

// shortestToken is what cannot be guessed over the network: 16 characters, as
// made by "openssl rand -hex 16" and half as long.
const shortestToken = 16

func (c Config) checkMetrics() error {
	var problems []error
	if n := len(c.MetricsToken); n > 0 && n < shortestToken {
		problems = append(problems, c.problem("metrics-token", "must have at least %d characters", shortestToken))
	}
	if c.MetricsAddr != "" {
		if _, _, err := splitAddr(c.MetricsAddr); err != nil {
			problems = append(problems, c.problem("metrics-addr", "%s %v", quote(c.MetricsAddr), err))
		} else if c.MetricsAddr == c.Addr && !freePort(c.Addr) {
			problems = append(problems, c.problem("metrics-addr", "is the same as --addr; it needs a port of its own"))
		}
	}
	return errors.Join(problems...)
}
