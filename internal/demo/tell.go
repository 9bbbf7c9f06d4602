package demo

import (
	"context"
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"parley"
	"parley/internal/conversation"
	"parley/internal/identity"
)

// cast is everybody who says something.
type cast struct {
	ids map[string]parley.ID // by name
	all []parley.ID          // those without a demo account, in order of appearance: they recommend
}

// firsts tells when each person of the demo first says, thinks, suggests or settles something, by name.
func firsts(scenes []*scene) map[string]parley.Time {
	first := map[string]parley.Time{}
	for _, one := range roll(scenes) {
		if before, there := first[one.name]; !there || one.at < before {
			first[one.name] = one.at
		}
	}
	return first
}

// appearance is somebody doing something.
type appearance struct {
	name   string
	at     parley.Time
	editor bool // as an editor
}

// roll lists who does something, in the order of the files.
func roll(scenes []*scene) (all []appearance) {
	for _, s := range scenes {
		add := func(name string, at parley.Time, editor bool) {
			if name != "" {
				all = append(all, appearance{name, at.Add(s.shift), editor})
			}
		}
		for _, t := range s.talks {
			for _, said := range t.talk {
				add(said.Name, t.written(said), false)
			}
		}
		for _, c := range s.argument.Corrections {
			add(c.By, parley.Time(c.At), false)
		}
		for _, g := range s.answers {
			add(g.name, g.at, false)
		}
		q := s.argument.Question
		if q == nil {
			continue
		}
		add(q.By, parley.Time(q.Asked), true)
		if q.Settled != nil {
			add(q.Settled.By, parley.Time(q.Settled.At), true)
			add(q.Settled.With, parley.Time(q.Settled.At), true)
			if a := q.Settled.Appeal; a != nil {
				add(a.By, parley.Time(a.At), false)
				add(a.Decider, parley.Time(a.Decided), true)
			}
		}
	}
	return all
}

// enter makes the accounts of the people of the demo, without any way in. Those that can be signed in to are
// there already.
func (d Deps) enter(ctx context.Context, scenes []*scene, own Accounts) (cast, error) {
	c := cast{ids: map[string]parley.ID{}}
	for _, a := range own.All() {
		c.ids[a.Name] = a.ID
	}
	var past []identity.Past
	at := map[string]int{} // place in past, by name
	first := firsts(scenes)
	for _, one := range roll(scenes) {
		if c.ids[one.name] != 0 {
			continue
		}
		i, there := at[one.name]
		if !there {
			i = len(past)
			at[one.name] = i
			since := first[one.name].Add(-ageOf(one.name))
			past = append(past, identity.Past{Source: source, SourceID: one.name, Name: one.name, Confirmed: true, Since: since})
		}
		if one.editor {
			past[i].Roles |= parley.RoleEditor
		}
	}
	for _, s := range scenes {
		if i, writes := at[s.by]; writes {
			past[i].Roles |= parley.RoleAuthor
		}
	}
	made, err := d.Identity.Import(ctx, past)
	if err != nil {
		return cast{}, fmt.Errorf("make the readers: %w", err)
	}
	for i, one := range made {
		c.ids[past[i].Name] = one.ID
		if !past[i].Roles.Has(parley.RoleEditor) {
			c.all = append(c.all, one.ID)
		}
	}
	return c, nil
}

// ageOf gives for how long somebody had been a reader when writing first: an hour to three years, and mostly
// some months.
func ageOf(name string) time.Duration {
	age := math.Exp(1.2*drawFor(name).NormFloat64()) * float64(5*month)
	return min(max(time.Duration(age), time.Hour), 36*month)
}

// drawFor gives chance that is the same at every start for the same words.
func drawFor(words ...string) *rand.Rand {
	sum := fnv.New64a()
	for _, word := range words {
		sum.Write([]byte(word))
		sum.Write([]byte{0})
	}
	return rand.New(rand.NewPCG(sum.Sum64(), 0))
}

// play brings in a story: each version of its text with what was said while it stood, then what was suggested and
// what has happened since. Passages are so found in the text that their readers saw, and found again or not in the
// versions after it.
func (d Deps) play(ctx context.Context, s *scene, c cast) error {
	made := false
	for i := range max(1, len(s.wordings)) {
		from, until := parley.Time(0), parley.Time(math.MaxInt64)
		if i < len(s.wordings) {
			if err := d.revise(ctx, s, i); err != nil {
				return err
			}
		}
		if i > 0 {
			from = s.wordings[i].at
		}
		if i+1 < len(s.wordings) {
			until = s.wordings[i+1].at
		}
		for _, t := range s.talks {
			some, err := d.tell(ctx, t, c, from, until)
			if err != nil {
				return fmt.Errorf("save the talk of %s: %w", t.file, err)
			}
			made = made || some
		}
	}
	if err := d.correct(ctx, s, c); err != nil {
		return fmt.Errorf("save the corrections of %s: %w", s.name, err)
	}
	if err := d.follow(ctx, s, c); err != nil {
		return fmt.Errorf("save what has happened since %s: %w", s.name, err)
	}
	if !made {
		return nil
	}
	return d.Conversation.FinishImport(ctx, s.story.ID)
}

// tell saves what of a talk was written in a time, level by level, so that what is answered has its id before its
// answers come. It tells whether anything was new.
func (d Deps) tell(ctx context.Context, t *told, c cast, from, until parley.Time) (made bool, err error) {
	deepest := 0
	for depth := 0; depth <= deepest; depth++ {
		var level []conversation.Past
		var places []int
		for i, said := range t.talk {
			deepest = max(deepest, said.Depth)
			if at := t.written(said); said.Depth != depth || at < from || at >= until {
				continue
			}
			past, err := d.past(t, said, c)
			if err != nil {
				return made, err
			}
			level = append(level, past)
			places = append(places, i)
		}
		if len(level) == 0 {
			continue
		}
		done, err := d.Conversation.Import(ctx, level)
		if err != nil {
			return made, err
		}
		for i, one := range done {
			t.ids[places[i]] = one.ID
			made = made || one.Made
		}
	}
	return made, nil
}

// past gives a comment as an import takes it; what it answers has been saved.
func (d Deps) past(t *told, said Said, c cast) (p conversation.Past, err error) {
	p = conversation.Past{
		Source: source, SourceID: t.file + " " + said.id(),
		Story: t.story.ID, Author: c.ids[said.Name], State: parley.Published, Body: said.Body, At: t.at(said),
	}
	if said.Parent >= 0 {
		p.Parent = t.ids[said.Parent]
	}
	p.Recommenders = choose(drawFor(p.SourceID), c.all, p.Author, said.Recommended)
	if d.site().HasPassages(t.story) {
		p.Passage, err = t.about(said)
	}
	return p, err
}

// choose draws n different readers, or as many as there are, never the author.
func choose(r *rand.Rand, from []parley.ID, author parley.ID, n int) []parley.ID {
	chosen := make([]parley.ID, 0, n)
	taken := map[parley.ID]bool{author: true}
	for most := len(from); len(chosen) < n && len(taken) < most; {
		one := from[r.IntN(most)]
		if !taken[one] {
			taken[one] = true
			chosen = append(chosen, one)
		}
	}
	return slices.Clip(chosen)
}
