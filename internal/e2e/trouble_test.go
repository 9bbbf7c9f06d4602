package e2e

import (
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// without blocks every request whose address fits a pattern (URL Pattern); none takes the block away.
func without(patterns ...string) step {
	blocks := []*network.BlockPattern{}
	for _, pattern := range patterns {
		blocks = append(blocks, &network.BlockPattern{URLPattern: pattern, Block: true})
	}
	return chromedp.Steps(command(network.Enable, network.EnableParams{}), command(network.SetBlockedURLs, network.SetBlockedURLsParams{URLPatterns: blocks}))
}

// TestTroubleIsSaid: a conversation that cannot be fetched says so and is fetched on demand; an empty one invites; a session
// that ended while writing keeps the text and posts it after signing in; who posts too fast sees when it goes on.
func TestTroubleIsSaid(t *testing.T) {
	d := startDemo(t, "--limits", "on")
	reader := visit(t, browser(t), "reader")
	letter := reader.open(d.letters+"/ferry", without("*://*:*/fragment*"))
	letter.near()
	letter.sees("The conversation did not load.")
	letter.do(without())
	letter.click("Try again")
	letter.sees("13 comments")

	bench := reader.open(d.letters + "/bench")
	bench.near()
	bench.sees("No comments yet")
	bench.sees("Nobody has written here yet.")

	tb := reader.open(d.forum + libraryPiece)
	tb.signIn("Nadia Orrin", "nadia.orrin@example.com", "tea on the long quay")
	const words = "Written while the session went away."
	tb.write("parley-conversation", words)
	tb.do(command(network.ClearBrowserCookies, cdp.Empty{}))
	tb.click("Post", "form.compose")
	tb.sees("You have been signed out.")
	tb.click("Sign in and post")
	tb.fill("E-mail", "nadia.orrin@example.com")
	tb.fill("Password", "tea on the long quay")
	tb.click("Sign in", "dialog")
	tb.until("the comment", "parleyEyes.one('[data-list] .body', "+quote(words)+")")
	if n := eval[int](tb, "parleyEyes.all('[data-list] .body').filter((one) => one.textContent.includes("+quote(words)+")).length"); n != 1 {
		t.Errorf("the comment is there %d times", n)
	}

	for _, text := range []string{"One.", "Two more.", "Three lamps.", "Four o'clock.", "Five rolls.", "Six nurses.", "Seven trams.", "Eight atlases.", "Nine.", "Ten.", "Eleven.", "Twelve."} {
		tb.write("parley-conversation", text)
		tb.click("Post", "form.compose")
		tb.until("an answer", "parleyEyes.one('[data-list] .body', "+quote(text)+") || parleyEyes.one('form.compose .notice')")
		if eval[bool](tb, "!!parleyEyes.one('form.compose .notice')") {
			tb.sees("That is a little fast.")
			tb.until("the count-down", "/^Post (in \\d+ s|at )/.test(parleyEyes.one('form.compose [type=submit]').textContent) && parleyEyes.one('form.compose [type=submit]').disabled")
			tb.until("the text kept", "parleyEyes.one('form.compose textarea').value === "+quote(text))
			return
		}
	}
	t.Error("twelve comments in a row were not too many")
}

// TestHeldUntilConfirmed: where the site asks for it, a newcomer's comment waits and says for what; once the address is
// confirmed by the mail's link it appears, for its author and for everybody, on the open pages.
func TestHeldUntilConfirmed(t *testing.T) {
	d := startDemo(t, "--hold-unconfirmed")
	root := browser(t)
	newcomer := visit(t, root, "newcomer")
	tb, other := newcomer.open(d.forum+libraryPiece), visit(t, root, "other").open(d.forum+libraryPiece)
	tb.account("Register")
	tb.fill("E-mail", "holda@example.com")
	tb.fill("Name", "Holda Wait")
	tb.fill("Password", "four words and a ferry")
	tb.click("Register", "dialog")
	tb.sees("Thank you for registering, Holda Wait.")
	tb.sees("its link confirms your account")
	tb.click("Go on")
	const words = "A patient sentence."
	tb.write("parley-conversation", words)
	tb.click("Post", "form.compose")
	tb.sees("Waiting until you confirm your address. Only you can see this.")
	tb.do(chromedp.Reload())
	tb.sees("Waiting until you confirm your address.")
	tb.sees(words)

	mail := newcomer.open(d.forum + "/demo/mail")
	mail.click("Please confirm your address")
	mail.click("/account/confirm?token=")
	if eval[bool](other, "parleyEyes.text().includes("+quote(words)+")") {
		t.Error("what waits is shown to others")
	}
	mail.click("Yes, confirm it")
	mail.sees("Your address is confirmed")
	tb.misses("Waiting until you confirm")
	tb.sees(words)
	other.click("Show 1 new comment")
	other.sees(words)
}
