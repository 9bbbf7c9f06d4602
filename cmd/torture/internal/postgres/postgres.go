// Package postgres runs PostgreSQL servers of its own, to be crashed: on a loopback port, in a given folder, as the
// account that PostgreSQL insists on.
package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
)

// account is who runs the servers: PostgreSQL refuses to be run by root.
const account = "postgres"

// patience bounds every wait for a server; recovering from a crash is part of it.
const patience = 60 * time.Second

// Bin finds the folder of PostgreSQL's programs, the newest where there are several.
func Bin() (string, error) {
	all, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	if err != nil {
		return "", err
	}
	version := func(dir string) int {
		n, _ := strconv.Atoi(filepath.Base(filepath.Dir(dir)))
		return n
	}
	slices.SortFunc(all, func(a, b string) int { return version(a) - version(b) })
	for _, dir := range slices.Backward(all) {
		if _, err := os.Stat(filepath.Join(dir, "initdb")); err == nil {
			return dir, nil
		}
	}
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path), nil
	}
	return "", errors.New("PostgreSQL is not installed")
}

// Server is one server. Its methods are for one goroutine.
type Server struct {
	Port int
	Log  string // a file for what it says

	bin, dir string
	command  *exec.Cmd
	ended    chan struct{}
	said     *os.File
}

// credential is that of the account where it is not ours already.
func credential() (*syscall.SysProcAttr, error) {
	// A group of its own, so that Ctrl+C at the console does not reach it before its turn.
	attr := &syscall.SysProcAttr{Setpgid: true}
	if os.Geteuid() != 0 {
		return attr, nil
	}
	who, err := user.Lookup(account)
	if err != nil {
		return nil, err
	}
	uid, err := strconv.ParseUint(who.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(who.Gid, 10, 32)
	attr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return attr, err
}

// give lets PostgreSQL's account have a folder and everything in it.
func give(dir string) error {
	attr, err := credential()
	if err != nil || attr.Credential == nil {
		return err
	}
	return filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(path, int(attr.Credential.Uid), int(attr.Credential.Gid))
	})
}

// Init makes an empty cluster in a new folder, whose superuser is "postgres" and needs no password.
func Init(ctx context.Context, dir string) error {
	bin, err := Bin()
	if err != nil {
		return err
	}
	attr, err := credential()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	if err := give(dir); err != nil {
		return err
	}
	command := exec.CommandContext(ctx, filepath.Join(bin, "initdb"), "-D", dir, "-U", account, "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync", "--data-checksums")
	command.SysProcAttr, command.Dir = attr, "/"
	if out, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, out)
	}
	return nil
}

// New gives a server, not started, for a cluster's folder, which PostgreSQL's account is given. What the server will
// say goes to a file.
func New(dir string, port int, log string) (*Server, error) {
	bin, err := Bin()
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(dir, 0o700); err != nil { // PostgreSQL insists
		return nil, err
	}
	return &Server{Port: port, Log: log, bin: bin, dir: dir}, give(dir)
}

// Standby makes a copy of a stopped cluster the standby of the server at a port.
func Standby(dir string, primary int) error {
	line := fmt.Sprintf("primary_conninfo = 'host=127.0.0.1 port=%d user=%s'\n", primary, account)
	file, err := os.OpenFile(filepath.Join(dir, "postgresql.auto.conf"), os.O_APPEND|os.O_WRONLY|os.O_CREATE, 0o600)
	if err == nil {
		_, err = file.WriteString(line)
		err = errors.Join(err, file.Close())
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "standby.signal"), nil, 0o600)
	}
	if err == nil {
		err = give(dir)
	}
	return err
}

// lingering is what a server says at its start while processes of a killed one have not yet noticed that they are
// orphans. They do so by themselves.
const lingering = "pre-existing shared memory block"

