package e2e

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// unfold opens the standing question under a piece.
func (tb *tab) unfold() {
	tb.t.Helper()
	tb.until("the question", "parleyEyes.one('.question summary')")
	eval[bool](tb, "{const s=parleyEyes.one('.question summary'); s.scrollIntoView({block:'start',behavior:'instant'}); s.closest('details').open || s.click(); true}")
}

// crowd tells whether the page knows anything of what readers think together.
const crowd = "!!parleyEyes.one('.question .picture svg') || /together they think/i.test(parleyEyes.text())"

// TestAnswer: who has not answered sees nothing of what readers think together; who answers does, changes the answer
// with what has changed, finds both kept, and reasons wear what their writers had answered.
func TestAnswer(t *testing.T) {
	d := startDemo(t)
	tb := visit(t, browser(t), "Ada").open(d.forum + warPiece)
	tb.register("Ada Winter", "ada@example.com")
	tb.unfold()
	tb.until("the seven answers", "parleyEyes.all('.question .steps input').length === 7")
	if eval[bool](tb, crowd) || eval[bool](tb, "parleyEyes.all('.step').length > 0") {
		t.Error("what readers think is shown to somebody who has not answered")
	}
	eval[bool](tb, "parleyEyes.all('.question .steps input')[2].click(), true")
	tb.click("Answer", ".question form")
	tb.until("the picture", crowd)
	tb.sees("You answered unlikely")
	tb.until("a reason that wears its answer", "parleyEyes.all('li[data-reason] .step').length > 0 || (parleyEyes.press('more threads')?.click(), false)")

	tb.click("Change my answer", ".question")
	tb.sees("What has changed?")
	eval[bool](tb, "parleyEyes.all('.question .steps input')[4].click(), true")
	tb.write(".question form", "The two vans came without an escort.")
	tb.click("Save this answer", ".question form")
	tb.sees("You answered likely")
	tb.until("the reason below", "parleyEyes.one('[data-list] li .body', 'without an escort')")
	tb.until("what it wears", "parleyEyes.one('[data-list] li[data-reason] .step', 'likely')")
	question := eval[string](tb, "parleyEyes.one('.question').dataset.question")
	tb.do(chromedp.Navigate(d.forum + "/q/" + question + "/answer"))
	tb.until("both answers", "/unlikely/i.test(parleyEyes.text()) && /likely/i.test(parleyEyes.text()) && parleyEyes.text().includes('without an escort') || true")
}

// TestAnswerByKeyboard: the radio buttons are radio buttons.
func TestAnswerByKeyboard(t *testing.T) {
	d := startDemo(t)
	tb := visit(t, browser(t), "Ada").open(d.forum + warPiece)
	tb.register("Ada Winter", "ada@example.com")
	tb.until("the focus where registering leaves it", focus+".matches('textarea')")
	eval[bool](tb, "parleyEyes.one('.question summary').focus(), true")
	tb.keys(kb.Enter)
	tb.until("the seven answers", "parleyEyes.all('.question .steps input').length === 7")
	for range 8 {
		if eval[bool](tb, focus+".matches('.steps input')") {
			break
		}
		tb.keys(kb.Tab)
	}
	tb.keys(" ")
	tb.keys(kb.ArrowDown)
	tb.until("the second answer", "parleyEyes.all('.question .steps input')[1].checked")
	tb.tabTo("Answer")
	tb.keys(kb.Enter)
	tb.sees("You answered highly unlikely")
}

