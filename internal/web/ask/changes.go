package ask

import (
	"cmp"
	"context"
	"io"
	"net/http"
	"slices"
	"strings"

	"parley"
	"parley/internal/passages"
	"parley/internal/render"
	"parley/internal/store"
	"parley/internal/web"
	"parley/internal/web/page"
)

type changesView struct {
	page.Frame
	Story   parley.Story
	Heading string
	Events  []changed // newest first
	More    bool      // older versions are kept than are compared here
}

// changed is one thing that happened to a text: a version of it, or a correction that readers suggested.
type changed struct {
	At         parley.Time
	First      bool // the first version
	Change     *passages.Change
	Correction *parley.Correction
}

// changes shows what changed in a text that the forum serves, and when.
func (a *Ask) changes(w http.ResponseWriter, r *http.Request) error {
	if web.Canonical(w, r, a.f.Site.BaseURL, "rev") {
		return nil
	}
	id, err := web.PathID(r, "story")
	if err != nil {
		return err
	}
	least, err := web.Revision(r.URL.Query())
	if err != nil {
		return err
	}
	body, err := a.f.Other(r.Context(), id, least, "changes", "", func(ctx context.Context) (render.Built, error) {
		var v changesView
		var corrections []parley.Correction
		return a.Snapshot(ctx, id, func(tx *store.Tx, _ parley.Viewer, story parley.Story) (err error) {
			v = changesView{Story: story, Heading: page.TitleOf(story)}
			corrections, err = tx.AcceptedCorrections(id, parley.MaxPage)
			return err
		}, func(out io.Writer) error {
			// A version added since the snapshot raises the revision, and the page is made anew.
			all, err := a.f.Passages.Changes(ctx, a.f.Nobody(), id)
			if err != nil {
				return err
			}
			v.happened(all, corrections)
			v.Frame = a.Frame("What has changed: " + v.Heading)
			v.Canonical, v.Styles = a.f.Site.BaseURL+storyPath(id, "/changes"), []string{argumentStyle}
			return a.Write(out, "changes", v)
		})
	})
	if err != nil {
		return err
	}
	web.ServeShared(w, r, body)
	return nil
}

// happened puts versions and corrections into the order of time, newest first.
func (v *changesView) happened(all []passages.Change, corrections []parley.Correction) {
	for _, c := range all {
		c.Paragraphs = slices.Clone(c.Paragraphs)
		for i, p := range c.Paragraphs {
			c.Paragraphs[i] = around(p)
		}
		v.Events = append(v.Events, changed{At: c.Version.At, First: c.Version.Number == 1, Change: &c})
	}
	v.More = len(all) > 0 && all[len(all)-1].Version.Number > 1
	for _, c := range corrections {
		v.Events = append(v.Events, changed{At: c.DecidedAt, Correction: &c})
	}
	slices.SortStableFunc(v.Events, func(a, b changed) int { return cmp.Compare(b.At, a.At) })
}

// beside is how many words of what stayed are shown beside what changed.
const beside = 14

// around shortens what stayed the same in a paragraph to the words beside the changes.
func around(p []passages.Piece) []passages.Piece {
	short := slices.Clone(p)
	for i, piece := range short {
		words := strings.Fields(piece.Text)
		first, last := i == 0, i == len(short)-1
		switch {
		case piece.Kind != passages.Kept:
		case first && len(words) > beside+4:
			short[i].Text = "… " + strings.Join(words[len(words)-beside:], " ")
		case last && len(words) > beside+4:
			short[i].Text = strings.Join(words[:beside], " ") + " …"
		case len(words) > 2*beside+4:
			short[i].Text = strings.Join(words[:beside], " ") + " … " + strings.Join(words[len(words)-beside:], " ")
		}
	}
	return short
}
