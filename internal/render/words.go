package render

import (
	"fmt"
	"strings"

	"parley"
)

// words says the sentences around the comments in one language.
type words struct{}

func wordsOf(string) words { return words{} }

var sentences = map[string][2]string{
	"conversation":     {"Conversation"},
	"comments":         {"%d comment", "%d comments"},
	"no_comments":      {"No comments yet"},
	"be_first":         {"Nobody has written here yet. What do you think?"},
	"sort":             {"Sort comments"},
	"sort_newest":      {"Newest"},
	"sort_oldest":      {"Oldest"},
	"sort_recommended": {"Most recommended"},
	"fresh":            {"Show new comments"},
	"invite":           {"Join the conversation."},
	"offer":            {"Register to comment, to recommend what others should read, and to follow other readers and see their replies."},
	"write":            {"Write a comment"},
	"register":         {"Register"},
	"sign_in":          {"Sign in"},
	"closed":           {"This conversation is closed."},
	"closed_note":      {"You can still read, recommend and report."},
	"own_page":         {"Open on its own page"},
	"shown":            {"%d of %d thread", "%d of %d threads"},
	"more_threads":     {"Show %d more thread", "Show %d more threads"},
	"further":          {"Show more threads"},
	"to_start":         {"Back to the first threads"},
	"replies":          {"%d reply", "%d replies"},
	"replies_bare":     {"Replies"},
	"replies_to":       {"to %s"},
	"more_replies":     {"Show %d more reply", "Show %d more replies"},
	"further_replies":  {"Show more replies"},
	"answers":          {"in reply to %s"},
	"answers_level":    {"in reply to %s, level %d"},
	"level":            {"reply, level %d"},
	"linked":           {"Linked comment"},
	"edited":           {"edited"},
	"recommend":        {"Recommend"},
	"reply":            {"Reply"},
	"more":             {"More actions for the comment by %s"},
	"withdrawn":        {"Withdrawn by its author."},
	"removed":          {"Removed by a moderator."},
	"held":             {"Waiting to be published. Only you can see it."},
	"refused":          {"Not published. Only you can see it."},
	"thread":           {"A thread of the conversation"},
	"whole":            {"See the whole conversation"},
	"earlier":          {"Earlier replies"},
	"later":            {"Later replies"},
	"recommendations":  {"%d recommendation", "%d recommendations"},
	"older":            {"Older comments"},
	"under":            {"under"},
}

// Text gives a sentence with its places filled in.
func (words) Text(key string, args ...any) string { return fill(sentences[key][0], args) }

// Count gives a sentence in the form that n asks for.
func (words) Count(key string, n int, args ...any) string {
	forms := sentences[key]
	form := forms[1]
	if n == 1 {
		form = forms[0]
	}
	return fill(form, append([]any{n}, args...))
}

// Date gives a moment as people write it, in UTC because the page is the same for everybody.
func (words) Date(t parley.Time) string { return t.UTC().Format("2 January 2006, 15:04 UTC") }

func fill(form string, args []any) string {
	if !strings.Contains(form, "%") {
		return form
	}
	return fmt.Sprintf(form, args...)
}
