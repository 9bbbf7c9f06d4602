package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"

	"parley/internal/config"
	"parley/internal/mail"
	"parley/internal/press"
	"parley/internal/web/pages"
)

func runServe(ctx context.Context, args []string, s streams) error {
	c, rest, err := load("serve", args, nil, s)
	if err != nil {
		return err
	}
	if err := alone(rest); err != nil {
		return err
	}
	if err := c.Check(); err != nil {
		return err
	}
	log := newLogger(c, s.err)
	slog.SetDefault(log)
	in, err := listen(ctx, c.Addr)
	if err != nil {
		return err
	}
	defer in.Close()
	a, err := newApp(ctx, c.Listening(in.Addr()), log)
	if err != nil {
		return err
	}
	handler, sender, err := a.equip(ctx)
	if err == nil {
		err = a.sayWelcome(ctx, in, s)
	}
	if err != nil {
		return errors.Join(err, a.close())
	}
	return a.run(ctx, in, handler, sender)
}

// equip gives what the settings ask for beside the forum itself: the articles and the way out for mail.
func (a *app) equip(ctx context.Context) (http.Handler, mail.Sender, error) {
	var options pages.Options
	var err error
	if folder := a.config.Articles; folder != "" {
		if options.Articles, err = press.Load(os.DirFS(folder)); err != nil {
			return nil, nil, fmt.Errorf("read the articles: %w", err)
		}
		options.Articles.Report(func(err error) { a.log.Warn("an article is not right", "error", err) })
	}
	handler, err := a.routes(ctx, options)
	if err != nil {
		return nil, nil, err
	}
	sender, err := newSender(a.config, a.log)
	return handler, sender, err
}

// sayWelcome tells where the forum is and, on a new installation, the one link that makes its administrator.
func (a *app) sayWelcome(ctx context.Context, in door, s streams) error {
	say(s.out, "Parley serves %s at %s", a.config.SiteName, a.config.BaseURL)
	if here := "http://" + in.Addr().String(); here != a.config.BaseURL {
		say(s.out, "It listens at %s", here)
	}
	link, needed, err := a.forum.Identity.SetupLink(ctx)
	if err != nil {
		return err
	}
	if needed {
		say(s.out, "")
		say(s.out, "Nobody administers this forum yet. Open this link once to become its administrator:")
		say(s.out, "  %s", link)
	}
	return nil
}

// newSender gives what sends mail, or says loudly that nothing does.
func newSender(c config.Config, log *slog.Logger) (mail.Sender, error) {
	if c.Mails() {
		return mail.NewSMTP(mail.SMTPOptions{
			Addr: c.SMTP, Username: c.SMTPUser, Password: c.SMTPPassword.Reveal(), TLS: c.SMTPTLS, From: c.MailFrom,
		})
	}
	log.Warn("no mail server is set (--smtp): nobody can confirm an address, so accounts end with their browser session")
	return mail.NewOutbox(), nil
}

// runConfig prints the settings that serve would run with, also when they cannot work: then it says why below.
func runConfig(_ context.Context, args []string, s streams) error {
	c, rest, err := load("config", args, nil, s)
	if err != nil {
		return err
	}
	if err := alone(rest); err != nil {
		return err
	}
	c.Print(s.out)
	if err := c.Check(); err != nil {
		return fmt.Errorf("these settings cannot be served:\n%w", err)
	}
	return nil
}
