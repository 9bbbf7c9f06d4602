package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"parley/cmd/torture/internal/broken"
)

// control is how many rounds of each fault the program as it is must stand before any broken build is tried.
const control = 2

// prove shows that broken builds are caught, and that the program as it is passes the same rounds.
func (s *settings) prove(ctx context.Context) (err error) {
	s.engine = sqlite
	b, err := s.newBench()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.close()) }()
	builds, err := chosenBuilds(s.only)
	if err != nil {
		return err
	}
	root, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}", "parley").Output()
	if err != nil {
		return fmt.Errorf("find the sources: %w", err)
	}
	if err := b.possibleHere(ctx, builds); err != nil {
		return err
	}
	proof := &proof{Rounds: s.rounds, Machine: machineName(), Builds: map[string]caught{}}
	if s.summary != "" {
		if err := readJSON(s.summary, proof); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	bar := b.bar("builds", len(builds)+1)
	if proof.AsItIs, err = b.standing(ctx, builds); err != nil {
		return err
	}
	bar.done(1)
	missed := 0
	for _, one := range builds {
		got, err := b.catch(ctx, one, strings.TrimSpace(string(root)), bar)
		if err != nil {
			return err
		}
		if got.Round == 0 {
			missed++
		}
		proof.Builds[one.Name] = got
		proof.Revision = revision(b.program)
		if err := saveJSON(s.summary, proof); err != nil {
			return err
		}
		bar.done(1)
	}
	bar.end()
	if missed > 0 {
		return fmt.Errorf("%d of %d broken builds were not caught: this torture proves nothing", missed, len(builds))
	}
	fmt.Printf("All %d broken builds were caught.\n", len(builds))
	return nil
}

// proof is what came of the broken builds. With -summary it is kept in a file, to which further builds are added.
type proof struct {
	Rounds   int               `json:"rounds"` // that a build may stand
	Revision string            `json:"revision,omitempty"`
	Machine  string            `json:"machine"`
	AsItIs   string            `json:"as_it_is"` // a sentence
	Builds   map[string]caught `json:"builds"`
}

// caught tells when a broken build was found out.
type caught struct {
	Round        int    `json:"round"` // 0 = never
	Fault        string `json:"fault"`
	Acknowledged int    `json:"acknowledged"` // until then
	Violations   int    `json:"violations"`   // in that round
	First        string `json:"first"`        // of these
}

func chosenBuilds(only string) (chosen []broken.Build, err error) {
	if only == "" {
		return broken.All(), nil
	}
	for name := range strings.SplitSeq(only, ",") {
		i := slices.IndexFunc(broken.All(), func(b broken.Build) bool { return b.Name == strings.TrimSpace(name) })
		if i < 0 {
			return nil, fmt.Errorf("there is no broken build %q", name)
		}
		chosen = append(chosen, broken.All()[i])
	}
	return chosen, nil
}

// possibleHere fails where a fault that a build must be caught by cannot be made: a proof with parts left out is none.
func (b *bench) possibleHere(ctx context.Context, builds []broken.Build) error {
	for _, one := range builds {
		f, err := faultOn(sqlite, one.Fault)
		if err == nil {
			err = b.possible(ctx, f, sqlite)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", one.Name, err)
		}
	}
	return nil
}

// standing plays the rounds with the program as it is, and says what they came to.
func (b *bench) standing(ctx context.Context, builds []broken.Build) (string, error) {
	b.program = filepath.Join(b.folder, "parley")
	if err := build(ctx, b.program); err != nil {
		return "", err
	}
	var names []string
	for _, one := range builds {
		if !slices.Contains(names, one.Fault) {
			names = append(names, one.Fault)
		}
	}
	total := &summary{}
	for _, name := range names {
		f, err := faultOn(sqlite, name)
		if err != nil {
			return "", err
		}
		for n := range control {
			r, err := b.play(ctx, n+1, f, sqlite, b.seed+uint64(n))
			if err != nil {
				return "", err
			}
			total.add(&r.result)
			if r.result.failed() {
				return "", fmt.Errorf("the program as it is fails, and so nothing can be proved: %s: %s\n%s", r.result.Violations[0].Rule, r.result.Violations[0].What, r.result.repeat())
			}
		}
	}
	fmt.Printf("%-14s stands   %s\n", "as it is", total)
	return total.String(), nil
}

// catch plays rounds with a broken build until one finds something.
func (b *bench) catch(ctx context.Context, one broken.Build, root string, bar bar) (got caught, err error) {
	f, err := faultOn(sqlite, one.Fault)
	if err != nil {
		return got, err
	}
	overlay, err := one.Overlay(root, b.folder)
	if err != nil {
		return got, err
	}
	b.program = filepath.Join(b.folder, "parley-"+one.Name)
	if err := build(ctx, b.program, "-overlay", overlay); err != nil {
		return got, fmt.Errorf("%s: %w", one.Name, err)
	}
	got.Fault = f.name
	for n := range b.settings.rounds {
		r, err := b.play(ctx, n+1, f, sqlite, b.seed+uint64(n))
		if err != nil {
			return got, fmt.Errorf("%s: %w", one.Name, err)
		}
		got.Acknowledged += r.result.Acknowledged
		if !r.result.failed() {
			continue
		}
		first := r.result.Violations[0]
		got.Round, got.Violations, got.First = n+1, len(r.result.Violations), first.Rule+": "+first.What
		bar.clear()
		fmt.Printf("%-14s caught   in round %d of %s, after %d writes: %d violations. The build: %s.\n               %.170s\n",
			one.Name, got.Round, f.name, got.Acknowledged, got.Violations, one.Breaks, got.First)
		return got, nil
	}
	bar.clear()
	fmt.Printf("%-14s MISSED   in %d rounds of %s, after %d writes. The build: %s.\n", one.Name, b.settings.rounds, f.name, got.Acknowledged, one.Breaks)
	return got, nil
}
