package browser_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/evanw/esbuild/pkg/api"
)

// patience is how long a test waits for what must come: far longer than it takes on any machine that works.
const patience = 30 * time.Second

// tab is a page in a Chromium of the test's own.
type tab struct {
	*testing.T
	ctx context.Context
}

// chromium opens a browser, or leaves the test out where there is none.
func chromium(t *testing.T) *tab {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		if os.Getenv("PARLEY_TEST_ALL") != "" {
			t.Fatal("no Chromium on the PATH, and PARLEY_TEST_ALL asks for everything")
		}
		t.Skip("left out: no Chromium on the PATH")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.Flag("headless", "new"),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("lang", "en-GB"))
	allocator, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, cancelTab := chromedp.NewContext(allocator)
	t.Cleanup(cancelTab)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start Chromium: %v", err)
	}
	return &tab{t, ctx}
}

// open shows what handler serves at path, in a window of that width, and gives the server's address.
func (tb *tab) open(handler http.Handler, path string, width int64) string {
	tb.Helper()
	server := httptest.NewServer(handler)
	tb.Cleanup(server.Close)
	before := chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: common})
		return err
	})
	ctx, cancel := context.WithTimeout(tb.ctx, 2*patience)
	defer cancel()
	if err := chromedp.Do(ctx, before, chromedp.EmulateViewport(width, 900), chromedp.Navigate(server.URL+path)); err != nil {
		tb.Fatal(err)
	}
	return server.URL
}

// common is what the tests' scripts share: `layer` gives the root of the layer, `marks` the marks with talk.
const common = `
window.layer = () => document.querySelector("parley-passages")?.shadowRoot;
window.marks = () => [...(layer()?.querySelectorAll(".mark:not(.quiet)") ?? [])];
window.choose = (a, from, b, to) => { const range = document.createRange(); range.setStart(a, from); range.setEnd(b, to);
  const all = getSelection(); all.removeAllRanges(); all.addRange(range); };
window.moved = 0; new PerformanceObserver((list) => { for (const one of list.getEntries()) if (one.sources.some(({ node }) => document.querySelector("main")?.contains(node))) moved += one.value; }).observe({ type: "layout-shift", buffered: true });`

// eval runs script in the page and gives its value.
func eval[T any](tb *tab, script string) T {
	tb.Helper()
	ctx, cancel := context.WithTimeout(tb.ctx, 2*patience)
	defer cancel()
	yes := true
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise, func(p *runtime.EvaluateParams) { p.UserGesture = &yes }))
	if err != nil {
		tb.Fatalf("%.200s: %v", script, err)
	}
	return value
}

// until waits for a condition in the page.
func (tb *tab) until(what, condition string) {
	tb.Helper()
	for begun := time.Now(); time.Since(begun) < patience; {
		if eval[bool](tb, "!!("+condition+")") {
			return
		}
		time.Sleep(20 * time.Millisecond) // between two looks
	}
	tb.Fatalf("waited in vain for %s; the layer says: %.1500s", what, eval[string](tb, "layer()?.querySelector('.talk')?.innerText ?? layer()?.textContent ?? 'nothing'"))
}

// module bundles a module of browser/argument so that a page has it under a global name.
func module(t *testing.T, source, name string) string {
	t.Helper()
	result := api.Build(api.BuildOptions{
		Stdin:  &api.StdinOptions{Contents: source, ResolveDir: "argument", Loader: api.LoaderTS},
		Bundle: true, Format: api.FormatIIFE, GlobalName: name, Target: api.ES2022, LogLevel: api.LogLevelSilent,
	})
	if len(result.Errors) > 0 {
		t.Fatalf("bundle %s: %v", source, result.Errors)
	}
	return string(result.OutputFiles[0].Contents)
}
