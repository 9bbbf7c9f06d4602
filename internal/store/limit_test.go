package store_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"parley"
	"parley/internal/store"
)

// field is one text column with a CHECK on its length, and how a text gets there.
type field struct {
	column   string // table.column
	min, max int
	chars    bool // counted in characters, not bytes
	save     func(tx *store.Tx, f *fieldWorld, text string) error
}

// fieldWorld is what the rows of a field hang on.
type fieldWorld struct {
	*world
	by    parley.Reader
	on    parley.Comment
	quote parley.Passage
	asked parley.Question
	n     int // makes what must be unique unique
}

func newFieldWorld(w *world) *fieldWorld {
	by := w.reader("By")
	return &fieldWorld{world: w, by: by, on: w.post(by, parley.Comment{}), quote: w.quoted(w.story, "words"), asked: w.ask(w.story, by)}
}

func (f *fieldWorld) comment(tx *store.Tx, change func(c *parley.Comment)) error {
	c := draft(tx, f.story, f.by, parley.Comment{}, parley.Published)
	change(&c)
	return tx.InsertComment(c)
}

func (f *fieldWorld) version(tx *store.Tx, v parley.Version) error {
	now, err := tx.Story(parley.Nobody(f.site), f.story.ID)
	if err != nil {
		return err
	}
	v.Story, v.Number = f.story.ID, now.Version+1
	_, err = tx.AddVersion(v)
	return err
}

func (f *fieldWorld) passage(tx *store.Tx, p parley.Passage) error {
	p.ID, p.Site, p.Story, p.State = tx.NewID(), f.site, f.story.ID, parley.PassageQuoted
	_, _, err := tx.EnsurePassage(p, fmt.Append(nil, f.n))
	return err
}

func (f *fieldWorld) correction(tx *store.Tx, body, source string) parley.Correction {
	return parley.Correction{ID: tx.NewID(), Site: f.site, Story: f.story.ID, Reader: f.by.Byline(), Body: body, Source: source, State: parley.CorrectionOpen}
}

func (f *fieldWorld) reword(tx *store.Tx, w parley.QuestionWords) error {
	now, err := tx.Question(parley.Nobody(f.site), f.asked.ID)
	if err != nil {
		return err
	}
	w.Question, w.Version, w.Editor = now.ID, now.Words.Version+1, f.by.ID
	return tx.Reword(w)
}

// settlement adds one that does not wait, so that there can be many.
func (f *fieldWorld) settlement(tx *store.Tx, source, note string) (parley.ID, error) {
	id := tx.NewID()
	return id, tx.InsertSettlement(parley.Settlement{ID: id, Question: f.asked.ID, Outcome: parley.OutcomeNo, Source: source, Note: note,
		State: parley.SettlementDeclined, ProposedBy: f.by.Byline()})
}

func (f *fieldWorld) appeal(tx *store.Tx, body string) (parley.SettlementAppeal, error) {
	settlement, err := f.settlement(tx, "source", "")
	if err != nil {
		return parley.SettlementAppeal{}, err
	}
	o := parley.SettlementAppeal{ID: tx.NewID(), Settlement: settlement, Reader: f.by.Byline(), Body: body, State: parley.AppealOpen}
	_, err = tx.InsertAppeal(o)
	return o, err
}

