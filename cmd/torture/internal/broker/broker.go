// Package broker runs a NATS server to be tormented, and the wires that lead to it, which can be cut.
package broker

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os/exec"
	"strconv"
	"syscall"
	"time"
)

// Module is the server's command; go.mod says which version of it is built.
const Module = "github.com/nats-io/nats-server/v2"

// Find gives the server's program: the one that is named, or else one built into a file, or else the one that is
// installed.
func Find(ctx context.Context, named, file string) (program string, err error) {
	if named != "" {
		return exec.LookPath(named)
	}
	out, err := exec.CommandContext(ctx, "go", "build", "-o", file, Module).CombinedOutput()
	if err == nil {
		return file, nil
	}
	if program, missing := exec.LookPath("nats-server"); missing == nil {
		return program, nil
	}
	return "", fmt.Errorf("build %s: %w: %s", Module, err, out)
}

// Server is one NATS server. Its methods are for one goroutine.
type Server struct {
	program string
	host    string
	command *exec.Cmd
}

// New gives a server for a port of the loopback address, which is not started yet.
func New(program string, port int) *Server {
	return &Server{program: program, host: net.JoinHostPort("127.0.0.1", strconv.Itoa(port))}
}

// patience bounds the wait for a server that was started to listen.
const patience = 10 * time.Second

// Start starts it, and returns once it listens.
func (s *Server) Start(ctx context.Context) error {
	host, port, err := net.SplitHostPort(s.host)
	if err != nil {
		return err
	}
	s.command = exec.Command(s.program, "-a", host, "-p", port)
	s.command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // Ctrl+C at the console must not end it before its turn
	if err := s.command.Start(); err != nil {
		return fmt.Errorf("start NATS: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		conn, err := net.DialTimeout("tcp", s.host, time.Second)
		if err == nil {
			return conn.Close()
		}
		select {
		case <-ctx.Done():
			return errors.Join(fmt.Errorf("NATS does not listen: %w", err), ctx.Err())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// Kill ends it by SIGKILL and waits for that. It may be paused, or have ended.
func (s *Server) Kill() {
	if s.command != nil && s.command.Process != nil {
		_ = s.command.Process.Kill()
		_ = s.command.Wait()
	}
	s.command = nil
}

// Pause stops it from running, by SIGSTOP, until Continue: its connections stand and nothing comes.
func (s *Server) Pause() error { return s.command.Process.Signal(syscall.SIGSTOP) }

// Continue lets it run again.
func (s *Server) Continue() error { return s.command.Process.Signal(syscall.SIGCONT) }
