package main

import (
	"cmp"
	"context"
	"debug/buildinfo"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"

	"parley/bench/drive"
	"parley/bench/figures"
	"parley/bench/machine"
	"parley/bench/peer"
	"parley/bench/words"
	"parley/internal/demo"
)

// workload is one thing that can be measured.
type workload struct {
	name string
	run  func(*bench, context.Context) error
	long bool // part of the long form alone
	own  bool // brings its own databases
}

// workloads lists them in the order in which they run: those that count on pages nobody has asked for come first,
// those that restart the forum last.
func workloads() []workload {
	return []workload{
		{"cold", (*bench).coldPages, false, false},
		{"read", (*bench).read, false, false},
		{"read-busy", (*bench).readBusy, false, false},
		{"own", (*bench).own, false, false},
		{"write", (*bench).write, false, false},
		{"mixed", (*bench).mixed, false, false},
		{"live", (*bench).live, false, false},
		{"sign-in", (*bench).signIn, false, false},
		{"overload", (*bench).overload, true, false},
		{"steady", (*bench).steady, true, false},
		{"growth", (*bench).growth, true, true},
		{"start-large", (*bench).beginLarge, true, true},
		{"nodes", (*bench).nodes, true, true},
		{"order", (*bench).order, false, false},
		{"write-slow", (*bench).slowDisk, false, false},
		{"start", (*bench).begin, false, false},
	}
}

func names() string {
	var all []string
	for _, w := range workloads() {
		all = append(all, w.name)
	}
	return strings.Join(all, ", ")
}

// chosen gives the workloads that the command line asks for.
func (s settings) chosen() (chosen []workload) {
	for _, w := range workloads() {
		wanted := s.only == "" && (s.long || !w.long)
		for name := range strings.SplitSeq(s.only, ",") {
			wanted = wanted || s.only != "" && w.name == strings.TrimSpace(name)
		}
		if wanted {
			chosen = append(chosen, w)
		}
	}
	return chosen
}

// measure runs what the command line asks for and gives the report.
func (s settings) measure(ctx context.Context, pinned bool) (*figures.Report, error) {
	watch, err := machine.StartWatch()
	if err != nil {
		return nil, err
	}
	b, end, err := s.prepare()
	if err != nil {
		return nil, err
	}
	defer end()
	report := &figures.Report{Form: b.form.name, Started: time.Now().UTC().Format(time.RFC3339)}
	if report.Baseline.Fsyncs, err = b.fsyncs(ctx); err != nil {
		return nil, err
	}
	if s.target != "" {
		report.Peer = s.target
		err = b.readTarget(ctx, s.target, s.pid)
	} else {
		err = s.measureParley(ctx, b)
	}
	if err != nil {
		return nil, err
	}
	if b.peer != nil {
		report.Peer = b.peer.Name()
	}
	report.Machine = watch.Describe(b.dir, pinned)
	report.Notes = b.notes
	for _, r := range b.results {
		report.Results = append(report.Results, *r)
	}
	return report, nil
}

// prepare gives what every measurement needs. end removes its folder.
func (s settings) prepare() (b *bench, end func(), err error) {
	b = &bench{form: short(), core: s.server, also: strings.Fields(s.also), run: fmt.Sprintf("%x", time.Now().Unix())}
	if s.long {
		b.form = long()
	}
	b.database, b.nats = s.database, s.nats
	b.streams = cmp.Or(s.streams, b.streams)
	if s.pairs > 0 && s.pairs < b.pairs {
		b.note("%d pairs instead of %d: to see how something behaves, not to compare it", s.pairs, b.pairs)
		b.pairs = s.pairs
	}
	if s.driver != own {
		b.wrk = drive.Wrk()
	}
	if b.wrk == "" {
		b.note("wrk is not used: reading is driven by the driver of our own, which may itself be the limit; see core busy")
	}
	if b.self, err = os.Executable(); err != nil {
		return nil, nil, err
	}
	if b.dir, err = os.MkdirTemp(s.data, "parley-bench-"); err != nil {
		return nil, nil, err
	}
	if b.cache = s.cache; b.cache == "" {
		if b.cache, err = os.UserCacheDir(); err != nil {
			return nil, nil, fmt.Errorf("say with -cache where to keep large databases: %w", err)
		}
		b.cache = filepath.Join(b.cache, "parley-bench")
	}
	b.step = func(string) {}
	return b, func() { os.RemoveAll(b.dir) }, nil
}

