package identity

import (
	"context"
	"fmt"

	"parley"
	"parley/internal/store"
)

// Past is an account of another system, or of an earlier time: for imports and the demo.
type Past struct {
	Source, SourceID string // where it comes from and its id there; a second import of the same adds nothing
	Name             string
	Email            string // belongs to nobody here, since nobody has confirmed it; may be ""
	Confirmed        bool   // an address was proved there: the reader counts. It stays there, so Email is ""
	Roles            parley.Role
	Since            parley.Time
}

// Imported is what became of one Past.
type Imported struct {
	ID   parley.ID
	Made bool // false: it had been imported before
}

// Import makes accounts of the past in one transaction, without any way in: no password, no session, no mail.
// Who has the same name as a reader here keeps it, but holds no claim on it. It refuses with
// parley.CodeNameInvalid what no account can be named; then none are made.
func (s *Service) Import(ctx context.Context, past []Past) ([]Imported, error) {
	names := make([]string, len(past))
	keys := make([]string, len(past))
	for i, p := range past {
		name, err := CleanName(p.Name)
		if err != nil {
			return nil, fmt.Errorf("reader %s of %s: %w", p.SourceID, p.Source, err)
		}
		names[i], keys[i] = name, NameKey(name)
	}
	var done []Imported
	err := s.store.Write(ctx, 0, func(tx *store.Tx) error {
		done = make([]Imported, len(past))
		for i, p := range past {
			p.Name = names[i]
			one, err := s.importOne(tx, p, keys[i])
			if err != nil {
				return fmt.Errorf("reader %s of %s: %w", p.SourceID, p.Source, err)
			}
			done[i] = one
		}
		return nil
	})
	return done, err
}

func (s *Service) importOne(tx *store.Tx, p Past, nameKey string) (Imported, error) {
	if id, err := tx.Imported(s.site.ID, p.Source, importedReader, p.SourceID); err != nil || id != 0 {
		return Imported{ID: id}, err
	}
	id, err := tx.PastID(p.Since)
	if err != nil {
		return Imported{}, err
	}
	r := parley.Reader{ID: id, Site: s.site.ID, Name: p.Name, Email: p.Email, Roles: p.Roles, CreatedAt: p.Since}
	if p.Confirmed {
		r.Email, r.ConfirmedAt = "", p.Since
	}
	taken, err := tx.InsertReader(r, nameKey)
	if err == nil && taken {
		taken, err = tx.InsertReader(r, "")
	}
	if err == nil && taken {
		err = fmt.Errorf("the id %s is taken", r.ID)
	}
	if err != nil {
		return Imported{}, err
	}
	return Imported{ID: r.ID, Made: true}, tx.RememberImport(s.site.ID, p.Source, importedReader, p.SourceID, r.ID)
}

// importedReader is how readers are called among the records of imports.
const importedReader = "reader"

// CreateSince is CreateConfirmed for an account that has been there since a moment of the past.
func (s *Service) CreateSince(ctx context.Context, given Registration, roles parley.Role, since parley.Time) (parley.Reader, error) {
	a, err := s.check(ctx, given, true)
	if err != nil {
		return parley.Reader{}, err
	}
	var r parley.Reader
	err = s.store.Write(ctx, 0, func(tx *store.Tx) error {
		then := *tx
		then.Now = since
		r, err = s.openConfirmed(&then, a, roles)
		return err
	})
	return r, err
}
