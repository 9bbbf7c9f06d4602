package main

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"parley/internal/mail/mailtest"
)

var (
	confirmLink = regexp.MustCompile(`http\S+/account/confirm\?token=([\w-]+)`)
	typedCode   = regexp.MustCompile(`<output>([0-9A-Z]+)</output>`)
)

// posted serves with a mail server and gives both.
func posted(t *testing.T, data string, sink *mailtest.Sink) *process {
	t.Helper()
	return start(t, "serve", "--data", data, "--addr", "127.0.0.1:0", "--origins", newsroom, "--smtp", sink.Addr, "--smtp-tls", "none",
		"--mail-from", "The Ledger <forum@example.com>", "--site-name", "The Ledger", "--log-level", "debug")
}

// link gives the confirmation link of the nth letter, which must have gone to one address.
func link(t *testing.T, sink *mailtest.Sink, n int, to string) (address, token string) {
	t.Helper()
	received := sink.Wait(n)[n-1]
	letter, err := received.Letter()
	if err != nil {
		t.Fatal(err)
	}
	found := confirmLink.FindStringSubmatch(letter.Text)
	if len(received.To) != 1 || received.To[0] != to || found == nil {
		t.Fatalf("a letter to %v without a link for %s:\n%s", received.To, to, letter.Text)
	}
	return found[0], found[1]
}

func (v *visitor) confirmed() bool {
	v.t.Helper()
	return v.get("/api/v1/me").text(v.t, "reader", "confirmed") == "true"
}

// TestConfirmingByMail walks the three ways a confirmation link can go, with the real server and a real mail server.
func TestConfirmingByMail(t *testing.T) {
	sink := mailtest.Start(t)
	p := posted(t, t.TempDir(), sink)
	if strings.Contains(p.out.String(), "no mail server") {
		t.Error("a mail server is set, and the console says none is")
	}

	// In the browser that registered: a button, once.
	odo := stranger(p).register("Odo Pell")
	address, token := link(t, sink, 1, "odo.pell@example.com")
	if page := odo.get(address); !strings.Contains(page.body, `value="confirm"`) || typedCode.MatchString(page.body) || odo.confirmed() {
		t.Errorf("the link in the browser that asked: %s", page.body)
	}
	odo.ask("POST", "/account/confirm", url.Values{"do": {"confirm"}, "token": {token}}, http.StatusSeeOther)
	if !odo.confirmed() {
		t.Error("the address is not confirmed")
	}
	odo.ask("POST", "/account/confirm", url.Values{"do": {"confirm"}, "token": {token}}, http.StatusGone)
	odo.ask("GET", address, nil, http.StatusGone)
	stranger(p).ask("POST", "/api/v1/session", map[string]string{"email": "odo.pell@example.com", "password": password}, http.StatusOK)

	// Opened elsewhere: a code, to be typed in the browser that registered.
	runa, phone := stranger(p).register("Runa Vey"), stranger(p)
	address, token = link(t, sink, 2, "runa.vey@example.com")
	page := phone.get(address)
	code := typedCode.FindStringSubmatch(page.body)
	if code == nil || !strings.Contains(page.body, "This was not me") || strings.Contains(page.body, `value="confirm"`) {
		t.Fatalf("the link elsewhere: %s", page.body)
	}
	phone.ask("POST", "/account/confirm", url.Values{"do": {"confirm"}, "token": {token}}, http.StatusUnauthorized)
	odo.ask("POST", "/account/confirm", url.Values{"do": {"confirm"}, "token": {token}}, http.StatusGone)
	if runa.confirmed() {
		t.Fatal("somebody else confirmed the address")
	}
	runa.ask("POST", "/account/confirm", url.Values{"do": {"code"}, "code": {strings.ToLower(code[1][:4]) + " " + code[1][4:]}}, http.StatusSeeOther)
	if !runa.confirmed() {
		t.Error("the code did not confirm the address")
	}

	// "This was not me": whoever registered is signed out, and nothing can be done with the account.
	thief := stranger(p).register("Not Ilse")
	address, token = link(t, sink, 3, "not.ilse@example.com")
	stranger(p).get(address)
	stranger(p).ask("POST", "/account/confirm", url.Values{"do": {"disown"}, "token": {token}}, http.StatusOK)
	if who := thief.get("/api/v1/me").text(t, "reader"); who != "null" {
		t.Errorf("the disowned account is still signed in: %s", who)
	}
	thief.ask("GET", address, nil, http.StatusGone)

	for _, secret := range []string{"@example.com", "token=", token, code[1], "Runa", password} {
		if strings.Contains(logOf(p), secret) {
			t.Errorf("%q is in the log:\n%s", secret, logOf(p))
		}
	}
}

// TestMailWaitsForItsServer registers while the mail server turns letters down, restarts, and lets it take them: one
// letter arrives, once, and what the mail server said about the address stays out of the log.
func TestMailWaitsForItsServer(t *testing.T) {
	sink := mailtest.Start(t)
	data := t.TempDir()
	p := posted(t, data, sink)
	sink.Answer("CONNECT", "421 4.3.2 not now")
	stranger(p).register("Odo Pell")
	await(t, "an attempt", func() bool { return len(sink.Commands()) > 0 })
	if code := p.stop(syscall.SIGTERM); code != 0 {
		t.Errorf("stopping while mail waits: status %d\n%s", code, p.out)
	}
	sink.Answer("CONNECT", "")
	p = posted(t, data, sink)
	link(t, sink, 1, "odo.pell@example.com")

	sink.Answer("RCPT", "550 5.1.1 <runa.vey@example.com>: no such person here")
	stranger(p).register("Runa Vey")
	await(t, "the refusal to be logged", func() bool { return strings.Contains(p.out.String(), "turned down for good") })
	sink.Answer("RCPT", "")
	stranger(p).register("Ilse Marrow")
	link(t, sink, 2, "ilse.marrow@example.com")
	if n := len(sink.Letters()); n != 2 {
		t.Errorf("%d letters arrived, want 2", n)
	}
	if strings.Contains(p.out.String(), "@example.com") {
		t.Errorf("an address is on the console:\n%s", p.out)
	}
}
