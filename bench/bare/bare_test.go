package bare

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"io"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"parley/bench/figures"
)

// TestServe sends what a forum sent: the same headers, the same bytes.
func TestServe(t *testing.T) {
	header := http.Header{"Etag": {`"41-ab-gz"`}, "Content-Encoding": {"gzip"}, "Content-Length": {"5"}, "Date": {"never"}, "X-Request-Id": {"A"}}
	in, err := json.Marshal(Of(header, []byte("\x1f\x8b\x00\x01\x02")))
	if err != nil {
		t.Fatal(err)
	}
	read, write := io.Pipe()
	go func() { write.CloseWithError(Serve(bytes.NewReader(in), write)) }()
	said := make([]byte, 200)
	n, err := read.Read(said)
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, regexp.MustCompile(`http://\S+`).FindString(string(said[:n])), nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept-Encoding", "gzip")
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer got.Body.Close()
	body, err := io.ReadAll(got.Body)
	if err != nil || string(body) != "\x1f\x8b\x00\x01\x02" || got.Header.Get("Date") == "never" || got.Header.Get("Date") == "" {
		t.Errorf("%q %v %v", body, got.Header, err)
	}
	for _, name := range []string{"Etag", "Content-Encoding", "Content-Length", "X-Request-Id"} {
		if got.Header.Get(name) != header.Get(name) {
			t.Errorf("%s: %q, want %q", name, got.Header.Get(name), header.Get(name))
		}
	}
}

// TestCommit gives the bare program a database with a table of three rows, one of which is no pattern.
func TestCommit(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "peer.db")
	db, err := sql.Open("sqlite", "file:"+file+"?_pragma=journal_mode(WAL)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	_, err = db.Exec(`CREATE TABLE said (id INTEGER PRIMARY KEY, root INTEGER NOT NULL, parent INTEGER NOT NULL REFERENCES said (id), body TEXT NOT NULL);
		CREATE INDEX said_root ON said (root, id); CREATE TABLE other (id INTEGER);
		INSERT INTO said VALUES (7, 7, 0, 'it is one thing to say that'), (8, 7, 7, 'no'), (9, 9, 0, 'and another thing to pay for it')`)
	if err != nil {
		t.Fatal(err)
	}
	ask := `{"file":"` + file + `","name":"said","where":"parent = 0","ids":["id","root"],"text":"body","dir":"` + dir + `"} 0.02 0.02`
	var out bytes.Buffer
	if err := Commit(strings.NewReader(ask), &out); err != nil {
		t.Fatal(err)
	}
	var rows int
	var first, second figures.Run
	answers := json.NewDecoder(&out)
	for _, into := range []any{&rows, &first, &second} {
		if err := answers.Decode(into); err != nil {
			t.Fatal(err)
		}
	}
	if rows != 2 || first.Requests == 0 || second.Requests == 0 || first.P99 <= 0 {
		t.Errorf("%d rows, %+v, %+v", rows, first, second)
	}
	bare, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "bare.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer bare.Close()
	for question, want := range map[string]int64{
		`SELECT count(*) FROM said`: 3 + first.Requests + second.Requests,
		`SELECT count(*) FROM sqlite_master WHERE type = 'index' AND name = 'said_root'`:                         1,
		`SELECT count(*) FROM said WHERE id > 9 AND (parent <> 0 OR root <> id OR length(body) NOT IN (27, 31))`: 0,
		`SELECT count(*) FROM sqlite_master WHERE name = 'other'`:                                                0,
		`SELECT count(*) - count(DISTINCT body) FROM said`:                                                       0,
	} {
		var got int64
		if err := bare.QueryRow(question).Scan(&got); err != nil || got != want {
			t.Errorf("%s: %d %v, want %d", question, got, err, want)
		}
	}
}

func TestSync(t *testing.T) {
	var out bytes.Buffer
	if err := Sync(strings.NewReader(`{"dir":"`+t.TempDir()+`","seconds":0.02}`), &out); err != nil {
		t.Fatal(err)
	}
	var run figures.Run
	if err := json.Unmarshal(out.Bytes(), &run); err != nil || run.Requests == 0 || run.Seconds < 0.02 {
		t.Errorf("%s %v", out.String(), err)
	}
}