var fields = []field{
	{"sites.key", 1, 64, false, func(tx *store.Tx, f *fieldWorld, text string) error {
		_, err := tx.EnsureSite(text, "Name")
		return err
	}},
	{"sites.name", 0, 400, false, func(tx *store.Tx, f *fieldWorld, text string) error {
		_, err := tx.EnsureSite(fmt.Sprint("site", f.n), text)
		return err
	}},
	{"readers.name", 1, 80, true, func(tx *store.Tx, f *fieldWorld, text string) error {
		_, err := tx.InsertReader(parley.Reader{ID: tx.NewID(), Site: f.site, Name: text}, "")
		return err
	}},
	{"readers.name_key", 0, 4096, false, func(tx *store.Tx, f *fieldWorld, text string) error {
		_, err := tx.InsertReader(parley.Reader{ID: tx.NewID(), Site: f.site, Name: "Name"}, text)
		return err
	}},
	{"readers.email", 0, parley.MaxEmail, false, func(tx *store.Tx, f *fieldWorld, text string) error {
		_, err := tx.InsertReader(parley.Reader{ID: tx.NewID(), Site: f.site, Name: "Name", Email: text}, "")
		return err
	}},
	{"credentials.kind", 0, 32, false, func(tx *store.Tx, f *fieldWorld, text string) error {
		return tx.SetCredential(f.by.ID, text, "", "secret")
	}},
	{"credentials.subject", 0, 255, false, func(tx *store.Tx, f *fieldWorld, text string) error {
		return tx.SetCredential(f.by.ID, "kind", text, "secret")
	}},
	{"credentials.secret", 0, 1024, false, func(tx *store.Tx, f *fieldWorld, text string) error {
		return tx.SetCredential(f.by.ID, "password", "", text)
	}},
	{"redemptions.origin", 0, parley.MaxURL, false, func(tx *store.Tx, f *fieldWorld, text string) error {
		return tx.Offer([]byte{byte(f.n), byte(f.n >> 8)}, f.by.ID, text, tx.Now)
	}},
	{"stories.url", 0, parley.MaxURL, false, func(tx *store.Tx, f *fieldWorld, text string) error {
		_, _, err := tx.EnsureStory(parley.Story{ID: tx.NewID(), Site: f.site, URL: text, Title: "Title"})
		return err
	}},
	{"stories.title", 0, parley.MaxTitle, true, func(tx *store.Tx, f *fieldWorld, text string) error {
		_, _, err := tx.EnsureStory(parley.Story{ID: tx.NewID(), Site: f.site, URL: fmt.Sprint("title", f.n), Title: text})
		return err
	}},
	{"stories.section", 0, 100, true, func(tx *store.Tx, f *fieldWorld, text string) error {
		_, err := tx.DescribeStory(parley.Story{ID: f.story.ID, Title: "Title", Section: text})
		return err
	}},
	{"stories.author_email", 0, parley.MaxEmail, false, func(tx *store.Tx, f *fieldWorld, text string) error {
		_, err := tx.DescribeStory(parley.Story{ID: f.story.ID, Title: "Title", AuthorEmail: text})
		return err
	}},
	{"versions.title", 0, parley.MaxTitle, true, func(tx *store.Tx, f *fieldWorld, text string) error {
		return f.version(tx, parley.Version{Title: text})
	}},
	{"versions.blocks", 0, 1 << 20, false, func(tx *store.Tx, f *fieldWorld, text string) error {
		return f.version(tx, parley.Version{Blocks: []string{text}})
	}},
	{"passages.exact", 1, parley.MaxPassage, true, func(tx *store.Tx, f *fieldWorld, text string) error {
		return f.passage(tx, parley.Passage{Exact: text})
	}},
	{"passages.prefix", 0, parley.MaxContext, true, func(tx *store.Tx, f *fieldWorld, text string) error {
		return f.passage(tx, parley.Passage{Exact: "words", Prefix: text})
	}},
	{"passages.suffix", 0, parley.MaxContext, true, func(tx *store.Tx, f *fieldWorld, text string) error {
		return f.passage(tx, parley.Passage{Exact: "words", Suffix: text})
	}},
	{"anchorings.means", 0, 64, false, func(tx *store.Tx, f *fieldWorld, text string) error {
		return tx.MovePassage(parley.Passage{ID: f.quote.ID, State: parley.PassageChanged, Version: f.n}, text)
	}},
	{"corrections.body", 1, parley.MaxNote, false, func(tx *store.Tx, f *fieldWorld, text string) error {
		return tx.InsertCorrection(f.correction(tx, text, ""))
	}},
	{"corrections.source", 0, parley.MaxSource, false, func(tx *store.Tx, f *fieldWorld, text string) error {
		return tx.InsertCorrection(f.correction(tx, "body", text))
	}},
	{"corrections.reply", 0, parley.MaxNote, false, func(tx *store.Tx, f *fieldWorld, text string) error {
		c := f.correction(tx, "body", "")
		if err := tx.InsertCorrection(c); err != nil {
			return err
		}
		c.State, c.Reply = parley.CorrectionDeclined, text
		return tx.DecideCorrection(c)
	}},
	{"sequels.url", 0, parley.MaxURL, false, func(tx *store.Tx, f *fieldWorld, text string) error {
		return tx.InsertSequel(parley.Sequel{ID: tx.NewID(), Site: f.site, Story: f.story.ID, URL: text, Editor: f.by.ID})
	}},
	{"sequels.title", 0, parley.MaxTitle, true, func(tx *store.Tx, f *fieldWorld, text string) error {
		return tx.InsertSequel(parley.Sequel{ID: tx.NewID(), Site: f.site, Story: f.story.ID, Title: text, Editor: f.by.ID})
	}},
	{"sequels.note", 0, parley.MaxNote, false, func(tx *store.Tx, f *fieldWorld, text string) error {
		return tx.InsertSequel(parley.Sequel{ID: tx.NewID(), Site: f.site, Story: f.story.ID, Note: text, Editor: f.by.ID})
	}},
	{"wordings.text", 1, parley.MaxQuestion, true, func(tx *store.Tx, f *fieldWorld, text string) error {
		return f.reword(tx, parley.QuestionWords{Text: text})
	}},
	{"wordings.rule", 0, parley.MaxRule, false, func(tx *store.Tx, f *fieldWorld, text string) error {
		return f.reword(tx, parley.QuestionWords{Text: "?", Rule: text})
	}},
	{"wordings.judge", 0, parley.MaxRule, false, func(tx *store.Tx, f *fieldWorld, text string) error {
		return f.reword(tx, parley.QuestionWords{Text: "?", Judge: text})
	}},
	{"wordings.void", 0, parley.MaxRule, false, func(tx *store.Tx, f *fieldWorld, text string) error {
		return f.reword(tx, parley.QuestionWords{Text: "?", Void: text})
	}},
	{"wordings.office", 0, 400, false, func(tx *store.Tx, f *fieldWorld, text string) error {
		return f.reword(tx, parley.QuestionWords{Text: "?", Office: text})
	}},
	{"milestones.text", 1, parley.MaxMilestone, true, func(tx *store.Tx, f *fieldWorld, text string) error {
		return tx.InsertMilestone(parley.Milestone{ID: tx.NewID(), Question: f.asked.ID, Text: text, Editor: f.by.ID})
	}},
	{"milestones.url", 0, parley.MaxURL, false, func(tx *store.Tx, f *fieldWorld, text string) error {
		return tx.InsertMilestone(parley.Milestone{ID: tx.NewID(), Question: f.asked.ID, Text: "text", URL: text, Editor: f.by.ID})
	}},
	{"settlements.source", 1, parley.MaxSource, false, func(tx *store.Tx, f *fieldWorld, text string) error {
		_, err := f.settlement(tx, text, "")
		return err
	}},
	{"settlements.note", 0, parley.MaxNote, false, func(tx *store.Tx, f *fieldWorld, text string) error {
		_, err := f.settlement(tx, "source", text)
		return err
	}},
	{"settlement_appeals.body", 1, parley.MaxNote, false, func(tx *store.Tx, f *fieldWorld, text string) error {
		_, err := f.appeal(tx, text)
		return err
	}},
	{"settlement_appeals.reply", 0, parley.MaxNote, false, func(tx *store.Tx, f *fieldWorld, text string) error {
		o, err := f.appeal(tx, "body")
		if err != nil {
			return err
		}
		o.State, o.Reply = parley.AppealRefused, text
		return tx.DecideAppeal(o)
	}},
	{"comments.body", 0, parley.MaxImportedBody, false, func(tx *store.Tx, f *fieldWorld, text string) error {
		return f.comment(tx, func(c *parley.Comment) { c.Body = text })
	}},
	{"comments.html", 0, 1 << 20, false, func(tx *store.Tx, f *fieldWorld, text string) error {
		return f.comment(tx, func(c *parley.Comment) { c.HTML = text })
	}},
	{"earlier_texts.body", 0, parley.MaxImportedBody, false, func(tx *store.Tx, f *fieldWorld, text string) error {
		c := f.on
		c.Body = text
		return tx.RewriteComment(c, "now", "now")
	}},
	{"reports.note", 0, parley.MaxNote, false, func(tx *store.Tx, f *fieldWorld, text string) error {
		_, err := tx.SaveReport(parley.Report{ID: tx.NewID(), Comment: f.on.ID, Reader: f.by.ID, Reason: parley.ReasonSpam, Note: text})
		return err
	}},
	{"decisions.note", 0, parley.MaxNote, false, func(tx *store.Tx, f *fieldWorld, text string) error {
		return tx.InsertDecision(parley.Decision{ID: tx.NewID(), Comment: f.on.ID, Moderator: f.by.ID, Note: text})
	}},
	{"idempotency.key", 0, parley.MaxKey, false, func(tx *store.Tx, f *fieldWorld, text string) error {
		_, err := tx.Remember(f.by.ID, text, []byte("request"), f.on.ID)
		return err
	}},
	{"imports.source", 0, 255, false, func(tx *store.Tx, f *fieldWorld, text string) error {
		return tx.RememberImport(f.site, text, "kind", "id", 1)
	}},
	{"imports.kind", 0, 32, false, func(tx *store.Tx, f *fieldWorld, text string) error {
		return tx.RememberImport(f.site, "source", text, "id", 1)
	}},
	{"imports.source_id", 0, 1024, false, func(tx *store.Tx, f *fieldWorld, text string) error {
		return tx.RememberImport(f.site, "source", "kind", text, 1)
	}},
}

