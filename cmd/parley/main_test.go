package main

import (
	"bufio"
	"context"
	"io"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain makes the test binary the program itself wherever "parley" is run, so that what is tested is a process
// of its own: with signals, exit status, files and environment.
func TestMain(m *testing.M) { testscript.Main(m, map[string]func(){"parley": main}) }

// patience bounds every wait for the program: it shares the machine with other tests.
const patience = 30 * time.Second

// process is one running forum.
type process struct {
	t       testing.TB
	command *exec.Cmd
	url     string // where it listens, without the base path
	base    string // its base URL, as printed
	behind  bool   // it has a base URL of its own, so where it listens is printed after that
	out     *console
	ended   chan struct{}
}

// console keeps what a program prints.
type console struct {
	mu   sync.Mutex
	text strings.Builder
}

func (c *console) add(line string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.text.WriteString(line + "\n")
}

func (c *console) String() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.text.String()
}

// The last line that tells where a forum can be found; a listening address follows the base URL where they differ.
var (
	opened   = regexp.MustCompile(`^(?:Parley serves .* at|The Meridian is open:) (http\S+?)/?$`)
	listener = regexp.MustCompile(`^It listens at (http\S+)$`)
)

// start runs the program and gives it once it answers /readyz. It is stopped when the test ends, unless it has been
// stopped by then. HOME and the folder for temporary files are the test's own.
func start(t testing.TB, args ...string) *process {
	t.Helper()
	return startIn(t, []string{"HOME=" + t.TempDir(), "TMPDIR=" + t.TempDir()}, args...)
}

func startIn(t testing.TB, environ []string, args ...string) *process {
	t.Helper()
	p := &process{t: t, command: exec.Command("parley", args...), out: &console{}, ended: make(chan struct{})}
	p.behind = slices.Contains(args, "--base-url")
	p.command.Env = append([]string{"PATH=" + os.Getenv("PATH")}, environ...)
	stdout, err := p.command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	stderr, err := p.command.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.command.Start(); err != nil {
		t.Fatal(err)
	}
	var reading sync.WaitGroup
	reading.Go(func() { p.read(stdout) })
	reading.Go(func() { p.read(stderr) })
	go func() { reading.Wait(); p.command.Wait(); close(p.ended) }()
	t.Cleanup(func() {
		if p.running() {
			p.stop(syscall.SIGTERM)
		}
		if t.Failed() {
			t.Logf("parley %s said:\n%s", strings.Join(args, " "), p.out)
		}
	})
	await(t, "the forum to be open", func() bool { return !p.running() || p.open() })
	if !p.running() {
		t.Fatalf("parley %s ended:\n%s", strings.Join(args, " "), p.out)
	}
	return p
}

func (p *process) read(from io.Reader) {
	lines := bufio.NewScanner(from)
	for lines.Scan() {
		p.out.add(lines.Text())
	}
}

// open looks for the addresses on the console and tells whether the forum serves there.
func (p *process) open() bool {
	for line := range strings.Lines(p.out.String()) {
		line = strings.TrimSpace(line)
		if found := opened.FindStringSubmatch(line); found != nil {
			if p.base = found[1]; !p.behind {
				p.url = p.base
			}
		}
		if found := listener.FindStringSubmatch(line); found != nil {
			p.url = found[1]
		}
	}
	if p.url == "" {
		return false
	}
	got, err := stranger(p).try("GET", p.base+"/readyz", nil)
	return err == nil && got.status == 200
}

func (p *process) running() bool {
	select {
	case <-p.ended:
		return false
	default:
		return true
	}
}

// stop sends a signal, waits for the end and gives the exit status; -1 when the signal killed it.
func (p *process) stop(signal syscall.Signal) int {
	p.t.Helper()
	p.command.Process.Signal(signal)
	select {
	case <-p.ended:
	case <-time.After(patience):
		p.command.Process.Signal(syscall.SIGQUIT) // its goroutines are on the console then
		<-p.ended
		p.t.Errorf("the program did not end within %v of %v", patience, signal)
	}
	return p.command.ProcessState.ExitCode()
}

// await waits for a condition.
func await(t testing.TB, what string, met func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for !met() {
		select {
		case <-look.C:
		case <-ctx.Done():
			t.Fatalf("waited too long for %s", what)
		}
	}
}
