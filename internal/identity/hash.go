package identity

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"runtime"
	"strings"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"parley"
	"parley/internal/hashing"
)

// cost is what one hash takes. The values are OWASP's floor for Argon2id (ASVS 5.0 appendix C).
type cost struct {
	memory  uint32 // KiB
	time    uint32
	threads uint8
}

var currentCost = cost{memory: 19_456, time: 2, threads: 1}

// maxCost bounds what a stored hash may ask for: an import must not bring one that takes the machine down.
var maxCost = cost{memory: 256 << 10, time: 16, threads: 16}

const (
	saltBytes = 16 // RFC 9106 section 3.1
	keyBytes  = 32

	// MaxHashing is how many hashes are made at once, and not more than there are cores: each holds 19 MiB.
	MaxHashing = 2
	// MaxWaiting is how many more may wait: a second on two cores. Beyond it readers are turned away at once,
	// because password guessing would otherwise be the cheapest way to stop the forum.
	MaxWaiting = 16
)

// password is the way in by password: Argon2id behind a short queue.
type password struct {
	places  chan struct{} // running and waiting
	running chan struct{}
	nobody  string // a hash that fits no password
	aside   *hashing.Aside
}

func newPassword(aside *hashing.Aside) *password {
	return &password{
		aside:   aside,
		places:  make(chan struct{}, MaxHashing+MaxWaiting),
		running: make(chan struct{}, min(MaxHashing, runtime.GOMAXPROCS(0))),
		nobody:  phc(currentCost, make([]byte, saltBytes), make([]byte, keyBytes)),
	}
}

// Hashing tells how many passwords are being checked, and how many wait for their turn.
func (s *Service) Hashing() (running, waiting int) {
	p, _ := s.ways[wayPassword].(*password)
	if p == nil {
		return 0, 0
	}
	running = len(p.running)
	return running, max(0, len(p.places)-running)
}

// room tells whether somebody could wait for a hash now. It refuses with parley.CodeBusy when too many do already.
func (p *password) room() error {
	if len(p.places) < cap(p.places) {
		return nil
	}
	return errCrowded()
}

func errCrowded() error {
	return parley.Errorf(parley.CodeBusy, "Very many readers are signing in just now. Please try again in a moment.").After(busyAfter)
}

// Crowded refuses with parley.CodeBusy while so many sign in or register that one more would be turned away. Whoever
// asks before doing anything else turns them away at the least cost; it says nothing about any account.
func (s *Service) Crowded() error { return s.ways[wayPassword].room() }

// queue runs fn when a place is free. It refuses with parley.CodeBusy when too many wait already.
func (p *password) queue(ctx context.Context, fn func()) error {
	select {
	case p.places <- struct{}{}:
		defer func() { <-p.places }()
	default:
		return errCrowded()
	}
	select {
	case p.running <- struct{}{}:
		defer func() { <-p.running }()
	case <-ctx.Done():
		return ctx.Err()
	}
	fn()
	return nil
}

func (p *password) seal(ctx context.Context, chosen string) (kept string, err error) {
	err = p.queue(ctx, func() { kept = p.hash(chosen) })
	return kept, err
}

func (p *password) prove(ctx context.Context, kept, given string) (fits bool, better string, err error) {
	known := kept != ""
	if !known || len(given) > parley.MaxPassword {
		known, kept = false, p.nobody
	}
	c, salt, want, err := parsePHC(kept)
	if err != nil {
		return false, "", err
	}
	err = p.queue(ctx, func() {
		got := p.key(c, given, salt, len(want))
		fits = subtle.ConstantTimeCompare(got, want) == 1 && known
		if fits && c.below(currentCost) {
			better = p.hash(given)
		}
	})
	return fits, better, err
}

// hash gives a new PHC string for a password.
func (p *password) hash(password string) string {
	salt := make([]byte, saltBytes)
	rand.Read(salt)
	return phc(currentCost, salt, p.key(currentCost, password, salt, keyBytes))
}

// key hashes a password in NFC, so that two keyboards that type one letter differently give one hash.
func (p *password) key(c cost, password string, salt []byte, n int) []byte {
	params := hashing.Params{Passes: c.time, Memory: c.memory, Lanes: c.threads, Length: uint32(n)}
	return p.aside.Key(norm.NFC.Bytes([]byte(password)), salt, params)
}

func (c cost) below(other cost) bool { return c.memory < other.memory || c.time < other.time }

// phc writes a hash in the PHC string format, which names its own parameters.
func phc(c cost, salt, key []byte) string {
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.memory, c.time, c.threads, b64(salt), b64(key))
}

func parsePHC(s string) (c cost, salt, key []byte, err error) {
	parts := strings.Split(s, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return c, nil, nil, fmt.Errorf("read a stored hash: not argon2id of version %d", argon2.Version)
	}
	if _, err = fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &c.memory, &c.time, &c.threads); err != nil {
		return c, nil, nil, fmt.Errorf("read a stored hash: %w", err)
	}
	if c.memory == 0 || c.time == 0 || c.threads == 0 || maxCost.below(c) || c.threads > maxCost.threads {
		return c, nil, nil, fmt.Errorf("read a stored hash: its cost is out of bounds")
	}
	if salt, err = base64.RawStdEncoding.Strict().DecodeString(parts[4]); err == nil {
		key, err = base64.RawStdEncoding.Strict().DecodeString(parts[5])
	}
	if err != nil || len(salt) < 8 || len(key) < 16 || len(key) > 64 {
		return c, nil, nil, fmt.Errorf("read a stored hash: salt or key is damaged")
	}
	return c, salt, key, nil
}
