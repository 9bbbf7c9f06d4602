package press

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"parley/internal/markup"
)

const (
	// settled is how long a file must have been left alone before its time is trusted. A file written twice
	// within the clock's grain has the same time both times; until then it is read again at every look.
	settled = 2 * time.Second
	// maxFile is the most bytes of an article: ten times the longest magazine piece.
	maxFile = 1 << 20
)

// file is what is known of one Markdown file.
type file struct {
	stamp   stamp
	read    time.Time
	article *Article // the last good one; nil when there was none
	problem error    // what is wrong with it now
}

// stamp tells two states of a file apart.
type stamp struct {
	modified time.Time
	size     int64
}

func stampOf(info fs.FileInfo) stamp { return stamp{info.ModTime(), info.Size()} }

// update reads one file again if it may have changed.
func (p *Publication) update(name string, now time.Time) {
	f := p.files[name]
	if f == nil {
		f = &file{}
		p.files[name] = f
	}
	info, err := fs.Stat(p.dir, name)
	if err == nil && p.unchanged(f, info) {
		return
	}
	f.read, f.problem = now, err
	if err == nil {
		f.stamp = stampOf(info)
		var article *Article
		if article, f.problem = p.read(name, info); f.problem == nil {
			if f.article == nil || f.article.Version != article.Version {
				f.article = article
			}
			return
		}
	}
	problem := &Problem{}
	if !errors.As(f.problem, &problem) {
		problem = &Problem{What: "cannot be read: " + f.problem.Error()}
	}
	problem.File = name
	f.problem = problem
}

// unchanged tells whether f holds what the file says. A file with a problem is always read again: the
// problem may have been a picture that came later.
func (p *Publication) unchanged(f *file, info fs.FileInfo) bool {
	if f.article == nil || f.problem != nil || f.stamp != stampOf(info) || f.read.Sub(f.stamp.modified) < settled {
		return false
	}
	for _, picture := range f.article.pictures {
		if info, err := fs.Stat(p.dir, picture.Name); err != nil || picture.stamp != stampOf(info) {
			return false
		}
	}
	return true
}

// read makes an article of a file.
func (p *Publication) read(name string, info fs.FileInfo) (*Article, error) {
	a := &Article{Slug: slugOf(name), Passages: true, Questions: true}
	switch {
	case a.Slug == "":
		return nil, &Problem{What: `a file's name becomes the article's address, so it must be small letters, digits and hyphens with ".md"`}
	case !info.Mode().IsRegular() || info.Size() > maxFile:
		return nil, &Problem{What: fmt.Sprintf("must be a file of at most %d kB", maxFile>>10)}
	}
	src, err := fs.ReadFile(p.dir, name)
	if err != nil {
		return nil, err
	}
	front, body, err := split(src)
	if err != nil {
		return nil, err
	}
	values, err := readFront(a, front)
	if err != nil {
		return nil, err
	}
	if value := values["picture"]; value != nil {
		if a.Picture, err = pictureIn(p.dir, value); err != nil {
			return nil, &Problem{Key: "picture", What: err.Error()}
		}
		a.pictures = append(a.pictures, a.Picture)
	}
	if a.HTML, a.Blocks, err = markup.Article(body); err != nil {
		return nil, &Problem{What: "the text cannot be made into a page: " + err.Error()}
	}
	if err := p.illustrate(a); err != nil {
		return nil, &Problem{What: "the text " + err.Error()}
	}
	a.count()
	sum := sha256.New()
	sum.Write(src)
	for _, picture := range a.pictures {
		fmt.Fprint(sum, picture.stamp.modified.UnixNano(), picture.Width, picture.Height)
	}
	a.Version = short(sum.Sum(nil))
	return a, nil
}
