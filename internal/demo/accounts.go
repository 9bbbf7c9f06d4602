package demo

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"parley"
	"parley/internal/identity"
	"parley/internal/store"
)

// Account is a way to sign in to the demo.
type Account struct {
	ID       parley.ID
	Name     string
	Email    string
	Password string
	Role     string // "reader", "author", "editor" or "moderator"

	roles parley.Role
	age   time.Duration // how long it has been there when the demo is first started
}

// Accounts are the ways to sign in that the demo names on the console and on its index page. There are two
// editors because a question is settled by two people.
type Accounts struct{ Reader, Author, Editor, Second, Moderator Account }

// All lists the accounts in the order they are shown.
func (a Accounts) All() []Account {
	return []Account{a.Reader, a.Author, a.Editor, a.Second, a.Moderator}
}

const month = 30 * 24 * time.Hour

// accounts gives the accounts as they are made. Their passwords are no secret, and the demo answers on
// this machine only unless told otherwise.
func accounts() Accounts {
	return Accounts{
		Reader:    Account{Name: "Nadia Orrin", Email: "nadia.orrin@example.com", Password: "tea on the long quay", Role: "reader", age: 14 * month},
		Author:    Account{Name: "Ilse Marrow", Email: "ilse.marrow@example.com", Password: "pass me the small ones", Role: "author", roles: parley.RoleAuthor, age: 36 * month},
		Editor:    Account{Name: "Judith Amsel", Email: "judith.amsel@example.com", Password: "careless with grease", Role: "editor", roles: parley.RoleEditor, age: 40 * month},
		Second:    Account{Name: "Lorenz Haake", Email: "lorenz.haake@example.com", Password: "ink on the second proof", Role: "editor", roles: parley.RoleEditor, age: 26 * month},
		Moderator: Account{Name: "Ruben Tollack", Email: "ruben.tollack@example.com", Password: "gravel in the yard", Role: "moderator", roles: parley.RoleModerator, age: 31 * month},
	}
}

// openAccounts makes the accounts that are not there yet and gives them all with their ids; each is older than what
// its owner did first. Hashing their passwords is the slowest part of the first start, so it is done side by side.
func (d Deps) openAccounts(ctx context.Context, first map[string]parley.Time) (Accounts, error) {
	all := accounts()
	each := []*Account{&all.Reader, &all.Author, &all.Editor, &all.Second, &all.Moderator}
	errs := make(chan error, len(each))
	var making sync.WaitGroup
	for _, a := range each {
		since := d.Store.Now().Add(-a.age)
		if did, any := first[a.Name]; any {
			since = min(since, did.Add(-month))
		}
		making.Go(func() { errs <- a.open(ctx, d, since) })
	}
	making.Wait()
	for range cap(errs) {
		if err := <-errs; err != nil {
			return all, err
		}
	}
	return all, nil
}

func (a *Account) open(ctx context.Context, d Deps, since parley.Time) error {
	var there parley.Reader
	err := d.Store.View(ctx, func(tx *store.Tx) (err error) {
		there, err = tx.ReaderByAddress(d.site().ID, a.Email)
		return err
	})
	if parley.CodeOf(err) == parley.CodeNotFound {
		there, err = d.Identity.CreateSince(ctx, identity.Registration{Name: a.Name, Email: a.Email, Password: a.Password}, a.roles, since)
	}
	if err != nil {
		return fmt.Errorf("make the account of %s: %w", a.Name, err)
	}
	a.ID = there.ID
	return nil
}

// DeskPath is where editors and moderators work.
const DeskPath = "/desk"

// Note is what the index page of the demo says above its pieces, and no other page.
type Note struct {
	Text  string
	Links []Link
}

// Link is a place with its name.
type Link struct{ Text, URL string }

// Strip gives the note: what this is, the accounts, and the ways to the desk, to the mailbox and to the foreign
// magazine.
func Strip(n Names, a Accounts) Note {
	var as []string
	for _, account := range a.All() {
		as = append(as, fmt.Sprintf("%s (%s, %s, password “%s”)", account.Name, account.Role, account.Email, account.Password))
	}
	return Note{
		Text: "This is a demo of Parley: the country, its papers and their readers are made up. To write, register with any address, or sign in as " +
			strings.Join(as, "; ") + ".",
		Links: []Link{
			{"The desk, for editors and moderators", n.Forum + DeskPath},
			{"Mail that would have been sent", n.Forum + MailPath},
			{"Almery Letters, a magazine on another host name", n.Letters + "/"},
		},
	}
}
