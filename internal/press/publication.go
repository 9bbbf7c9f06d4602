package press

import (
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// lookEvery is how long an edition is given out before the folder is looked at again: a page after a save is
// at most this old, and a folder of a thousand files costs a few milliseconds a second.
const lookEvery = time.Second

// Publication is a folder of articles. It is safe for concurrent use.
type Publication struct {
	dir fs.FS
	now func() time.Time

	edition atomic.Pointer[Edition]
	looked  atomic.Int64 // when, in Unix nanoseconds

	mu     sync.Mutex // held while looking at the folder
	files  map[string]*file
	report func(error)
	told   map[string]bool
}

// Load reads every article of the folder. It fails only when the folder itself cannot be read; what is wrong
// with single files stands in [Edition.Problems].
func Load(dir fs.FS) (*Publication, error) {
	p := &Publication{dir: dir, now: time.Now, files: map[string]*file{}, told: map[string]bool{}}
	return p, p.Reload()
}

// Report calls to with each problem there is and, later, with each new one, once. Calls do not overlap; to
// must not call Reload.
func (p *Publication) Report(to func(error)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.report, p.told = to, map[string]bool{}
	p.tell(p.edition.Load().Problems)
}

// Edition gives the publication as it stands in the folder, or as it stood at most a second ago. It never
// waits for another caller who is looking.
func (p *Publication) Edition() *Edition {
	if p.now().UnixNano()-p.looked.Load() >= int64(lookEvery) && p.mu.TryLock() {
		defer p.mu.Unlock()
		if err := p.look(); err != nil {
			p.tell([]error{err}) // the articles stay as they were
		}
	}
	return p.edition.Load()
}

// Reload looks at the folder now. When the folder cannot be read, the articles stay as they were.
func (p *Publication) Reload() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.look()
}

func (p *Publication) look() error {
	now := p.now()
	p.looked.Store(now.UnixNano())
	entries, err := fs.ReadDir(p.dir, ".")
	if err != nil {
		if p.edition.Load() == nil {
			p.edition.Store(newEdition(nil, nil))
		}
		return fmt.Errorf("read the folder of articles: %w", err)
	}
	seen := map[string]bool{}
	for _, entry := range entries {
		name := entry.Name()
		if strings.HasSuffix(name, ".md") && !strings.HasPrefix(name, ".") {
			seen[name] = true
			p.update(name, now)
		}
	}
	maps.DeleteFunc(p.files, func(name string, _ *file) bool { return !seen[name] })
	p.publish()
	return nil
}

// publish makes an edition of what is known, unless nothing changed.
func (p *Publication) publish() {
	var articles []*Article
	var problems []error
	for _, name := range slices.Sorted(maps.Keys(p.files)) {
		f := p.files[name]
		if f.article != nil {
			articles = append(articles, f.article)
		}
		if f.problem != nil {
			problems = append(problems, f.problem)
		}
	}
	p.edition.Store(newEdition(articles, problems))
	p.tell(problems)
}

// tell reports the problems that have not been reported since they appeared.
func (p *Publication) tell(problems []error) {
	if p.report == nil {
		return
	}
	now := map[string]bool{}
	for _, problem := range problems {
		now[problem.Error()] = true
		if !p.told[problem.Error()] {
			p.report(problem)
		}
	}
	p.told = now
}
