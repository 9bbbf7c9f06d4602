package mail_test

import (
	"context"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/internal/mail"
	"parley/internal/mail/mailtest"
)

func sender(t *testing.T, sink *mailtest.Sink, change func(*mail.SMTPOptions)) *mail.SMTP {
	t.Helper()
	options := mail.SMTPOptions{Addr: sink.Addr, TLS: "starttls", Roots: sink.Roots, From: "The Meridian <forum@example.org>"}
	if change != nil {
		change(&options)
	}
	s, err := mail.NewSMTP(options)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var letter = mail.Message{
	To: "ada@example.org", Subject: "Grüße, a subject that is long enough to be folded over more than one line of the header", Kind: "confirm", Key: "event-17",
	Text: "Hello,\n.\n..dots\nand ünïcode " + strings.Repeat("long ", 300) + "\n", HTML: "<p>Hello</p>\n",
}

func TestSend(t *testing.T) {
	sink := mailtest.Start(t)
	if err := sender(t, sink, nil).Send(t.Context(), letter); err != nil {
		t.Fatal(err)
	}
	got := sink.Wait(1)[0]
	if got.From != "forum@example.org" || !slices.Equal(got.To, []string{"ada@example.org"}) || !got.Encrypted {
		t.Errorf("from %q to %q, encrypted %v", got.From, got.To, got.Encrypted)
	}
	read, err := got.Letter()
	if err != nil {
		t.Fatal(err)
	}
	if read.Subject != letter.Subject || read.Text != letter.Text || read.HTML != letter.HTML || !slices.Equal(read.Parts, []string{"text/plain", "text/html"}) {
		t.Errorf("got %+v", read)
	}
	for name, want := range map[string]string{
		"From": `"The Meridian" <forum@example.org>`, "To": "<ada@example.org>", "Message-Id": "<event-17@example.org>", "Auto-Submitted": "auto-generated", "Mime-Version": "1.0",
	} {
		if values := read.Header[name]; len(values) != 1 || values[0] != want {
			t.Errorf("%s: %q, want %q", name, values, want)
		}
	}
	if date, err := read.Header.Date(); err != nil || time.Since(date).Abs() > time.Hour {
		t.Errorf("dated %v, %v", date, err)
	}
	if read.Header.Get("User-Agent")+read.Header.Get("X-Mailer") != "" {
		t.Error("the letter names the program that wrote it")
	}
	for line := range strings.SplitSeq(string(got.Raw), "\r\n") {
		if len(line) > 998 || strings.ContainsAny(line, "\r\n") {
			t.Errorf("line of %d bytes, or with a bare line end", len(line))
		}
	}
}

func TestEncryption(t *testing.T) {
	plain, encrypted := mailtest.Start(t), mailtest.StartTLS(t)
	for name, c := range map[string]struct {
		sink   *mailtest.Sink
		change func(*mail.SMTPOptions)
		works  bool
	}{
		"starttls":                   {plain, nil, true},
		"tls":                        {encrypted, func(o *mail.SMTPOptions) { o.TLS = "tls" }, true},
		"none":                       {plain, func(o *mail.SMTPOptions) { o.TLS = "none" }, true},
		"starttls, strange server":   {plain, func(o *mail.SMTPOptions) { o.Roots = nil }, false},
		"tls, strange server":        {encrypted, func(o *mail.SMTPOptions) { o.TLS, o.Roots = "tls", nil }, false},
		"tls to a server without it": {plain, func(o *mail.SMTPOptions) { o.TLS, o.Timeout = "tls", time.Second }, false},
	} {
		err := sender(t, c.sink, c.change).Send(t.Context(), letter)
		if (err == nil) != c.works {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, got := range append(plain.Letters(), encrypted.Letters()...) {
		t.Logf("encrypted: %v", got.Encrypted)
	}
	if n := len(plain.Letters()) + len(encrypted.Letters()); n != 3 {
		t.Errorf("%d letters arrived, want 3", n)
	}
	plain.Answer("EHLO", "250 sink.example")
	if err := sender(t, plain, nil).Send(t.Context(), letter); err == nil {
		t.Error("a server that strips STARTTLS got the letter in clear")
	}
}

func TestSignIn(t *testing.T) {
	sink := mailtest.Start(t)
	sink.Require("four wet geese")
	with := func(password, encryption string) error {
		return sender(t, sink, func(o *mail.SMTPOptions) { o.Username, o.Password, o.TLS = "forum", password, encryption }).Send(t.Context(), letter)
	}
	for _, encryption := range []string{"starttls", "none"} {
		if err := with("four wet geese", encryption); err != nil {
			t.Errorf("%s: %v", encryption, err)
		}
		if err := with("five wet geese", encryption); err == nil || mail.Permanent(err) || strings.Contains(err.Error(), "geese") {
			t.Errorf("%s, wrong password: %v", encryption, err)
		}
	}
	if err := sender(t, sink, nil).Send(t.Context(), letter); err == nil {
		t.Error("nobody signed in, and the letter went out")
	}
}

// TestRefusals tells what is worth another attempt, without naming anybody.
func TestRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		command, answer string
		fails, forGood  bool
	}{
		"busy":               {"CONNECT", "421 4.3.2 later", true, false},
		"unwanted sender":    {"MAIL", "550 5.7.1 not you, forum@example.org", true, true},
		"unknown person":     {"RCPT", "550 5.1.1 <ada@example.org> unknown", true, true},
		"full mailbox":       {"RCPT", "452 4.2.2 full", true, false},
		"no letters now":     {"DATA", "451 4.3.0 later", true, false},
		"unwanted letter":    {".", "554 5.7.1 spam from ada@example.org", true, true},
		"letter not kept":    {".", "451 4.3.0 disk full", true, false},
		"rude goodbye":       {"QUIT", "500 5.0.0 never", false, false},
		"rude reset":         {"RSET", "500 5.0.0 never", false, false},
		"nonsense in return": {"RCPT", "hello", true, false},
	} {
		t.Run(name, func(t *testing.T) {
			sink := mailtest.Start(t)
			s := sender(t, sink, func(o *mail.SMTPOptions) { o.Timeout = 5 * time.Second })
			sink.Answer(c.command, c.answer)
			err := s.Send(t.Context(), letter)
			if (err != nil) != c.fails || mail.Permanent(err) != c.forGood {
				t.Errorf("got %v, permanent %v", err, mail.Permanent(err))
			}
			if err != nil && strings.Contains(err.Error(), "ada@") {
				t.Errorf("the error names somebody: %v", err)
			}
			if arrived := len(sink.Letters()); (arrived == 0) != c.fails {
				t.Errorf("%d letters arrived", arrived)
			}
			sink.Answer(c.command, "")
			if err := s.Send(t.Context(), letter); err != nil {
				t.Errorf("afterwards: %v", err)
			}
		})
	}
}

func TestNobodyListens(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	silent := listener.Addr().String() // takes connections and never says a word
	defer listener.Close()
	for name, addr := range map[string]string{"closed port": "127.0.0.1:1", "silence": silent} {
		s, err := mail.NewSMTP(mail.SMTPOptions{Addr: addr, TLS: "starttls", From: "forum@example.org", Timeout: 500 * time.Millisecond})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Send(t.Context(), letter); err == nil || mail.Permanent(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
	ended, end := context.WithCancel(t.Context())
	end()
	s, err := mail.NewSMTP(mail.SMTPOptions{Addr: silent, TLS: "starttls", From: "forum@example.org"})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Send(ended, letter); err == nil {
		t.Error("sent for a context that had ended")
	}
}

func TestSendManyAtOnce(t *testing.T) {
	sink := mailtest.Start(t)
	s := sender(t, sink, nil)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			if err := s.Send(t.Context(), letter); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	sink.Wait(8)
}

func TestNewSMTPRefuses(t *testing.T) {
	for name, change := range map[string]func(*mail.SMTPOptions){
		"no port":        func(o *mail.SMTPOptions) { o.Addr = "mail.example.org" },
		"no host":        func(o *mail.SMTPOptions) { o.Addr = ":25" },
		"odd port":       func(o *mail.SMTPOptions) { o.Addr = "mail.example.org:smtp" },
		"high port":      func(o *mail.SMTPOptions) { o.Addr = "mail.example.org:70000" },
		"no sender":      func(o *mail.SMTPOptions) { o.From = "" },
		"two senders":    func(o *mail.SMTPOptions) { o.From = "a@example.org, b@example.org" },
		"broken sender":  func(o *mail.SMTPOptions) { o.From = "Forum\r\nBcc: x <a@example.org>" },
		"odd encryption": func(o *mail.SMTPOptions) { o.TLS = "" },
		"no patience":    func(o *mail.SMTPOptions) { o.Timeout = -1 },
	} {
		options := mail.SMTPOptions{Addr: "mail.example.org:587", TLS: "starttls", From: "forum@example.org"}
		change(&options)
		if _, err := mail.NewSMTP(options); err == nil {
			t.Errorf("%s passed", name)
		}
	}
}
