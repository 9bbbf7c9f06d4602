package db

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
)

//go:embed migrations
var migrations embed.FS

// Schema is the number of the newest migration this program knows.
const Schema = 5

// migrate brings the schema up to date, or refuses when the database asks for a newer program than this one.
// Each migration writes the oldest schema number that may still use the result into meta.min_schema, so that
// an additive step does not lock the previous release out.
func (d *DB) migrate(ctx context.Context) error {
	pool, release, err := d.migrating(ctx)
	if err != nil {
		return err
	}
	defer release()
	if err := d.refuseUnfinished(ctx); err != nil {
		return err
	}
	if err := d.refuseNewer(ctx); err != nil {
		return err
	}
	dialect := goose.DialectSQLite3
	if d.engine == Postgres {
		dialect = goose.DialectPostgres
	}
	files, err := fs.Sub(migrations, "migrations/"+string(d.engine))
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(dialect, pool, files, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return fmt.Errorf("read the migrations: %w", err)
	}
	done, err := provider.Up(ctx)
	if err != nil {
		return fmt.Errorf("bring the database up to date: %w", err)
	}
	for _, step := range done {
		d.log.Info("database migrated", "step", step.Source.Version, "took", step.Duration)
	}
	return nil
}

// refuseUnfinished keeps a server out of a database that holds only a part of what is being moved into it.
func (d *DB) refuseUnfinished(ctx context.Context) error {
	if d.filling {
		return nil
	}
	unfinished, err := (&Offline{Pool: d.write, engine: d.engine}).Has(ctx, MoveMarker)
	if err != nil {
		return fmt.Errorf("the database cannot be read: %w", err)
	}
	if unfinished {
		return errors.New("this database is the target of a move that has not finished; run the same parley move again to finish it")
	}
	return nil
}

func (d *DB) refuseNewer(ctx context.Context) error {
	var needs int
	known := "SELECT count(*) FROM sqlite_master WHERE name = 'meta'"
	if d.engine == Postgres {
		known = "SELECT count(*) FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = 'meta'"
	}
	var tables int
	if err := d.write.QueryRowContext(ctx, known).Scan(&tables); err != nil {
		return fmt.Errorf("the database cannot be read: %w", err)
	}
	if tables == 0 {
		return nil
	}
	if err := d.write.QueryRowContext(ctx, "SELECT CAST(value AS BIGINT) FROM meta WHERE key = 'min_schema'").Scan(&needs); err != nil {
		return fmt.Errorf("the database does not say which Parley it is for: %w", err)
	}
	if needs > Schema {
		return fmt.Errorf("the database was written by a newer Parley (schema %d, this program knows %d); install that version or restore an older backup", needs, Schema)
	}
	return nil
}
