package demo

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

// line is what must be the same in two runs of one seed.
type line struct {
	slug, author, body, to string
	depth, recommendations int
}

// linesOf gives every comment of every piece, without the times, and checks the times.
func linesOf(t testing.TB, d Deps) (lines []line) {
	t.Helper()
	nobody, now := parley.Nobody(d.site().ID), d.Store.Now()
	look(t, d, func(tx *store.Tx) error {
		for _, a := range d.Edition.Articles {
			story, err := tx.StoryByURL(nobody, d.Names.Forum+a.Path())
			if err != nil {
				return err
			}
			all, err := tx.NewComments(nobody, story.ID, 0, 1_000_000)
			if err != nil {
				return err
			}
			if len(all) != story.Comments {
				t.Errorf("%s counts %d comments and has %d", a.Slug, story.Comments, len(all))
			}
			at := map[parley.ID]parley.Time{}
			for _, c := range all {
				at[c.ID] = c.CreatedAt
				if c.CreatedAt > now || c.CreatedAt < parley.TimeOf(a.Published) || c.CreatedAt != c.ID.Time() {
					t.Errorf("%s: a comment is from %v", a.Slug, c.CreatedAt.UTC())
				}
				if c.Parent != 0 && at[c.Parent] >= c.CreatedAt {
					t.Errorf("%s: an answer is from %v, what it answers from %v", a.Slug, c.CreatedAt.UTC(), at[c.Parent].UTC())
				}
				lines = append(lines, line{a.Slug, c.Author.Name, c.Body, c.To.Name, c.Depth, c.Recommendations})
			}
		}
		return nil
	})
	slices.SortFunc(lines, func(a, b line) int { return strings.Compare(a.slug+a.body+a.author, b.slug+b.body+b.author) })
	return lines
}

func generate(t testing.TB, d Deps, p Plan) (steps int) {
	t.Helper()
	last := 0
	err := Generate(context.Background(), d, p, func(done, total int) {
		if done <= last || done > total {
			t.Errorf("progress went from %d to %d of %d", last, done, total)
		}
		steps++
		last = done
	})
	if err != nil {
		t.Fatal(err)
	}
	return steps
}

func TestGenerateIsTheSameForASeed(t *testing.T) {
	plan := Plan{Readers: 60, Comments: 1_200, Seed: 7}
	one, two, other := deps(t, storetest.Open(t), 8080), deps(t, storetest.Open(t), 8080), deps(t, storetest.Open(t), 8080)
	generate(t, one, plan)
	generate(t, two, plan)
	first, second := linesOf(t, one), linesOf(t, two)
	if len(first) != plan.Comments {
		t.Errorf("made %d comments, want %d", len(first), plan.Comments)
	}
	if !slices.Equal(first, second) {
		t.Error("two runs of one seed differ")
	}
	if again := generate(t, one, plan); again != 0 {
		t.Errorf("a plan that was carried out took %d steps again", again)
	}
	if !slices.Equal(first, linesOf(t, one)) {
		t.Error("the second run of a plan on one folder changed something")
	}
	generate(t, one, Plan{Readers: 60, Comments: 1_400, Seed: 7})
	if more := linesOf(t, one); len(more) != 1_400 {
		t.Errorf("a larger plan made it %d comments, want 1,400", len(more))
	}
	plan.Seed = 8
	generate(t, other, plan)
	if slices.Equal(first, linesOf(t, other)) {
		t.Error("another seed gives the same talk")
	}
}

