package mail_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"parley/internal/mail"
	"parley/internal/mail/mailtest"
)

// payloads are what a stranger may put into a name, a title, a comment, a
// note: broken headers, markup, pixels, phishing, odd bytes.
var payloads = []string{
	"x\r\nBcc: eve@evil.example", "x\nBcc: eve@evil.example\n\n<b>body</b>", "x\rBcc: eve@evil.example", "x\u2028Bcc: eve@evil.example", "x\u0085Bcc: eve@evil.example", "x%0d%0aBcc: eve@evil.example",
	"x\r\n\r\n--boundary\r\nContent-Type: text/html\r\n\r\n<script>alert(1)</script>", "x\r\n.\r\nMAIL FROM:<eve@evil.example>\r\nRCPT TO:<eve@evil.example>\r\nDATA\r\n",
	"\n.\nQUIT\n", "x\x00y", "=?utf-8?q?x=0d=0aBcc:_eve@evil.example?=", "\u202egnp.exe", "\u2066x", "\xff\xfe",
	"<script>alert(1)</script>", "<img src=https://evil.example/pixel.gif>", `<a href="https://evil.example/">Sign in</a>`, `"><img src=x onerror=alert(1)>`, `' onmouseover='alert(1)`,
	"</blockquote></div><form action=https://evil.example><input name=password>", "</title><script>alert(1)</script>", "<!--", "-->", "<style>@import'https://evil.example'</style>",
	"[Sign in](https://evil.example/)", "https://evil.example/login", "www.evil.example", "evil.example", "mailto:eve@evil.example", "javascript:alert(1)", "{{.Link}}", "{{template \"letter\" .}}", "${x}", "%s%d",
	"&lt;script&gt;alert(1)&lt;/script&gt;", "&#60;img src=x&#62;", strings.Repeat("<", 5_000), strings.Repeat("\U0001f600", 3_000), strings.Repeat("a", 5_000), "e\u0301\u200b\u2060\ufeff",
}

const ownLink = "https://forum.example.org/account/confirm?token=abc"

// examples has every kind of letter; a new one belongs here.
var examples = []mail.Data{
	mail.Confirm{Site: "The Meridian", Link: ownLink},
	mail.Known{Site: "The Meridian", SignIn: ownLink},
	mail.Decided{Site: "The Meridian", Story: "Fog", Reason: "It advertises", Note: "Please do not.", Quote: "Buy!"},
}

// TestHostileFields sends every payload in every field of every letter over
// the wire and reads what arrives as a mail program does.
func TestHostileFields(t *testing.T) {
	sink := mailtest.Start(t)
	s := sender(t, sink, func(o *mail.SMTPOptions) { o.TLS = "none" })
	want := map[string][]string{}
	for _, example := range examples {
		m, err := mail.Compose("ada@example.org", example)
		if err != nil {
			t.Fatal(err)
		}
		want[m.Kind] = elements(t, m.HTML)
	}
	for _, example := range examples {
		for field := range reflect.TypeOf(example).NumField() {
			name := reflect.TypeOf(example).Field(field).Name
			for _, payload := range payloads {
				m, err := mail.Compose("ada@example.org", with(example, field, payload))
				if name == "Link" || name == "SignIn" {
					if err == nil && payload != "https://evil.example/login" {
						t.Errorf("%T.%s took %q", example, name, payload)
					}
					continue
				}
				if reflect.TypeOf(example).Field(field).Type.Kind() != reflect.String {
					continue
				}
				if err != nil {
					t.Fatalf("%T.%s = %.60q: %v", example, name, payload, err)
				}
				if err := s.Send(t.Context(), m); err != nil {
					t.Fatalf("%T.%s = %.60q: %v", example, name, payload, err)
				}
				letters := sink.Letters()
				inspect(t, letters[len(letters)-1], m, want[m.Kind])
				if t.Failed() {
					t.Fatalf("%T.%s = %.200q", example, name, payload)
				}
			}
		}
	}
	if len(sink.Letters()) < 200 {
		t.Errorf("only %d letters arrived", len(sink.Letters()))
	}
}

// with gives a copy of data with one field changed, if it is a string.
func with(data mail.Data, field int, value string) mail.Data {
	changed := reflect.New(reflect.TypeOf(data)).Elem()
	changed.Set(reflect.ValueOf(data))
	if changed.Field(field).Kind() == reflect.String {
		changed.Field(field).SetString(value)
	}
	return changed.Interface().(mail.Data)
}

