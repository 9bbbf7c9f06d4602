package e2e

import (
	"os"
	"path/filepath"
	"testing"
)

// TestCatchesUp: what was written while a page had no connection is there afterwards, nothing missed and nothing twice, and
// recommendations are counted on every open page, there and back.
func TestCatchesUp(t *testing.T) {
	d := startDemo(t)
	root := browser(t)
	tb, other := visit(t, root, "reader").open(d.forum+libraryPiece), visit(t, root, "other").open(d.forum+libraryPiece)
	tb.signIn("Nadia Orrin", "nadia.orrin@example.com", "tea on the long quay")
	other.register("Otto Lenz", "otto@example.com")
	other.sees("Thank you for registering, Otto Lenz")
	post := func(text string) {
		t.Helper()
		other.write("parley-conversation", text)
		other.click("Post", "form.compose")
		other.until(text, "parleyEyes.one('[data-list] .body', "+quote(text)+")")
	}
	post("Before the tunnel.")
	tb.click("Show 1 new comment")
	tb.sees("Before the tunnel.")

	tb.do(offline(true))
	post("In the tunnel.")
	post("Still in the tunnel.")
	tb.do(offline(false))
	tb.click("Show 2 new comments")
	tb.sees("Still in the tunnel.")
	post("Behind the tunnel.")
	tb.click("Show 1 new comment")
	for _, text := range []string{"Before the tunnel.", "In the tunnel.", "Still in the tunnel.", "Behind the tunnel."} {
		if n := eval[int](tb, "parleyEyes.all('[data-list] .body').filter((one) => one.textContent.trim() === "+quote(text)+").length"); n != 1 {
			t.Errorf("%q is there %d times", text, n)
		}
	}

	last := "parleyEyes.one(" + quote(newest+" > article [data-act=recommend]") + ")"
	tb.click("Recommend", newest)
	other.until("one recommendation", last+"?.textContent.includes('1')")
	tb.click("Recommend", newest)
	other.until("none", "!"+last)

	// What is followed stands in the account.
	tb.menu(newest, "Follow this thread")
	tb.sees("You follow this thread.")
	tb.click("Follow", "[data-tools]")
	tb.until("the conversation followed", "parleyEyes.one('[data-tools] [aria-pressed=true]', 'Following')")
	account := (&person{t: t, root: root, ctx: tb.ctx, name: "account"}).open(d.forum + "/account")
	account.misses("You follow no threads.")
	account.misses("You follow no conversations.")
}

// TestClosedConversation: a closed conversation says so and has no place to write, with scripts and without.
func TestClosedConversation(t *testing.T) {
	pieces := t.TempDir()
	const piece = "---\ntitle: Is it over?\npublished: 2026-11-19T06:00:00Z\nauthor: Ilse Marrow\nsection: World\nclosed: true\n---\nIt is.\n"
	if err := os.WriteFile(filepath.Join(pieces, "is-it-over.md"), []byte(piece), 0o600); err != nil {
		t.Fatal(err)
	}
	out := &logged{}
	forum := address.FindString(start(t, out, "serve", "--addr", "127.0.0.1:0", "--data", t.TempDir(), "--articles", pieces))
	reader := visit(t, browser(t), "reader")
	for _, tb := range []*tab{reader.open(forum + "/articles/is-it-over"), reader.open(forum+"/articles/is-it-over", scriptless())} {
		tb.until("the word that it is closed", "document.body.innerText.includes('This conversation is closed.')")
		tb.until("no place to write", "![...document.querySelectorAll('parley-conversation :is(textarea, .field)')].some((one) => one.checkVisibility())")
	}
}
