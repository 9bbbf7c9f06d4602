package page_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"

	"parley"
	"parley/internal/store/storetest"
	"parley/internal/web"
	"parley/internal/web/page"
	"parley/internal/web/webtest"
)

// own are templates as a package above brings them; one takes the place of the layout's.
var own = fstest.MapFS{"templates/own.html": {Data: []byte(`{{define "own"}}{{template "top" .}}<main id="content">{{.Word}}</main>{{template "bottom" .}}{{end}}
{{define "error"}}{{template "top" .}}<main id="content">Refused: {{.Sentence}}</main>{{template "bottom" .}}{{end}}`)}}

type ownView struct {
	page.Frame
	Word string
}

// serve gives a browser for a forum with the routes that fill adds, as New makes their set.
func serve(t *testing.T, fill func(*page.Set) page.Table) *webtest.Browser {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	base := "http://" + server.Listener.Addr().String()
	f := webtest.Forum(t, storetest.Open(t), "main", base, "https://news.example")
	set, err := page.New(f, own)
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	set.Handle(mux, fill(set))
	if server.Config.Handler, err = f.Wrap(mux); err != nil {
		t.Fatal(err)
	}
	server.Start()
	t.Cleanup(server.Close)
	return webtest.NewBrowser(t, base)
}

func TestFrame(t *testing.T) {
	b := serve(t, func(s *page.Set) page.Table {
		return page.Table{"GET /own": s.Private(func(w http.ResponseWriter, r *http.Request, who web.Asker) error {
			v := ownView{Frame: s.PrivateFrame("A title", who), Word: "<i>"}
			if r.URL.Query().Has("styles") {
				v.Styles = []string{"argument.css"}
			}
			v.Plain = r.URL.Query().Has("plain")
			return s.Show(w, http.StatusOK, "own", v)
		})}
	})
	got := b.Get("/own").Want(t, http.StatusOK, "<title>A title · The Test</title>", "noindex", "&lt;i&gt;", "/embed.js", "!argument.css")
	if got.Header.Get("Cache-Control") != "private, no-store" {
		t.Errorf("the headers are %v", got.Header)
	}
	got = b.Get("/own?styles=").Want(t, http.StatusOK, `<link rel="stylesheet" href="`+b.Base+`/argument.css">`)
	if strings.Index(got.Body, "/argument.css") < strings.Index(got.Body, "/page.css") {
		t.Error("a page's own style comes before everybody's and loses to it")
	}
	b.Get("/own?plain=").Want(t, http.StatusOK, "/page.css", "!<script")
}

func TestTable(t *testing.T) {
	b := serve(t, func(s *page.Set) page.Table {
		return page.Table{
			"GET /own":    s.Shared(func(http.ResponseWriter, *http.Request) error { return page.ErrNothing() }),
			"POST /own":   s.MemberForm(func(http.ResponseWriter, *http.Request, web.Asker, url.Values) error { return page.ErrNoButton() }),
			"GET /broken": s.Shared(func(http.ResponseWriter, *http.Request) error { return s.Show(nil, 0, "none", nil) }),
		}
	})
	b.Get("/own").Want(t, http.StatusNotFound, "Refused: There is nothing at this address.")
	if got := b.Do("PUT", "/own", "", "Sec-Fetch-Site", "same-origin").Want(t, http.StatusMethodNotAllowed); got.Header.Get("Allow") != "GET, POST" {
		t.Errorf("allowed is %q", got.Header.Get("Allow"))
	}
	got := b.Send("/own?a=b", url.Values{}).Want(t, http.StatusSeeOther)
	if to := got.Header.Get("Location"); to != b.Base+"/account/sign-in?next=%2Fown%3Fa%3Db" {
		t.Errorf("strangers are sent to %s", to)
	}
	b.Get("/broken").Want(t, http.StatusInternalServerError, "Something went wrong here.", "!none")
}

func TestRefused(t *testing.T) {
	w, r := httptest.NewRecorder(), httptest.NewRequest("POST", "/", nil)
	if problem, _, err := page.Refused(w, r, parley.Errorf(parley.CodeNotFound, "Nothing.")); problem != nil || err == nil {
		t.Errorf("what is not there comes back as %+v", problem)
	}
	problem, status, err := page.Refused(w, r, parley.Errorf(parley.CodeBadDay, "That is no day.").On("day"))
	if err != nil || status != http.StatusBadRequest || problem.On("day") != "That is no day." || problem.On("text") != "" {
		t.Errorf("a refusal comes back as %+v with %d, %v", problem, status, err)
	}
	if problem, _, err = page.Refused(w, r, nil); problem != nil || err != nil || problem.On("day") != "" {
		t.Errorf("no error is %+v, %v", problem, err)
	}
}
