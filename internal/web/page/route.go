package page

import (
	"net/http"
	"slices"
	"strings"

	"parley"
	"parley/internal/web"
)

// Table is a package's table of contents: what answers "METHOD /path/{wildcard}", as http.ServeMux takes it.
type Table map[string]http.Handler

// Handle adds routes to a router. Other methods than theirs are answered with a page that says which there are,
// so all routes of one path belong into one table.
func (s *Set) Handle(mux *http.ServeMux, table Table) {
	methods := map[string][]string{}
	for pattern, handler := range table {
		method, path, _ := strings.Cut(pattern, " ")
		mux.Handle(pattern, handler)
		methods[path] = append(methods[path], method)
	}
	for path, allowed := range methods {
		slices.Sort(allowed)
		mux.Handle(path, s.Shared(otherMethod(strings.Join(allowed, ", "))))
	}
}

func otherMethod(allowed string) web.Handler {
	return func(w http.ResponseWriter, _ *http.Request) error {
		w.Header().Set("Allow", allowed)
		return parley.Errorf(parley.CodeMethod, "This address knows %s only.", allowed)
	}
}

// ErrNothing gives the refusal of an address that leads nowhere.
func ErrNothing() *parley.Error {
	return parley.Errorf(parley.CodeNotFound, "There is nothing at this address.")
}

// ErrNoButton gives the refusal of a form whose button its page does not have.
func ErrNoButton() *parley.Error {
	return parley.Errorf(parley.CodeMalformed, "This page has no such button.")
}
