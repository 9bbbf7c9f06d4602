package e2e

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
)

// menu presses an entry of a comment's menu. The comment is named by a selector for its li.
func (tb *tab) menu(comment, entry string) {
	tb.t.Helper()
	button := "parleyEyes.one(" + quote(comment+" > article [data-act=more]") + ")"
	tb.until("the menu's button", button)
	eval[bool](tb, button+".click(), true")
	tb.click(entry, ".menu")
}

// calls sends JSON to the API as the tab's reader and gives the status.
func (tb *tab) calls(method, path, body string) int {
	tb.t.Helper()
	return eval[int](tb, fmt.Sprintf(`fetch("/api/v1/" + %s, {method: %s, body: %s, headers: {"Content-Type": "application/json"}}).then((r) => r.status)`, quote(path), quote(method), quote(body)))
}

const newest = "[data-list] > li:first-child"

// TestOwnComment: the author of a comment changes and withdraws it, and a moderator removes another; who has the page
// open sees each arrive, and the replies stay.
func TestOwnComment(t *testing.T) {
	d := startDemo(t)
	root := browser(t)
	tb, other := visit(t, root, "author").open(d.forum+libraryPiece), visit(t, root, "other").open(d.forum+libraryPiece)
	tb.signIn("Nadia Orrin", "nadia.orrin@example.com", "tea on the long quay")
	other.register("Otto Lenz", "otto@example.com")
	other.sees("Thank you for registering, Otto Lenz")

	tb.write("parley-conversation", "The lamps **hum** in B flat.")
	tb.click("Preview", "form")
	tb.until("the preview", "parleyEyes.one('form .body strong', 'hum')")
	tb.click("Post", "form.compose")
	tb.until("the comment", "parleyEyes.one("+quote(newest)+", 'The lamps hum in B flat.')")
	tb.until("no recommending of one's own", "!parleyEyes.one("+quote(newest+" > article [data-act=recommend]")+")")
	id := eval[string](tb, "parleyEyes.one("+quote(newest)+").dataset.id")
	mine := "li[data-id='" + id + "']"

	other.click("Show 1 new comment")
	other.until("the comment", "parleyEyes.one("+quote(mine)+")")
	other.click("Reply", mine)
	other.write(mine, "In A, surely.")
	other.click("Post reply", mine)
	other.until("the reply", "parleyEyes.one("+quote(mine+" li")+", 'In A, surely.')")

	// Edited: the author sees it at once; whoever looks at it is asked first.
	tb.menu(mine, "Edit")
	tb.until("the text as it was written", "parleyEyes.one('.main textarea')?.value === 'The lamps **hum** in B flat.'")
	tb.typeInto("parleyEyes.one('.main textarea')", "The lamps **hum** in A.")
	tb.click("Save", mine)
	tb.until("the change and its date", "parleyEyes.one("+quote(mine+" > article")+", 'The lamps hum in A.') && parleyEyes.one("+quote(mine+" [data-edited] time")+")")
	eval[bool](other, "parleyEyes.one("+quote(mine)+").scrollIntoView({block: 'center'}), true")
	other.until("the change, or the word that there is one", "parleyEyes.one("+quote(mine+" [data-act=show-edit]")+") || parleyEyes.one("+quote(mine)+", 'in A.')")
	if eval[bool](other, "!!parleyEyes.one("+quote(mine+" [data-act=show-edit]")+")") {
		other.click("edited, show", mine)
	}
	other.until("the change", "parleyEyes.one("+quote(mine+" > article")+", 'The lamps hum in A.')")

	// Withdrawn: a placeholder for both, and the reply under it stays.
	tb.menu(mine, "Withdraw")
	tb.click("Withdraw", "dialog")
	for _, page := range []*tab{tb, other} {
		page.until("the placeholder", "parleyEyes.one("+quote(mine+" > article .tomb")+", 'Withdrawn by its author.')")
	}
	other.until("the reply still there", "parleyEyes.one("+quote(mine+" li")+", 'In A, surely.')")
	tb.do(chromedp.Reload())
	tb.until("the reply after a reload", "parleyEyes.one("+quote(mine+" li")+", 'In A, surely.')")

	// Removed by a moderator's decision, live.
	desk := visit(t, root, "moderator").open(d.forum + "/")
	if status := desk.calls("POST", "desk/session", `{"email":"ruben.tollack@example.com","password":"gravel in the yard"}`); status != 200 {
		t.Fatalf("the desk answers %d", status)
	}
	reply := eval[string](other, "parleyEyes.one("+quote(mine+" li")+").dataset.id")
	if status := desk.calls("POST", "comments/"+reply+"/decisions", `{"action":"remove","reason":"off_topic"}`); status != 201 {
		t.Fatalf("the decision answers %d", status)
	}
	for _, page := range []*tab{tb, other} {
		page.until("the removal", "parleyEyes.one("+quote("li[data-id='"+reply+"'] > article .tomb")+", 'Removed by a moderator.')")
	}
}

// TestQuietening: a reader mutes another, looks once, unmutes; blocks and unblocks in the account; hides the own profile.
func TestQuietening(t *testing.T) {
	d := startDemo(t)
	reader := visit(t, browser(t), "reader")
	tb := reader.open(d.forum + libraryPiece)
	tb.signIn("Nadia Orrin", "nadia.orrin@example.com", "tea on the long quay")
	text := eval[string](tb, "parleyEyes.one("+quote(newest+" > article .body")+").textContent.trim().slice(0, 40)")
	name := eval[string](tb, "parleyEyes.one("+quote(newest+" > article [data-reader]")+").textContent")

	tb.menu(newest, "Mute "+name)
	tb.misses(text)
	tb.click("Show once", newest)
	tb.sees(text)
	tb.do(chromedp.Reload())
	tb.until("the placeholder again", "parleyEyes.one('.tomb', 'A comment by a reader you muted.')")
	tb.misses(text)
	tb.click("Unmute", newest)
	tb.sees(text)

	tb.menu(newest, "Block "+name)
	tb.click("Block", "dialog")
	tb.misses(text)
	account := reader.open(d.forum + "/account")
	account.click("Unblock")
	account.sees("You have blocked nobody.")
	tb.do(chromedp.Reload())
	tb.sees(text)

	account.click("Hide your profile")
	account.sees("Your profile is hidden")
	profile := eval[string](account, "[...document.links].find((a) => a.textContent === 'See your profile').href")
	stranger := visit(t, reader.root, "stranger").open(profile)
	stranger.sees("This reader’s profile is hidden.")
	stranger.misses("Reader since")
}
