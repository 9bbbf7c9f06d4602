package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"parley"
)

// Query gives the request's query parameters when it has only the allowed ones, each once. The API refuses
// others with CodeUnknownParameter, so that a misspelt parameter is noticed and a cache cannot be filled with
// copies of one page.
func Query(r *http.Request, allowed ...string) (url.Values, error) {
	values, whole := parameters(r)
	if !whole {
		return nil, parley.Errorf(parley.CodeMalformed, "The address is not well formed.")
	}
	for name, all := range values {
		if !slices.Contains(allowed, name) {
			return nil, parley.Errorf(parley.CodeUnknownParameter, "This address does not know the parameter %q.", clip(name)).On(clip(name))
		}
		if len(all) > 1 {
			return nil, parley.Errorf(parley.CodeMalformed, "The parameter %q stands there twice.", clip(name)).On(clip(name))
		}
	}
	return values, nil
}

// Parameters gives the request's query parameters as far as they can be read, as URL.Query does. They are read
// once a request and shared: nobody changes them.
func Parameters(r *http.Request) url.Values {
	values, _ := parameters(r)
	return values
}

// parameters tells besides whether the query is well formed as a whole.
func parameters(r *http.Request) (values url.Values, whole bool) {
	if r.URL.RawQuery == "" {
		return nil, true
	}
	known := askedOf(r)
	if known.query == nil || known.raw != r.URL.RawQuery {
		var err error
		known.query, err = url.ParseQuery(r.URL.RawQuery)
		known.raw, known.whole = r.URL.RawQuery, err == nil
	}
	return known.query, known.whole
}

// Canonical redirects a page's address with unknown or doubled parameters to the one without them (308) and
// tells whether it did. Pages are forgiving where the API is strict: links gather tracking parameters.
func Canonical(w http.ResponseWriter, r *http.Request, base string, allowed ...string) bool {
	values, whole := parameters(r)
	if whole && plain(values, allowed) {
		return false
	}
	kept := url.Values{}
	for _, name := range allowed {
		if values.Get(name) != "" {
			kept.Set(name, values.Get(name))
		}
	}
	target := base + r.URL.EscapedPath()
	if len(kept) > 0 {
		target += "?" + kept.Encode()
	}
	w.Header().Set("Cache-Control", "public, max-age=60")
	http.Redirect(w, r, target, http.StatusPermanentRedirect)
	return true
}

// plain tells whether all parameters are allowed, say something and stand there once.
func plain(values url.Values, allowed []string) bool {
	for name, all := range values {
		if len(all) != 1 || all[0] == "" || !slices.Contains(allowed, name) {
			return false
		}
	}
	return true
}

// PathID gives the id in the path's wildcard, or refuses with CodeNotFound.
func PathID(r *http.Request, name string) (parley.ID, error) {
	return parley.ParseID(r.PathValue(name))
}

// Limit gives how many items are asked for: byDefault when the parameter is absent, at most parley.MaxPage.
func Limit(q url.Values, byDefault int) (int, error) {
	if !q.Has("limit") {
		return byDefault, nil
	}
	n, err := strconv.Atoi(q.Get("limit"))
	if err != nil || n < 1 || n > parley.MaxPage {
		return 0, parley.Errorf(parley.CodeBadLimit, "The limit must be a number from 1 to %d.", parley.MaxPage).On("limit")
	}
	return n, nil
}

// Revision gives the least revision an answer must have; 0 when it is not said.
func Revision(q url.Values) (int64, error) {
	if q.Get("rev") == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(q.Get("rev"), 10, 64)
	if err != nil || n < 0 {
		return 0, parley.Errorf(parley.CodeMalformed, "The revision must be a number.").On("rev")
	}
	return n, nil
}