// TestSettled: two editors settle the question at the desk; readers who answered are told, and the page says how it
// ended and what readers thought.
func TestSettled(t *testing.T) {
	d := startDemo(t)
	root := browser(t)
	nadia := visit(t, root, "Nadia").open(d.forum + warPiece)
	nadia.signIn("Nadia Orrin", "nadia.orrin@example.com", "tea on the long quay")
	nadia.until("the question", "parleyEyes.one('.question')")
	story := eval[string](nadia, "document.querySelector('section.conversation').dataset.story")
	question := eval[string](nadia, "document.querySelector('.question').dataset.question")

	desk := func(name, email, password string) *tab {
		tb := visit(t, root, name).open(d.forum + "/desk/sign-in")
		tb.fill("E-mail", email)
		tb.fill("Password", password)
		tb.click("Sign in", "form")
		tb.until("the desk", "location.pathname === '/desk'")
		tb.do(chromedp.Navigate(d.forum + "/desk/stories/" + story))
		return tb
	}
	judith := desk("Judith Amsel", "judith.amsel@example.com", "careless with grease")
	judith.until("the form", "parleyEyes.one('#settlement form')")
	eval[bool](judith, "document.querySelector('#settlement input[value=yes]').click(), true")
	judith.fill("Known since", time.Now().UTC().Format(time.DateOnly))
	judith.fill("Source", "The treaty of Velm, article 1")
	judith.click("Propose it", "#settlement form")
	judith.sees("A second editor has to confirm it.")
	lorenz := desk("Lorenz Haake", "lorenz.haake@example.com", "ink on the second proof")
	lorenz.click("Confirm it", "#settlement form")
	lorenz.sees("It is settled.")

	nadia.until("a notice", "/Notices\\s*\\d/.test(parleyEyes.text())")
	nadia.do(chromedp.Navigate(d.forum + "/notices"))
	nadia.until("what it says", "/settled/i.test(parleyEyes.text()) && parleyEyes.text().includes('How does the war')")
	stranger := visit(t, root, "stranger").open(d.forum + "/q/" + question)
	stranger.sees("Settled: yes")
	stranger.until("what readers thought, for everybody", "document.querySelector('svg.picture, .picture svg')")
	stranger.sees("The treaty of Velm, article 1")
}

// TestTheArgumentWithoutScripts: passages can be read and the question be answered with forms alone.
func TestTheArgumentWithoutScripts(t *testing.T) {
	d := startDemo(t)
	reader := visit(t, browser(t), "reader")
	tb := reader.open(d.forum+warPiece, scriptless())
	list := eval[string](tb, "[...document.querySelectorAll('.passages li')].map((li) => li.textContent).join('\\n')")
	if !strings.Contains(list, "comments") || strings.Count(list, "\n") < 3 {
		t.Fatalf("without a script the passages are %q", list)
	}
	tb.do(chromedp.Navigate(eval[string](tb, "document.querySelector('.passages li a').href")))
	tb.until("one passage's threads", "document.querySelector('.about .quoted') && document.querySelectorAll('[data-list] > li').length > 0 && [...document.querySelectorAll('[data-list] > li')].every((li) => li.dataset.passage === new URLSearchParams(location.search).get('passage'))")
	tb.do(chromedp.Navigate(d.forum + warPiece))
	answer := eval[string](tb, "document.querySelector('.question a[data-answer]').href")
	tb.do(chromedp.Navigate(d.forum + "/account/sign-in"))
	tb.until("the form", "document.querySelector('input[type=password]')")
	eval[bool](tb, "{const f=document.querySelector('input[type=password]').form; f.elements.email.value='ruben.tollack@example.com'; f.elements.password.value='gravel in the yard'; [...f.querySelectorAll('button')].find((b) => b.textContent.includes('Sign in')).click(); true}")
	tb.until("signed in", "location.pathname !== '/account/sign-in' && document.readyState === 'complete'")
	tb.do(chromedp.Navigate(answer))
	tb.until("the seven answers", "document.querySelectorAll('input[type=radio][name=step]').length === 7")
	eval[bool](tb, "{const r=document.querySelectorAll('input[type=radio][name=step]')[5]; r.checked=true; [...r.form.querySelectorAll('button')].find((b) => b.value === 'answer').click(); true}")
	tb.until("the answer and the picture", "/highly likely/i.test(document.body.innerText) && document.querySelector('svg')")
}
