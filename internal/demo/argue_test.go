package demo

import (
	"io/fs"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"parley"
	"parley/internal/forecast"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

const lindmarkStory = "will-the-lindmark-ceasefire-hold-until-spring"

// sceneOf gives the scene of a name.
func sceneOf(t *testing.T, scenes []*scene, name string) *scene {
	t.Helper()
	i := slices.IndexFunc(scenes, func(s *scene) bool { return s.name == name })
	if i < 0 {
		t.Fatalf("there is no scene %s", name)
	}
	return scenes[i]
}

// TestContentIsTrue reads all that was written by hand: what talk quotes stood in the text when it was written, and
// everything happens in order.
func TestContentIsTrue(t *testing.T) {
	d := deps(t, storetest.Open(t), 8080)
	scenes, err := d.gather()
	if err != nil {
		t.Fatal(err)
	}
	foreign, err := fs.ReadFile(foreignFiles, "foreign/ferry.html")
	if err != nil {
		t.Fatal(err)
	}
	ferry := strings.NewReplacer("<em>", "", "</em>", "").Replace(strings.Join(strings.Fields(string(foreign)), " "))
	for _, s := range scenes {
		for _, talk := range s.talks {
			for _, said := range talk.talk {
				p, err := talk.about(said)
				if err != nil {
					t.Error(err)
				}
				if n := len([]rune(p.Exact)); n > parley.MaxPassage || s.name == "letters/ferry" && !strings.Contains(ferry, p.Exact) {
					t.Errorf("%s:%d is about words that are not there: %q", talk.file, said.Line, p.Exact)
				}
			}
		}
		for _, c := range s.argument.Corrections {
			if c.About == "" || (c.Accepted != "") == (c.Declined != "") && c.Decided != 0 || c.Decided != 0 && (c.Decided <= c.At || c.Decider == "") {
				t.Errorf("%s: the correction by %s does not hold together", s.name, c.By)
			}
			if _, err := standing(s.wordings, parley.Time(c.At)).passage(c.About); err != nil {
				t.Errorf("%s: the correction by %s: %v", s.name, c.By, err)
			}
		}
		before := map[string]given{}
		for _, g := range s.answers {
			q := s.argument.Question
			if was, again := before[g.name]; again && (was.at >= g.at || was.step == g.step && g.talk == nil) {
				t.Errorf("%s: %s answers %s again", s.name, g.name, g.step)
			}
			if before[g.name] = g; g.at <= parley.Time(q.Asked) || g.at >= q.until() || g.step.String() == "" || g.name == q.By {
				t.Errorf("%s: %s answers %q at %v", s.name, g.name, g.step, g.at.UTC())
			}
		}
	}
	for name, want := range map[string][2]int{lifeStory: {60, 150}, lindmarkStory: {45, 80}} {
		s := sceneOf(t, scenes, name)
		readers := map[string]bool{}
		for _, g := range s.answers {
			readers[g.name] = true
		}
		if t.Logf("%s: %d readers answered %d times", name, len(readers), len(s.answers)); len(readers) < want[0] || len(s.answers) < want[1] {
			t.Errorf("%s has %d readers and %d answers, want at least %v", name, len(readers), len(s.answers), want)
		}
	}
}

// TestAnswersAreTheSameAtEveryStart also holds that milestones are seen in what readers think.
func TestAnswersAreTheSameAtEveryStart(t *testing.T) {
	d := deps(t, storetest.Open(t), 8080)
	one, err := d.gather()
	if err != nil {
		t.Fatal(err)
	}
	two, err := d.gather()
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range one {
		same := func(a, b given) bool {
			return a.name == b.name && a.at == b.at && a.step == b.step && a.place == b.place
		}
		if !slices.EqualFunc(s.answers, two[i].answers, same) {
			t.Errorf("%s is answered differently the second time", s.name)
		}
	}
	for _, name := range []string{lifeStory, lindmarkStory} {
		s := sceneOf(t, one, name)
		moved := 0
		for _, m := range s.argument.Question.Milestones {
			before, after := s.think(parley.Time(m.Day)), s.think(parley.Time(m.Day).Add(12*24*time.Hour))
			t.Logf("%s: %-60q from %.2f to %.2f", name, m.Text, before, after)
			if math.Abs(after-before) > 0.08 {
				moved++
			}
		}
		if moved < 3 {
			t.Errorf("%s: %d milestones move the readers", name, moved)
		}
	}
}

// think gives the chance that readers see together at a moment, 0 to 1.
func (s *scene) think(at parley.Time) float64 {
	ids := map[string]int64{}
	var all []forecast.Answer
	for _, g := range s.answers {
		if ids[g.name] == 0 {
			ids[g.name] = int64(len(ids) + 1)
		}
		all = append(all, forecast.Answer{Reader: ids[g.name], At: int64(g.at), P: forecast.Midpoint(int(g.step))})
	}
	chance, _ := forecast.Together(all, int64(s.argument.Question.Asked), int64(at))
	return chance
}

func TestSeededArgument(t *testing.T) {
	d := deps(t, storetest.Open(t), 8080)
	accounts := seed(t, d)
	t.Run("passages", func(t *testing.T) { checkPassages(t, d, accounts) })
	t.Run("corrections", func(t *testing.T) { checkCorrections(t, d, accounts) })
	t.Run("questions", func(t *testing.T) { checkQuestions(t, d, accounts) })
}

func checkPassages(t *testing.T, d Deps, accounts Accounts) {
	nobody := parley.Nobody(d.site().ID)
	story := storyAt(t, d, d.Names.Forum+"/articles/"+lifeStory)

	var all []parley.Passage
	look(t, d, func(tx *store.Tx) (err error) {
		all, err = tx.Passages(nobody, story.ID)
		return err
	})
	states, most := map[parley.PassageState]int{}, 0
	for _, p := range all {
		states[p.State]++
		most = max(most, p.Comments)
		t.Logf("%-8s %2d  %s", p.State, p.Comments, p.Exact)
	}
	if states[parley.PassageFound] < 12 || states[parley.PassageChanged] < 2 || most < 10 || len(all) != story.Passages {
		t.Errorf("the passages are %v, with at most %d comments; the story counts %d", states, most, story.Passages)
	}
	found := func(words string) (p parley.Passage) {
		for _, p := range all {
			if strings.HasPrefix(p.Exact, words) {
				return p
			}
		}
		t.Errorf("nobody talks about %q", words)
		return p
	}
	if p := found("By the best outside estimate"); p.State != parley.PassageChanged {
		t.Errorf("words that were rewritten are %s", p.State)
	}
	for _, words := range []string{"In March, when gate four jammed", "A stalemate does not stop a war"} {
		if p := found(words); p.State != parley.PassageFound || p.Version != story.Version {
			t.Errorf("%q, lightly edited, is %s in version %d", words, p.State, p.Version)
		}
	}

	changes, err := d.Passages.Changes(t.Context(), nobody, story.ID)
	if err != nil || len(changes) != 4 || story.Version != 4 || len(changes[0].Paragraphs) != 2 {
		t.Errorf("the text changed as in %+v (%v)", changes, err)
	}
	blocks := []string{}
	for _, b := range d.Edition.Article(lifeStory).Blocks {
		blocks = append(blocks, b.Text)
	}
	if changed, err := d.Passages.Revise(t.Context(), story.ID, story.Title, blocks); changed || err != nil {
		t.Errorf("the text that is served is not the newest version (%v)", err)
	}
}

func checkCorrections(t *testing.T, d Deps, accounts Accounts) {
	story := storyAt(t, d, d.Names.Forum+"/articles/"+lifeStory)
	editor := parley.Viewer{Site: d.site().ID, Reader: accounts.Editor.ID, Roles: parley.RoleEditor}
	var corrections, declined, open []parley.Correction
	look(t, d, func(tx *store.Tx) (err error) {
		if corrections, err = tx.AcceptedCorrections(story.ID, 10); err != nil {
			return err
		}
		if declined, err = tx.Corrections(editor, story.ID, parley.CorrectionDeclined, 0, 10); err != nil {
			return err
		}
		open, err = tx.Corrections(editor, story.ID, parley.CorrectionOpen, 0, 10)
		return err
	})
	if len(declined) != 1 || declined[0].Reply == "" || len(open) != 1 || open[0].Passage == 0 {
		t.Errorf("the others are %+v and %+v", declined, open)
	}
	if len(corrections) != 2 || story.Corrections != 2 || corrections[1].Reader.Name != "Tamás Őrsi" || corrections[1].DecidedBy.ID != accounts.Author.ID || corrections[1].Passage == 0 {
		t.Errorf("the accepted corrections are %+v", corrections)
	}
	var author parley.Reader
	look(t, d, func(tx *store.Tx) (err error) {
		author, err = tx.ReaderForVerb(d.site().ID, accounts.Author.ID)
		return err
	})
	if !story.WrittenBy(author) {
		t.Errorf("%+v did not write %+v", author, story)
	}
	if off := storyAt(t, d, d.Names.Forum+"/articles/the-library-should-stay-open-at-night"); !off.PassagesOff || !off.QuestionsOff {
		t.Errorf("the switches of %s are on", off.Title)
	}
	if old := storyAt(t, d, d.Names.Forum+"/articles/"+lindmarkStory); old.WrittenAt == 0 || old.WrittenAt >= old.PublishedAt {
		t.Errorf("%s was written at %v and published at %v", old.Title, old.WrittenAt.UTC(), old.PublishedAt.UTC())
	}
}

func checkQuestions(t *testing.T, d Deps, accounts Accounts) {
	now := d.Store.Now()
	var open, settled parley.Question
	var reasons map[parley.ID]parley.Step
	var sequels []parley.Sequel
	var appeals []parley.SettlementAppeal
	look(t, d, func(tx *store.Tx) (err error) {
		nobody := parley.Nobody(d.site().ID)
		first, last := storyAt(t, d, d.Names.Forum+"/articles/"+lifeStory), storyAt(t, d, d.Names.Forum+"/articles/"+lindmarkStory)
		open, err = tx.Question(nobody, first.Question)
		if err == nil {
			settled, err = tx.Question(nobody, last.Question)
		}
		if err == nil {
			reasons, err = tx.ReasonSteps(nobody, first.ID, 100)
		}
		if err == nil {
			sequels, err = tx.Sequels(last.ID)
		}
		var settlements []parley.Settlement
		if err == nil {
			settlements, err = tx.Settlements(settled.ID)
		}
		if err == nil {
			appeals, err = tx.Appeals(settlements[0].ID)
		}
		return err
	})
	if open.Takes(now) != nil || open.Words.Closes < now.Add(leastAhead) || strings.Contains(open.Words.Text, "{") || open.Readers < 60 {
		t.Errorf("the open question is %+v", open)
	}
	if len(reasons) < 14 {
		t.Errorf("%d comments give the reason for an answer, want 14", len(reasons))
	}
	if settled.State != parley.QuestionSettled || settled.Outcome != parley.OutcomeNo || len(sequels) != 2 || sequels[0].Later == 0 || len(appeals) != 1 {
		t.Errorf("the settled question is %+v, with the sequels %+v and the appeals %+v", settled, sequels, appeals)
	}
	nadia := parley.Viewer{Site: d.site().ID, Reader: accounts.Reader.ID}
	picture, err := d.Question.Together(t.Context(), nadia, open.ID)
	if err != nil || len(picture.Milestones) != 3 || picture.Readers != open.Readers {
		t.Errorf("what readers think together is %+v (%v)", picture, err)
	}
	for _, c := range []struct {
		account       Account
		least, atMost int
	}{{accounts.Reader, 20, 40}, {accounts.Moderator, 5, 19}, {accounts.Author, 1, 4}} {
		record, err := d.Question.Record(t.Context(), parley.Reader{ID: c.account.ID, Site: d.site().ID, ConfirmedAt: 1})
		if t.Logf("%s: %+v", c.account.Name, record); err != nil || record.Settled < c.least || record.Settled > c.atMost {
			t.Errorf("%s has %d settled questions (%v), want %d to %d", c.account.Name, record.Settled, err, c.least, c.atMost)
		}
	}
}

func TestArgumentErrorsNameFileAndLine(t *testing.T) {
	const question = "question:\n  by: A\n  asked: 2026-05-21\n  closes: 2026-08-01\n  crowd: {readers: 1, path: [2026-05-21 3]}\n"
	for src, want := range map[string]string{
		"qustion:\n  by: A\n": `x.argument.yaml:1: unknown field "qustion"`,
		"current: soon\n":     `x.argument.yaml:1: "soon" is neither a day like 2026-05-21 nor a moment like 2026-05-21T06:00:00+02:00`,
		question + "  answers:\n    B: [2026-05-22 perhaps]\n":            `x.argument.yaml:7: "perhaps" is none of the seven answers, such as realistic_possibility`,
		strings.Replace(question, "21 3", "21 9", 1):                      `x.argument.yaml:5: "9" is no place on the yardstick, from 1 to 7`,
		question + "  answers:\n    B: [2026-05-20 unlikely]\n":           `the answer of B of 2026-05-20 12:00:00 +0000 UTC is out of order`,
		question + "  milestones:\n    - {day: 2027-01-01, text: Late}\n": `the milestone "Late" lies outside the time of the answers`,
	} {
		_, err := argumentOf(fstest.MapFS{"x.argument.yaml": {Data: []byte(src)}}, "x")
		if err == nil || err.Error() != want {
			t.Errorf("%q gives\n%v, want\n%s", src, err, want)
		}
	}
}

func TestWordings(t *testing.T) {
	now := wording{title: "Now", blocks: []string{"The guns stop on Thursdays.", "Nobody says why.", "Corrected."}, at: 100}
	before, err := earlier{At: 50, Edits: []edit{{"Thursdays", "Sundays"}, {"Corrected.", ""}}}.of(now)
	if err != nil || before.title != "Now" || !slices.Equal(before.blocks, []string{"The guns stop on Sundays.", "Nobody says why."}) {
		t.Errorf("the version before is %+v (%v)", before, err)
	}
	if _, err := (earlier{Edits: []edit{{"o", "a"}}}).of(now); err == nil {
		t.Error("an edit of words that stand twice is taken")
	}
	whole, err := earlier{Title: "Then", Text: "One *short* text.\n\nIn two parts."}.of(now)
	if err != nil || whole.title != "Then" || !slices.Equal(whole.blocks, []string{"One short text.", "In two parts."}) {
		t.Errorf("a whole text is %+v (%v)", whole, err)
	}
	p, err := now.passage("guns … Nobody says")
	if err != nil || p.Exact != "guns stop on Thursdays. Nobody says" || p.Prefix != "The " || p.Suffix != " why. Corrected." || p.Start != 4 || p.End != 39 {
		t.Errorf("the passage is %+v (%v)", p, err)
	}
	for _, about := range []string{"o", "guns … Sundays", "nowhere"} {
		if p, err := now.passage(about); err == nil {
			t.Errorf("%q is found as %q", about, p.Exact)
		}
	}
}

func TestAhead(t *testing.T) {
	day := parley.TimeOf(time.Date(2027, 6, 30, 21, 59, 0, 0, time.UTC))
	for now, want := range map[string]int{"2026-11-23": 2027, "2027-03-01": 2027, "2027-05-01": 2028, "2031-12-31": 2032} {
		var m moment
		if err := m.read(now); err != nil {
			t.Fatal(err)
		}
		if got := ahead(day, parley.Time(m)).UTC(); got.Year() != want || got.YearDay() < 180 {
			t.Errorf("started on %s, answers end on %v, want %d", now, got, want)
		}
	}
}
