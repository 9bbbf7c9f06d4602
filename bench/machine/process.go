package machine

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

const (
	// startWithin is how long a program may take until it says where it listens.
	startWithin = 60 * time.Second
	// stopWithin is how long it may take to end when asked to.
	stopWithin = 15 * time.Second
)

// Command is a program to start.
type Command struct {
	Path  string
	Args  []string
	Core  int       // the core to pin it to; -1 = none
	Under []string  // a command and its arguments to run it under, such as strace; the program is its child
	Input io.Reader // its standard input; nil = none
}

// Process is a running program that answers on a loopback address.
type Process struct {
	Base string // http://127.0.0.1:PORT
	PID  int

	command *exec.Cmd
	said    *tail
	ended   chan error
}

var address = regexp.MustCompile(`http://127\.0\.0\.1:\d+`)

// Start starts a program and waits until a line of its standard output names a loopback address.
func Start(ctx context.Context, c Command) (*Process, error) {
	words := append(append(append([]string{}, c.pin()...), c.Under...), append([]string{c.Path}, c.Args...)...)
	command := exec.CommandContext(ctx, words[0], words[1:]...)
	command.Cancel = func() error { return command.Process.Signal(syscall.SIGTERM) }
	command.WaitDelay = stopWithin
	command.Stdin = c.Input
	command.Env = without(os.Environ(), pinned)
	p := &Process{command: command, said: &tail{}, ended: make(chan error, 1)}
	command.Stderr = p.said
	out, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", words[0], err)
	}
	found := make(chan string, 1)
	go func() {
		relay(out, p.said, found)
		p.ended <- command.Wait()
	}()
	select {
	case p.Base = <-found:
	case err := <-p.ended:
		return nil, fmt.Errorf("%s ended at once: %w\n%s", c.Path, errors.Join(err, errors.New("no address on its console")), p.said)
	case <-time.After(startWithin):
		_ = command.Process.Kill()
		return nil, fmt.Errorf("%s did not say where it listens:\n%s", c.Path, p.said)
	}
	p.PID = command.Process.Pid
	if len(c.Under) > 0 {
		if p.PID, err = childOf(p.PID); err != nil {
			return nil, errors.Join(err, p.Stop())
		}
	}
	return p, nil
}

func (c Command) pin() []string {
	taskset, err := exec.LookPath("taskset")
	if c.Core < 0 || err != nil {
		return nil
	}
	return []string{taskset, "-c", strconv.Itoa(c.Core)}
}

func without(environ []string, name string) (kept []string) {
	for _, one := range environ {
		if !strings.HasPrefix(one, name+"=") {
			kept = append(kept, one)
		}
	}
	return kept
}

// relay copies what a program says and gives the first address it names.
func relay(from io.Reader, said io.Writer, found chan<- string) {
	lines := bufio.NewScanner(from)
	for lines.Scan() {
		fmt.Fprintln(said, lines.Text())
		if at := address.FindString(lines.Text()); at != "" && found != nil {
			found <- at
			found = nil
		}
	}
	_, _ = io.Copy(said, from) // after a line too long to scan
}

// childOf gives the one child of a process.
func childOf(pid int) (int, error) {
	children := childrenOf(pid)
	if len(children) == 0 {
		return 0, fmt.Errorf("process %d has no child", pid)
	}
	return children[0], nil
}

// childrenOf gives the living children of a process, whichever of its threads began them.
func childrenOf(pid int) (children []int) {
	lists, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid)) // the pattern is a good one
	for _, list := range lists {
		for _, field := range strings.Fields(read(list)) {
			if child, err := strconv.Atoi(field); err == nil {
				children = append(children, child)
			}
		}
	}
	return children
}

// Stop asks the program to end and waits for it. What it said last is in the error when it did not end well.
func (p *Process) Stop() error {
	ask(p.command.Process, p.PID)
	select {
	case err := <-p.ended:
		if err != nil {
			return fmt.Errorf("%s: %w\n%s", p.command.Path, err, p.said)
		}
		return nil
	case <-time.After(stopWithin):
		_ = p.command.Process.Kill()
		return fmt.Errorf("%s did not end when asked to\n%s", p.command.Path, p.said)
	}
}

// Said gives the last of what the program wrote.
func (p *Process) Said() string { return p.said.String() }

// tail keeps the last kilobytes written to it.
type tail struct {
	mu   sync.Mutex
	text []byte
}

// kept is how many bytes of a program's words are shown when something goes wrong.
const kept = 4 << 10

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = append(t.text, p...)
	if over := len(t.text) - kept; over > 0 {
		t.text = bytes.Clone(t.text[over:])
	}
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.text)
}

// Kill ends the program without asking it, and waits for that.
func (p *Process) Kill() {
	_ = p.command.Process.Kill()
	<-p.ended
}
