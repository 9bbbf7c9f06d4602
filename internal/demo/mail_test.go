package demo

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"parley"
	"parley/internal/mail"
)

// get asks a handler under a host name, on a real connection unless local says otherwise.
func get(t *testing.T, h http.Handler, host, path string, local netip.AddrPort) (int, http.Header, string) {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Host = host
	r = r.WithContext(context.WithValue(r.Context(), http.LocalAddrContextKey, net.TCPAddrFromAddrPort(local)))
	mux := http.NewServeMux()
	mux.Handle(MailPath, h)
	mux.Handle(MailPath+"/{n}", h)
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, r)
	return w.Code, w.Header(), w.Body.String()
}

var loopback = netip.MustParseAddrPort("127.0.0.1:8080")

func TestMail(t *testing.T) {
	names := Hosts(8080)
	site := parley.Site{Name: "The Meridian", BaseURL: names.Forum}
	host := strings.TrimPrefix(names.Forum, "http://")
	outbox := mail.NewOutbox()
	h := Mail(outbox, site)

	if code, _, body := get(t, h, host, MailPath, loopback); code != 200 || !strings.Contains(body, "There is none yet") {
		t.Errorf("an empty mailbox: %d %s", code, body)
	}
	for _, text := range []string{
		"The first.",
		"Confirm: " + names.Forum + "/account/confirm?token=a-b_c.\nNot ours: http://evil.example/ <script>alert(1)</script> " + names.Forum + "0/x",
	} {
		if err := outbox.Send(t.Context(), mail.Message{To: "ada@example.com", Subject: "About " + text[:5], Text: text, Kind: mail.KindConfirm}); err != nil {
			t.Fatal(err)
		}
	}
	code, head, body := get(t, h, host, MailPath, loopback)
	if code != 200 || strings.Index(body, "About Confi") > strings.Index(body, "About The f") || !strings.Contains(body, `href="/demo/mail/2"`) {
		t.Errorf("the list: %d %s", code, body)
	}
	if head.Get("Cache-Control") != "private, no-store" || head.Get("Referrer-Policy") != "no-referrer" {
		t.Errorf("the list has the headers %v", head)
	}
	_, _, body = get(t, h, host, MailPath+"/2", loopback)
	if link := `<a href="` + names.Forum + `/account/confirm?token=a-b_c">`; !strings.Contains(body, link) {
		t.Errorf("the letter lacks %s: %s", link, body)
	}
	if strings.Contains(body, "<script>") || strings.Contains(body, `href="http://evil`) || strings.Contains(body, `href="`+names.Forum+`0`) {
		t.Errorf("the letter makes more than its own links live: %s", body)
	}
	for _, n := range []string{"0", "3", "-1", "x", "99999999999999999999"} {
		if code, _, _ := get(t, h, host, MailPath+"/"+n, loopback); code != 404 {
			t.Errorf("letter %s gives %d, want 404", n, code)
		}
	}
}

func TestMailIsForThisMachineOnly(t *testing.T) {
	outbox := mail.NewOutbox()
	if err := outbox.Send(t.Context(), mail.Message{To: "ada@example.com", Subject: "Secret", Text: "Secret."}); err != nil {
		t.Fatal(err)
	}
	h := Mail(outbox, parley.Site{Name: "The Meridian", BaseURL: Hosts(8080).Forum})
	for _, c := range []struct {
		host, local string
		want        int
	}{
		{"forum.meridian.localhost:8080", "127.0.0.1:8080", 200},
		{"forum.meridian.localhost:8080", "[::1]:8080", 200},
		{"localhost:8080", "127.0.0.1:8080", 200},
		{"127.0.0.1:8080", "127.0.0.1:8080", 200},
		{"forum.meridian.localhost:8080", "192.0.2.7:8080", 404},
		{"localhost:8080", "[2001:db8::1]:8080", 404},
		{"rebound.example:8080", "127.0.0.1:8080", 404},
		{"letters.meridian.localhost:8080", "127.0.0.1:8080", 404},
		{"forum.meridian.localhost:9090", "127.0.0.1:8080", 404},
	} {
		code, _, body := get(t, h, c.host, MailPath, netip.MustParseAddrPort(c.local))
		if code != c.want || (c.want != 200 && strings.Contains(body, "Secret")) {
			t.Errorf("%s on %s gives %d %q, want %d", c.host, c.local, code, body, c.want)
		}
	}
	server := httptest.NewServer(h)
	defer server.Close()
	answer, err := server.Client().Get(server.URL + MailPath)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if body, _ := io.ReadAll(answer.Body); answer.StatusCode != 200 || !strings.Contains(string(body), "Secret") {
		t.Errorf("over a real connection it gives %d %s", answer.StatusCode, body)
	}
}

func TestForeign(t *testing.T) {
	names := Hosts(8080)
	foreign, err := Foreign(names)
	if err != nil {
		t.Fatal(err)
	}
	page := func(path string) (int, http.Header, string) {
		w := httptest.NewRecorder()
		foreign.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		return w.Code, w.Header(), w.Body.String()
	}
	for path, wants := range map[string][]string{
		"/":                {`<parley-count class="count" story-url="http://letters.meridian.localhost:8080/ferry">`, `href="/bench"`},
		"/ferry":           {`<parley-conversation story-url="http://letters.meridian.localhost:8080/ferry" article="main article">`, "Kittiwake"},
		"/bench":           {`<parley-conversation story-url="http://letters.meridian.localhost:8080/bench" article="main article">`, "drainpipe"},
		"/almanac":         {`<a href="/almanac/herring">Herring by Martinmas</a>`, "Will herring be landed", "Void."},
		"/almanac/herring": {`<parley-conversation story-url="http://letters.meridian.localhost:8080/almanac/herring" article="main article">`, "nurses"},
		"/letters.css":     {"* { letter-spacing: .01em;", "background: yellow"},
	} {
		code, head, body := page(path)
		if !strings.HasSuffix(path, ".css") {
			wants = append(wants, `<script type="module" src="http://forum.meridian.localhost:8080/embed.js"></script>`)
		}
		for _, want := range wants {
			if !strings.Contains(body, want) {
				t.Errorf("%s lacks %s", path, want)
			}
		}
		if code != 200 || !strings.Contains(head.Get("Content-Security-Policy"), "script-src http://forum.meridian.localhost:8080;") {
			t.Errorf("%s gives %d with %v", path, code, head)
		}
	}
	if code, _, _ := page("/nothing"); code != 404 {
		t.Errorf("an unknown page gives %d", code)
	}
}

func TestStrip(t *testing.T) {
	all := accounts()
	note := Strip(Hosts(8080), all)
	for _, a := range all.All() {
		for _, want := range []string{a.Name, a.Email, a.Password} {
			if !strings.Contains(note.Text, want) {
				t.Errorf("the note lacks %s: %s", want, note.Text)
			}
		}
	}
	for _, want := range []Link{
		{"The desk, for editors and moderators", "http://forum.meridian.localhost:8080/desk"},
		{"Mail that would have been sent", "http://forum.meridian.localhost:8080/demo/mail"},
	} {
		if !slices.Contains(note.Links, want) || len(note.Links) != 3 {
			t.Errorf("the note leads to %+v", note.Links)
		}
	}
}