var headers = []string{"Auto-Submitted", "Content-Type", "Date", "From", "Message-Id", "Mime-Version", "Subject", "To"}

func inspect(t *testing.T, got mailtest.Received, m mail.Message, wantElements []string) {
	t.Helper()
	if got.From != "forum@example.org" || !slices.Equal(got.To, []string{"ada@example.org"}) {
		t.Errorf("from %q to %q", got.From, got.To)
	}
	read, err := got.Letter()
	if err != nil {
		t.Errorf("does not parse: %v", err)
		return
	}
	var names []string
	for name, values := range read.Header {
		names = append(names, name)
		if len(values) != 1 {
			t.Errorf("%s stands there %d times", name, len(values))
		}
	}
	slices.Sort(names)
	if !slices.Equal(names, headers) {
		t.Errorf("headers %q", names)
	}
	if read.Subject != m.Subject || !slices.Equal(read.Parts, []string{"text/plain", "text/html"}) {
		t.Errorf("subject %q, parts %q", read.Subject, read.Parts)
	}
	if read.Text != m.Text || read.HTML != m.HTML {
		t.Errorf("the letter changed on its way")
	}
	if strings.ContainsAny(read.Text+read.HTML, "\x00\r\u202e\u2066") {
		t.Errorf("controls in the letter")
	}
	if found := elements(t, read.HTML); !slices.Equal(found, wantElements) {
		t.Errorf("elements %q, want %q", found, wantElements)
	}
}

// elements lists the tags of a document with their attributes, in order; of a
// link, only our own is allowed.
func elements(t *testing.T, document string) []string {
	t.Helper()
	var found []string
	for z := html.NewTokenizer(strings.NewReader(document)); ; {
		switch z.Next() {
		case html.ErrorToken:
			return found
		case html.CommentToken:
			found = append(found, "comment")
		case html.StartTagToken, html.SelfClosingTagToken:
			token := z.Token()
			found = append(found, token.String())
			if token.Data == "img" || token.Data == "a" && (len(token.Attr) != 1 || token.Attr[0].Val != ownLink) {
				t.Errorf("letter has %s", token)
			}
		}
	}
}

// TestBrokenMessages refuses what comes past the composer.
func TestBrokenMessages(t *testing.T) {
	sink := mailtest.Start(t)
	s := sender(t, sink, nil)
	good := mail.Message{To: "ada@example.org", Subject: "s", Text: "t"}
	for name, change := range map[string]func(*mail.Message){
		"two recipients":    func(m *mail.Message) { m.To = "ada@example.org, eve@evil.example" },
		"header in to":      func(m *mail.Message) { m.To = "ada@example.org\r\nBcc: eve@evil.example" },
		"named recipient":   func(m *mail.Message) { m.To = "Ada <ada@example.org>" },
		"header in subject": func(m *mail.Message) { m.Subject = "s\r\nBcc: eve@evil.example" },
		"line in subject":   func(m *mail.Message) { m.Subject = "s\nt" },
		"no subject":        func(m *mail.Message) { m.Subject = "" },
		"encoded subject":   func(m *mail.Message) { m.Subject = "=?utf-8?q?s=0d=0a?=" },
		"endless subject":   func(m *mail.Message) { m.Subject = strings.Repeat("s", 1_000) },
		"broken subject":    func(m *mail.Message) { m.Subject = "\xff" },
		"no text":           func(m *mail.Message) { m.Text = "" },
		"endless text":      func(m *mail.Message) { m.Text = strings.Repeat("t", 1<<20) },
		"broken HTML":       func(m *mail.Message) { m.HTML = "\xff" },
		"header in key":     func(m *mail.Message) { m.Key = "k>\r\nBcc: eve@evil.example" },
	} {
		m := good
		change(&m)
		if err := s.Send(t.Context(), m); err == nil || !mail.Permanent(err) {
			t.Errorf("%s: %v", name, err)
		}
		if err := mail.NewOutbox().Send(t.Context(), m); err == nil {
			t.Errorf("%s: the outbox took it", name)
		}
	}
	if err := s.Send(t.Context(), good); err != nil || len(sink.Wait(1)) != 1 {
		t.Errorf("the good one: %v, %d letters", err, len(sink.Letters()))
	}
}
