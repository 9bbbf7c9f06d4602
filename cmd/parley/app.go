package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"parley"
	"parley/internal/changes"
	"parley/internal/config"
	"parley/internal/conversation"
	"parley/internal/identity"
	"parley/internal/live"
	"parley/internal/mail"
	"parley/internal/moderation"
	"parley/internal/notify"
	"parley/internal/passages"
	"parley/internal/question"
	"parley/internal/render"
	"parley/internal/seal"
	"parley/internal/store"
	"parley/internal/web"
	"parley/internal/web/api"
	"parley/internal/web/ask"
	"parley/internal/web/assets"
	"parley/internal/web/desk"
	"parley/internal/web/pages"
)

// pageCache is how many bytes of finished pages are kept: some 3,000 conversations' first pages, compressed.
const pageCache = 24 << 20

// app is one running forum: what serve and demo have in common.
type app struct {
	config config.Config
	log    *slog.Logger
	store  *store.Store
	nodes  *live.Nodes // nil = the database carries the bell
	forum  *web.Forum
	mux    *http.ServeMux
	ready  atomic.Bool
	// leaving: it serves on, but connections end with their next answer
	leaving atomic.Bool
}

// newLogger gives the logger the settings ask for. Logs hold no address, no token and no words of readers.
func newLogger(c config.Config, w io.Writer) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.LogLevel)); err != nil {
		level = slog.LevelInfo
	}
	options := &slog.HandlerOptions{Level: level}
	if c.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}

// openStore opens the database and makes sure of the site. announce may be nil, see store.Options.
func openStore(ctx context.Context, c config.Config, announce func(), log *slog.Logger) (*store.Store, parley.Site, error) {
	s, err := store.Open(ctx, store.Options{Dir: c.Data, URL: c.Database.Reveal(), Announce: announce, Log: log})
	if err != nil {
		return nil, parley.Site{}, err
	}
	site := siteOf(c)
	err = s.Write(ctx, 0, func(tx *store.Tx) (err error) {
		site.ID, err = tx.EnsureSite(site.Key, site.Name)
		return err
	})
	if err != nil {
		return nil, site, errors.Join(err, s.Close())
	}
	return s, site, nil
}

// siteOf gives the site of the settings, without the id that the database gives it.
func siteOf(c config.Config) parley.Site {
	return parley.Site{
		Key: c.Site, Name: c.SiteName, BaseURL: c.BaseURL, Language: c.Language, HoldUnconfirmed: c.HoldUnconfirmed,
		Passages: c.Passages, Questions: c.Questions, Delicate: c.DelicateQuestions,
		Origins: origins(c),
	}
}

// origins lists the origins whose pages may embed, the forum's own first.
func origins(c config.Config) []string {
	if c.BaseURL == "" {
		return c.Origins
	}
	own := c.BaseOrigin()
	return append([]string{own}, slices.DeleteFunc(slices.Clone(c.Origins), func(o string) bool { return o == own })...)
}

// newApp puts the floors together.
func newApp(ctx context.Context, c config.Config, log *slog.Logger) (*app, error) {
	nodes, err := newNodes(c, log)
	if err != nil {
		return nil, err
	}
	var announce func()
	if nodes != nil {
		announce = nodes.Announce
	}
	s, site, err := openStore(ctx, c, announce, log)
	if err != nil {
		return nil, err
	}
	renderer, err := render.New()
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	scripts, err := assets.Load()
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	hub := live.New(s, log)
	if nodes != nil {
		if err := nodes.Join(ctx, s); err != nil {
			return nil, errors.Join(err, s.Close())
		}
		hub.Join(nodes)
	}
	screen := moderation.Screen{}
	talk := conversation.New(s, site, screen, log)
	happened := changes.New(s)
	forum := &web.Forum{
		Site: site, Store: s, Changes: happened, Hub: hub, Renderer: renderer, Cache: render.NewCache(pageCache, render.Build()),
		Scripts:      render.Scripts{Passages: scripts.Part("passages"), Question: scripts.Part("question")},
		Conversation: talk,
		Passages:     passages.New(s, site, log),
		Question:     question.New(s, site, talk, log),
		Identity:     identity.New(s, site, identity.Options{Screen: screen, Log: log, Changes: happened, Hashing: newHashing(log)}),
		Moderation:   moderation.New(s, site),
		Metrics:      web.NewMetrics(s, hub),
		Proxies:      c.TrustedProxies,
		TracedBefore: c.TracesFromProxies,
		Secure:       c.HTTPS(),
		Zone:         time.Local,
	}
	if c.Limited() {
		forum.Limits = web.NewLimiter()
	}
	forum.Metrics.Watch(forum)
	return &app{config: c, log: log, store: s, nodes: nodes, forum: forum, mux: http.NewServeMux()}, nil
}

