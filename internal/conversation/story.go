package conversation

import (
	"context"
	"strings"
	"unicode/utf8"

	"parley"
	"parley/internal/store"
)

// OpenStory gives the story at an address on the site, made if this is the first write there. The address
// must lie on one of the site's origins; who asks must be signed in, so that passers-by make no rows.
func (s *Service) OpenStory(ctx context.Context, by parley.Reader, rawURL, title string) (story parley.Story, made bool, err error) {
	url, err := s.site.StoryURL(rawURL)
	if err != nil {
		return parley.Story{}, false, err
	}
	return s.ensure(ctx, by.ID, parley.Story{URL: url, Title: title})
}

// Register makes the story of a page the publisher's own program knows, or brings its title, section and
// date up to date, with the rest that describes it, and gives its id. A ClosedAt other than 0 closes an open
// story; 0 leaves it as it is, and so do PassagesOff and QuestionsOff when they are false.
func (s *Service) Register(ctx context.Context, page parley.Story) (parley.ID, error) {
	url, err := s.site.StoryURL(page.URL)
	if err != nil {
		return 0, err
	}
	page.URL = url
	story, _, err := s.ensure(ctx, 0, page)
	if err != nil {
		return 0, err
	}
	page.Title, page.Section = clip(page.Title, parley.MaxTitle), clip(page.Section, maxSection)
	described := story.Title == page.Title && story.Section == page.Section && story.PublishedAt == page.PublishedAt &&
		story.WrittenAt == page.WrittenAt && story.AuthorEmail == page.AuthorEmail
	switched := (story.PassagesOff || !page.PassagesOff) && (story.QuestionsOff || !page.QuestionsOff)
	if described && switched && (page.ClosedAt == 0 || story.Closed()) {
		return story.ID, nil
	}
	return story.ID, s.store.Write(ctx, story.ID, func(tx *store.Tx) error {
		if !described {
			page.ID = story.ID
			revision, err := tx.DescribeStory(page)
			if err != nil {
				return err
			}
			tx.Append(parley.Event{Site: s.site.ID, Story: story.ID, Kind: parley.EventRefreshed, Subject: story.ID, Data: parley.EventData{Revision: revision}})
		}
		if !switched {
			revision, err := tx.SwitchStory(story.ID, story.PassagesOff || page.PassagesOff, story.QuestionsOff || page.QuestionsOff)
			if err != nil {
				return err
			}
			tx.Append(parley.Event{Site: s.site.ID, Story: story.ID, Kind: parley.EventSwitched, Subject: story.ID, Data: parley.EventData{Revision: revision}})
		}
		if page.ClosedAt == 0 || story.Closed() {
			return nil
		}
		revision, err := tx.CloseStory(story.ID, page.ClosedAt)
		tx.Append(parley.Event{Site: s.site.ID, Story: story.ID, Kind: parley.EventStoryClosed, Subject: story.ID, Data: parley.EventData{Revision: revision}})
		return err
	})
}

// maxSection is the most characters of a section's name, as the schema has it.
const maxSection = 100

func (s *Service) ensure(ctx context.Context, actor parley.ID, page parley.Story) (story parley.Story, made bool, err error) {
	nobody := parley.Nobody(s.site.ID)
	err = s.store.Read(ctx, func(tx *store.Tx) error {
		story, err = tx.StoryByURL(nobody, page.URL)
		return err
	})
	if parley.CodeOf(err) != parley.CodeNotFound {
		return story, false, err
	}
	page.Title = clip(page.Title, parley.MaxTitle)
	page.Section = clip(page.Section, maxSection)
	if page.Title == "" {
		page.Title = clip(page.URL, parley.MaxTitle)
	}
	err = s.store.Write(ctx, 0, func(tx *store.Tx) error {
		page.ID, page.Site, page.CreatedAt = tx.NewID(), s.site.ID, tx.Now
		if story, made, err = tx.EnsureStory(page); err != nil || !made {
			return err
		}
		tx.Append(parley.Event{Site: s.site.ID, Story: story.ID, Kind: parley.EventStoryMade, Subject: story.ID, Actor: actor, Data: parley.EventData{Revision: story.Revision}})
		return nil
	})
	return story, made, err
}

// clip makes a title printable, single-spaced and at most max characters long.
func clip(title string, max int) string {
	title = strings.Join(strings.Fields(strings.ToValidUTF8(title, "")), " ")
	title = strings.Map(func(r rune) rune {
		if r < 0x20 || r == 0x7f || (r >= 0x202a && r <= 0x202e) || (r >= 0x2066 && r <= 0x2069) {
			return -1
		}
		return r
	}, title)
	if utf8.RuneCountInString(title) <= max {
		return title
	}
	return strings.TrimSpace(string([]rune(title)[:max-1])) + "…"
}
