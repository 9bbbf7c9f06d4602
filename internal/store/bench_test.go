package store_test

import (
	"fmt"
	"math"
	"sync"
	"sync/atomic"
	"testing"

	"parley"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

// sizes are the numbers of comments in a story for which a page is timed.
var sizes = []int{100, 1_000, 10_000, 100_000}

// BenchmarkPages times the pages readers ask for most, uncached, in stories of growing size: the first page in
// each order, one from the middle, the replies of a thread, the permalink's way up, and a reader's own marks.
// A page of a story of 100,000 comments should cost no more than one of 1,000.
func BenchmarkPages(b *testing.B) {
	storetest.BenchEach(b, func(b *testing.B, s *store.Store) {
		w := newWorld(b, s)
		reader := w.reader("Reader")
		for _, size := range sizes {
			story := w.newStory(w.site)
			bulk(b, s, story, size)
			middle := w.number(`SELECT id FROM comments WHERE story = $1 AND parent = 0 ORDER BY id LIMIT 1 OFFSET $2`, story.ID, size/8)
			thread := parley.Comment{ID: parley.ID(middle) + 2, Root: parley.ID(middle)}
			for name, page := range map[string]func(tx *store.Tx) error{
				"newest":           threads(parley.Nobody(w.site), story, parley.Newest, parley.Cursor{}),
				"oldest":           threads(parley.Nobody(w.site), story, parley.Oldest, parley.Cursor{}),
				"recommended":      threads(parley.Nobody(w.site), story, parley.Recommended, parley.Cursor{}),
				"newest-next":      threads(parley.Nobody(w.site), story, parley.Newest, parley.Cursor{ID: parley.ID(middle)}),
				"recommended-next": threads(parley.Nobody(w.site), story, parley.Recommended, parley.Cursor{ID: parley.ID(middle)}),
				"newest-viewer":    threads(viewerOf(reader), story, parley.Newest, parley.Cursor{}),
				"replies": func(tx *store.Tx) error {
					_, _, err := tx.Replies(parley.Nobody(w.site), thread.Root, 0, parley.PageReplies)
					return err
				},
				"ancestors": func(tx *store.Tx) error {
					_, err := tx.Ancestors(parley.Nobody(w.site), thread)
					return err
				},
				"own": func(tx *store.Tx) error {
					_, err := tx.OwnComments(viewerOf(reader), story.ID, 0, 50)
					return err
				},
				"marks": func(tx *store.Tx) error {
					_, err := tx.Marks(viewerOf(reader), story.ID)
					return err
				},
			} {
				b.Run(fmt.Sprintf("%s/%d", name, size), func(b *testing.B) {
					for b.Loop() {
						if err := s.View(ctx, page); err != nil {
							b.Fatal(err)
						}
					}
				})
			}
		}
	})
}

func threads(v parley.Viewer, story parley.Story, sort parley.Sort, from parley.Cursor) func(tx *store.Tx) error {
	return func(tx *store.Tx) error {
		threads, _, err := tx.Threads(v, story.ID, sort, from, parley.PageThreads)
		if err == nil && len(threads) == 0 {
			err = fmt.Errorf("an empty page")
		}
		return err
	}
}

// BenchmarkFeed times the first page of the feed of readers who follow few and as many as can be, each of whom
// wrote far more than a page.
func BenchmarkFeed(b *testing.B) {
	storetest.BenchEach(b, func(b *testing.B, s *store.Store) {
		w := newWorld(b, s)
		bulk(b, s, w.story, 200_000)
		_, err := 0, s.Write(ctx, 0, func(tx *store.Tx) error {
			// Ten readers in eleven write nothing more; the rest wrote a hundred each.
			_, err := tx.Raw().Exec(`UPDATE comments SET author = author - (author - (SELECT min(author) FROM comments)) % 10`)
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
		for _, follows := range []int{10, 100, parley.MaxFollows} {
			me := w.reader(fmt.Sprint("Follows ", follows))
			err := s.Write(ctx, 0, func(tx *store.Tx) error {
				_, err := tx.Raw().Exec(fmt.Sprintf(`INSERT INTO follows (reader, kind, target, seen, at)
					SELECT %d, 'reader', id, %d, 0 FROM (SELECT DISTINCT author AS id FROM comments LIMIT %d) a`, me.ID, math.MaxInt64, follows))
				return err
			})
			if err != nil {
				b.Fatal(err)
			}
			b.Run(fmt.Sprint(follows), func(b *testing.B) {
				for b.Loop() {
					err := s.View(ctx, func(tx *store.Tx) error {
						page, err := tx.Feed(viewerOf(me), 0, parley.PageThreads)
						if err == nil && len(page) != parley.PageThreads {
							err = fmt.Errorf("a page of %d", len(page))
						}
						return err
					})
					if err != nil {
						b.Fatal(err)
					}
				}
			})
			b.Run(fmt.Sprint("unread/", follows), func(b *testing.B) {
				for b.Loop() {
					err := s.View(ctx, func(tx *store.Tx) error {
						_, err := tx.CountUnread(viewerOf(me))
						return err
					})
					if err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	})
}

// BenchmarkPosts times posting with a real fsync, as the verb does it (comment, counters, event), by one, some
// and many writers in one hot story.
func BenchmarkPosts(b *testing.B) {
	storetest.BenchEach(b, func(b *testing.B, s *store.Store) {
		w := newWorld(b, s)
		author := w.reader("Author")
		for _, writers := range []int{1, 16, 64} {
			b.Run(fmt.Sprint(writers), func(b *testing.B) {
				var left atomic.Int64
				left.Store(int64(b.N))
				var wg sync.WaitGroup
				b.ResetTimer()
				for range writers {
					wg.Go(func() {
						for left.Add(-1) >= 0 {
							err := s.Write(ctx, w.story.ID, func(tx *store.Tx) error {
								c := draft(tx, w.story, author, parley.Comment{}, parley.Published)
								c.Body = words
								return insert(tx, c)
							})
							if err != nil {
								b.Error(err)
								return
							}
						}
					})
				}
				wg.Wait()
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "posts/s")
			})
		}
	})
}

// BenchmarkDuplicateOf looks for a reader's comment written twice, each time under another parent.
func BenchmarkDuplicateOf(b *testing.B) {
	storetest.BenchEach(b, func(b *testing.B, s *store.Store) {
		w := newWorld(b, s)
		story := w.newStory(w.site)
		bulk(b, s, story, 1000)
		c := parley.Comment{Story: story.ID, Author: parley.Byline{ID: w.reader("Reader").ID}, Body: "Said before?"}
		if err := s.Read(ctx, func(tx *store.Tx) error {
			for b.Loop() {
				c.Parent++
				if _, err := tx.DuplicateOf(c, 1); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			b.Fatal(err)
		}
	})
}
