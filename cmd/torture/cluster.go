package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"parley/cmd/torture/internal/broker"
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

// startBroker starts the round's NATS, and a wire to it for each process.
func (r *round) startBroker(ctx context.Context) error {
	port, err := forum.FreePort()
	if err != nil {
		return err
	}
	r.nats = broker.New(r.bench.broker, port)
	if err := r.nats.Start(ctx); err != nil {
		return err
	}
	for range nodesOf(r.result.Engine) {
		wire, err := r.nats.Wire()
		if err != nil {
			return err
		}
		r.wires = append(r.wires, wire)
	}
	return nil
}

// findBroker looks for a NATS server to put beside PostgreSQL, and notes why there is none.
func (b *bench) findBroker(ctx context.Context) {
	known, err := forum.Knows(ctx, b.program, "nats")
	switch {
	case err != nil:
		b.noBroker = err
	case !known:
		b.noBroker = errors.New("parley serve has no --nats")
	default:
		b.broker, b.noBroker = broker.Find(ctx, b.nats, filepath.Join(b.folder, "nats-server"))
	}
}

// errNoDisks is why faults of disks are left out when that was asked for.
var errNoDisks = errors.New("-no-disks")

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
	if f.disk && b.noDisks {
		return errNoDisks
	}
	if f.disk {
		if err := diskPossible(b.folder); err != nil {
			return err
		}
	}
	if f.nats {
		return b.noBroker
	}
	return nil
}
