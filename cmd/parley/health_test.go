package main

import (
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// articles makes a folder with one article.
func articles(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	text := "---\ntitle: The tide table is wrong\npublished: 2026-11-16T06:30:00+01:00\nstandfirst: By half an hour.\nauthor: Ilse Marrow\n---\n\nIt has been since January.\n"
	if err := os.WriteFile(filepath.Join(dir, "tides.md"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// freePort gives an address that nobody listens at.
func freePort(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

// TestWatching reads what machines read: health and counters, on a port of their own and for a token.
func TestWatching(t *testing.T) {
	const token = "0123456789abcdef0123456789abcdef"
	own := freePort(t)
	p := start(t, "serve", "--data", t.TempDir(), "--addr", "127.0.0.1:0", "--origins", newsroom, "--metrics-addr", own, "--metrics-token", token)
	odo := stranger(p).register("Odo Pell")
	odo.post(odo.story("tides"), "Counted.")
	for path, status := range map[string]string{"/healthz": "alive", "/readyz": "ready"} {
		if got := odo.get(path); got.text(t, "status") != status || got.header.Get("Cache-Control") != "private, no-store" {
			t.Errorf("%s says %s %v", path, got.body, got.header)
		}
	}
	for _, wrong := range []string{"", "Bearer ", "Bearer " + token[1:], "Bearer " + token + "0", "Basic " + token} {
		v := stranger(p)
		v.header.Set("Authorization", wrong)
		if got := v.ask("GET", "/metrics", nil, http.StatusUnauthorized); strings.Contains(got.body, "parley_") {
			t.Errorf("%q is shown the counters", wrong)
		}
	}
	prometheus := stranger(p)
	prometheus.header.Set("Authorization", "Bearer "+token)
	for _, got := range []answer{prometheus.get("/metrics"), stranger(p).get("http://" + own + "/metrics")} {
		for _, counter := range []string{`parley_request_seconds_count{route="POST /api/v1/stories/{id}/comments",status="201"} 1`, "parley_writes_total ", "parley_streams_open 0", "process_resident_memory_bytes"} {
			if !strings.Contains(got.body, counter) {
				t.Errorf("no %s among the counters", counter)
			}
		}
		if strings.Contains(got.body, "example.com") || strings.Contains(got.body, "127.0.0.1") {
			t.Error("a counter is labelled by who asks")
		}
	}
	stranger(p).ask("GET", "http://"+own+"/", nil, http.StatusNotFound)
	stranger(p).ask("GET", "http://"+own+"/healthz", nil, http.StatusNotFound)
	if code := p.stop(syscall.SIGTERM); code != 0 {
		t.Errorf("stopping: status %d", code)
	}
	bare := start(t, "serve", "--data", t.TempDir(), "--addr", "127.0.0.1:0")
	stranger(bare).ask("GET", "/metrics", nil, http.StatusNotFound)
	taken := freePort(t)
	listener, err := net.Listen("tcp", taken)
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	if said := refused(t, "serve", "--data", t.TempDir(), "--addr", "127.0.0.1:0", "--metrics-addr", taken); !strings.Contains(said, "serve metrics") || !strings.Contains(said, "address already in use") {
		t.Errorf("a taken port for the counters: %q", said)
	}
}

// TestNothingPrivateIsLogged does at debug level what readers and strangers do, good and bad, and looks for their words,
// addresses, secrets and queries in the log, in both of its forms.
func TestNothingPrivateIsLogged(t *testing.T) {
	for _, format := range []string{"text", "json"} {
		p := start(t, "serve", "--data", t.TempDir(), "--addr", "127.0.0.1:0", "--origins", newsroom, "--log-level", "debug", "--log-format", format,
			"--trusted-proxies", "127.0.0.1/32", "--articles", articles(t))
		odo := stranger(p)
		odo.header.Set("X-Forwarded-For", "198.51.100.77")
		odo.header.Set("User-Agent", "a browser with a name")
		odo.register("Odo Pell")
		story := odo.story("whispers")
		id := odo.post(story, "Words between us.")
		for path, status := range map[string]int{
			"/s/" + story + "?secretquery=1":                         http.StatusPermanentRedirect,
			"//s/" + story + "?secretquery=2":                        http.StatusTemporaryRedirect,
			"/account/confirm?token=secrettoken":                     http.StatusGone,
			"/account/setup?token=secrettoken":                       http.StatusGone,
			"/secretpath?secretquery=3":                              http.StatusNotFound,
			"/api/v1/me?secretquery=4":                               http.StatusBadRequest,
			"/api/v1/stories/" + story + "/comments?cursor=secret":   http.StatusBadRequest,
			"/fragment?story=" + url.QueryEscape(newsroom+"/secret"): http.StatusOK,
		} {
			odo.ask("GET", path, nil, status)
		}
		odo.ask("POST", "/api/v1/session", map[string]string{"email": "secret@example.com", "password": "secretpassword " + password}, http.StatusUnauthorized)
		odo.ask("POST", comments(story), map[string]string{"body": strings.Repeat("secretwords ", 2000)}, http.StatusBadRequest)
		odo.ask("POST", comments(story), map[string]any{"secretmember": 1}, http.StatusBadRequest)
		odo.ask("POST", "/c/"+id+"/act", url.Values{"do": {"secretact"}}, http.StatusBadRequest)
		cookie := odo.client.Jar.Cookies(&url.URL{Scheme: "http", Host: "127.0.0.1"})[0].Value
		p.stop(syscall.SIGTERM)
		log := logOf(p)
		if !strings.Contains(log, "POST /api/v1/session") || !strings.Contains(log, "GET /s/{story}") {
			t.Errorf("requests are not logged:\n%s", log)
		}
		for _, private := range []string{"secret", "Odo", "@example.com", "198.51.100.77", "127.0.0.1", "token=", cookie, password, "Words between", "whispers", "a browser", id} {
			if strings.Contains(log, private) {
				t.Errorf("as %s, %q is in the log:\n%s", format, private, log)
			}
		}
	}
}

// logOf gives the lines of the log without what is said to the person at the console.
func logOf(p *process) string {
	var log strings.Builder
	for line := range strings.Lines(p.out.String()) {
		if strings.HasPrefix(line, "time=") || strings.HasPrefix(line, "{") {
			log.WriteString(line)
		}
	}
	return log.String()
}

// TestNothingIsWrittenElsewhere compares home, working folder and folder for temporary files before and after a server
// and a demo have run.
func TestNothingIsWrittenElsewhere(t *testing.T) {
	home, data := t.TempDir(), t.TempDir()
	if err := os.WriteFile(filepath.Join(home, ".profile"), []byte("# a home\n"), 0o400); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(home, 0o500); err != nil {
		t.Fatal(err)
	}
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	temporary := t.TempDir()
	environ := []string{"HOME=" + home, "XDG_CONFIG_HOME=" + home, "XDG_CACHE_HOME=" + home, "TMPDIR=" + temporary}
	before := tree(t, home) + tree(t, here) + tree(t, temporary)

	p := startIn(t, environ, "serve", "--data", data, "--addr", "127.0.0.1:0", "--origins", newsroom, "--articles", articles(t))
	odo := stranger(p).register("Odo Pell")
	odo.post(odo.story("tides"), "Somewhere.")
	odo.get("/articles/tides")
	p.stop(syscall.SIGTERM)
	if after := tree(t, home) + tree(t, here) + tree(t, temporary); after != before {
		t.Errorf("serving leaves something behind:\n%s\nbefore:\n%s", after, before)
	}
	if got := strings.Fields(strings.ReplaceAll(tree(t, data), data, "")); len(got) != 2 {
		t.Errorf("the data folder holds %v, want parley.db and parley.lock", got)
	}

	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGHUP} {
		p = startIn(t, environ, "demo", "--addr", "127.0.0.1:0")
		if tree(t, temporary) == temporary+"\n" {
			t.Error("the demo has no folder for temporary files")
		}
		if code := p.stop(signal); code != 0 {
			t.Errorf("stopping the demo by %v: status %d", signal, code)
		}
		if after := tree(t, home) + tree(t, here) + tree(t, temporary); after != before {
			t.Errorf("the demo, stopped by %v, leaves something behind:\n%s\nbefore:\n%s", signal, after, before)
		}
	}
	for _, file := range []string{"parley.db", "parley.lock"} {
		if info, err := os.Stat(filepath.Join(data, file)); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s can be read by others: %v %v", file, info.Mode(), err)
		}
	}
}

// tree lists a folder with everything in it.
func tree(t *testing.T, dir string) string {
	t.Helper()
	var all strings.Builder
	err := filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
		fmt.Fprintln(&all, path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}
