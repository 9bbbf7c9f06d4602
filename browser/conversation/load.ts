import { base, drawn, el, html } from "./kit";

/** How long nothing is shown while the conversation is fetched, in ms: a skeleton that flashes is worse. */
const patience = 300;

/** What a conversation is found in. `ssr`: it came with the page. */
export interface Found {
  root: ShadowRoot | HTMLElement;
  ssr: boolean;
  /** The threads that are not in the page yet. */
  rest: Element[];
}

/** How many threads come at once: more than a window shows. The others come a few each time the page has been drawn,
 * so that nothing takes long. */
const atOnce = 4;

/** Finds the conversation that came with the page: in the shadow root the parser made, in a template that was
 * inserted without being upgraded, or as plain children on the forum's own pages. Gives null when there is none. */
export function adopt(host: HTMLElement): Found | null {
  if (host.shadowRoot) return host.shadowRoot.querySelector("section") ? { root: host.shadowRoot, ssr: true, rest: [] } : null;
  const template = host.querySelector<HTMLTemplateElement>(":scope>template[shadowrootmode]");
  if (template) {
    const root = host.attachShadow({ mode: "open" });
    root.append(template.content);
    template.remove();
    return { root, ssr: true, rest: [] };
  }
  return host.querySelector("section.conversation") ? { root: host, ssr: true, rest: [] } : null;
}

/** Fetches the conversation into a shadow root of its own. When that fails it says so there and waits until
 * the reader tries again. */
export async function fetchInto(host: HTMLElement, story: string, query: URLSearchParams, signal: AbortSignal): Promise<Found> {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const style = el("link", { rel: "stylesheet", href: base() + "/embed.css" });
  const styled = new Promise((done) => (style.onload = style.onerror = done));
  // The link stays where it is: one that is moved is fetched again.
  const show = (...nodes: Node[]) => {
    while (style.nextSibling) style.nextSibling.remove();
    root.append(...nodes);
  };
  root.replaceChildren(style);
  for (;;) {
    const timer = setTimeout(() => show(skeleton()), patience);
    try {
      const { part } = await html("/fragment?" + query);
      const inside = part.querySelector("template")?.content;
      if (!inside?.querySelector("section")) throw new Error("The answer holds no conversation.");
      await styled; // comments without their style would jump
      inside.querySelectorAll("link").forEach((link) => link.href === style.href && link.remove());
      clearTimeout(timer);
      const rest = [...(inside.querySelector("[data-list]")?.children ?? [])].slice(atOnce);
      rest.forEach((one) => one.remove());
      show(inside);
      return { root, ssr: false, rest };
    } catch (problem) {
      clearTimeout(timer);
      host.dispatchEvent(new CustomEvent("parley:error", { detail: { code: "load" }, bubbles: true, composed: true }));
      await new Promise<void>((again) => {
        show(failed(story, () => again()));
        addEventListener("online", () => again(), { once: true, signal });
      });
    }
  }
}

/** Puts the rest of the threads into the list, a few at a time; `dress` prepares each before. */
export async function bring(list: Element, rest: Element[], dress: (thread: HTMLElement) => void, signal: AbortSignal): Promise<void> {
  for (let i = 0; i < rest.length && !signal.aborted; i += atOnce) {
    await drawn();
    const few = rest.slice(i, i + atOnce) as HTMLElement[];
    few.forEach(dress);
    list.append(...few);
  }
}

/** Drawn with properties alone: the style sheet may not be here yet. */
function skeleton(): HTMLElement {
  const box = el("div", { "aria-busy": "true", "aria-label": "The conversation is loading" , role: "status" });
  for (const width of [38, 92, 84, 61, 92, 76]) {
    const line = el("div");
    Object.assign(line.style, { width: width + "%", height: "1em", margin: "0 0 .8em", background: "currentColor", opacity: ".1" });
    box.append(line);
  }
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
