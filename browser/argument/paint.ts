/** The page's own elements stay as they are: the browser paints ranges of its text (CSS Custom Highlight API). */
const rules = `::highlight(parley-passage){background-color:#d9a32138;text-decoration:underline 2px #b98a1c80}
::highlight(parley-passage-on){background-color:#d9a32180}
@media(forced-colors:active){::highlight(parley-passage-on){background-color:Mark;color:MarkText}}
@media print{::highlight(parley-passage){background-color:transparent;text-decoration:none}}`;

/** Gives what paints under one name the ranges it was last given, or nothing where browsers cannot: there the marks
 * beside the text are all. Of two names the one with the higher priority lies on top. */
export function painter(name: string, priority: number, signal: AbortSignal): (ranges: Range[]) => void {
  if (!CSS.highlights) return () => {};
  let mine: Range[] = [];
  const paint = (ranges: Range[]) => {
    let lit = CSS.highlights.get(name); // of two conversations on a page each paints its own
    if (!lit) CSS.highlights.set(name, (lit = new Highlight()));
    lit.priority = priority;
    for (const range of mine) lit.delete(range);
    for (const range of (mine = ranges)) lit.add(range);
  };
  signal.addEventListener("abort", () => paint([]));
  return paint;
}

/** Tells the page how painted text looks, once. */
export function bringRules(): void {
  const held = globalThis as { parleyRules?: CSSStyleSheet };
  if (held.parleyRules || !CSS.highlights) return;
  held.parleyRules = new CSSStyleSheet();
  held.parleyRules.replaceSync(rules);
  document.adoptedStyleSheets.push(held.parleyRules);
}
