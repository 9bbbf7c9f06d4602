package e2e

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// patience is how long a test waits for what must come: far longer than it takes on any machine that works.
const patience = 20 * time.Second

// browser starts a Chromium of the test's own, or leaves the test out where there is none.
func browser(t testing.TB) context.Context {
	t.Helper()
	root, _ := newBrowser(t)
	return root
}

// newBrowser starts a Chromium with a profile of its own. It ends with the test, or when end is called.
func newBrowser(t testing.TB) (root context.Context, end func()) {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		if os.Getenv("PARLEY_TEST_ALL") != "" {
			t.Fatal("no Chromium on the PATH, and PARLEY_TEST_ALL asks for everything")
		}
		t.Skip("left out: no Chromium on the PATH")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("headless", "new"), chromedp.Flag("lang", "en-GB"),
		chromedp.Env("TZ=Europe/Berlin", "LANG=en_GB.UTF-8"))
	allocator, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	root, cancelRoot := chromedp.NewContext(allocator)
	t.Cleanup(cancelRoot)
	if err := chromedp.Do(root); err != nil {
		t.Fatalf("start Chromium: %v", err)
	}
	return root, func() { cancelRoot(); cancel() }
}

// person is one reader's browser: cookies and storage of their own.
type person struct {
	t    testing.TB
	root context.Context
	ctx  context.Context
	name string
}

// visit gives a reader with a browser of their own.
func visit(t testing.TB, root context.Context, name string) *person {
	t.Helper()
	ctx, cancel := chromedp.NewContext(root, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	return &person{t: t, root: root, ctx: ctx, name: name}
}

// tab is one page a reader has open.
type tab struct {
	t    testing.TB
	ctx  context.Context
	name string
}

// step is one thing done to a tab.
type step = chromedp.Action[chromedp.Void]

// script has a script run before those of every page that the tab opens.
func script(source string) step {
	return command(page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: source})
}

// command makes a step of a protocol command whose answer does not matter.
func command[P, R any](c cdp.Command[P, R], params P) step {
	return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, c, params)
		return err
	})
}

// open opens an address in a new tab of the reader's browser, after the steps that prepare it.
func (p *person) open(address string, prepare ...step) *tab {
	p.t.Helper()
	ctx, cancel := chromedp.NewContext(p.ctx)
	p.t.Cleanup(cancel)
	tb := &tab{t: p.t, ctx: ctx, name: p.name + " at " + address}
	if err := chromedp.Do(ctx); err != nil { // the first call must not have a timeout
		p.t.Fatal(err)
	}
	tb.do(
		script(eyes),
		command(emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true}),
		chromedp.EmulateViewport(1280, 900),
	)
	tb.do(append(prepare, chromedp.Navigate(address))...)
	return tb
}

// popup gives the window that act opens.
func (tb *tab) popup(act func()) *tab {
	tb.t.Helper()
	opened := chromedp.WaitNewTarget(tb.ctx, func(info *target.Info) bool { return info.OpenerID != "" })
	act()
	select {
	case id := <-opened:
		ctx, cancel := chromedp.NewContext(tb.ctx, chromedp.WithTargetID(id))
		tb.t.Cleanup(cancel)
		window := &tab{t: tb.t, ctx: ctx, name: "the window of " + tb.name}
		if err := chromedp.Do(ctx); err != nil {
			tb.t.Fatal(err)
		}
		window.do(command(emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true}))
		eval[bool](window, eyes+"; true")
		return window
	case <-time.After(patience):
		tb.t.Fatalf("%s: no window opened", tb.name)
		return nil
	}
}

func (tb *tab) do(steps ...step) {
	tb.t.Helper()
	ctx, cancel := context.WithTimeout(tb.ctx, 2*patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		tb.t.Fatalf("%s: %v", tb.name, err)
	}
}

// eval runs script in the page, as if in answer to a click, and gives its value.
func eval[T any](tb *tab, script string) T {
	tb.t.Helper()
	value, err := try[T](tb, script)
	if err != nil {
		tb.t.Fatalf("%s: %.200s: %v", tb.name, script, err)
	}
	return value
}

func try[T any](tb *tab, script string) (T, error) {
	ctx, cancel := context.WithTimeout(tb.ctx, 2*patience)
	defer cancel()
	yes := true
	return chromedp.Run(ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise, func(p *runtime.EvaluateParams) { p.UserGesture = &yes }))
}

// until waits for a condition in the page and gives how long it took.
func (tb *tab) until(what, condition string) time.Duration {
	tb.t.Helper()
	begun := time.Now()
	for time.Since(begun) < patience {
		// Between two pages there is nothing to look at: that is no reason to give up.
		if met, err := try[bool](tb, "!!("+condition+")"); err == nil && met {
			return time.Since(begun)
		}
		time.Sleep(20 * time.Millisecond) // between two looks
	}
	tb.t.Fatalf("%s: waited in vain for %s; the page says: %.1500s", tb.name, what, tb.text())
	return 0
}

func quote(s string) string {
	text, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(text)
}