// Start starts the server with further settings, and returns once it answers.
func (s *Server) Start(ctx context.Context, settings ...string) error {
	for deadline := time.Now().Add(patience); ; {
		err := s.start(ctx, settings)
		if err == nil || !strings.Contains(err.Error(), lingering) || time.Now().After(deadline) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
}

func (s *Server) start(ctx context.Context, settings []string) error {
	attr, err := credential()
	if err != nil {
		return err
	}
	if s.said, err = os.OpenFile(s.Log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600); err != nil {
		return err
	}
	before, err := s.said.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	args := []string{"-D", s.dir, "-p", strconv.Itoa(s.Port), "-k", "", "-c", "listen_addresses=127.0.0.1", "-c", "max_connections=100", "-c", "shared_buffers=32MB"}
	for _, one := range settings {
		args = append(args, "-c", one)
	}
	s.command = exec.Command(filepath.Join(s.bin, "postgres"), args...)
	s.command.SysProcAttr, s.command.Dir, s.command.Stderr, s.command.Stdout = attr, "/", s.said, s.said
	if err := s.command.Start(); err != nil {
		return fmt.Errorf("start PostgreSQL: %w", err)
	}
	ended := make(chan struct{})
	s.ended = ended
	go func() { _ = s.command.Wait(); close(ended) }()
	return s.awaitReady(ctx, before)
}

// awaitReady waits until the server answers, or gives what it has said since a place in its log when it ends instead.
func (s *Server) awaitReady(ctx context.Context, since int64) error {
	db, err := sql.Open("pgx", s.URL("postgres"))
	if err != nil {
		return err
	}
	defer db.Close()
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for {
		if err = db.PingContext(ctx); err == nil {
			return nil
		}
		select {
		case <-s.ended:
			s.said.Close()
			log, _ := os.ReadFile(s.Log)
			log = log[min(int(since), len(log)):]
			return fmt.Errorf("PostgreSQL ended at once: %s", log[max(0, len(log)-2000):])
		case <-ctx.Done():
			return fmt.Errorf("PostgreSQL does not answer: %w", err)
		case <-look.C:
		}
	}
}

// URL gives the address of a database on this server.
func (s *Server) URL(database string) string {
	return "postgres://" + account + "@" + s.Host() + "/" + database + "?sslmode=disable"
}

// Host gives where the server listens.
func (s *Server) Host() string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(s.Port)) }

// running tells whether it was started and has not ended.
func (s *Server) running() bool {
	if s.command == nil {
		return false
	}
	select {
	case <-s.ended:
		return false
	default:
		return true
	}
}

// end sends a signal and waits for the end; a server that takes no notice is killed with all its processes.
func (s *Server) end(signal syscall.Signal) error {
	if !s.running() {
		return nil
	}
	defer s.said.Close()
	_ = s.command.Process.Signal(signal)
	select {
	case <-s.ended:
		return nil
	case <-time.After(patience):
	}
	_ = syscall.Kill(-s.command.Process.Pid, syscall.SIGKILL) // the group is its own
	<-s.ended
	return fmt.Errorf("PostgreSQL did not end within %v of %v", patience, signal)
}

// Crash ends the server as pg_ctl -m immediate does: without a checkpoint, so that it recovers at the next start.
func (s *Server) Crash() error { return s.end(syscall.SIGQUIT) }

// Kill ends the server's first process as kill -9 does; the others end when they notice.
func (s *Server) Kill() error { return s.end(syscall.SIGKILL) }

// Stop ends the server in order, without waiting for its clients.
func (s *Server) Stop() error { return s.end(syscall.SIGINT) }

// Run runs one statement in a database of this server.
func (s *Server) Run(ctx context.Context, database, statement string) error {
	db, err := sql.Open("pgx", s.URL(database))
	if err != nil {
		return err
	}
	defer db.Close()
	if _, err := db.ExecContext(ctx, statement); err != nil {
		return fmt.Errorf("%s: %w", statement, err)
	}
	return nil
}

// Check has PostgreSQL look through every table and index of a database (pg_amcheck), where that is installed. It
// gives what was found, one line each.
func (s *Server) Check(ctx context.Context, database string) (faults string, err error) {
	program := filepath.Join(s.bin, "pg_amcheck")
	if _, err := os.Stat(program); err != nil {
		return "", nil
	}
	command := exec.CommandContext(ctx, program, "-h", "127.0.0.1", "-p", strconv.Itoa(s.Port), "-U", account, "-d", database, "--install-missing", "--heapallindexed", "--no-strict-names")
	out, err := command.CombinedOutput()
	if _, ended := errors.AsType[*exec.ExitError](err); ended {
		return string(out), nil
	}
	return "", err
}