// newNodes gives what carries the bell between processes, nil where the database does.
func newNodes(c config.Config, log *slog.Logger) (*live.Nodes, error) {
	if c.NATS == "" {
		return nil, nil
	}
	return live.NewNodes(live.NodesOptions{
		URL: c.NATS.Reveal(), Creds: c.NATSCreds, CA: c.NATSCA, Cert: c.NATSCert, Key: c.NATSKey, Log: log,
	})
}

// close ends what newApp began.
func (a *app) close() error {
	if a.nodes != nil {
		a.nodes.Close()
	}
	return a.store.Close()
}

// routes adds everything but what a command brings itself.
func (a *app) routes(ctx context.Context, options pages.Options) (http.Handler, error) {
	p, err := pages.New(a.forum, options)
	if err != nil {
		return nil, err
	}
	if err := p.Prepare(ctx); err != nil {
		return nil, err
	}
	p.Routes(a.mux)
	d, err := desk.New(a.forum)
	if err != nil {
		return nil, err
	}
	d.Routes(a.mux)
	q, err := ask.New(a.forum)
	if err != nil {
		return nil, err
	}
	q.Routes(a.mux)
	api.New(a.forum).Routes(a.mux)
	a.health()
	return a.forum.Wrap(a.mux)
}

// run serves whoever comes in until ctx ends, then stops in order: not ready, nobody let in any more, pages told to come
// back, requests finished, database closed.
func (a *app) run(ctx context.Context, in door, handler http.Handler, sender mail.Sender) error {
	background, end := context.WithCancel(context.WithoutCancel(ctx))
	var running sync.WaitGroup
	for _, task := range []func(context.Context){
		func(ctx context.Context) { keepMemory(ctx, func() { a.store.Rest(); a.forum.Cache.Rest() }) },
		a.forum.Hub.Run,
		a.forum.Conversation.Refresh,
		func(ctx context.Context) { seal.Keep(ctx, a.store, a.log) },
		notify.New(a.store, a.forum.Site, a.forum.Identity, sender, a.log).Run,
	} {
		running.Go(func() { task(background) })
	}
	server := web.NewServer(a.parting(handler), a.log)
	server.ConnState = in.new.note
	served := make(chan error, 1)
	go func() { served <- server.Serve(in); close(served) }()
	stopTraces := a.serveTraces(ctx)
	stopMetrics, err := a.serveOps()
	if err == nil {
		a.ready.Store(true)
		select {
		case <-ctx.Done():
		case err = <-served:
		}
	}
	begun := time.Now()
	a.ready.Store(false)
	if err == nil {
		a.linger()
	}
	err = errors.Join(err, a.leave(in, server, served, end, &running, begun), stopMetrics())
	stopTraces()
	return errors.Join(err, a.close())
}

// say prints one line for the person at the console.
func say(w io.Writer, format string, args ...any) { fmt.Fprintf(w, format+"\n", args...) }

// interactive tells whether somebody is likely to read a progress bar.
func interactive(w io.Writer) bool {
	file, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
