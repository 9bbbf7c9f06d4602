package api_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/web"
	"parley/internal/web/api"
)

// spellings are other ways to write a path, some of which some program takes for the same.
func spellings(path string) []string {
	last := path[strings.LastIndex(path, "/")+1:]
	head := strings.TrimSuffix(path, last)
	return []string{
		path + "/", path + "//", "/" + path, "//" + path, head + "/" + last, strings.Replace(path, "/", "//", 2), head + "%2F" + last, "/%2f" + path[1:], "%2F" + path[1:],
		head + "./" + last, head + "x/../" + last, "/.." + path, "/%2e%2e" + path, "/%2e" + path, path + "/.", path + "/x/..", path + "/%2e", path + "/..%2f" + last, head + "..;/" + last,
		path + ";", path + ";a=b", path + "%00", path + "%20", path + "%09", path + ".", path + ".json", path + ".html", path + "%2ehtml", path + "~", path + `\`, `\` + path[1:],
		strings.ReplaceAll(path, "/", `\`), head + "%5C" + last, strings.ToUpper(path), head + strings.ToUpper(last[:1]) + last[1:], head + escaped(last), head + "%" + fmt.Sprintf("25%02x", last[0]) + last[1:],
		path + "%3f", path + "%23", path + "#", "/%ef%bc%8f" + path[1:], head + "%e2%80%ae" + last, "http://poison.example" + path, "//poison.example" + path, `/\poison.example` + path,
		"//poison.example/%2e%2e" + path, "/%2fpoison.example" + path, "///poison.example" + path, "/%09/poison.example" + path, "/@poison.example" + path, "//poison.example/..", "/./" + path[1:],
	}
}

// escaped writes a letter as some clients do: it is the same path, and no alias.
func escaped(segment string) string { return fmt.Sprintf("%%%02X", segment[0]) + segment[1:] }

// raw sends a request line as it stands, which no client of Go's would.
func (w *town) raw(method, target string, headers ...string) (reply, error) {
	w.Helper()
	host := strings.TrimPrefix(w.bases[first], "http://")
	conn, err := net.DialTimeout("tcp", host, 5*time.Second)
	if err != nil {
		w.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		w.Fatal(err)
	}
	request := method + " " + target + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\nContent-Length: 0\r\n"
	for i := 0; i < len(headers); i += 2 {
		request += headers[i] + ": " + headers[i+1] + "\r\n"
	}
	if _, err := io.WriteString(conn, request+"\r\n"); err != nil {
		return reply{}, err
	}
	got, err := http.ReadResponse(bufio.NewReader(conn), &http.Request{Method: method})
	if err != nil {
		return reply{}, err
	}
	defer got.Body.Close()
	body, err := io.ReadAll(io.LimitReader(got.Body, 1<<20))
	return reply{got, string(body)}, err
}

// TestNoRouteHasAnAlias writes every route's path in other ways: each is answered like what does not exist, or
// with the way to the right spelling, which lies on our own base.
func TestNoRouteHasAnAlias(t *testing.T) {
	w := newTown(t)
	owner := w.join(first, "owner", 0)
	story := w.story(first)
	comment := w.comment(owner, story, parley.Published)
	cookie := []string{"Cookie", w.as("owner")[1] + "; " + w.desk("ines of first")[1]} // what is refused anyway shows no alias
	ids := map[string]string{"stories": story.ID.String(), "comments": comment.ID.String(), "threads": comment.ID.String(), "readers": owner.ID.String(),
		"questions": w.asked(first, "open").ID.String(), "milestones": w.milestone(first, "there").ID.String(), "sequels": w.sequel(first, "there", story).ID.String(),
		"settlements": w.settlement(first, "proposed").ID.String(), "appeals": w.appeal(first, "open").ID.String(), "corrections": w.correction(first, "open", story).ID.String()}
	routes := map[string]string{}
	for _, route := range api.New(&web.Forum{}).Table() {
		method, path, _ := strings.Cut(route.Pattern, " ")
		kind, _, _ := strings.Cut(path[1:], "/")
		routes[api.Prefix+strings.NewReplacer("{id}", ids[kind], "{number}", "1").Replace(path)] = method
	}
	s, c, r := "/s/"+story.ID.String(), "/c/"+comment.ID.String(), "/readers/"+owner.ID.String()
	for _, path := range []string{
		"/articles/a-piece", "/fragment", s, s + "/comments", s + "/new", s + "/feed", c, c + "/replies", c + "/item", r, s + "/write", s + "/follow", c + "/act", r + "/act",
		"/following", "/notices", "/account", "/account/register", "/account/sign-in", "/account/sign-out", "/account/confirm", "/account/setup", "/account/bar", "/login", "/bridge", "/embed.js",
	} {
		routes[path] = "GET"
	}
	w.ask(first, "GET", "/articles/a-piece", "") // the first to open a piece makes its story
	before := w.counts()
	for path, method := range routes {
		for _, other := range spellings(path) {
			if same(other, path) {
				continue
			}
			got, err := w.raw(method, other, append(cookie, "Origin", w.bases[first])...)
			if err != nil {
				t.Errorf("%s %s: %v", method, other, err)
				continue
			}
			to := got.Header.Get("Location")
			switch {
			case got.StatusCode == 400 || got.StatusCode == 404 || got.StatusCode == 405 || got.StatusCode == 403 && method != "GET":
			case got.StatusCode >= 300 && got.StatusCode < 400 && (to == w.bases[first]+"/" || strings.HasPrefix(to, w.bases[first]+"/") && leads(w, method, to, cookie)):
			default:
				t.Errorf("%s %s is answered with %d %s: %.200s", method, other, got.StatusCode, to, got.body)
			}
			if strings.Contains(to, "poison.example") && !strings.HasPrefix(to, w.bases[first]+"/") {
				t.Errorf("%s %s leads away, to %s", method, other, to)
			}
		}
	}
	if after := w.counts(); fmt.Sprint(before) != fmt.Sprint(after) {
		t.Errorf("another spelling wrote: %v, then %v", before, after)
	}
}

// same tells whether two targets are one path by RFC 3986 section 6.2.2: a letter may be escaped, and what stands
// before a path in an absolute target is no part of it, nor is a fragment.
func same(a, b string) bool {
	u, err := url.Parse(a)
	return err == nil && !strings.HasPrefix(a, "//") && (u.EscapedPath() == b || u.Path == b && !strings.Contains(strings.ToLower(u.EscapedPath()), "%2f"))
}

// leads tells whether a redirect is to one place, not to another redirect.
func leads(w *town, method, to string, cookie []string) bool {
	u, err := url.Parse(to)
	if err != nil || u.Host != strings.TrimPrefix(w.bases[first], "http://") || strings.Contains(u.EscapedPath(), "//") {
		return false
	}
	if method != "GET" || strings.HasSuffix(u.Path, "/events") { // a stream has no end to wait for
		return true
	}
	got, err := w.raw("GET", u.RequestURI(), cookie...)
	return err == nil && got.StatusCode < 500
}