// long gives texts of n bytes or characters: plain, and as many bytes a character as there can be.
func long(n int, chars bool) []string {
	texts := []string{strings.Repeat("x", n)}
	if chars {
		return append(texts, strings.Repeat("😀", n))
	}
	return append(texts, strings.Repeat("😀", n/4)+strings.Repeat("é", n%4/2)+strings.Repeat("x", n%2))
}

func TestLengthsAreChecked(t *testing.T) {
	each(t, func(w *world) {
		f := newFieldWorld(w)
		for _, field := range fields {
			table, column, _ := strings.Cut(field.column, ".")
			try := func(n int, fits bool) {
				for i, text := range long(n, field.chars) {
					f.n++
					size := "octet_length"
					if field.chars {
						size = "length"
					}
					err := w.s.Write(ctx, 0, func(tx *store.Tx) error { return field.save(tx, f, text) })
					if (err == nil) != fits {
						w.Errorf("%s with %d of at most %d (text %d): %v", field.column, n, field.max, i, err)
					}
					if longest := w.number(`SELECT COALESCE(max(` + size + `(` + column + `)), 0) FROM ` + table); longest > int64(field.max) || fits && longest < int64(min(n, field.max)) {
						w.Errorf("%s holds %d after %d of at most %d were saved", field.column, longest, n, field.max)
					}
				}
			}
			try(field.max, true)
			try(field.max+1, false)
			if field.max <= parley.MaxImportedBody { // beyond, a thousand times over is a gigabyte
				try(min(1000*field.max, 4<<20), false)
			}
			if field.min > 0 {
				try(field.min-1, false)
			}
		}
	})
}

