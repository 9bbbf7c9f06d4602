package identity

import (
	"net/url"
	"strings"
	"testing"

	"parley"
	"parley/internal/store"
)

func TestSetupOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		token := func() string {
			link, needed, err := w.SetupLink(t.Context())
			must(t, err)
			u, err := url.Parse(link)
			if err != nil || !needed || !strings.HasPrefix(link, w.site.BaseURL+SetupPath+"?") {
				t.Fatalf("the setup link is %q (needed %v): %v", link, needed, err)
			}
			return u.Query().Get("token")
		}
		gone := token()
		for range maxSetups - 2 {
			token()
		}
		first, link := token(), token() // the program was started again and again
		given := Registration{Name: "Editor", Email: "chief@example.org", Password: goodPassword}
		for what, wrong := range map[string]string{"a link of long ago": gone, "no link": "", "a made-up link": newSecret(), "an endless link": strings.Repeat("A", 1_000_000)} {
			_, _, err := w.ClaimSetup(t.Context(), wrong, given)
			wants(t, what, err, parley.CodeLinkGone)
		}
		_, _, err := w.ClaimSetup(t.Context(), link, Registration{Name: "Editor", Email: "chief@example.org", Password: "short"})
		wants(t, "a bad password does not spend the link", err, parley.CodePasswordShort)

		for _, good := range []string{first, link} {
			must(t, w.InspectSetup(t.Context(), good))
		}
		r, session, err := w.ClaimSetup(t.Context(), first, given)
		must(t, err)
		if r.Roles != firstRoles || !r.Confirmed() || w.who(session).ID != r.ID {
			t.Errorf("the first administrator is %+v", r)
		}
		given.Name, given.Email = "Somebody", "else@example.org"
		for _, spent := range []string{first, link} {
			_, _, err = w.ClaimSetup(t.Context(), spent, given)
			wants(t, "the second try", err, parley.CodeLinkGone)
			wants(t, "looking once more", w.InspectSetup(t.Context(), spent), parley.CodeLinkGone)
		}
		w.read(func(tx *store.Tx) error {
			kept, err := tx.Meta(w.setupKey())
			if kept != "" {
				t.Error("the hash of a spent link is still there")
			}
			return err
		})
		if link, needed, err := w.SetupLink(t.Context()); needed || link != "" || err != nil {
			t.Errorf("the setup is needed again: %q, %v, %v", link, needed, err)
		}
		if _, _, err := w.SignInDesk(t.Context(), "chief@example.org", goodPassword); err != nil {
			t.Errorf("the administrator cannot sign in at the desk: %v", err)
		}
	})
}

// TestSetupOfATakenAddress: a reader who was faster with the address does not become administrator, nor is
// the link spent.
func TestSetupOfATakenAddress(t *testing.T) {
	w := one(t)
	reader := w.confirmed("Quick", "chief@example.org")
	link, _, err := w.SetupLink(t.Context())
	must(t, err)
	_, secret, _ := strings.Cut(link, "token=")
	_, _, err = w.ClaimSetup(t.Context(), secret, Registration{Name: "Chief", Email: "chief@example.org", Password: goodPassword})
	wants(t, "the taken address", err, parley.CodeEmailInvalid)
	_, _, err = w.ClaimSetup(t.Context(), secret, Registration{Name: "Chief", Email: "boss@example.org", Password: goodPassword})
	wants(t, "another address", err, "")
	if w.reader(reader.ID).Roles != 0 {
		t.Error("the reader became administrator")
	}
}

// TestSetupIsOver: a link printed before somebody else became administrator is worth nothing.
func TestSetupIsOver(t *testing.T) {
	w := one(t)
	link, _, err := w.SetupLink(t.Context())
	must(t, err)
	_, secret, _ := strings.Cut(link, "token=")
	_, err = w.CreateConfirmed(t.Context(), Registration{Name: "Chief", Email: "chief@example.org", Password: goodPassword}, parley.RoleAdministrator)
	must(t, err)
	_, _, err = w.ClaimSetup(t.Context(), secret, Registration{Name: "Second", Email: "second@example.org", Password: goodPassword})
	wants(t, "a link from before", err, parley.CodeLinkGone)
}

