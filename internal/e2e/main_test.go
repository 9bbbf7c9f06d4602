package e2e

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// program is the binary under test, built once.
var program string

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	folder, err := os.MkdirTemp("", "parley-e2e-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(folder)
	program = filepath.Join(folder, "parley")
	build := exec.Command("go", "build", "-o", program, "parley/cmd/parley")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build parley: %v\n%s", err, out)
		return 1
	}
	return m.Run()
}

// demo is a running demo.
type demo struct {
	plain   string // the address on the console, without a trailing slash
	forum   string // the forum's own address
	letters string // the foreign magazine
	out     *logged
}

// logged keeps what a program prints.
type logged struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *logged) add(line string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text.WriteString(line + "\n")
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

var address = regexp.MustCompile(`http://127\.0\.0\.1:(\d+)`)

// startDemo starts `parley demo` on a free port with a home of its own and stops it when the test ends. Nothing is
// limited unless args say so.
func startDemo(t *testing.T, args ...string) *demo {
	t.Helper()
	d := &demo{out: &logged{}}
	if !slices.Contains(args, "--limits") {
		args = append(args, "--limits", "off")
	}
	line := start(t, d.out, append([]string{"demo", "--addr", "127.0.0.1:0", "--data", t.TempDir()}, args...)...)
	port := address.FindStringSubmatch(line)[1]
	d.plain = "http://127.0.0.1:" + port
	d.forum = "http://forum.meridian.localhost:" + port
	d.letters = "http://letters.meridian.localhost:" + port
	return d
}

// start runs the program and gives the first line of its console that names an address.
func start(t testing.TB, out *logged, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	command := exec.CommandContext(ctx, program, args...)
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) }
	command.WaitDelay = 15 * time.Second
	command.Env = []string{"HOME=" + t.TempDir(), "PATH=" + os.Getenv("PATH"), "TMPDIR=" + t.TempDir()}
	stdout, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	stderr, err := command.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	found := make(chan string, 1)
	var reading sync.WaitGroup
	reading.Go(func() { read(stdout, out, found) })
	reading.Go(func() { read(stderr, out, nil) })
	t.Cleanup(func() {
		cancel()
		reading.Wait()
		err := command.Wait()
		if t.Failed() || (err != nil && ctx.Err() == nil) {
			t.Logf("the program said:\n%s(%v)", out, err)
		}
	})
	select {
	case line := <-found:
		return line
	case <-time.After(60 * time.Second):
		t.Fatalf("no address on the console:\n%s", out)
		return ""
	}
}

func read(from io.Reader, out *logged, found chan<- string) {
	lines := bufio.NewScanner(from)
	for lines.Scan() {
		out.add(lines.Text())
		if found != nil && address.MatchString(lines.Text()) {
			found <- lines.Text()
			found = nil
		}
	}
}
