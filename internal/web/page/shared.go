package page

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"time"

	"parley"
	"parley/internal/render"
	"parley/internal/store"
)

// passes is how long a shared page that belongs to no one story is served before it is made again. Such a page
// changes for many reasons, and every cache on the way keeps it longer than this.
const passes = 2 * time.Second

// Passing gives a shared page that belongs to no one story: it is made again when it is older than passes and
// somebody asks. of paces the making (a reader's id, or 0). The ETag comes from the bytes, so that a page made
// again but not changed is confirmed.
func (s *Set) Passing(ctx context.Context, of parley.ID, kind, form string, make func(context.Context) ([]byte, error)) (*render.Body, error) {
	round := func(context.Context) (int64, error) { return time.Now().UnixNano() / int64(passes), nil }
	return s.f.Cache.Get(ctx, render.Key{Story: of, Kind: kind, Form: form}, 0, round, func(ctx context.Context) (render.Built, error) {
		now, _ := round(ctx)
		content, err := make(ctx)
		return render.Built{HTML: content, Revision: now, Version: Digest(content)}, err
	})
}

// Lasting gives a shared page whose bytes follow from the program and form alone.
func (s *Set) Lasting(ctx context.Context, kind, form string, make func() ([]byte, error)) (*render.Body, error) {
	never := func(context.Context) (int64, error) { return 0, nil }
	return s.f.Cache.Get(ctx, render.Key{Kind: kind, Form: form}, 0, never, func(context.Context) (render.Built, error) {
		content, err := make()
		return render.Built{HTML: content, Version: Digest(content)}, err
	})
}

// Digest gives a version for bytes that have none: other bytes have another.
func Digest(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:8])
}

// Snapshot builds a shared view of a story: read fills it in, from one snapshot and as nobody; write writes it.
func (s *Set) Snapshot(ctx context.Context, story parley.ID, read func(*store.Tx, parley.Viewer, parley.Story) error, write func(io.Writer) error) (built render.Built, err error) {
	err = s.f.Store.View(ctx, func(tx *store.Tx) error {
		found, err := tx.Story(s.f.Nobody(), story)
		if err != nil {
			return err
		}
		built.Revision = found.Revision
		if built.Event, err = tx.LastEvent(); err != nil {
			return err
		}
		return read(tx, s.f.Nobody(), found)
	})
	if err == nil {
		built.HTML, err = Rendered(write)
	}
	return built, err
}

// Rendered gives what write writes.
func Rendered(write func(io.Writer) error) ([]byte, error) {
	var html bytes.Buffer
	err := write(&html)
	return html.Bytes(), err
}

// Read runs fn for a single statement, as nobody.
func (s *Set) Read(ctx context.Context, fn func(*store.Tx, parley.Viewer) error) error {
	return s.f.Store.Read(ctx, func(tx *store.Tx) error { return fn(tx, s.f.Nobody()) })
}
