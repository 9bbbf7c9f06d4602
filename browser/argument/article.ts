import { PageText } from "./text";

/** How long the page is left alone between two looks at its text, in ms: a page may change without end. */
const pause = 300;

/** Follows the element that holds the article: calls `read` with its text when it comes, which may be late, and
 * whenever the page changes or moves it; null while there is none. Gives what reads it at once. */
export function follow(selector: string, signal: AbortSignal, read: (text: PageText | null) => void): () => void {
  let text: PageText | null = null;
  let sized: Element | null = null;
  let timer = 0;
  const sizes = new ResizeObserver(() => soon());
  const look = () => {
    clearTimeout(timer);
    timer = 0;
    const root = document.querySelector(selector);
    text = root && new PageText(root);
    if (root !== sized) {
      if (sized) sizes.unobserve(sized);
      if ((sized = root)) sizes.observe(root!);
    }
    read(text?.blocks.length ? text : null);
  };
  const soon = () => void (timer ||= setTimeout(look, pause));
  const changes = new MutationObserver((records) => {
    const root = text?.root;
    if (!root?.isConnected || records.some(({ target }) => root.contains(target))) soon();
  });
  const scrolled = ({ target }: Event) => target !== document && sized && (target as Node).contains(sized) && soon();
  sizes.observe(document.body); // what grows above the article moves it
  changes.observe(document.body, { childList: true, subtree: true, characterData: true });
  addEventListener("scroll", scrolled, { signal, capture: true, passive: true });
  signal.addEventListener("abort", () => (sizes.disconnect(), changes.disconnect(), clearTimeout(timer)));
  return look;
}
