package web

import (
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"parley"
	"parley/internal/recent"
)

// Pace is how often something may be done: a burst at once, then one more each interval.
type Pace struct {
	Name  string
	Burst int
	Every time.Duration
	Why   string // the reason, for docs/limits.md
}

// The paces. Those by account follow a reader from address to address; those by address hold for everybody
// behind it, so they leave room for an office or a mobile network behind one address.
var (
	PaceComment  = Pace{"comments, reasons, corrections and appeals by one account", 10, 20 * time.Second, "a quick exchange is possible, a flood is not"}
	PaceMark     = Pace{"answers, recommendations, follows, mutes and blocks by one account", 60, time.Second, "more than a person clicks"}
	PaceReport   = Pace{"reports by one account", 20, 30 * time.Second, "a reader who reports in good faith has time to read"}
	PacePreview  = Pace{"previews by one account", 30, time.Second, "rendering costs more than reading"}
	PaceRegister = Pace{"registrations from one address", 20, time.Minute, "a school class can join, a farm of accounts cannot"}
	PaceSignIn   = Pace{"sign-ins from one address", 20, 10 * time.Second, "guessing passwords must be slow; each guess costs 20 MiB"}
	PaceAccount  = Pace{"sign-ins to one mail address", 10, time.Minute, "guessing one reader's password must be slow from everywhere together"}
	PaceRead     = Pace{"answers made for one reader or address alone", 200, 50 * time.Millisecond, "many tabs, no scraping; shared pages are not counted"}
	PaceStream   = Pace{"streams opened from one address", 100, 200 * time.Millisecond, "many tabs after a restart, no storm"}
)

// Paces lists the paces for the documentation.
func Paces() []Pace {
	return []Pace{PaceComment, PaceMark, PaceReport, PacePreview, PaceRegister, PaceSignIn, PaceAccount, PaceRead, PaceStream}
}

// maxTracked is how many accounts and addresses are remembered at once; the least recently seen are forgotten.
const maxTracked = 200_000

// Limiter counts by name and key, in memory of this process. A nil Limiter allows everything.
type Limiter struct {
	buckets *recent.Cache[bucket, *rate.Limiter]
	refused [9]atomic.Int64 // by place among Paces
}

type bucket struct {
	pace string
	key  string
}

// NewLimiter gives an empty limiter.
func NewLimiter() *Limiter {
	return &Limiter{buckets: recent.NewCounted[bucket, *rate.Limiter](maxTracked).Idle(time.Hour)}
}

// Allow counts one use and refuses with CodeTooManyRequests, saying when to come back.
func (l *Limiter) Allow(p Pace, key string) error {
	if l == nil {
		return nil
	}
	b := l.buckets.GetOrMake(bucket{p.Name, key}, func() *rate.Limiter { return rate.NewLimiter(rate.Every(p.Every), p.Burst) })
	use := b.Reserve()
	wait := use.Delay()
	if wait == 0 {
		return nil
	}
	use.Cancel()
	if i := slices.IndexFunc(Paces(), func(one Pace) bool { return one.Name == p.Name }); i >= 0 {
		l.refused[i].Add(1)
	}
	return parley.Errorf(parley.CodeTooManyRequests, "That is a little fast. Please try again in %s.", inWords(wait)).After(wait)
}

// Refused calls put for every pace with how often it was too slow for somebody.
func (l *Limiter) Refused(put func(pace string, n int64)) {
	if l == nil {
		return
	}
	for i, name := range []string{"comment", "mark", "report", "preview", "register", "sign-in", "account", "read", "stream"} {
		put(name, l.refused[i].Load())
	}
}

func inWords(d time.Duration) string {
	switch seconds := int(d.Seconds()) + 1; {
	case seconds == 1:
		return "a second"
	case seconds < 120:
		return (time.Duration(seconds) * time.Second).String()
	default:
		return (time.Duration(seconds/60+1) * time.Minute).Truncate(time.Minute).String()
	}
}

// AllowReader counts a use by the account that is signed in, or by the address of whoever is not.
func (f *Forum) AllowReader(r *http.Request, p Pace) error {
	who, err := f.Who(r)
	if err != nil {
		return err
	}
	if who.Reader.ID != 0 {
		return f.Limits.Allow(p, "reader "+who.Reader.ID.String())
	}
	return f.AllowAddress(r, p)
}

// AllowAddress counts a use by the address a request comes from.
func (f *Forum) AllowAddress(r *http.Request, p Pace) error {
	return f.Limits.Allow(p, "address "+f.Proxies.Client(r).String())
}

// AllowSignIn counts an attempt to sign in, by where it comes from and by the account it aims at.
func (f *Forum) AllowSignIn(r *http.Request, email string) error {
	if err := f.AllowAddress(r, PaceSignIn); err != nil {
		return err
	}
	return f.Limits.Allow(PaceAccount, "account "+strings.ToLower(strings.TrimSpace(email[:min(len(email), parley.MaxEmail)])))
}
