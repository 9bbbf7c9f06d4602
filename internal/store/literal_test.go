package store_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"parley"
	"parley/internal/store"
)

// hostile are texts that mean something to a database when they slip out of their quotes, and to programs
// that build statements or patterns from text.
var hostile = []string{
	`'`, `''`, `"`, "`", `\`, `\'`, `';`, `--`, `' --`, `/*`, `*/`, `#`, `;`, `%`, `_`, `%_%`, `[a]`, `{}`, `()`,
	`' OR '1'='1`, `" OR ""="`, `' OR 1=1 --`, `') OR ('1'='1`, `1 OR 1=1`, `0) UNION SELECT secret FROM credentials --`,
	`'; DROP TABLE comments; --`, `'); DELETE FROM readers; --`, `'; UPDATE readers SET roles = 15; --`, `\'; DROP TABLE sites; --`,
	`$1`, `$2`, `$$`, `$$; DROP TABLE comments; $$`, `$body$'$body$`, `$_$`, `?`, `?1`, `:name`, `@name`, `$name`, `%s`, `%d`, `%!v(MISSING)`,
	`' || (SELECT secret FROM credentials LIMIT 1) || '`, `' AND (SELECT count(*) FROM readers) > 0 AND '`, `'||pg_sleep(10)||'`,
	`' AND 1=(SELECT 1 FROM pg_sleep(10)) --`, `' AND randomblob(1000000000) --`, `E'\047'`, `U&'\0027'`, `x'27'`, `CHAR(39)`, `N'x'`,
	`NEAR(a b)`, `a AND NOT b`, `"a" * ^b`, `a:b`, `a & !b | c <-> d`, `a:*`, `PRAGMA writable_schema=1`, `ATTACH DATABASE 'x' AS y`,
	"'\n--\r\n'", "\t'\v'", "ʼ’＇", "\u202e'\u2066", "\ufeff'", "e\u0301", "😀'", "\x7f", "null", "NULL", "true", "0", "-1", "9223372036854775808", " ' ", "",
}

// TestTextsAreTakenLiterally brings every hostile text to every place that takes a text, and looks it up
// again by itself.
func TestTextsAreTakenLiterally(t *testing.T) {
	each(t, func(w *world) {
		by := w.reader("By")
		on := w.post(by, parley.Comment{})
		places := literalPlaces(w, by, on)
		for i, text := range hostile {
			for place, keep := range places {
				if err := keep(i, text); err != nil {
					w.Errorf("%s: %q: %v", place, text, err)
				}
			}
		}
		if n := w.number(`SELECT count(*) FROM readers WHERE roles <> 0`); n != 0 {
			w.Errorf("%d readers got roles", n)
		}
		if n := w.number(`SELECT count(*) FROM comments`); n != int64(1+2*len(hostile)) {
			w.Errorf("%d comments, want %d", n, 1+2*len(hostile))
		}
		checkCounters(w)
	})
}

