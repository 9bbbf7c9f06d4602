package main

import (
	"database/sql"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	_ "modernc.org/sqlite" // makes the database look newer
)

var setupLink = regexp.MustCompile(`http\S+/account/setup\?token=[\w-]+`)

// setupLink gives the link that a new forum prints. The forum may answer before its console has been read so far.
func (p *process) setupLink() string {
	p.t.Helper()
	await(p.t, "the setup link", func() bool { return setupLink.MatchString(p.out.String()) })
	return setupLink.FindString(p.out.String())
}

// TestTheFirstAdministrator opens a new forum: its links make one administrator, once, and are printed no more.
func TestTheFirstAdministrator(t *testing.T) {
	data := t.TempDir()
	serve := func() *process { return start(t, "serve", "--data", data, "--addr", "127.0.0.1:0") }
	// A link of the first start is good after another one, as long as nobody has used any. Port 0 takes another port
	// each time, so only what follows the host is kept.
	link := func(p *process) string { return strings.TrimPrefix(p.setupLink(), p.base) }
	p := serve()
	first := link(p)
	if p.stop(syscall.SIGTERM) != 0 || first == "" {
		t.Fatalf("the first start gives %q", first)
	}
	p = serve()
	second := link(p)
	if second == "" || second == first {
		t.Fatalf("the second start gives %q after %q", second, first)
	}

	form := func(name, email, pass string) url.Values {
		u, err := url.Parse(first)
		if err != nil {
			t.Fatal(err)
		}
		return url.Values{"token": {u.Query().Get("token")}, "name": {name}, "email": {email}, "password": {pass}}
	}
	chief := stranger(p)
	if page := chief.get(first); !strings.Contains(page.body, `<form`) || page.header.Get("Referrer-Policy") != "no-referrer" || page.header.Get("Cache-Control") != "private, no-store" {
		t.Errorf("the setup page: %v %s", page.header, page.body)
	}
	chief.ask("POST", "/account/setup", form("Marit Holm", "marit@example.com", "short"), http.StatusBadRequest)
	chief.ask("POST", "/account/setup", form("Marit Holm", "marit@example.com", password), http.StatusSeeOther)
	if page := chief.get("/account"); !strings.Contains(page.body, "Marit Holm") {
		t.Errorf("the administrator's account: %s", page.body)
	}
	for _, link := range []string{first, second} {
		gone := stranger(p).ask("GET", link, nil, http.StatusGone)
		if !strings.Contains(gone.body, "This link has been used or has lapsed.") || strings.Contains(gone.body, "<form") {
			t.Errorf("a spent link: %s", gone.body)
		}
	}
	stranger(p).ask("POST", "/account/setup", form("Someone Else", "else@example.com", password), http.StatusGone)

	// The administrator may work at the desk, also after a restart, which prints no link any more.
	p.stop(syscall.SIGTERM)
	p = serve()
	if strings.Contains(p.out.String(), "setup") {
		t.Errorf("a link is printed although there is an administrator:\n%s", p.out)
	}
	desk := stranger(p)
	desk.ask("POST", "/api/v1/desk/session", map[string]string{"email": "marit@example.com", "password": "not " + password}, http.StatusUnauthorized).problem(t, "sign_in_failed")
	desk.ask("POST", "/api/v1/desk/session", map[string]string{"email": "marit@example.com", "password": password}, http.StatusOK)
	reader := stranger(p).register("Runa Vey")
	id := reader.get("/api/v1/me").text(t, "reader", "id")
	desk.ask("PUT", "/api/v1/readers/"+id+"/roles", map[string]any{"roles": []string{"moderator"}}, http.StatusOK)
	reader.ask("PUT", "/api/v1/readers/"+id+"/roles", map[string]any{"roles": []string{"administrator"}}, http.StatusUnauthorized).problem(t, "sign_in_required")
}

// refused runs the program, which must end by itself with status 1, and gives what it said.
func refused(t *testing.T, args ...string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "parley", args...).CombinedOutput()
	if code := exitCode(err); code != 1 {
		t.Errorf("parley %v ends with status %d: %s", args, code, out)
	}
	if strings.Contains(string(out), "goroutine") {
		t.Errorf("parley %v shows its inside: %s", args, out)
	}
	return string(out)
}

func exitCode(err error) int {
	if err == nil {
		return 0
	}
	if ended, ok := err.(*exec.ExitError); ok {
		return ended.ExitCode()
	}
	return -1
}

// TestAFolderInUse starts a second server, an import and a dry run beside one that serves.
func TestAFolderInUse(t *testing.T) {
	data := t.TempDir()
	p := start(t, "serve", "--data", data, "--addr", "127.0.0.1:0")
	if said := refused(t, "serve", "--data", data, "--addr", "127.0.0.1:0"); !strings.Contains(said, "in use by another Parley process; stop that one first") {
		t.Errorf("a second server says %q", said)
	}
	if said := refused(t, "serve", "--data", t.TempDir(), "--addr", strings.TrimPrefix(p.url, "http://")); !strings.Contains(said, "address already in use") {
		t.Errorf("a second server on the port says %q", said)
	}
	export := filepath.Join(t.TempDir(), "export.xml")
	text := `<rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/"><channel><wp:wxr_version>1.2</wp:wxr_version></channel></rss>`
	if err := os.WriteFile(export, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if said := refused(t, "import", "wordpress", "--data", data, export); !strings.Contains(said, "in use by another Parley process") {
		t.Errorf("an import says %q", said)
	}
	if out, err := exec.CommandContext(t.Context(), "parley", "import", "wordpress", "--data", data, "--dry-run", export).CombinedOutput(); err != nil {
		t.Errorf("a dry run beside the server: %v: %s", err, out)
	}
	stranger(p).get("/")
}

// TestANewerDatabase opens the database of a later version, which must stay as it is.
func TestANewerDatabase(t *testing.T) {
	data := t.TempDir()
	p := start(t, "serve", "--data", data, "--addr", "127.0.0.1:0")
	p.stop(syscall.SIGTERM)
	change(t, data, `UPDATE meta SET value = '9000' WHERE key = 'min_schema'`)
	before, err := os.ReadFile(filepath.Join(data, "parley.db"))
	if err != nil {
		t.Fatal(err)
	}
	if said := refused(t, "serve", "--data", data, "--addr", "127.0.0.1:0"); !strings.Contains(said, "written by a newer Parley (schema 9000") {
		t.Errorf("a newer database: %q", said)
	}
	if after, err := os.ReadFile(filepath.Join(data, "parley.db")); err != nil || string(after) != string(before) {
		t.Errorf("a newer database was changed (%v)", err)
	}
	change(t, data, `UPDATE meta SET value = '1' WHERE key = 'min_schema'`)
	start(t, "serve", "--data", data, "--addr", "127.0.0.1:0")
}

// change runs a statement on the database of a stopped server.
func change(t *testing.T, data, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(data, "parley.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(statement); err != nil {
		t.Fatal(err)
	}
}
