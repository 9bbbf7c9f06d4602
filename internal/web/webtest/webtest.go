// Package webtest puts a whole forum together on a real store, for tests of the floors above web.
package webtest

import (
	"log/slog"
	"testing"
	"time"

	"parley"
	"parley/internal/changes"
	"parley/internal/conversation"
	"parley/internal/identity"
	"parley/internal/live"
	"parley/internal/moderation"
	"parley/internal/passages"
	"parley/internal/question"
	"parley/internal/render"
	"parley/internal/store"
	"parley/internal/web"
)

// Forum gives a forum for the site with this key, reached at base, whose stream hub runs until the test ends.
// It has no rate limits. Passages and questions are off.
func Forum(t testing.TB, s *store.Store, key, base string, origins ...string) *web.Forum {
	t.Helper()
	return ForumOf(t, s, parley.Site{Key: key, BaseURL: base, Origins: append([]string{base}, origins...)})
}

// ForumOf is Forum for a site with more to say about it; its id, name and language are given here.
func ForumOf(t testing.TB, s *store.Store, site parley.Site) *web.Forum {
	t.Helper()
	log := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	site.Name, site.Language = "The Test", "en"
	if err := s.Write(t.Context(), 0, func(tx *store.Tx) (err error) {
		site.ID, err = tx.EnsureSite(site.Key, site.Name)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	renderer, err := render.New()
	if err != nil {
		t.Fatal(err)
	}
	hub := live.New(s, log)
	done := make(chan struct{})
	go func() { defer close(done); hub.Run(t.Context()) }()
	t.Cleanup(func() { <-done })
	talk := conversation.New(s, site, moderation.Screen{}, log)
	happened := changes.New(s)
	return &web.Forum{
		Site: site, Store: s, Changes: happened, Hub: hub, Renderer: renderer, Cache: render.NewCache(16<<20, "test"),
		Conversation: talk,
		Passages:     passages.New(s, site, log),
		Question:     question.New(s, site, talk, log),
		Identity:     identity.New(s, site, identity.Options{Screen: moderation.Screen{}, Log: log, Changes: happened}),
		Moderation:   moderation.New(s, site),
		Metrics:      web.NewMetrics(s, hub),
		Zone:         time.UTC,
	}
}