func (s settings) measureParley(ctx context.Context, b *bench) (err error) {
	chosen := s.chosen()
	if len(chosen) == 0 {
		return fmt.Errorf("no workload is called %q", s.only)
	}
	b.words, err = spoken()
	if err != nil {
		return err
	}
	p := &peer.Parley{Program: s.binary, Words: b.words}
	if p.Program == "" {
		if p.Program, err = build(ctx, b.dir); err != nil {
			return err
		}
	}
	p.Build = version(p.Program)
	b.peer = p
	if !slices.ContainsFunc(chosen, func(w workload) bool { return !w.own }) {
		return b.runAll(ctx, chosen)
	}
	bar := newBar(b.shape.Comments(), "filling")
	if err := b.peer.Fill(ctx, b.dir, b.shape, func(done, _ int) { _ = bar.Set(done) }); err != nil {
		return fmt.Errorf("fill: %w", err)
	}
	if err := b.start(ctx); err != nil {
		return err
	}
	defer func() {
		if ended := b.stop(); err == nil {
			err = ended
		}
	}()
	if err := b.peer.Enter(ctx, b.server.Base, b.marked); err != nil {
		return fmt.Errorf("sign readers in: %w", err)
	}
	return b.runAll(ctx, chosen)
}

// runAll runs workloads one after the other.
func (b *bench) runAll(ctx context.Context, chosen []workload) error {
	bar := newBar(len(chosen), "measuring")
	b.step = func(what string) { bar.Describe(what) }
	for i, w := range chosen {
		if err := w.run(b, ctx); err != nil {
			return fmt.Errorf("%s: %w", w.name, err)
		}
		_ = bar.Set(i + 1)
	}
	return nil
}

// newBar draws a progress bar on standard error.
func newBar(total int, what string) *progressbar.ProgressBar {
	return progressbar.NewOptions(total, progressbar.OptionSetWriter(os.Stderr), progressbar.OptionSetDescription(what),
		progressbar.OptionSetPredictTime(true), progressbar.OptionThrottle(200*time.Millisecond), progressbar.OptionClearOnFinish())
}

// build builds the server as it is released.
func build(ctx context.Context, dir string) (string, error) {
	program := filepath.Join(dir, "parley")
	out, err := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=auto", "-ldflags=-s -w", "-o", program, "parley/cmd/parley").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build parley: %w\n%s", err, out)
	}
	return program, nil
}

// version tells which state of the source a program was built from, as far as it knows.
func version(program string) string {
	info, err := buildinfo.ReadFile(program)
	if err != nil {
		return ""
	}
	known := map[string]string{}
	for _, s := range info.Settings {
		known[s.Key] = s.Value
	}
	revision := known["vcs.revision"]
	if known["vcs.modified"] == "true" {
		return revision[:min(10, len(revision))] + " and changes"
	}
	return revision[:min(10, len(revision))]
}

// spoken learns how people write from the demo's hand-written talk.
func spoken() (*words.Chain, error) {
	files, err := fs.Glob(demo.Pieces(), "*.talk")
	if err != nil {
		return nil, err
	}
	var text strings.Builder
	for _, file := range files {
		talk, err := demo.Talk(demo.Pieces(), file)
		if err != nil {
			return nil, err
		}
		for _, said := range talk {
			for word := range strings.FieldsSeq(said.Body) {
				if !strings.ContainsAny(word, "*_[]()<>`#|~\\/") { // plain words: what most comments are
					text.WriteString(word + " ")
				}
			}
		}
	}
	return words.Learn(text.String()), nil
}

// readTarget reads any page that somebody else serves.
func (b *bench) readTarget(ctx context.Context, target string, pid int) error {
	u, err := url.Parse(target)
	if err != nil || u.Scheme != "http" || u.Host == "" {
		return fmt.Errorf("-target must be an address that begins with http://")
	}
	server := &machine.Process{Base: "http://" + u.Host, PID: pid}
	bar := newBar(len(codings)*2*b.pairs, "reading")
	b.step = func(what string) { bar.Describe(what); _ = bar.Add(1) }
	for _, coding := range codings {
		for _, connections := range []int{16, 64} {
			r := &figures.Result{Workload: "page", Connections: connections, Coding: coding}
			if err := b.readAgainstBare(ctx, r, server, nil, coded(drive.Request{Path: u.RequestURI()}, coding)); err != nil {
				return err
			}
		}
	}
	return nil
}