// TestEveryCheckedLengthIsTried reads the migrations of both engines: they check the same columns, and no
// other than those of the table above.
func TestEveryCheckedLengthIsTried(t *testing.T) {
	var want []string
	for _, f := range fields {
		want = append(want, fmt.Sprint(f.column, " ", f.min, "-", f.max, " chars: ", f.chars))
	}
	slices.Sort(want)
	for _, engine := range []string{"sqlite", "postgres"} {
		var got []string
		files, err := filepath.Glob("../db/migrations/" + engine + "/*.sql")
		if err != nil || len(files) == 0 {
			t.Fatalf("no migrations of %s: %v", engine, err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got = checkedLengths(got, string(text))
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s checks\n%s\nthe test tries\n%s", engine, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}

var (
	tableLine = regexp.MustCompile(`^(?:CREATE|ALTER) TABLE (\w+)`)
	dropLine  = regexp.MustCompile(`^ALTER TABLE (\w+) DROP COLUMN (\w+)`)
	checkLine = regexp.MustCompile(`CHECK \((octet_length|length)\((\w+)\) (?:<= (\d+)|BETWEEN (\d+) AND (\d+))\)`)

	// inBytes is how SQLite is asked for a length in bytes: its octet_length came with 3.43, and older tools
	// must be able to check and copy the file.
	inBytes = regexp.MustCompile(`length\(CAST\((\w+) AS BLOB\)\)`)
)

// checkedLengths adds the columns that a migration checks to those of the ones before, less those it drops.
func checkedLengths(all []string, text string) []string {
	table := ""
	for line := range strings.Lines(inBytes.ReplaceAllString(text, "octet_length($1)")) {
		if m := tableLine.FindStringSubmatch(line); m != nil {
			table = m[1]
		}
		if m := dropLine.FindStringSubmatch(line); m != nil {
			all = slices.DeleteFunc(all, func(one string) bool { return strings.HasPrefix(one, m[1]+"."+m[2]+" ") })
		}
		for _, m := range checkLine.FindAllStringSubmatch(line, -1) {
			least, _ := strconv.Atoi(m[4])
			all = append(all, fmt.Sprint(table, ".", m[2], " ", least, "-", m[3]+m[5], " chars: ", m[1] == "length"))
		}
	}
	return all
}

// TestClosedSetsAreChecked tries words that are none of theirs.
func TestClosedSetsAreChecked(t *testing.T) {
	each(t, func(w *world) {
		f := newFieldWorld(w)
		by := f.by
		for name, save := range map[string]func(tx *store.Tx) error{
			"state": func(tx *store.Tx) error { return f.comment(tx, func(c *parley.Comment) { c.State = "shadow" }) },
			"depth": func(tx *store.Tx) error { return f.comment(tx, func(c *parley.Comment) { c.Depth = 0 }) },
			"story": func(tx *store.Tx) error { return f.comment(tx, func(c *parley.Comment) { c.Story = 1 }) },
			"author": func(tx *store.Tx) error {
				return f.comment(tx, func(c *parley.Comment) { c.Author.ID = 1 })
			},
			"follow": func(tx *store.Tx) error {
				_, err := tx.Follow(parley.Follow{Reader: by.ID, Kind: "site", Target: by.ID})
				return err
			},
			"passage's state": func(tx *store.Tx) error {
				p := parley.Passage{ID: tx.NewID(), Site: w.site, Story: w.story.ID, Exact: "x", State: "lost"}
				_, _, err := tx.EnsurePassage(p, []byte("lost"))
				return err
			},
			"anchoring": func(tx *store.Tx) error {
				return tx.MovePassage(parley.Passage{ID: f.quote.ID, State: parley.PassageQuoted, Version: 1}, "quoted")
			},
			"version": func(tx *store.Tx) error {
				_, err := tx.AddVersion(parley.Version{Story: w.story.ID, Number: 0})
				return err
			},
			"correction's state": func(tx *store.Tx) error {
				c := f.correction(tx, "body", "")
				c.State = "lost"
				return tx.InsertCorrection(c)
			},
			"question's state": func(tx *store.Tx) error {
				_, err := tx.Raw().Exec(`UPDATE questions SET state = 'lost'`)
				return err
			},
			"step below": func(tx *store.Tx) error {
				return tx.InsertAnswer(parley.Answer{ID: tx.NewID(), Question: f.asked.ID, Version: 1, Reader: by.ID, Step: 0})
			},
			"step above": func(tx *store.Tx) error {
				return tx.InsertAnswer(parley.Answer{ID: tx.NewID(), Question: f.asked.ID, Version: 1, Reader: by.ID, Step: 8})
			},
			"outcome": func(tx *store.Tx) error {
				return tx.InsertSettlement(parley.Settlement{ID: tx.NewID(), Question: f.asked.ID, Outcome: "maybe", Source: "s", State: parley.SettlementProposed, ProposedBy: by.Byline()})
			},
			"settlement's state": func(tx *store.Tx) error {
				return tx.InsertSettlement(parley.Settlement{ID: tx.NewID(), Question: f.asked.ID, Outcome: parley.OutcomeNo, Source: "s", State: "lost", ProposedBy: by.Byline()})
			},
			"appeal's state": func(tx *store.Tx) error {
				o, err := f.appeal(tx, "body")
				if err != nil {
					return nil // and be found out
				}
				o.State = "lost"
				return tx.DecideAppeal(o)
			},
			"silence": func(tx *store.Tx) error {
				_, err := tx.Silence(by.ID, "shun", by.ID)
				return err
			},
			"muted reader": func(tx *store.Tx) error {
				_, err := tx.Silence(by.ID, parley.Mute, 1)
				return err
			},
		} {
			if err := w.s.Write(ctx, 0, save); err == nil {
				t.Errorf("a wrong %s was saved", name)
			}
		}
	})
}
