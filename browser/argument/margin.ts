import type { Room } from "../conversation/room";
import type { Block, PageText } from "./text";
import type { Placed } from "./types";

/** How high a mark is, with the space to the next, in px. */
const pitch = 32;
/** How much room marks need beside the text, in px: without it they stand at the ends of the paragraphs. */
const gutter = 48;
/** How many characters of a passage its mark says. */
const said = 80;

/** What publishers set on the conversation and the layer takes over. */
const properties = "accent control danger font-heading font-text font-ui highlight ink ink-muted on-accent paper pick radius raised rule";

/** One mark: passages that begin beside it, or none, and the paragraph. */
export interface Spot {
  at: Placed[];
  block: Block;
}

/** Marks beside the text, in a layer that takes no room and is no part of the article: one tab stop, arrow keys
 * within. */
export class Margin {
  readonly root: ShadowRoot;
  #host: HTMLElement;
  #bar: HTMLElement;
  #marks = new Map<string, { mark: HTMLButtonElement; spot: Spot }>();

  constructor(
    private room: Room,
    private pressed: (spot: Spot, mark: HTMLElement) => void,
    private near: (at: Placed[]) => void,
  ) {
    const { el, base } = room.kit;
    this.#host = el("parley-passages" as "div", { lang: room.language });
    this.root = this.#host.attachShadow({ mode: "open" });
    this.#bar = el("div", { className: "margin", role: "toolbar", ariaOrientation: "vertical", ariaLabel: "Passages of the text", hidden: true });
    const styles = ["embed", "argument"].map((name) => el("link", { rel: "stylesheet", href: `${base()}/${name}.css` }));
    styles[1]!.onload = () => (this.#bar.hidden = false); // unstyled marks would flash
    this.root.append(...styles, this.#bar);
    this.#bar.addEventListener("click", (event) => {
      const one = this.#of(event);
      if (!one) return;
      this.#turn(one.mark);
      this.pressed(one.spot, one.mark);
    });
    this.#bar.addEventListener("keydown", (event) => this.#step(event));
    for (const type of ["focusin", "pointerover"]) this.#bar.addEventListener(type, (event) => this.near(this.#of(event)?.spot.at ?? []));
    for (const type of ["focusout", "pointerout"]) this.#bar.addEventListener(type, () => this.near([]));
    room.signal.addEventListener("abort", () => this.#host.remove());
  }

  /** Puts the layer into the page: before the conversation where both stand side by side, so that Tab goes from
   * the text to its marks and on; else at the end. */
  #enter(article: Element): void {
    const { host } = this.room;
    if (this.#host.isConnected) return;
    const style = getComputedStyle(host);
    this.#host.style.cssText = `all:initial;position:absolute;top:0;left:0;width:0;height:0;z-index:1;container-type:normal;background:none;color-scheme:${style.colorScheme}`;
    for (const name of properties.split(" ")) this.#host.style.setProperty("--parley-" + name, style.getPropertyValue("--parley-" + name));
    if (host.parentElement?.contains(article) && !article.contains(host)) host.before(this.#host);
    else document.body.append(this.#host);
  }

  /** Draws the marks of a text: where passages begin, and a quiet one for each paragraph without talk. */
  draw(text: PageText, all: Placed[]): void {
    this.#enter(text.root);
    const rtl = getComputedStyle(text.root).direction === "rtl";
    const edges = text.blocks.map(({ node }) => node.getBoundingClientRect()[rtl ? "left" : "right"]).sort((a, b) => a - b);
    const edge = edges[edges.length >> 1] ?? 0;
    const narrow = (rtl ? edge : document.documentElement.clientWidth - edge) < gutter;
    this.#bar.classList.toggle("narrow", narrow);
    const origin = this.#host.getBoundingClientRect();
    const before = [...this.#marks.values()].find(({ mark }) => mark.matches(":focus"));
    const kept = new Map<string, { mark: HTMLButtonElement; spot: Spot }>();
    const put = (spot: Spot, top: number, out: boolean) => {
      const key = spot.at[0]?.passage.id ?? "b" + spot.block.start;
      const mark = this.#marks.get(key)?.mark ?? this.room.kit.el("button", { type: "button", className: "mark", ariaExpanded: "false", tabIndex: -1 });
      this.#say(mark, spot, text);
      const x = edge + (rtl ? -10 : 10) * (out ? 1 : 0);
      Object.assign(mark.style, { top: top - origin.top + "px", left: x - origin.left + "px", translate: out === rtl ? "-100%" : "" });
      const next = this.#bar.children[kept.size];
      if (next !== mark) this.#bar.insertBefore(mark, next ?? null);
      kept.set(key, { mark, spot });
    };
    let i = 0;
    text.blocks.forEach((block, n) => {
      const own: Placed[] = [];
      for (const end = text.blocks[n + 1]?.start ?? Infinity; i < all.length && all[i]!.start < end; i++) own.push(all[i]!);
      if (narrow) {
        const { left, right, top, bottom, height } = rectOf(text, block.end - 1);
        const fits = rtl ? left - edge > gutter : edge - right > gutter;
        return put({ at: own, block }, fits ? top + (height - 26) / 2 : bottom - 3, false);
      }
      const spots: { spot: Spot; top: number }[] = [];
      for (const one of own) {
        const { top, height } = rectOf(text, one.start);
        const last = spots.at(-1);
        if (last && top - last.top < pitch) last.spot.at.push(one);
        else spots.push({ spot: { at: [one], block }, top: top + (height - 26) / 2 });
      }
      if (!spots.length) {
        const { top, height } = rectOf(text, block.start);
        spots.push({ spot: { at: [], block }, top: top + (height - 26) / 2 });
      }
      for (const { spot, top } of spots) put(spot, top, true);
    });
    for (const [key, { mark }] of this.#marks) if (!kept.has(key)) mark.remove();
    this.#marks = kept;
    // Whoever was at a mark is there still, also when that had to move in the order or was joined with another.
    if (before && !before.mark.matches(":focus")) (before.mark.isConnected ? before.mark : this.at(before.spot.block.start))?.focus({ preventScroll: true });
    if (!this.#bar.querySelector("[tabindex='0']")) this.#turn(this.#bar.firstElementChild as HTMLElement | null);
  }

  /** Takes all marks away. */
  clear(): void {
    this.#marks.clear();
    this.#bar.replaceChildren();
  }

  /** Gives the mark beside a position: that of the passage which begins there, else the last one before it. */
  at(start: number): HTMLElement | undefined {
    return [...this.#marks.values()].findLast(({ spot: { at, block } }) => (at.at(-1)?.start ?? block.start) <= start || at.some((one) => one.start === start))?.mark;
  }

  /** Shows the quiet mark of the paragraph that the pointer is in. */
  hover(target: Node): void {
    let best: HTMLElement | undefined;
    for (const { mark, spot } of this.#marks.values()) {
      mark.classList.remove("near");
      if (spot.block.node.contains(target)) best = mark; // blocks inside come after those around them
    }
    best?.classList.add("near");
  }

  #say(mark: HTMLElement, { at, block }: Spot, text: PageText): void {
    const { el, count, grouped } = this.room.kit;
    const n = at.reduce((sum, one) => sum + one.passage.comments, 0);
    const words = at[0]?.passage.exact ?? text.slice(block.start, Math.min(block.end, block.start + said + 1));
    const quoted = `“\u2068${words.length > said ? words.slice(0, said).trimEnd() + "…" : words}\u2069”`;
    const rest = at.length ? count(n, "comment").slice(grouped(n).length) + (at.length > 1 ? ` on ${at.length} passages, the first: ` : " on: ") : "Comment on the paragraph: ";
    mark.classList.toggle("quiet", !at.length);
    const shown = at.length ? grouped(n) : "+";
    if (mark.textContent === shown + rest + quoted) return;
    mark.replaceChildren(at.length ? shown : el("span", { ariaHidden: "true" }, shown), el("span", { className: "vh" }, rest + quoted));
  }

  #of(event: Event): { mark: HTMLButtonElement; spot: Spot } | undefined {
    const mark = (event.target as Element).closest("button");
    return [...this.#marks.values()].find((one) => one.mark === mark);
  }

  /** Makes one mark the one that Tab goes to. */
  #turn(mark: HTMLElement | null): void {
    for (const one of this.#bar.children) (one as HTMLElement).tabIndex = one === mark ? 0 : -1;
  }

  #step(event: KeyboardEvent): void {
    const all = [...this.#bar.children] as HTMLElement[];
    const at = all.indexOf((event.target as Element).closest("button")!);
    const to = { ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key];
    const next = to === undefined ? null : all[to];
    if (!next) return;
    event.preventDefault();
    this.#turn(next);
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  }
}

/** Gives where a character stands in the window. */
function rectOf(text: PageText, at: number): DOMRect {
  const range = text.range(at, at + 1);
  return range.getClientRects()[0] ?? range.getBoundingClientRect();
}
