package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"parley/cmd/torture/internal/forum"
	"parley/cmd/torture/internal/look"
	"parley/cmd/torture/internal/postgres"
)

// startPostgres starts the round's PostgreSQL, and a standby where the fault is a failover.
func (r *round) startPostgres(ctx context.Context) (err error) {
	if r.pg, err = r.cluster(r.data(), "postgres.log"); err != nil {
		return err
	}
	if !r.fault.standby {
		return r.pg.Start(ctx)
	}
	second := filepath.Join(r.folder, "standby")
	if err := r.from.copyTo(second); err != nil {
		return err
	}
	if r.standby, err = r.cluster(second, "standby.log"); err != nil {
		return err
	}
	if err := postgres.Standby(second, r.pg.Port); err != nil {
		return err
	}
	// Acknowledged means saved on both: otherwise a failover would lose what only the first has.
	if err := r.pg.Start(ctx, "synchronous_standby_names=*"); err != nil {
		return err
	}
	return r.standby.Start(ctx)
}

func (r *round) cluster(dir, log string) (*postgres.Server, error) {
	port, err := forum.FreePort()
	if err != nil {
		return nil, err
	}
	return postgres.New(dir, port, filepath.Join(r.folder, log))
}

// address gives what the forum is told of its database.
func (r *round) address() string {
	if r.standby == nil {
		return r.pg.URL(database)
	}
	return fmt.Sprintf("postgres://postgres@%s,%s/%s?sslmode=disable&target_session_attrs=read-write", r.pg.Host(), r.standby.Host(), database)
}

// place gives where the database can be looked at.
func (r *round) place() look.Place {
	if r.pg == nil {
		return look.Place{File: filepath.Join(r.data(), "parley.db")}
	}
	return look.Place{URL: r.pg.URL(database)}
}

// broker is a NATS server.
type broker struct {
	program string
	port    int
	command *exec.Cmd
}

func startBroker(ctx context.Context, program string) (*broker, error) {
	port, err := forum.FreePort()
	if err != nil {
		return nil, err
	}
	b := &broker{program: program, port: port}
	return b, b.start(ctx)
}

// URL gives its address.
func (b *broker) URL() string { return "nats://" + b.host() }

func (b *broker) host() string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(b.port)) }

func (b *broker) start(ctx context.Context) error {
	b.command = exec.Command(b.program, "-a", "127.0.0.1", "-p", strconv.Itoa(b.port))
	b.command.SysProcAttr = ownGroup()
	if err := b.command.Start(); err != nil {
		return fmt.Errorf("start NATS: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	for {
		conn, err := net.DialTimeout("tcp", b.host(), time.Second)
		if err == nil {
			return conn.Close()
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("NATS does not answer: %w", err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func (b *broker) kill() {
	if b.command != nil && b.command.Process != nil {
		_ = b.command.Process.Kill()
		_ = b.command.Wait()
	}
	b.command = nil
}

// ownGroup keeps Ctrl+C at the console from ending a program before its turn.
func ownGroup() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

// possible tells why a fault cannot be made on an engine here, or nil.
func (b *bench) possible(ctx context.Context, f fault, engine string) error {
	if engine == postgreSQL {
		if _, err := postgres.Bin(); err != nil {
			return err
		}
		if os.Geteuid() != 0 {
			return errors.New("only root can start PostgreSQL under an account of its own")
		}
	}
	if f.disk {
		if err := diskPossible(b.folder); err != nil {
			return err
		}
	}
	if f.nats {
		known, err := forum.Knows(ctx, b.program, "nats")
		if err != nil {
			return err
		}
		if !known {
			return errors.New("parley serve has no --nats")
		}
		if _, err := exec.LookPath(b.nats); err != nil {
			return fmt.Errorf("the NATS server is not installed (-nats-server): %w", err)
		}
	}
	return nil
}
