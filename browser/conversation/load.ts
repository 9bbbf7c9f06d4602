import { cut } from "./cut";
import { base, drawn, el, get, parse } from "./kit";
import { dress } from "./marks";
import type { Room } from "./room";

/** How long nothing is shown while the conversation is fetched, in ms: a skeleton that flashes is worse. */
const patience = 300;

/** What a conversation is found in. `ssr`: it came with the page. */
export interface Found {
  root: ShadowRoot | HTMLElement;
  ssr: boolean;
  /** The HTML of each thread that is not in the page yet. */
  rest?: string[];
}

/** Finds the conversation that came with the page: in the shadow root the parser made, in a template that was
 * inserted without being upgraded, or as plain children on the forum's own pages. Gives null when there is none. */
export function adopt(host: HTMLElement): Found | null {
  if (host.shadowRoot) return host.shadowRoot.querySelector("section") ? { root: host.shadowRoot, ssr: true } : null;
  const template = host.querySelector<HTMLTemplateElement>(":scope>template[shadowrootmode]");
  if (template) {
    const root = host.attachShadow({ mode: "open" });
    root.append(template.content);
    template.remove();
    return { root, ssr: true };
  }
  return host.querySelector("section.conversation") ? { root: host, ssr: true } : null;
}

/** Fetches the conversation into a shadow root of its own. When that fails it says so there and waits until
 * the reader tries again. */
export async function fetchInto(host: HTMLElement, story: string, query: URLSearchParams, signal: AbortSignal): Promise<Found> {
  const ask = () => get("/fragment?" + query);
  let asked = ask(); // first of all: everything waits for it
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const style = el("link", { rel: "stylesheet", href: base() + "/embed.css" });
  const styled = new Promise((done) => (style.onload = style.onerror = done));
  // The link stays where it is: one that is moved is fetched again.
  const show = (node: Node) => {
    while (style.nextSibling) style.nextSibling.remove();
    root.append(node);
  };
  root.replaceChildren(style);
  for (;;) {
    const timer = setTimeout(() => show(skeleton()), patience);
    try {
      const [first, rest] = cut(await (await asked).text());
      await styled; // comments without their style would jump
      const inside = parse(first).querySelector("template")?.content;
      if (!inside?.querySelector("section")) throw new Error("No conversation");
      inside.querySelectorAll("link").forEach((link) => link.href === style.href && link.remove());
      clearTimeout(timer);
      show(inside);
      return { root, ssr: false, rest };
    } catch {
      clearTimeout(timer);
      host.dispatchEvent(new CustomEvent("parley:error", { detail: { code: "load" }, bubbles: true, composed: true }));
      await new Promise<void>((again) => {
        show(failed(story, () => again()));
        addEventListener("online", () => again(), { once: true, signal });
      });
      asked = ask();
    }
  }
}

/** How many threads are put in at once. */
export const few = 3;

/** How high a thread is that nobody has seen yet, in px; embed.css says the same of those that are not laid out. */
export const usual = 420;

/** Puts further threads into the list, a few each time the page has been drawn, so that nothing takes long. */
export async function bring(room: Room, rest: string[]): Promise<void> {
  while (rest.length) {
    // The next frame begins once the last is on the screen: until then nothing else may keep the processor from it.
    await drawn();
    await drawn();
    if (room.signal.aborted) return;
    const threads = parse(rest.splice(0, few).join(""));
    for (const thread of threads.children) dress(room, thread as HTMLElement);
    room.list.append(threads);
  }
}

/** Drawn with properties alone: the style sheet may not be here yet. */
function skeleton(): HTMLElement {
  const box = el("div", { "aria-busy": "true", "aria-label": "The conversation is loading", role: "status" });
  box.style.cssText = "height:10em;opacity:.1;background:repeating-linear-gradient(currentColor 0 1em,#0000 0 1.8em)";
  return box;
}

function failed(story: string, again: () => void): HTMLElement {
  return el(
    "div",
    { className: "notice err conversation", role: "alert", part: "notice" },
    el("b", {}, "The conversation did not load."),
    el("button", { type: "button", className: "btn q", onclick: again }, "Try again"),
    el("a", { href: `${base()}/s/${encodeURIComponent(story)}` }, "Open it on its own page"),
  );
}
