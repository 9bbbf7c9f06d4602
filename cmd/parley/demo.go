package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"

	"parley/internal/config"
	"parley/internal/demo"
	"parley/internal/mail"
	"parley/internal/press"
	"parley/internal/web/pages"
)

func runDemo(ctx context.Context, args []string, s streams) error {
	c, rest, err := load("demo", args, nil, s)
	if err != nil {
		return err
	}
	if err := alone(rest); err != nil {
		return err
	}
	if err := c.Check(); err != nil {
		return err
	}
	if !c.Loopback() {
		return errors.New("the demo has accounts whose passwords everybody knows: it listens on loopback addresses only")
	}
	if c.Data == "" && c.SQLite() {
		folder, err := os.MkdirTemp("", "parley-demo-")
		if err != nil {
			return fmt.Errorf("make a temporary folder: %w", err)
		}
		defer os.RemoveAll(folder)
		c.Data = folder
	}
	in, err := listen(ctx, c.Addr)
	if err != nil {
		return err
	}
	defer in.Close()
	return serveDemo(ctx, c.Listening(in.Addr()), in, s)
}

func serveDemo(ctx context.Context, c config.Config, in door, s streams) error {
	log := newLogger(c, s.err)
	slog.SetDefault(log)
	plain := "http://" + in.Addr().String()
	names := demo.Hosts(in.Addr().(*net.TCPAddr).Port)
	c.BaseURL, c.Origins = names.Forum, append(names.Origins(), c.Origins...)
	c.Site, c.SiteName = "meridian", "The Meridian"
	a, err := newApp(ctx, c, log)
	if err != nil {
		return err
	}
	outbox := mail.NewOutbox()
	handler, accounts, err := a.furnish(ctx, names, outbox, s.err)
	if err != nil {
		return errors.Join(err, a.close())
	}
	say(s.out, "The Meridian is open: %s/", plain)
	say(s.out, "")
	say(s.out, "Sign in as one of these, or register:")
	for _, account := range accounts.All() {
		say(s.out, "  %-10s %s   password: %s", account.Role, account.Email, account.Password)
	}
	say(s.out, "Editors and moderators work at: %s%s", plain, demo.DeskPath)
	say(s.out, "Mail that Parley would send: %s/demo/mail", plain)
	say(s.out, "Stop with Ctrl+C.")
	return a.run(ctx, in, handler, outbox)
}

// furnish brings the sample publication in and gives the handler for all of the demo's hosts.
func (a *app) furnish(ctx context.Context, names demo.Names, outbox *mail.Outbox, console io.Writer) (http.Handler, demo.Accounts, error) {
	pieces, err := press.Load(demo.Pieces())
	if err != nil {
		return nil, demo.Accounts{}, err
	}
	deps := demo.Deps{
		Store: a.store, Conversation: a.forum.Conversation, Identity: a.forum.Identity, Passages: a.forum.Passages, Question: a.forum.Question,
		Edition: pieces.Edition(), Names: names,
	}
	accounts, err := demo.Seed(ctx, deps)
	if err != nil {
		return nil, accounts, err
	}
	if a.config.Comments > 0 || a.config.Readers > 0 {
		plan := demo.Plan{Readers: a.config.Readers, Comments: a.config.Comments, Seed: a.config.Seed}
		if err := demo.Generate(ctx, deps, plan, counting(console, "making talk up")); err != nil {
			return nil, accounts, err
		}
	}
	note := demo.Strip(names, accounts)
	strip := &pages.Strip{Text: note.Text}
	for _, link := range note.Links {
		strip.Links = append(strip.Links, pages.Link(link))
	}
	a.mux.Handle(demo.MailPath, demo.Mail(outbox, a.forum.Site))
	a.mux.Handle(demo.MailPath+"/{n}", demo.Mail(outbox, a.forum.Site))
	forum, err := a.routes(ctx, pages.Options{Articles: pieces, Strip: strip})
	if err != nil {
		return nil, accounts, err
	}
	foreign, err := demo.Foreign(names)
	if err != nil {
		return nil, accounts, err
	}
	return names.Route(forum, foreign), accounts, nil
}
