package pages

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

// passing gives a shared page that belongs to no one story: it is made again when it is older than passes and
// somebody asks. of paces the making (a reader's id, or 0). The ETag comes from the bytes, so that a page made
// again but not changed is confirmed.
func (p *Pages) passing(ctx context.Context, of parley.ID, kind, form string, make func(context.Context) ([]byte, error)) (*render.Body, error) {
	round := func(context.Context) (int64, error) { return time.Now().UnixNano() / int64(passes), nil }
	return p.f.Cache.Get(ctx, render.Key{Story: of, Kind: kind, Form: form}, 0, round, func(ctx context.Context) (render.Built, error) {
		now, _ := round(ctx)
		content, err := make(ctx)
		return render.Built{HTML: content, Revision: now, Version: digest(content)}, err
	})
}

// lasting gives a shared page whose bytes follow from the program and form alone.
func (p *Pages) lasting(ctx context.Context, kind, form string, make func() ([]byte, error)) (*render.Body, error) {
	never := func(context.Context) (int64, error) { return 0, nil }
	return p.f.Cache.Get(ctx, render.Key{Kind: kind, Form: form}, 0, never, func(context.Context) (render.Built, error) {
		content, err := make()
		return render.Built{HTML: content, Version: digest(content)}, err
	})
}

func digest(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:8])
}

// snapshot builds a shared view of a story: read fills it in, from one snapshot and as nobody; write writes it.
func (p *Pages) snapshot(ctx context.Context, story parley.ID, read func(*store.Tx, parley.Viewer, parley.Story) error, write func(io.Writer) error) (built render.Built, err error) {
	err = p.f.Store.View(ctx, func(tx *store.Tx) error {
		s, err := tx.Story(p.f.Nobody(), story)
		if err != nil {
			return err
		}
		built.Revision = s.Revision
		if built.Event, err = tx.LastEvent(); err != nil {
			return err
		}
		return read(tx, p.f.Nobody(), s)
	})
	if err == nil {
		built.HTML, err = rendered(write)
	}
	return built, err
}

// rendered gives what write writes.
func rendered(write func(io.Writer) error) ([]byte, error) {
	var html bytes.Buffer
	err := write(&html)
	return html.Bytes(), err
}

// read runs fn for a single statement, as nobody.
func (p *Pages) read(ctx context.Context, fn func(*store.Tx, parley.Viewer) error) error {
	return p.f.Store.Read(ctx, func(tx *store.Tx) error { return fn(tx, p.f.Nobody()) })
}
