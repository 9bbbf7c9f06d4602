package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestWithoutScripts: with scripts off one can read, page, follow a permalink, register, write, reply and sign out,
// and only there the page says that it must be refreshed.
func TestWithoutScripts(t *testing.T) {
	d := startDemo(t)
	reader := visit(t, browser(t), "reader")
	tb := reader.open(d.forum+warPiece, scriptless())
	see := func(text string) {
		t.Helper()
		tb.until("the words "+text, "document.body.innerText.includes("+quote(text)+")")
	}
	follow := func(text string) {
		t.Helper()
		link := "[...document.querySelectorAll('main a, [data-compose] a, .pager a')].find((a) => a.innerText.includes(" + quote(text) + "))"
		tb.until("a link "+text, link)
		tb.do(chromedp.Navigate(eval[string](tb, link+".href")))
	}
	send := func(values map[string]string, button string) {
		t.Helper()
		press := "[...document.querySelectorAll('main button, main input[type=submit]')].find((b) => (b.innerText || b.value).includes(" + quote(button) + "))"
		tb.until("a button "+button, press)
		for name, value := range values { // the page before may have a button like it, and not the fields
			field := press + "?.form.elements[" + quote(name) + "]"
			tb.until("a field "+name, field)
			eval[bool](tb, fmt.Sprintf("%s.value = %s, true", strings.Replace(field, "?.", ".", 1), quote(value)))
		}
		eval[bool](tb, press+".click(), true")
	}
	see("25 of ")
	follow("Show 25 more threads")
	tb.until("the second page", "location.search.includes('cursor=')")
	tb.do(chromedp.Navigate(d.forum + libraryPiece))
	follow("Join the conversation")
	const words = "Written with nothing but forms."
	send(map[string]string{"body": words}, "Register and go on")
	send(map[string]string{"name": "Plain Jane", "email": "jane@example.com", "password": "a form and nothing else"}, "Register")
	see("Thank you for registering, Plain Jane")
	if !strings.Contains(eval[string](tb, "document.body.innerHTML"), words) {
		follow("comment")
	}
	send(nil, "Post")
	see(words)
	tb.do(chromedp.Navigate(d.forum + libraryPiece + "?rev=1"))
	tb.until("the frame that says who is signed in", "document.querySelector('iframe[src*=\"/account/bar\"]')")

	// A reply, by the link that the button is without a script.
	reply := "[...document.querySelectorAll('[data-act=reply]')].find((a) => a.href.includes('parent='))"
	tb.until("a link to reply", reply)
	tb.do(chromedp.Navigate(eval[string](tb, reply+".href")))
	const answer = "Answered with nothing but forms."
	send(map[string]string{"body": answer}, "Post reply")
	see(answer)

	// Only where scripts are off, and only in the frame that says who is signed in, the page asks to be refreshed.
	if text := eval[string](tb, "document.body.innerText"); strings.Contains(strings.ToLower(text), "refresh") {
		t.Error("the page itself says that it must be refreshed")
	}
	bar := reader.open(d.forum + "/account/bar")
	bar.sees("Plain Jane")
	bar.sees("Refresh the page.")
	scripted := reader.open(d.forum + libraryPiece)
	scripted.signedIn("Plain Jane")
	scripted.misses("efresh the page")
}
