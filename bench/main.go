// Bench measures a forum against what the machine can do at best, in one run, so that every figure is a ratio:
// reading against a bare net/http server that sends the same bytes, writing against a bare program that commits
// the same row. It prints a table and, on request, a JSON file. docs/operate/performance.md tells the method.
//
//	go run ./bench                        the short form, at most five minutes
//	go run ./bench -long -json FILE       the long form
//	go run ./bench -only "read,write"     some workloads
//	go run ./bench -target URL -pid PID   reading any page of any server
//	go run ./bench -chart FILE            a picture of a JSON file, as SVG
//	go run ./bench -publish FILE          the same and its tables, into the documentation
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"parley/bench/bare"
	"parley/bench/figures"
	"parley/bench/machine"
	"parley/bench/show"
)

// settings are what the command line says.
type settings struct {
	long     bool
	only     string
	json     string
	chart    string
	markdown string
	publish  string
	target   string
	pid      int
	binary   string
	also     string
	data     string
	cache    string
	driver   string
	server   int
	client   int
	streams  int
	pairs    int
	database string
	nats     string
}

func (s *settings) set(out io.Writer) *flag.FlagSet {
	set := flag.NewFlagSet("bench", flag.ContinueOnError)
	set.SetOutput(out)
	set.BoolVar(&s.long, "long", false, "the long form: longer runs, 19,000 streams, a million comments, ten minutes of writing")
	set.StringVar(&s.only, "only", "", "run only these `WORKLOADS`, separated by commas: "+names())
	set.StringVar(&s.json, "json", "", "save what was measured as a JSON `FILE`")
	set.StringVar(&s.chart, "chart", "", "measure nothing; draw a JSON `FILE` as SVG")
	set.StringVar(&s.markdown, "markdown", "", "measure nothing; print a JSON `FILE` as tables in Markdown")
	set.StringVar(&s.publish, "publish", "", "measure nothing; put a JSON `FILE` into "+page+", as tables, and beside it as a picture")
	set.StringVar(&s.target, "target", "", "measure nothing but reading of a page at this `URL`, which somebody else serves")
	set.IntVar(&s.pid, "pid", 0, "the process that serves the target, pinned to the server's core, to learn its CPU; 0 = unknown")
	set.StringVar(&s.binary, "binary", "", "measure this parley `FILE` instead of building one")
	set.StringVar(&s.also, "serve", "", "further `ARGUMENTS` for parley serve, separated by spaces")
	set.StringVar(&s.data, "data", "", "keep the data in a new folder below this `DIR`, to choose the disk")
	set.StringVar(&s.cache, "cache", "", "keep the databases of a million comments in this `DIR` between runs; by default the account's cache folder")
	set.StringVar(&s.driver, "driver", "", "wrk or own; by default wrk reads where it is installed")
	set.StringVar(&s.database, "database", "", "for nodes: a PostgreSQL `ADDRESS`, in whose database a schema is made and dropped")
	set.StringVar(&s.nats, "nats", "", "for nodes: a NATS `ADDRESS`; without, PostgreSQL carries the bell")
	set.IntVar(&s.streams, "streams", 0, "hold so many streams open; 0 = as many as the form says")
	set.IntVar(&s.pairs, "pairs", 0, "take so many pairs; 0 = as many as the form says, and fewer than that are no result")
	set.IntVar(&s.server, "server-core", 0, "the core of the server")
	set.IntVar(&s.client, "driver-core", 1, "the core of the driver")
	return set
}

func main() {
	if len(os.Args) > 1 {
		if known, err := bare.Run(os.Args[1]); known {
			exit(err)
		}
	}
	var s settings
	set := s.set(os.Stderr)
	if err := set.Parse(os.Args[1:]); err != nil {
		os.Exit(2)
	}
	if set.NArg() > 0 {
		exit(fmt.Errorf("unexpected argument %q", set.Arg(0)))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	exit(s.run(ctx))
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

func (s settings) run(ctx context.Context) error {
	switch {
	case s.chart != "":
		return s.draw(s.chart, show.Chart)
	case s.markdown != "":
		return s.draw(s.markdown, show.Markdown)
	case s.publish != "":
		return publish(s.publish, page)
	}
	pinned, why := machine.Pin(s.client)
	if !pinned {
		fmt.Fprintln(os.Stderr, "Not pinned:", why)
		s.server = -1
	}
	report, err := s.measure(ctx, pinned)
	if err != nil {
		return err
	}
	show.Table(os.Stdout, report)
	if s.json != "" {
		return report.Save(s.json)
	}
	return nil
}

// page is the page of the documentation that shows figures.
const page = "docs/operate/performance.md"

// publish puts a report between the marks of a page, and its picture beside the page.
func publish(file, page string) error {
	report, err := figures.Open(file)
	if err != nil {
		return err
	}
	text, err := os.ReadFile(page)
	if err != nil {
		return err
	}
	picture := strings.TrimSuffix(page, filepath.Ext(page)) + ".svg"
	var tables, drawn bytes.Buffer
	fmt.Fprintf(&tables, "![What Parley did against the limit](%s)\n\n", filepath.Base(picture))
	if err := errors.Join(show.Markdown(&tables, report), show.Chart(&drawn, report)); err != nil {
		return err
	}
	replaced, err := show.Between(string(text), tables.String())
	if err != nil {
		return fmt.Errorf("%s: %w", page, err)
	}
	return errors.Join(os.WriteFile(page, []byte(replaced), 0o644), os.WriteFile(picture, drawn.Bytes(), 0o644))
}

func (s settings) draw(file string, as func(io.Writer, *figures.Report) error) error {
	report, err := figures.Open(file)
	if err != nil {
		return err
	}
	return as(os.Stdout, report)
}