func TestCreateConfirmed(t *testing.T) {
	w := one(t)
	given := Registration{Name: "Demo Moderator", Email: "mo@example.org", Password: goodPassword}
	r, err := w.CreateConfirmed(t.Context(), given, parley.RoleModerator)
	if err != nil || !r.Confirmed() || r.Roles != parley.RoleModerator {
		t.Fatalf("made %+v: %v", r, err)
	}
	_, err = w.CreateConfirmed(t.Context(), given, parley.RoleModerator)
	wants(t, "the same name", err, parley.CodeNameTaken)
	given.Name = "Another"
	_, err = w.CreateConfirmed(t.Context(), given, parley.RoleModerator)
	wants(t, "the same address", err, parley.CodeEmailInvalid)
	if w.happened(0, parley.EventRegistered, r.ID) {
		t.Error("a confirmation mail will go out")
	}
}

func TestHideProfile(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		r := w.confirmed("Ada Lovelace", "ada@example.org")
		story := w.story("/a")
		w.comment(story, r, parley.Published, "hello", parley.Comment{})
		for _, hidden := range []bool{true, false} {
			before := w.last()
			must(t, w.HideProfile(t.Context(), r, hidden))
			must(t, w.HideProfile(t.Context(), r, hidden))
			events := w.events(before)
			if w.reader(r.ID).Hidden != hidden || len(events) != 2 || !w.happened(before, parley.EventHiddenChanged, r.ID) || !w.happened(before, parley.EventRefreshed, story.ID) {
				t.Errorf("after hiding (%v): %+v", hidden, events)
			}
		}
		var revision int64
		w.read(func(tx *store.Tx) (err error) { revision, err = tx.Revision(story.ID); return err })
		if revision != story.Revision+3 { // the comment and two changes
			t.Errorf("the story's revision is %d, want %d", revision, story.Revision+3)
		}
	})
}

func TestGiveRoles(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		chief, err := w.CreateConfirmed(t.Context(), Registration{Name: "Chief", Email: "chief@example.org", Password: goodPassword}, parley.RoleAdministrator)
		must(t, err)
		reader := w.confirmed("Ada Lovelace", "ada@example.org")
		story := w.story("/a")
		w.comment(story, reader, parley.Published, "hello", parley.Comment{})
		_, session, err := w.SignIn(t.Context(), "ada@example.org", goodPassword)
		must(t, err)
		atDesk := parley.Viewer{Site: w.site.ID, Reader: chief.ID, Roles: chief.Roles, Desk: true}
		onThePage := atDesk
		onThePage.Desk = false
		byModerator := parley.Viewer{Site: w.site.ID, Reader: reader.ID, Roles: parley.RoleModerator, Desk: true}
		for _, c := range []struct {
			what  string
			by    parley.Viewer
			whom  parley.ID
			roles parley.Role
			code  parley.Code
		}{
			{"by an administrator's reader session", onThePage, reader.ID, parley.RoleModerator, parley.CodeForbidden},
			{"by a moderator", byModerator, reader.ID, parley.RoleAdministrator, parley.CodeForbidden},
			{"to nobody", atDesk, 12345, parley.RoleModerator, parley.CodeNotFound},
			{"taken from oneself", atDesk, chief.ID, parley.RoleModerator, parley.CodeSelf},
			{"what is so already", atDesk, reader.ID, 0, ""},
		} {
			wants(t, c.what, w.GiveRoles(t.Context(), c.by, c.whom, c.roles), c.code)
		}
		w.who(session)
		before := w.last()
		must(t, w.GiveRoles(t.Context(), atDesk, reader.ID, parley.RoleModerator))
		if w.reader(reader.ID).Roles != parley.RoleModerator || !w.happened(before, parley.EventRolesChanged, reader.ID) || !w.happened(before, parley.EventRefreshed, story.ID) {
			t.Errorf("after giving a role: %+v", w.events(before))
		}
		_, _, err = w.Who(t.Context(), string(session))
		wants(t, "a session from before", err, parley.CodeSignInRequired)
	})
}
