package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"

	"parley/bench/drive"
	"parley/bench/figures"
)

const (
	// ordered is how many comments each of orderWriters writes while every call to the system is noted.
	ordered, orderWriters = 50, 4
	// callSize is how much is noted of what a call writes, in bytes: a page of the log, or an answer, is shorter.
	callSize = "8192"
	// lineSize bounds a line of strace's: a byte takes four characters at most.
	lineSize = 64 << 10
)

// order has comments written while strace notes what the server asks of the system, and finds each of them in the log
// that SQLite wrote, in the fsync of that file which followed, and in the answer, in this order.
func (b *bench) order(ctx context.Context) error {
	strace, err := exec.LookPath("strace")
	if err != nil {
		b.note("order is left out: strace is not installed")
		return nil
	}
	if err := b.stop(); err != nil {
		return err
	}
	calls := filepath.Join(b.dir, "calls")
	if err := b.start(ctx, strace, "-f", "--seccomp-bpf", "-qq", "-s", callSize, "-o", calls, "-e", "trace=pwrite64,write,fsync,fdatasync"); err != nil {
		b.note("order is left out: strace cannot run the server here: %v", err)
		return b.start(ctx)
	}
	var marks []string
	source := make([][]drive.Shot, orderWriters)
	for n := range ordered * orderWriters {
		mark := fmt.Sprintf("written%04dhere", n)
		marks = append(marks, mark)
		r := b.peer.Write(n%orderWriters, storyWrite, "", "A comment, "+mark+".", b.run+mark)
		source[n%orderWriters] = append(source[n%orderWriters], drive.Shot{Raw: r.Raw(drive.Host(b.server.Base))})
	}
	run, err := b.metered(b.server.PID, func(ctx context.Context) (figures.Run, error) {
		return drive.Closed{Base: b.server.Base, Connections: orderWriters, Each: ordered, Source: func(connection, n int) drive.Shot {
			return source[connection][n]
		}}.Run(ctx)[0], nil
	})(ctx)
	if err != nil {
		return err
	}
	if err := b.stop(); err != nil {
		return err
	}
	file, err := os.Open(calls)
	if err != nil {
		return err
	}
	defer file.Close()
	good, syncs, err := answeredAfterSync(file, marks)
	if err != nil {
		return err
	}
	b.note("order: %d of %d comments were answered after the fsync that followed their write; %d fsyncs in all", good, len(marks), syncs)
	r := &figures.Result{Workload: "order", Connections: orderWriters, Limit: "the same run", Driver: own, Pairs: []figures.Pair{{Peer: run, Limit: run}}}
	r.Summarise()
	r.Add("answered after the fsync that covers them", []float64{float64(good)})
	b.results = append(b.results, r)
	if good < len(marks) || run.Errors > 0 {
		return fmt.Errorf("%d of %d comments were not answered after the fsync that covers them; %d errors", len(marks)-good, len(marks), run.Errors)
	}
	return b.start(ctx)
}

// call is a line of strace's: who, what, and of which file. A call during which another began has two lines.
var call = regexp.MustCompile(`^(\d+) +(?:<\.\.\. )?(\w+)(?:\((\d+)| resumed>)`)

// answeredAfterSync reads what strace noted and tells how many of marks were written to a file, then saved by an fsync of
// that file which began afterwards and ended well, and only then answered; and how many such calls there were.
func answeredAfterSync(calls io.Reader, marks []string) (good, syncs int, err error) {
	const unfinished = "<unfinished ...>"
	wrote, answered := map[string]string{}, map[string]bool{} // by mark: the file, and whether it is over
	saved := map[string]bool{}
	covers := map[string][]string{} // by thread: the marks that its fsync covers
	lines := bufio.NewScanner(calls)
	lines.Buffer(nil, lineSize)
	for lines.Scan() {
		line := lines.Text()
		found := call.FindStringSubmatch(line)
		if found == nil {
			continue
		}
		thread, name, file := found[1], found[2], found[3]
		switch name {
		case "fsync", "fdatasync":
			if file != "" { // it begins
				covers[thread] = nil
				for mark, into := range wrote {
					if into == file {
						covers[thread] = append(covers[thread], mark)
					}
				}
			}
			if strings.HasSuffix(line, unfinished) {
				continue
			}
			syncs++
			if strings.HasSuffix(line, " = 0") {
				for _, mark := range covers[thread] {
					saved[mark] = true
				}
			}
		case "pwrite64":
			for _, mark := range marks {
				if wrote[mark] == "" && file != "" && strings.Contains(line, mark) {
					wrote[mark] = file
				}
			}
		case "write":
			for _, mark := range marks {
				if !answered[mark] && strings.Contains(line, `"HTTP/1.1 201 `) && strings.Contains(line, mark) {
					answered[mark] = true
					if saved[mark] {
						good++
					}
				}
			}
		}
	}
	return good, syncs, lines.Err()
}
