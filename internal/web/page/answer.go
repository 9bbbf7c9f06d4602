package page

import (
	"net/http"
	"net/url"

	"parley"
	"parley/internal/store"
	"parley/internal/web"
)

// For answers with a page made for who asks: nobody when the reader is not signed in. It returns an error before
// it has written anything, and that is shown as a page.
type For func(w http.ResponseWriter, r *http.Request, who web.Asker) error

// FormFor takes what a plain form sends, from who sends it.
type FormFor func(w http.ResponseWriter, r *http.Request, who web.Asker, in url.Values) error

// Shared is for pages that are the same for everybody.
func (s *Set) Shared(h web.Handler) http.Handler { return web.Answer(h, s.ShowError) }

// Part is for what scripts and other programs fetch, from pages of any origin. They read errors as problems.
func (s *Set) Part(h web.Handler) http.Handler {
	return web.Answer(func(w http.ResponseWriter, r *http.Request) error {
		web.AllowReading(w.Header())
		return h(w, r)
	}, web.Problem)
}

// Private is for pages that depend on who asks.
func (s *Set) Private(h For) http.Handler {
	return web.Answer(func(w http.ResponseWriter, r *http.Request) error {
		web.Private(w.Header())
		if err := s.f.Enter(web.RoomForReading); err != nil {
			return err
		}
		defer s.f.Leave()
		if err := s.f.AllowReader(r, web.PaceRead); err != nil {
			return err
		}
		who, err := s.who(r)
		if err != nil {
			return err
		}
		return h(w, r, who)
	}, s.ShowError)
}

// Members is Private for readers who are signed in. Others are sent to sign in, and back.
func (s *Set) Members(h For) http.Handler {
	return s.Private(func(w http.ResponseWriter, r *http.Request, who web.Asker) error {
		if who.Reader.ID == 0 {
			return s.ToSignIn(w, r, r.URL.RequestURI())
		}
		return h(w, r, who)
	})
}

// Form is for what plain forms send: from pages of the forum's own only, not from those of the publisher, whose
// scripts use the API.
func (s *Set) Form(h FormFor) http.Handler {
	return web.Answer(func(w http.ResponseWriter, r *http.Request) error {
		web.Private(w.Header())
		if err := s.FromOwnPage(r); err != nil {
			return err
		}
		if err := s.f.Enter(web.RoomForReading); err != nil {
			return err
		}
		defer s.f.Leave()
		if err := s.f.AllowReader(r, web.PaceRead); err != nil {
			return err
		}
		who, err := s.who(r)
		if err != nil {
			return err
		}
		in, err := ReadForm(w, r)
		if err != nil {
			return err
		}
		return h(w, r, who, in)
	}, s.ShowError)
}

// MemberForm is Form for readers who are signed in. Others are sent to sign in, and back to the page at the same
// address, which is the one the form stands on.
func (s *Set) MemberForm(h FormFor) http.Handler {
	return s.Form(func(w http.ResponseWriter, r *http.Request, who web.Asker, in url.Values) error {
		if who.Reader.ID == 0 {
			return s.ToSignIn(w, r, r.URL.RequestURI())
		}
		return h(w, r, who, in)
	})
}

// FromOwnPage refuses with parley.CodeCrossOrigin what a page of another origin sent, be it the publisher's.
func (s *Set) FromOwnPage(r *http.Request) error {
	if s.own.Check(r) != nil {
		return parley.Errorf(parley.CodeCrossOrigin, "This form was not sent from a page of this forum.")
	}
	return nil
}

// who gives who asks. A session at the desk is nobody's here.
func (s *Set) who(r *http.Request) (web.Asker, error) {
	who, err := s.f.Who(r)
	if who.Session.Scope != store.ScopeReader {
		return web.Asker{}, err
	}
	return who, err
}
