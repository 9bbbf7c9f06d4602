package mail

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"strconv"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// SMTPOptions say how to reach the mail server.
type SMTPOptions struct {
	Addr     string         // host:port
	Username string         // "" signs in nowhere
	Password string         //
	TLS      string         // "starttls" (must succeed), "tls" from the first byte, or "none"
	From     string         // sender of every letter, with or without a name
	Timeout  time.Duration  // for one letter from connecting to goodbye; 0 means 20 s
	Roots    *x509.CertPool // who may vouch for the server; nil means the system's list
}

// defaultTimeout is for one letter. Mail servers that check a lot greet after
// ten seconds.
const defaultTimeout = 20 * time.Second

// SMTP is a [Sender] that hands each letter to a mail server over a connection
// of its own.
type SMTP struct {
	from   *mail.Address
	client *gomail.Client
}

// NewSMTP checks the options; it does not connect.
func NewSMTP(o SMTPOptions) (*SMTP, error) {
	from, err := mail.ParseAddress(o.From)
	if err != nil {
		return nil, fmt.Errorf("read the sender's address: %w", err)
	}
	if clean, err := ParseAddress(from.Address); err != nil || clean != from.Address {
		return nil, errors.New("read the sender's address: not one clean address in lower case")
	}
	host, portText, err := net.SplitHostPort(o.Addr)
	if err != nil {
		return nil, fmt.Errorf("read the mail server's address: %w", err)
	}
	port, err := strconv.Atoi(portText)
	if err != nil {
		return nil, fmt.Errorf("read the mail server's port: %w", err)
	}
	if o.Timeout == 0 {
		o.Timeout = defaultTimeout
	}
	_, domain, _ := cutLast(from.Address, "@")
	options := []gomail.Option{gomail.WithPort(port), gomail.WithTimeout(o.Timeout), gomail.WithHELO(domain)}
	encryption, err := encryption(o, host)
	if err != nil {
		return nil, err
	}
	client, err := gomail.NewClient(host, append(options, encryption...)...)
	if err != nil {
		return nil, fmt.Errorf("set up mail: %w", err)
	}
	return &SMTP{from: from, client: client}, nil
}

func encryption(o SMTPOptions, host string) ([]gomail.Option, error) {
	options := []gomail.Option{
		gomail.WithTLSConfig(&tls.Config{ServerName: host, RootCAs: o.Roots, MinVersion: tls.VersionTLS12}),
	}
	auth := gomail.SMTPAuthAutoDiscover
	switch o.TLS {
	case "starttls":
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	case "tls":
		options = append(options, gomail.WithSSL())
	case "none":
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
		auth = gomail.SMTPAuthPlainNoEnc // the configuration allows this on the own machine only
	default:
		return nil, fmt.Errorf("set up mail: no such encryption: %q", o.TLS)
	}
	if o.Username != "" {
		options = append(options, gomail.WithSMTPAuth(auth), gomail.WithUsername(o.Username), gomail.WithPassword(o.Password))
	}
	return options, nil
}

// Send hands the letter to the mail server. The end of ctx stops the attempt
// to connect; after that only the timeout does, because a letter half handed
// over would arrive twice.
func (s *SMTP) Send(ctx context.Context, m Message) error {
	if err := check(m); err != nil {
		return failure{err, true}
	}
	msg, err := s.letter(m)
	if err != nil {
		return failure{err, true}
	}
	err = s.client.DialAndSendWithContext(ctx, msg)
	if err == nil || msg.IsDelivered() { // the server has it, whatever went wrong with the goodbyes
		return nil
	}
	if refused, ok := errors.AsType[*gomail.SendError](err); ok {
		return failure{fmt.Errorf("send mail: %s (%d %s)", refused.Reason, refused.ErrorCode(), refused.EnhancedStatusCode()), !refused.IsTemp() && refused.ErrorCode() >= 500}
	}
	return fmt.Errorf("send mail: %w", err)
}

func (s *SMTP) letter(m Message) (*gomail.Msg, error) {
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	msg.FromMailAddress(s.from)
	if err := msg.To(m.To); err != nil {
		return nil, errors.New("write mail: the recipient's address does not parse")
	}
	if m.Key == "" {
		m.Key = rand.Text()
	}
	_, domain, _ := cutLast(s.from.Address, "@")
	msg.SetMessageIDWithValue(m.Key + "@" + domain)
	msg.SetDate()
	msg.Subject(m.Subject)
	// RFC 3834: no holiday notes in answer, please.
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetBodyString(gomail.TypeTextPlain, m.Text)
	if m.HTML != "" {
		msg.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	}
	return msg, nil
}

// failure keeps whether trying again can help. Its text has no addresses,
// because it goes into the log.
type failure struct {
	error
	permanent bool
}

// Unwrap gives the cause.
func (f failure) Unwrap() error { return f.error }

// Permanent reports whether a letter failed for good: it is not fit to be
// sent, or the server refused it with a code of 500 or more.
func Permanent(err error) bool {
	f, ok := errors.AsType[failure](err)
	return ok && f.permanent
}

// Refused reports whether the server looked at this very letter and turned it
// down, for now or for good, so that other letters may still pass. Otherwise
// the server could not be reached or takes no letters at all.
func Refused(err error) bool {
	_, ok := errors.AsType[failure](err)
	return ok
}