// literalPlaces gives, for each place that takes a text, what keeps the i-th text there and compares what comes
// back with it.
func literalPlaces(w *world, by parley.Reader, on parley.Comment) map[string]func(i int, text string) error {
	write := func(fn func(tx *store.Tx) error) error { return w.s.Write(ctx, w.story.ID, fn) }
	same := func(got, want string, err error) error {
		if err == nil && got != want {
			err = fmt.Errorf("came back as %q", got)
		}
		return err
	}
	return map[string]func(i int, text string) error{
		"site": func(i int, text string) error {
			return write(func(tx *store.Tx) error {
				one, err := tx.EnsureSite("key"+text, text)
				if err != nil {
					return err
				}
				two, err := tx.EnsureSite("key"+text, text)
				return same(fmt.Sprint(two), fmt.Sprint(one), err)
			})
		},
		"reader": func(i int, text string) error {
			return write(func(tx *store.Tx) error {
				r := parley.Reader{ID: tx.NewID(), Site: w.site, Name: "n" + text, Email: text + "@example.org", ConfirmedAt: 1}
				if taken, err := tx.InsertReader(r, "key"+text); err != nil || taken {
					return fmt.Errorf("taken %v: %w", taken, err)
				}
				again := r
				again.ID, again.ConfirmedAt = tx.NewID(), 0
				if taken, err := tx.InsertReader(again, "key"+text); err != nil || !taken {
					return fmt.Errorf("given twice: %w", err)
				}
				got, err := tx.ReaderByAddress(w.site, r.Email)
				return same(fmt.Sprint(got), fmt.Sprint(r), err)
			})
		},
		"story": func(i int, text string) error {
			return write(func(tx *store.Tx) error {
				s := parley.Story{ID: tx.NewID(), Site: w.site, URL: "https://news.example/?" + text, Title: text, Section: text, Revision: 1}
				got, made, err := tx.EnsureStory(s)
				if err == nil && !made {
					err = fmt.Errorf("it was there already")
				}
				if err := same(fmt.Sprint(got), fmt.Sprint(s), err); err != nil {
					return err
				}
				if _, err := tx.DescribeStory(s); err != nil {
					return err
				}
				got, err = tx.Story(parley.Nobody(w.site), s.ID)
				return same(got.Title+got.Section, text+text, err)
			})
		},
		"comment": func(i int, text string) error {
			return write(func(tx *store.Tx) error {
				c := draft(tx, w.story, by, parley.Comment{}, parley.Published)
				c.Body, c.HTML = text, "<p>"+text
				if err := insert(tx, c); err != nil {
					return err
				}
				twin, err := tx.DuplicateOf(c, 0)
				if err := same(fmt.Sprint(twin), fmt.Sprint(c.ID), err); err != nil {
					return err
				}
				got, err := tx.Comment(viewerOf(by), c.ID)
				return same(fmt.Sprint(got), fmt.Sprint(c), err)
			})
		},
		"rewritten comment": func(i int, text string) error {
			return write(func(tx *store.Tx) error {
				c := draft(tx, w.story, by, parley.Comment{}, parley.Published)
				c.Body = "first" + text
				if err := insert(tx, c); err != nil {
					return err
				}
				if err := tx.RewriteComment(c, text, text); err != nil {
					return err
				}
				got, err := tx.CommentForVerb(w.site, c.ID)
				if err := same(got.Body+got.HTML, text+text, err); err != nil {
					return err
				}
				texts, err := tx.EarlierTexts(parley.Viewer{Site: w.site, Reader: by.ID, Roles: parley.RoleModerator, Desk: true}, c.ID)
				if err != nil || len(texts) != 1 {
					return fmt.Errorf("%d earlier texts: %w", len(texts), err)
				}
				return same(texts[0].Body, c.Body, nil)
			})
		},
		"passage": func(i int, text string) error {
			return write(func(tx *store.Tx) error {
				p := parley.Passage{ID: tx.NewID(), Site: w.site, Story: w.story.ID, Exact: "x" + text, Prefix: text, Suffix: text, State: parley.PassageQuoted}
				if _, _, err := tx.EnsurePassage(p, []byte(text)); err != nil {
					return err
				}
				got, err := tx.PassageForVerb(w.site, p.ID)
				if err := same(fmt.Sprint(got), fmt.Sprint(p), err); err != nil {
					return err
				}
				twin, made, err := tx.EnsurePassage(parley.Passage{ID: tx.NewID(), Site: w.site, Story: w.story.ID, Exact: "other", State: parley.PassageQuoted}, []byte(text))
				if err == nil && made {
					err = fmt.Errorf("its fingerprint is not known")
				}
				if err := same(fmt.Sprint(twin), fmt.Sprint(p), err); err != nil {
					return err
				}
				p.State, p.Version = parley.PassageChanged, 1
				if err := tx.MovePassage(p, text[:min(len(text), 64)]); err != nil {
					return err
				}
				quotes, err := tx.Quotes([]parley.ID{p.ID})
				return same(quotes[p.ID].Exact, p.Exact, err)
			})
		},
		"version": func(i int, text string) error {
			return write(func(tx *store.Tx) error {
				now, err := tx.Story(parley.Nobody(w.site), w.story.ID)
				if err != nil {
					return err
				}
				number := now.Version + 1
				if _, err := tx.AddVersion(parley.Version{Story: w.story.ID, Number: number, Title: text, Blocks: []string{text, text}}); err != nil {
					return err
				}
				got, err := tx.Version(w.story.ID, number)
				return same(got.Title+strings.Join(got.Blocks, "\n"), text+text+"\n"+text, err)
			})
		},
		"correction": func(i int, text string) error {
			return write(func(tx *store.Tx) error {
				c := parley.Correction{ID: tx.NewID(), Site: w.site, Story: w.story.ID, Reader: by.Byline(), Body: "x" + text, Source: text, State: parley.CorrectionOpen}
				if err := tx.InsertCorrection(c); err != nil {
					return err
				}
				c.State, c.Reply, c.DecidedBy = parley.CorrectionAccepted, text, by.Byline()
				if err := tx.DecideCorrection(c); err != nil {
					return err
				}
				got, err := tx.CorrectionForVerb(w.site, c.ID)
				return same(fmt.Sprint(got), fmt.Sprint(c), err)
			})
		},
		"question": func(i int, text string) error {
			return write(func(tx *store.Tx) error {
				story, _, err := tx.EnsureStory(parley.Story{ID: tx.NewID(), Site: w.site, URL: fmt.Sprint("https://news.example/asked/", i)})
				if err != nil {
					return err
				}
				q := newQuestion(tx, story, by)
				q.Words.Text, q.Words.Rule, q.Words.Judge, q.Words.Void, q.Words.Office = "x"+text, text, text, text, text
				if err := tx.InsertQuestion(q); err != nil {
					return err
				}
				got, err := tx.Question(parley.Nobody(w.site), q.ID)
				if err := same(fmt.Sprint(got), fmt.Sprint(q), err); err != nil {
					return err
				}
				m := parley.Milestone{ID: tx.NewID(), Question: q.ID, Text: "x" + text, URL: text, Editor: by.ID}
				if err := tx.InsertMilestone(m); err != nil {
					return err
				}
				marks, err := tx.Milestones(q.ID)
				if err := same(fmt.Sprint(marks), fmt.Sprint([]parley.Milestone{m}), err); err != nil {
					return err
				}
				s := parley.Settlement{ID: tx.NewID(), Question: q.ID, Outcome: parley.OutcomeNo, Source: "x" + text, Note: text, State: parley.SettlementProposed, ProposedBy: by.Byline()}
				if err := tx.InsertSettlement(s); err != nil {
					return err
				}
				settled, err := tx.SettlementForVerb(w.site, s.ID)
				if err := same(fmt.Sprint(settled), fmt.Sprint(s), err); err != nil {
					return err
				}
				o := parley.SettlementAppeal{ID: tx.NewID(), Settlement: s.ID, Reader: by.Byline(), Body: "x" + text, State: parley.AppealOpen}
				if _, err := tx.InsertAppeal(o); err != nil {
					return err
				}
				o.State, o.Reply, o.DecidedBy = parley.AppealRefused, text, by.Byline()
				if err := tx.DecideAppeal(o); err != nil {
					return err
				}
				heard, err := tx.AppealForVerb(w.site, o.ID)
				return same(fmt.Sprint(heard), fmt.Sprint(o), err)
			})
		},
		"sequel": func(i int, text string) error {
			return write(func(tx *store.Tx) error {
				s := parley.Sequel{ID: tx.NewID(), Site: w.site, Story: w.story.ID, URL: text, Title: text, Note: text, Day: parley.Time(i + 1), Editor: by.ID}
				if err := tx.InsertSequel(s); err != nil {
					return err
				}
				got, err := tx.Sequels(w.story.ID)
				if err != nil || len(got) == 0 {
					return fmt.Errorf("%d sequels: %w", len(got), err)
				}
				return same(fmt.Sprint(got[0]), fmt.Sprint(s), nil)
			})
		},
		"report": func(i int, text string) error {
			return write(func(tx *store.Tx) error {
				if _, err := tx.SaveReport(parley.Report{ID: tx.NewID(), Comment: on.ID, Reader: by.ID, Reason: parley.Reason(text), Note: text}); err != nil {
					return err
				}
				var got string
				err := tx.Raw().QueryRow(`SELECT reason || note FROM reports WHERE note = $1`, text).Scan(&got)
				return same(got, text+text, err)
			})
		},
		"decision": func(i int, text string) error {
			return write(func(tx *store.Tx) error {
				d := parley.Decision{ID: tx.NewID(), Comment: on.ID, Moderator: by.ID, Action: parley.Action(text), Reason: parley.Reason(text), Note: text, From: parley.State(text), To: parley.State(text)}
				if err := tx.InsertDecision(d); err != nil {
					return err
				}
				got, err := tx.Decision(d.ID)
				return same(fmt.Sprint(got), fmt.Sprint(d), err)
			})
		},
		"key": func(i int, text string) error {
			return write(func(tx *store.Tx) error {
				if _, id, err := tx.Remembered(by.ID, text); err != nil || id != 0 {
					return fmt.Errorf("known already as %d: %w", id, err)
				}
				if _, err := tx.Remember(by.ID, text, []byte(text), parley.ID(i+1)); err != nil {
					return err
				}
				request, id, err := tx.Remembered(by.ID, text)
				return same(fmt.Sprint(string(request), id), fmt.Sprint(text, i+1), err)
			})
		},
		"import": func(i int, text string) error {
			kind := text[:min(len(text), 32)]
			return write(func(tx *store.Tx) error {
				if id, err := tx.Imported(w.site, text, kind, text); err != nil || id != 0 {
					return fmt.Errorf("known already as %d: %w", id, err)
				}
				if err := tx.RememberImport(w.site, text, kind, text, parley.ID(i+1)); err != nil {
					return err
				}
				id, err := tx.Imported(w.site, text, kind, text)
				return same(fmt.Sprint(id), fmt.Sprint(i+1), err)
			})
		},
		"credential": func(i int, text string) error {
			kind := strings.ToValidUTF8(text[:min(len(text), 32)], "")
			return write(func(tx *store.Tx) error {
				if err := tx.SetCredential(by.ID, kind, text, "s"+text); err != nil {
					return err
				}
				got, err := tx.Credential(by.ID, kind, text)
				return same(got, "s"+text, err)
			})
		},
		"session": func(i int, text string) error {
			return write(func(tx *store.Tx) error {
				token := append([]byte{byte(i), 0}, text...)
				s := store.Session{Token: token, Site: w.site, Reader: by.ID, Scope: store.Scope(text), ExpiresAt: tx.Now + 1000}
				if err := tx.InsertSession(s); err != nil {
					return err
				}
				got, who, err := tx.Session(w.site, token)
				if err == nil && (!bytes.Equal(got.Token, token) || who.ID != by.ID) {
					err = fmt.Errorf("came back as %+v", got)
				}
				return same(string(got.Scope), text, err)
			})
		},
		"offer": func(i int, text string) error {
			return write(func(tx *store.Tx) error {
				if err := tx.Offer([]byte(text), by.ID, "https://"+text, tx.Now+1000); err != nil {
					return err
				}
				if _, err := tx.Redeem([]byte(text), "https://"+text+"'"); parley.CodeOf(err) != parley.CodeLinkGone {
					return fmt.Errorf("redeemed by another origin: %w", err)
				}
				got, err := tx.Redeem([]byte(text), "https://"+text)
				return same(fmt.Sprint(got), fmt.Sprint(by.ID), err)
			})
		},
		"meta": func(i int, text string) error {
			return write(func(tx *store.Tx) error {
				if err := tx.SetMeta("key"+text, "v"+text); err != nil {
					return err
				}
				got, err := tx.Meta("key" + text)
				return same(got, "v"+text, err)
			})
		},
		"lease": func(i int, text string) error {
			held, err := w.s.Lease(ctx, text, parley.KeyLife)
			return same(fmt.Sprint(held), "true", err)
		},
		"event": func(i int, text string) error {
			err := write(func(tx *store.Tx) error {
				tx.Append(parley.Event{Site: w.site, Kind: parley.EventKind(text), Subject: parley.ID(i + 1)})
				return nil
			})
			if err != nil {
				return err
			}
			return w.s.View(ctx, func(tx *store.Tx) error {
				last, err := tx.LastEvent()
				if err != nil {
					return err
				}
				got, err := tx.EventsAfter(last-1, 1)
				if err != nil || len(got) != 1 {
					return fmt.Errorf("%d events: %w", len(got), err)
				}
				return same(string(got[0].Kind), text, nil)
			})
		},
		"kinds and sorts": func(i int, text string) error {
			return w.s.View(ctx, func(tx *store.Tx) error {
				if _, _, err := tx.Threads(parley.Nobody(w.site), w.story.ID, parley.Sort(text), parley.Cursor{}, 1); parley.CodeOf(err) != parley.CodeBadSort {
					return fmt.Errorf("sorted: %w", err)
				}
				for _, kind := range []string{text} {
					if list, err := tx.FollowsOf(by.ID, parley.FollowKind(kind), 0, 1); err != nil || len(list) > 0 {
						return fmt.Errorf("follows %v: %w", list, err)
					}
					if list, err := tx.SilencesOf(by.ID, parley.Silence(kind), 0, 1); err != nil || len(list) > 0 {
						return fmt.Errorf("silences %v: %w", list, err)
					}
				}
				return nil
			})
		},
	}
}