func TestGenerateGoesOn(t *testing.T) {
	plan := Plan{Readers: 60, Comments: 2_000, Seed: 3}
	d, whole := deps(t, storetest.Open(t), 8080), deps(t, storetest.Open(t), 8080)
	ctx, cancel := context.WithCancel(t.Context())
	err := Generate(ctx, d, plan, func(done, total int) {
		if done > total/2 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("a run that was stopped gives %v", err)
	}
	generate(t, d, plan)
	generate(t, whole, plan)
	if !slices.Equal(linesOf(t, d), linesOf(t, whole)) {
		t.Error("a run that broke off and went on differs from one that did not")
	}
}

// TestGenerateLooksLikeAForum looks at the shape of the talk: few stories, readers, threads and comments have
// most of everything.
func TestGenerateLooksLikeAForum(t *testing.T) {
	d := deps(t, storetest.Open(t), 8080)
	generate(t, d, Plan{Comments: 5_000, Seed: 1})
	lines := linesOf(t, d)
	byStory, byAuthor, bodies := map[string]int{}, map[string]int{}, map[string]bool{}
	var letters, roots, alone, deep, none, most int
	for _, l := range lines {
		byStory[l.slug]++
		byAuthor[l.author]++
		bodies[l.body] = true
		letters += len([]rune(l.body))
		if l.depth == 1 {
			roots++
		}
		if l.recommendations == 0 {
			none++
		}
		most = max(most, l.recommendations)
		deep = max(deep, l.depth)
	}
	var threads []int
	look(t, d, func(tx *store.Tx) error {
		for _, a := range d.Edition.Articles {
			story, err := tx.StoryByURL(parley.Nobody(d.site().ID), d.Names.Forum+a.Path())
			if err != nil {
				return err
			}
			page, _, err := tx.Threads(parley.Nobody(d.site().ID), story.ID, parley.Oldest, parley.Cursor{}, 10_000)
			if err != nil {
				return err
			}
			for _, thread := range page {
				threads = append(threads, thread.Root.Replies)
				if thread.Root.Replies == 0 {
					alone++
				}
			}
		}
		return nil
	})
	between := func(what string, got, least, atMost float64) {
		if got < least || got > atMost {
			t.Errorf("%s: %.2f, want between %.2f and %.2f", what, got, least, atMost)
		}
	}
	sorted := func(counts map[string]int) (list []int) {
		for _, n := range counts {
			list = append(list, n)
		}
		slices.Sort(list)
		return list
	}
	n := float64(len(lines))
	stories, authors := sorted(byStory), sorted(byAuthor)
	slices.Sort(threads)
	between("share of the first story", float64(stories[len(stories)-1])/n, 0.25, 0.5)
	between("comments of the busiest of 100 readers to the middle one's", float64(authors[len(authors)-1])/float64(authors[len(authors)/2]), 5, 200)
	between("replies in the largest thread", float64(threads[len(threads)-1]), 60, 1_500)
	between("share of threads without a reply", float64(alone)/float64(roots), 0.3, 0.55)
	between("comments a thread", n/float64(roots), 3, 8)
	between("depth", float64(deep), 6, deepest)
	between("mean length", float64(letters)/n, 220, 420)
	between("share without a recommendation", float64(none)/n, 0.4, 0.8)
	between("most recommendations", float64(most), 15, 400)
	between("share of different texts", float64(len(bodies))/n, 0.99, 1)
}

func TestGenerateUnderASlowClock(t *testing.T) {
	then := parley.TimeOf(time.Date(2025, 1, 1, 12, 0, 0, 0, time.UTC))
	storetest.EachAt(t, func() parley.Time { return then }, func(t *testing.T, s *store.Store) {
		d := deps(t, s, 8080)
		generate(t, d, Plan{Comments: 1_000, Seed: 1})
		for _, a := range d.Edition.Articles {
			if at := storyAt(t, d, d.Names.Forum+a.Path()).LastComment.Time(); at > then || at < then.Add(-24*time.Hour) {
				t.Errorf("%s has its last comment from %v", a.Slug, at.UTC())
			}
		}
	})
}

func TestNamesAreDifferent(t *testing.T) {
	seen := map[string]bool{}
	for i := range 300_000 {
		name := nameOf(i)
		if seen[name] || len([]rune(name)) > parley.MaxName {
			t.Fatalf("name %d is %q", i, name)
		}
		seen[name] = true
	}
}

func TestShares(t *testing.T) {
	for _, total := range []int{0, 1, 6, 100, 99_999} {
		sum, before := 0, math.MaxInt
		for _, part := range shares(total, 7) {
			if part > before || part < 0 {
				t.Errorf("%d is shared as %v", total, shares(total, 7))
			}
			sum, before = sum+part, part
		}
		if sum != total {
			t.Errorf("the shares of %d make %d", total, sum)
		}
	}
}

// TestGrammarKnowsEveryPiece keeps the grammar's own words for each piece, and its lists whole.
func TestGrammarKnowsEveryPiece(t *testing.T) {
	general := newGrammar("")
	for _, a := range deps(t, storetest.Open(t), 8080).Edition.Articles {
		g := newGrammar(a.Slug)
		for _, list := range []string{"it", "who", "thing", "deed", "claim", "doubt"} {
			if len(g[list]) < len(general[list])+3 {
				t.Errorf("grammar.txt has %d phrases of %q for %s", len(g[list])-len(general[list]), list, a.Slug)
			}
		}
		r := drawFor(a.Slug)
		for range 200 {
			text := g.comment(r, "Ada Lum")
			if strings.ContainsAny(text, "{}[]") || strings.Contains(text, "  ") || strings.Contains(text, " ,") {
				t.Fatalf("made up %q", text)
			}
		}
	}
}

// BenchmarkGenerate tells how many made-up comments a second reach the disk.
func BenchmarkGenerate(b *testing.B) {
	for b.Loop() {
		d := deps(b, storetest.Open(b), 8080)
		begun := time.Now()
		generate(b, d, Plan{Readers: 2_000, Comments: 20_000, Seed: 1})
		b.ReportMetric(22_000/time.Since(begun).Seconds(), "records/s")
	}
}
