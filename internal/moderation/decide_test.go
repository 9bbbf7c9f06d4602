package moderation_test

import (
	"log/slog"
	"strings"
	"testing"

	"parley"
	"parley/internal/conversation"
	"parley/internal/moderation"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

func TestDecisions(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		site := parley.Site{Key: "main", Name: "The Test", BaseURL: "https://forum.test", Origins: []string{"https://forum.test"}}
		author := parley.Reader{Name: "Author", ConfirmedAt: 1}
		if err := s.Write(ctx, 0, func(tx *store.Tx) (err error) {
			if site.ID, err = tx.EnsureSite(site.Key, site.Name); err != nil {
				return err
			}
			author.ID, author.Site, author.CreatedAt = tx.NewID(), site.ID, tx.Now
			_, err = tx.InsertReader(author, "author")
			return err
		}); err != nil {
			t.Fatal(err)
		}
		verbs := conversation.New(s, site, moderation.Screen{}, slog.New(slog.DiscardHandler))
		story, _, err := verbs.OpenStory(ctx, author, "https://forum.test/war", "War")
		if err != nil {
			t.Fatal(err)
		}
		posted, err := verbs.Post(ctx, author, parley.Draft{Story: story.ID, Body: "Harsh words."})
		if err != nil {
			t.Fatal(err)
		}
		comment := posted.Comment.ID
		desk := parley.Viewer{Site: site.ID, Reader: author.ID, Roles: parley.RoleModerator, Desk: true}
		service := moderation.New(s, site)
		order := func(action parley.Action) moderation.Order {
			return moderation.Order{Comment: comment, Action: action, Reason: "abuse", Note: "Argue with the idea."}
		}

		for what, c := range map[string]struct {
			by    parley.Viewer
			order moderation.Order
			want  parley.Code
		}{
			"without the desk":  {parley.Viewer{Site: site.ID, Reader: author.ID, Roles: parley.RoleModerator}, order(parley.ActionRemove), parley.CodeForbidden},
			"without the role":  {parley.Viewer{Site: site.ID, Reader: author.ID, Roles: parley.RoleEditor, Desk: true}, order(parley.ActionRemove), parley.CodeForbidden},
			"of another site":   {parley.Viewer{Site: site.ID + 1, Reader: author.ID, Roles: parley.RoleModerator, Desk: true}, order(parley.ActionRemove), parley.CodeForbidden},
			"without a reason":  {desk, moderation.Order{Comment: comment, Action: parley.ActionRemove}, parley.CodeBadReason},
			"with a long note":  {desk, moderation.Order{Comment: comment, Action: parley.ActionRemove, Reason: "abuse", Note: strings.Repeat("n", parley.MaxNote+1)}, parley.CodeNoteTooLong},
			"with a NUL":        {desk, moderation.Order{Comment: comment, Action: parley.ActionRemove, Reason: "abuse", Note: "a\x00b"}, parley.CodeNoteTooLong},
			"on nothing":        {desk, moderation.Order{Comment: 12, Action: parley.ActionRemove, Reason: "abuse"}, parley.CodeNotFound},
			"out of turn":       {desk, order(parley.ActionRestore), parley.CodeDecidedAlready},
			"an unknown action": {desk, order("burn"), parley.CodeBadTransition},
		} {
			if _, _, err := service.Decide(ctx, c.by, c.order); parley.CodeOf(err) != c.want {
				t.Errorf("%s: %v, want %s", what, err, c.want)
			}
		}

		removed, revision, err := service.Decide(ctx, desk, order(parley.ActionRemove))
		if err != nil || removed.From != parley.Published || removed.To != parley.Removed || revision <= posted.Revision {
			t.Fatalf("%+v at %d, %v", removed, revision, err)
		}
		if _, _, err := service.Decide(ctx, desk, order(parley.ActionRemove)); parley.CodeOf(err) != parley.CodeDecidedAlready {
			t.Errorf("a second removal: %v", err)
		}
		if _, _, err := service.Decide(ctx, desk, order(parley.ActionRestore)); err != nil {
			t.Error(err)
		}
		if err := s.View(ctx, func(tx *store.Tx) error {
			kept, err := tx.Decision(removed.ID)
			if err != nil || kept != removed {
				t.Errorf("kept %+v of %+v, %v", kept, removed, err)
			}
			c, err := tx.Comment(parley.Nobody(site.ID), comment)
			if err != nil || c.State != parley.Published || c.Body != "Harsh words." {
				t.Errorf("restored, the comment is %+v, %v", c, err)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	})
}
