package identity

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"

	"parley"
	"parley/internal/store"
)

func TestHashes(t *testing.T) {
	p := newPassword(nil)
	kept, err := p.seal(t.Context(), "Schöne neue Welt 7")
	if err != nil || !strings.HasPrefix(kept, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Fatalf("kept %q: %v", kept, err)
	}
	twice, _ := p.seal(t.Context(), "Schöne neue Welt 7")
	if twice == kept {
		t.Error("two hashes of one password are equal: there is no salt")
	}
	for given, want := range map[string]bool{
		"Schöne neue Welt 7": true, norm.NFD.String("Schöne neue Welt 7"): true,
		"Schöne neue Welt 8": false, "": false, "Schöne neue Welt 7 ": false, strings.Repeat("x", parley.MaxPassword+1): false,
	} {
		if fits, better, err := p.prove(t.Context(), kept, given); fits != want || better != "" || err != nil {
			t.Errorf("%.30q fits: %v (%v), want %v", given, fits, err, want)
		}
	}
	if fits, _, err := p.prove(t.Context(), "", "anything at all here"); fits || err != nil {
		t.Errorf("a password fits nobody's account: %v, %v", fits, err)
	}
}

func TestDamagedHashes(t *testing.T) {
	p := newPassword(nil)
	good := p.nobody
	for _, kept := range []string{
		"x", "$argon2id$", strings.Replace(good, "argon2id", "argon2i", 1), strings.Replace(good, "v=19", "v=18", 1),
		strings.Replace(good, "m=19456", "m=4294967295", 1), strings.Replace(good, "t=2", "t=4000000000", 1), strings.Replace(good, "t=2", "t=0", 1),
		strings.Replace(good, "p=1", "p=255", 1), good[:len(good)-1] + "!", good[:len(good)-30], good + "$x", "$2y$10$abcdefghijklmnopqrstuv",
	} {
		begin := time.Now()
		if fits, _, err := p.prove(t.Context(), kept, "some password here"); fits || err == nil || time.Since(begin) > time.Second {
			t.Errorf("%q: fits %v, error %v, after %v", kept, fits, err, time.Since(begin))
		}
	}
}

// TestRehash: a hash of a lower cost is replaced at the next sign-in, and the new one works.
func TestRehash(t *testing.T) {
	w := one(t)
	r := w.confirmed("Ada Lovelace", "ada@example.org")
	low := cost{memory: 8192, time: 1, threads: 1}
	salt := []byte("0123456789abcdef")
	w.write(func(tx *store.Tx) error {
		return tx.SetCredential(r.ID, wayPassword, "", phc(low, salt, newPassword(nil).key(low, goodPassword, salt, keyBytes)))
	})
	for try := range 2 {
		if _, _, err := w.SignIn(t.Context(), "ada@example.org", goodPassword); err != nil {
			t.Fatalf("sign-in %d: %v", try, err)
		}
		w.read(func(tx *store.Tx) error {
			kept, err := tx.Credential(r.ID, wayPassword, "")
			if c, _, _, parseErr := parsePHC(kept); parseErr != nil || c != currentCost {
				t.Errorf("after sign-in %d the hash has cost %+v (%v)", try, c, parseErr)
			}
			return err
		})
	}
}

// TestFullQueueTurnsAway fills the hashing queue to its bound and sees the next one refused at once.
func TestFullQueueTurnsAway(t *testing.T) {
	w := one(t)
	p := w.ways[wayPassword].(*password)
	release := make(chan struct{})
	var running, done sync.WaitGroup
	running.Add(cap(p.running))
	for i := range MaxHashing + MaxWaiting {
		done.Go(func() {
			err := p.queue(context.Background(), func() {
				if i < cap(p.running) {
					running.Done()
				}
				<-release
			})
			if err != nil {
				t.Errorf("place %d of %d: %v", i, MaxHashing+MaxWaiting, err)
			}
		})
		if i == cap(p.running)-1 {
			running.Wait()
		}
	}
	for deadline := time.Now().Add(10 * time.Second); len(p.places) < cap(p.places) && time.Now().Before(deadline); {
		time.Sleep(time.Millisecond) // until the last of them stands in the queue
	}
	for what, call := range map[string]func() error{
		"registering": func() error {
			_, _, err := w.Register(t.Context(), Registration{Name: "Ada Lovelace", Email: "ada@example.org", Password: goodPassword})
			return err
		},
		"signing in": func() error { _, _, err := w.SignIn(t.Context(), "ada@example.org", goodPassword); return err },
	} {
		begin := time.Now()
		err := call()
		wants(t, what+" with the queue full", err, parley.CodeBusy)
		if refusal, ok := errors.AsType[*parley.Error](err); !ok || refusal.Retry <= 0 {
			t.Errorf("%s: the refusal does not say when to come back: %v", what, err)
		}
		if took := time.Since(begin); took > time.Second {
			t.Errorf("%s was turned away only after %v", what, took)
		}
	}
	close(release)
	done.Wait()
	w.register("Ada Lovelace", "ada@example.org")
}

// TestLeavingTheQueue: whoever gives up waiting frees the place.
func TestLeavingTheQueue(t *testing.T) {
	p := newPassword(nil)
	for range cap(p.running) {
		p.running <- struct{}{}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for range 2 * cap(p.places) {
		if err := p.queue(ctx, func() { t.Error("ran although all were busy") }); !errors.Is(err, context.Canceled) {
			t.Fatalf("leaving gives %v", err)
		}
	}
	if len(p.places) != 0 {
		t.Errorf("%d places stayed taken", len(p.places))
	}
}

func TestFailuresRest(t *testing.T) {
	w := one(t)
	w.confirmed("Ada Lovelace", "ada@example.org")
	for _, email := range []string{"ada@example.org", "nobody@example.org"} {
		for range maxFailures - 1 {
			w.failures.add(email, w.clock.Now())
		}
		_, _, err := w.SignIn(t.Context(), email, "the last wrong one, promised")
		wants(t, "the hundredth failure of "+email, err, parley.CodeSignInFailed)
		_, _, err = w.SignIn(t.Context(), strings.ToUpper(email), goodPassword)
		wants(t, "the next try of "+email, err, parley.CodeTooManyRequests)
	}
	w.clock.Advance(restAfter)
	_, _, err := w.SignIn(t.Context(), "ada@example.org", "wrong again, and rests again")
	wants(t, "a failure after the rest", err, parley.CodeSignInFailed)
	_, _, err = w.SignIn(t.Context(), "ada@example.org", goodPassword)
	wants(t, "right after it", err, parley.CodeTooManyRequests)
	w.clock.Advance(restAfter)
	_, _, err = w.SignIn(t.Context(), "ada@example.org", goodPassword)
	wants(t, "the owner after the rest", err, "")
	_, _, err = w.SignIn(t.Context(), "ada@example.org", "one wrong one is forgiven")
	wants(t, "a failure after a success", err, parley.CodeSignInFailed)
}

// TestFailuresAreBounded: many addresses push out those with few failures before those with many.
func TestFailuresAreBounded(t *testing.T) {
	f := failures{max: 100}
	for range maxFailures {
		f.add("watched", 1)
	}
	for i := range 10_000 {
		f.add(strings.Repeat("x", i), 1)
	}
	if len(f.entries) > f.max || f.wait("watched", 1) == 0 {
		t.Errorf("%d entries, the watched one waits %v", len(f.entries), f.wait("watched", 1))
	}
}
