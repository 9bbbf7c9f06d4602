package ask

import (
	"cmp"
	"crypto/rand"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"parley"
	"parley/internal/store"
	"parley/internal/web"
	"parley/internal/web/page"
)

// draft is an answer on its way, as the form holds it. Nothing of it is stored before it is given.
type draft struct {
	Version int    // of the words that the reader has read; 0 = none yet
	Step    string // as a form sends it
	Passage parley.ID
	Body    string // the reason
	Key     string // Idempotency-Key; made with the form, so that the same form sent twice is one reason
}

// draftOf reads an answer from a form or, for what the form does not have, from the address that a stranger came
// back to after signing in.
func draftOf(in, q url.Values) draft {
	field := func(name string) string { return cmp.Or(in.Get(name), q.Get(name)) }
	version, _ := strconv.Atoi(field("version")) // what is no number is no version, and is refused as one
	passage, _ := parley.ParseID(field("passage"))
	return draft{version, field("step"), passage, strings.TrimSpace(in.Get("body")), in.Get("key")}
}

// with gives the draft as one for a version of the words.
func (d draft) with(version int) draft {
	d.Version, d.Key = version, cmp.Or(d.Key, rand.Text())
	return d
}

// back gives the address at which the form stands with what it holds, less the reason.
func (d draft) back(q asked) string {
	query := url.Values{"step": {d.Step}, "version": {strconv.Itoa(d.Version)}}
	if d.Passage != 0 {
		query.Set("passage", d.Passage.String())
	}
	return q.Path("/answer") + "?" + query.Encode()
}

// offered is how many passages a reason can be said to depend on: those that readers talk about most.
const offered = 20

// dependable gives the passages that the form offers, in the order of the text, with the chosen one among them.
func (a *Ask) dependable(tx *store.Tx, who web.Asker, q asked, chosen parley.ID) ([]parley.Passage, error) {
	if !q.Open || !a.f.Site.HasPassages(q.Story) || q.Story.Passages == 0 {
		return nil, nil
	}
	all, err := tx.Passages(who.Viewer(a.f.Site), q.Story.ID)
	if err != nil || len(all) <= offered {
		return all, err
	}
	most := slices.Clone(all)
	slices.SortStableFunc(most, func(a, b parley.Passage) int { return b.Comments - a.Comments })
	return slices.DeleteFunc(all, func(p parley.Passage) bool {
		return p.ID != chosen && !slices.Contains(most[:offered], p)
	}), nil
}

type carryView struct {
	page.Frame
	draft
	Q      asked
	Step   string // in the middle of a sentence
	Next   string
	Lapsed bool // the reader had been signed in, as far as the reader knew
}

// carry shows a stranger the answer that is kept, and the ways to an account, on which it comes along.
func (a *Ask) carry(w http.ResponseWriter, q asked, d draft, do string) error {
	step, err := parley.ParseStep(d.Step)
	if err != nil {
		return err
	}
	v := carryView{
		Frame: a.PrivateFrame("Sign in to answer", web.Asker{}), draft: d, Q: q, Step: a.within(step), Next: d.back(q),
		Lapsed: do != "join",
	}
	return a.Show(w, http.StatusOK, "answer-carry", v)
}
