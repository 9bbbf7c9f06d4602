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

// enter makes the accounts of the hand-written readers, without any way in. The demo's own reader has one
// already.
func (d Deps) enter(ctx context.Context, talks []*told, own Account) (cast, error) {
	var past []identity.Past
	at := map[string]int{} // place in past, by name
	for _, t := range talks {
		for _, said := range t.talk {
			if said.Name == own.Name {
				continue
			}
			i, there := at[said.Name]
			if !there {
				i = len(past)
				at[said.Name] = i
				past = append(past, identity.Past{Source: source, SourceID: said.Name, Name: said.Name, Since: math.MaxInt64})
			}
			past[i].Since = min(past[i].Since, t.at(said))
		}
	}
	for _, t := range talks {
		if i, writes := at[t.by]; writes {
			past[i].Roles = parley.RoleAuthor
		}
	}
	for i := range past {
		past[i].Since = past[i].Since.Add(-ageOf(past[i].Name))
	}
	made, err := d.Identity.Import(ctx, past)
	if err != nil {
		return cast{}, fmt.Errorf("make the readers: %w", err)
	}
	c := cast{ids: map[string]parley.ID{own.Name: own.ID}}
	for i, one := range made {
		c.ids[past[i].Name] = one.ID
		c.all = append(c.all, one.ID)
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

// tell saves a talk level by level, so that what is answered has its id before its answers come.
func (d Deps) tell(ctx context.Context, t *told, c cast) error {
	made := false
	for depth := 0; ; depth++ {
		var level []conversation.Past
		var places []int
		for i, said := range t.talk {
			if said.Depth == depth {
				level = append(level, t.past(said, c))
				places = append(places, i)
			}
		}
		if len(level) == 0 {
			break
		}
		done, err := d.Conversation.Import(ctx, level)
		if err != nil {
			return fmt.Errorf("save the talk of %s: %w", t.file, err)
		}
		for i, one := range done {
			t.ids[places[i]] = one.ID
			made = made || one.Made
		}
	}
	if !made {
		return nil
	}
	return d.Conversation.FinishImport(ctx, t.story.ID)
}

// past gives a comment as an import takes it; what it answers has been saved.
func (t *told) past(said Said, c cast) conversation.Past {
	p := conversation.Past{
		Source: source, SourceID: t.file + " " + said.id(),
		Story: t.story.ID, Author: c.ids[said.Name], State: parley.Published, Body: said.Body, At: t.at(said),
	}
	if said.Parent >= 0 {
		p.Parent = t.ids[said.Parent]
	}
	p.Recommenders = choose(drawFor(p.SourceID), c.all, p.Author, said.Recommended)
	return p
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
