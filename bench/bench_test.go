package main

import (
	"context"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"parley/bench/bare"
	"parley/bench/drive"
	"parley/bench/figures"
	"parley/bench/machine"
	"parley/bench/peer"
)

// TestMain lets this program be the bare ones, as the command itself is.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 {
		if known, err := bare.Run(os.Args[1]); known {
			exit(err)
		}
	}
	os.Exit(m.Run())
}

// tiny is a form of one pair each that takes a second or two, with everything the others have.
func tiny() form {
	f := short()
	f.name, f.pairs, f.reading, f.writing, f.cold, f.streams, f.idle, f.events = "tiny", 1, 40*time.Millisecond, 80*time.Millisecond, 4, 20, 40*time.Millisecond, 1
	f.shape = peer.Shape{Hot: storyMixed + 1, HotComments: 200, Cold: 4, ColdComments: coldSize, Background: 10, Readers: 8}
	f.marked.Readers = 3
	return f
}

// open builds the server, fills a folder and starts it.
func open(t *testing.T) *bench {
	t.Helper()
	if _, err := machine.ReadCores(); os.IsNotExist(err) || strings.Contains(errText(err), fs.ErrNotExist.Error()) {
		t.Skip("there is no /proc here")
	}
	b, end, err := settings{server: -1, driver: own, data: t.TempDir()}.prepare()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(end)
	b.form = tiny()
	p := &peer.Parley{}
	b.peer = p
	p.Program = filepath.Join(b.dir, "parley") // not built as it is released: that takes longer and changes nothing here
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", p.Program, "parley/cmd/parley").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if b.words, err = spoken(); err != nil {
		t.Fatal(err)
	}
	p.Words = b.words
	told := 0
	if err := b.peer.Fill(t.Context(), b.dir, b.shape, func(done, total int) { told = total - done }); err != nil {
		t.Fatal(err)
	}
	if told != 0 {
		t.Errorf("%d comments were not told of", told)
	}
	if err := b.start(context.WithoutCancel(t.Context())); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.stop(); err != nil {
			t.Error(err)
		}
	})
	if err := b.peer.Enter(t.Context(), b.server.Base, b.marked); err != nil {
		t.Fatal(err)
	}
	return b
}

func errText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// TestEverything runs all workloads, very briefly, and holds the pages to what the documentation says of them.
func TestEverything(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and fills a forum")
	}
	b := open(t)
	first, err := drive.Must(t.Context(), b.server.Base, b.peer.First(storyRead))
	if err != nil {
		t.Fatal(err)
	}
	comments := len(regexp.MustCompile(`<article`).FindAll(first.Body, -1))
	t.Logf("the first page of a hot story: %d comments, %d bytes", comments, len(first.Body))
	if comments < 50 {
		t.Errorf("the first page of a hot story shows %d comments, want 50 at least", comments)
	}
	own, err := drive.Must(t.Context(), b.server.Base, b.peer.Own(1, storyRead))
	if err != nil || strings.Count(string(own.Body), `"`) < 2*(20+10+5) || !strings.Contains(string(own.Body), `"unread":3`) {
		t.Errorf("what a reader sees besides: %s %v", own.Body, err)
	}

	ctx := context.WithoutCancel(t.Context()) // what a workload starts again ends with the test's folder
	for _, w := range workloads() {
		if w.long || w.name == "write-slow" || w.name == "order" { // these want strace
			continue
		}
		if err := w.run(b, ctx); err != nil {
			t.Errorf("%s: %v", w.name, err)
		}
	}
	if len(b.results) != 4+4+2+1+2+1+1+1+1 {
		t.Errorf("%d results", len(b.results))
	}
	for _, r := range b.results {
		s := r.Summary
		if len(r.Pairs) != 1 || s.RateRatio <= 0 || s.P99 <= 0 || s.P99 < s.P50 {
			t.Errorf("%s: %+v", r.Workload, s)
		}
		if s.Errors != s.Refused {
			t.Errorf("%s: %d errors", r.Workload, s.Errors)
		}
	}
}

// TestTarget reads a page of somebody else's.
func TestTarget(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	other, err := machine.Start(t.Context(), machine.Command{Path: self, Args: []string{"bare-http"}, Core: -1, Input: strings.NewReader(`{"header":{"Etag":["\"a\""]},"body":"aGVsbG8="}`)})
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{form: tiny(), core: -1, self: self, step: func(string) {}}
	if err := b.readTarget(t.Context(), other.Base+"/page?a=b", other.PID); err != nil {
		t.Fatal(err)
	}
	if len(b.results) != 4 || b.results[0].Bytes != 5 || b.results[0].Summary.Errors != 0 || b.results[0].Summary.RateRatio <= 0 {
		t.Errorf("%+v", b.results[0])
	}
	for _, wrong := range []string{"", "localhost:80", "https://example.com/"} {
		if err := b.readTarget(t.Context(), wrong, 0); err == nil {
			t.Errorf("%q was read", wrong)
		}
	}
	if err := other.Stop(); err != nil {
		t.Error(err)
	}
}

func TestChosen(t *testing.T) {
	names := func(s settings) string {
		var all []string
		for _, w := range s.chosen() {
			all = append(all, w.name)
		}
		return strings.Join(all, " ")
	}
	if got := names(settings{only: "write, read"}); got != "read write" {
		t.Error(got)
	}
	if short, long := names(settings{}), names(settings{long: true}); strings.Contains(short, "steady") || !strings.Contains(long, "steady") {
		t.Error(short, "and", long)
	}
	if got := names(settings{only: "steady"}); got != "steady" {
		t.Error(got)
	}
}

// TestFormsTakeEnoughPairs keeps a form from being shortened to where a median says nothing.
func TestFormsTakeEnoughPairs(t *testing.T) {
	for _, f := range []form{short(), long()} {
		if f.pairs < 5 || f.shape.Hot < storyMixed+f.pairs || f.shape.Cold < f.cold*f.pairs || f.shape.Readers < writers {
			t.Errorf("%+v", f)
		}
	}
}

// TestDraw prints a saved report in both ways.
func TestDraw(t *testing.T) {
	file := filepath.Join(t.TempDir(), "report.json")
	if err := (&figures.Report{Peer: "Parley", Started: "2026-11-24T00:00:00Z"}).Save(file); err != nil {
		t.Fatal(err)
	}
	out := os.Stdout
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	os.Stdout = null
	defer func() { os.Stdout = out }()
	for _, s := range []settings{{chart: file}, {markdown: file}} {
		if err := s.run(t.Context()); err != nil {
			t.Error(err)
		}
	}
	if err := (settings{chart: file + "x"}).run(t.Context()); err == nil {
		t.Error("a file that is not there was drawn")
	}
}
