package parley

import (
	"net/url"
	"slices"
	"strings"
)

// Site is one publisher's forum: the tenant. Everything else belongs to exactly one site, and an id of
// another site is an id of nothing.
type Site struct {
	ID              ID
	Key             string   // the operator's short name for it, such as "main"
	Name            string   // what readers see
	BaseURL         string   // where readers reach the forum, without a trailing slash; never taken from a request
	Origins         []string // exact origins whose pages may embed the conversation, the forum's own first
	Language        string   // BCP 47 tag of the forum's own sentences
	HoldUnconfirmed bool     // comments of readers without a confirmed address wait for the confirmation
	Passages        bool     // readers can talk about passages of a story's text
	Questions       bool     // stories can carry an open question
	Delicate        bool     // questions on private people and on numbers of the dead are not refused
}

// Embeds tells whether pages of this exact origin may embed the site's conversations.
func (s Site) Embeds(origin string) bool { return slices.Contains(s.Origins, origin) }

// StoryURL gives the canonical form of a story's address on this site: absolute http or https on one of the
// site's origins, host in lower case, without fragment, default port or tracking parameters. Two spellings
// that publishers use for one page come out equal. It refuses with CodeBadStory.
func (s Site) StoryURL(raw string) (string, error) {
	refuse := Errorf(CodeBadStory, "The story must be an address on this site.").On("story")
	if len(raw) > MaxURL {
		return "", refuse
	}
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.User != nil || u.Opaque != "" || (u.Scheme != "http" && u.Scheme != "https") {
		return "", refuse
	}
	u.Host = strings.ToLower(u.Host)
	if (u.Scheme == "http" && u.Port() == "80") || (u.Scheme == "https" && u.Port() == "443") {
		u.Host = u.Hostname()
	}
	if u.Scheme == "http" && !s.Embeds("http://"+u.Host) {
		u.Scheme = "https" // old links to a site that has moved to https name the same page
	}
	if !s.Embeds(u.Scheme + "://" + u.Host) {
		return "", refuse
	}
	u.Fragment, u.RawFragment = "", ""
	if u.Path == "" {
		u.Path = "/"
	}
	query := u.Query()
	for name := range query {
		if tracks(name) {
			query.Del(name)
		}
	}
	u.RawQuery = query.Encode()
	u.ForceQuery = false
	return u.String(), nil
}

// tracks tells whether a query parameter only says where the visitor came from.
func tracks(name string) bool {
	return strings.HasPrefix(name, "utm_") || slices.Contains([]string{"fbclid", "gclid", "mc_cid", "mc_eid"}, name)
}

// HasPassages tells whether readers can talk about passages of a story.
func (s Site) HasPassages(t Story) bool { return s.Passages && !t.PassagesOff }

// HasQuestion tells whether a story shows its question.
func (s Site) HasQuestion(t Story) bool { return s.Questions && !t.QuestionsOff && t.Question != 0 }
