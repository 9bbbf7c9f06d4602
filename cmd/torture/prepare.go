package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"parley/cmd/torture/internal/forum"
	"parley/cmd/torture/internal/load"
	"parley/cmd/torture/internal/postgres"
	"parley/internal/store"
)

// The engines.
const (
	sqlite     = "sqlite"
	postgreSQL = "postgres"
)

// database is what the forum's tables are called together on PostgreSQL.
const database = "parley"

// bench is what all rounds share.
type bench struct {
	settings
	folder   string // of everything; deleted at the end
	program  string
	broker   string               // NATS's program; "" = there is none
	noBroker error                // why
	ready    map[string]*prepared // by engine
}

// prepared is a forum at rest in which everybody is signed in, from which each round takes a copy.
type prepared struct {
	dir   string // a data folder, or PostgreSQL's
	world *load.World
}

// newBench makes the folder.
func (s *settings) newBench() (*bench, error) {
	folder, err := os.MkdirTemp(s.dir, "parley-torture-")
	if err != nil {
		return nil, err
	}
	// PostgreSQL's account has to pass.
	return &bench{settings: *s, folder: folder, ready: map[string]*prepared{}}, os.Chmod(folder, 0o755)
}

func (b *bench) close() error { return os.RemoveAll(b.folder) }

// build builds the program, with further arguments for go build.
func build(ctx context.Context, program string, also ...string) error {
	// So that summaries can say of which revision they are, whatever the environment sets.
	args := append(append([]string{"build", "-buildvcs=auto", "-o", program}, also...), "parley/cmd/parley")
	if out, err := exec.CommandContext(ctx, "go", args...).CombinedOutput(); err != nil {
		return fmt.Errorf("build parley: %w\n%s", err, out)
	}
	return nil
}

// prepare fills a forum for an engine, once.
func (b *bench) prepare(ctx context.Context, engine string) (*prepared, error) {
	if p := b.ready[engine]; p != nil {
		return p, nil
	}
	p := &prepared{dir: filepath.Join(b.folder, "prepared-"+engine)}
	fill := p.fillSQLite
	if engine == postgreSQL {
		fill = p.fillPostgres
	}
	if err := fill(ctx, b); err != nil {
		return nil, fmt.Errorf("prepare a forum on %s: %w", engine, err)
	}
	b.ready[engine] = p
	return p, nil
}

func (p *prepared) fillSQLite(ctx context.Context, b *bench) error {
	if err := load.Fill(ctx, store.Options{Dir: p.dir}); err != nil {
		return err
	}
	return p.enter(ctx, forum.Settings{Program: b.program, Data: p.dir})
}

func (p *prepared) fillPostgres(ctx context.Context, b *bench) (err error) {
	if err := postgres.Init(ctx, p.dir); err != nil {
		return err
	}
	port, err := forum.FreePort()
	if err != nil {
		return err
	}
	server, err := postgres.New(p.dir, port, p.dir+".log")
	if err != nil {
		return err
	}
	if err := server.Start(ctx); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()
	if err := server.Run(ctx, "postgres", "CREATE DATABASE "+database); err != nil {
		return err
	}
	if err := load.Fill(ctx, store.Options{URL: server.URL(database)}); err != nil {
		return err
	}
	return p.enter(ctx, forum.Settings{Program: b.program, Data: p.dir + "-node", Database: server.URL(database)})
}

// enter signs everybody in at a forum that is started for it and stopped in order.
func (p *prepared) enter(ctx context.Context, s forum.Settings) (err error) {
	if s.Port, err = forum.FreePort(); err != nil {
		return err
	}
	node, err := forum.Start(ctx, s)
	if err != nil {
		return err
	}
	defer func() {
		_, stopped := node.Stop()
		err = errors.Join(err, stopped)
	}()
	p.world, err = load.Enter(ctx, node.Base)
	return err
}

// copyTo copies the folder.
func (p *prepared) copyTo(dir string) error {
	if err := os.CopyFS(dir, os.DirFS(p.dir)); err != nil {
		return fmt.Errorf("copy the prepared forum: %w", err)
	}
	return nil
}
