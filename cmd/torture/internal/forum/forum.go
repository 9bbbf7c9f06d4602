// Package forum starts the real program, as an operator does, and talks to it by HTTP, as its readers do.
package forum

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"parley/bench/machine"
)

// Newsroom is the origin whose pages the talk stands under.
const Newsroom = "http://news.localhost"

// patience bounds the wait for a program that has been started to be ready.
const patience = 30 * time.Second

// Settings say what is started.
type Settings struct {
	Program  string // the binary
	Data     string // its folder
	Database string // a PostgreSQL address; "" = SQLite in Data
	NATS     string // a NATS address; "" = none
	Port     int    // the same at every start, so that readers find it again
}

// Node is one running process. Its methods are for one goroutine.
type Node struct {
	Base  string        // http://127.0.0.1:PORT
	Ready time.Duration // from the start of the program until it said that it was ready

	settings Settings
	process  *machine.Process
	ended    bool // it was waited for
}

// Start starts a process and returns once it is ready to serve.
func Start(ctx context.Context, s Settings) (*Node, error) {
	args := []string{"serve", "--data", s.Data, "--addr", net.JoinHostPort("127.0.0.1", strconv.Itoa(s.Port)), "--origins", Newsroom, "--limits", "off"}
	if s.Database != "" {
		args = append(args, "--database", s.Database)
	}
	if s.NATS != "" {
		args = append(args, "--nats", s.NATS)
	}
	begun := time.Now()
	process, err := machine.Start(ctx, machine.Command{Path: s.Program, Args: args, Core: -1})
	if err != nil {
		return nil, err
	}
	n := &Node{Base: process.Base, settings: s, process: process}
	if err := n.awaitReady(ctx); err != nil {
		process.Kill()
		return nil, fmt.Errorf("%w\n%s", err, process.Said())
	}
	n.Ready = time.Since(begun)
	return n, nil
}

func (n *Node) awaitReady(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	for {
		got, err := Ask(ctx, Request{Method: http.MethodGet, URL: n.Base + "/readyz"})
		if err == nil && got.Status == http.StatusOK {
			return nil
		}
		select {
		case <-look.C:
		case <-ctx.Done():
			return fmt.Errorf("parley is not ready: %d %s %w", got.Status, got.Body, errors.Join(err, ctx.Err()))
		}
	}
}

// Again starts the program anew, after it has ended.
func (n *Node) Again(ctx context.Context) (*Node, error) { return Start(ctx, n.settings) }

// Said gives the last of what the program wrote.
func (n *Node) Said() string { return n.process.Said() }

// Kill ends it by SIGKILL and waits for that. It may be paused, or have ended.
func (n *Node) Kill() {
	if !n.ended {
		n.ended = true
		n.process.Kill()
	}
}

// Stop ends it by SIGTERM and tells how long that took. An error says that it did not end in order.
func (n *Node) Stop() (time.Duration, error) {
	begun := time.Now()
	n.ended = true
	err := n.process.Stop()
	return time.Since(begun), err
}

// Pause stops it from running, by SIGSTOP, until Continue.
func (n *Node) Pause() error { return syscall.Kill(n.process.PID, syscall.SIGSTOP) }

// Rest is Pause, and waits until none of its threads is inside of a system call any more.
func (n *Node) Rest(ctx context.Context) error {
	if err := n.Pause(); err != nil {
		return err
	}
	for {
		threads, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/stat", n.process.PID))
		if err != nil {
			return err
		}
		stopped := 0
		for _, file := range threads {
			line, _ := os.ReadFile(file) // a thread may have ended
			// The state follows the name, which stands in brackets and may hold anything (proc(5)).
			if _, rest, _ := strings.Cut(string(line), ") "); strings.HasPrefix(rest, "T") {
				stopped++
			}
		}
		if len(threads) > 0 && stopped == len(threads) {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Millisecond):
		}
	}
}

// Continue lets it run again.
func (n *Node) Continue() error { return syscall.Kill(n.process.PID, syscall.SIGCONT) }

// Knows tells whether a program's serve command has a setting.
func Knows(ctx context.Context, program, setting string) (bool, error) {
	out, err := exec.CommandContext(ctx, program, "serve", "-h").CombinedOutput()
	if err != nil {
		return false, fmt.Errorf("%s serve -h: %w: %s", program, err, out)
	}
	return strings.Contains(string(out), "--"+setting+" "), nil
}

// Examine runs a program's own doctor over a database at rest or in use and gives what it finds; "" = nothing, or a
// program that has none.
func Examine(ctx context.Context, s Settings) (string, error) {
	args := []string{"doctor", "--data", s.Data}
	if s.Database != "" {
		args = append(args, "--database", s.Database)
	}
	out, err := exec.CommandContext(ctx, s.Program, args...).CombinedOutput()
	ended, is := errors.AsType[*exec.ExitError](err)
	switch {
	case err == nil || is && ended.ExitCode() == 2:
		return "", nil
	case is:
		return string(out), nil
	}
	return "", err
}
