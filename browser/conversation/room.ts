import { listen } from "./acts";
import { readHash } from "./address";
import { languageOf, spoken } from "./clock";
import { laterID } from "./id";
import { kit, Problem } from "./kit";
import { dress, writeCount } from "./marks";
import { parts, type Part } from "./parts";
import { session } from "./session";
import { signIn, type Way } from "./signin";
import { ownerOf, place, renew } from "./thread";
import { nobody, type About, type Me, type Written } from "./types";

/** What a click on an element with that data-act does; false leaves the click to the browser. `item` is the
 * comment's li when the element stands in one. */
export type Act = (target: HTMLElement, item: HTMLElement, event: Event) => unknown;

/** One conversation on the page, shared by all its parts. Parts that are loaded on need use what stands here
 * and import nothing but types from the rest, so that the first script stays one file. */
export class Room {
  readonly kit = kit;
  readonly session = session;
  readonly parts = parts;
  /** What changes the comments on the page; see the functions themselves. */
  readonly page = { listen, place, renew, ownerOf, dress, writeCount, readHash };
  /** Parts add their acts here; the delegation in acts.ts looks them up. */
  readonly acts: Record<string, Act> = {};
  readonly language: string;
  /** The language for times. */
  readonly spoken: string;
  me: Me = nobody;
  /** What the next thread is about. Whoever changes it calls `heard`. */
  passage: About | null = null;
  revision: number;
  /** Called whenever `me`, or whether the conversation is closed, has changed. */
  readonly heard = new Set<(me: Me) => void>();
  /** Called for every comment that has been put in place or replaced. */
  readonly placed = new Set<(item: HTMLElement) => void>();
  #used = new Map<unknown, Promise<any>>();
  #tallied = new Set<string>();

  constructor(
    readonly host: HTMLElement,
    readonly root: ShadowRoot | HTMLElement,
    readonly section: HTMLElement,
    readonly signal: AbortSignal,
  ) {
    this.language = languageOf(host);
    this.spoken = spoken(this.language);
    this.revision = Number(section.dataset.revision) || 0;
  }

  /** The story's id; "" while nobody has written under it. */
  get story(): string {
    return this.section.dataset.story ?? "";
  }

  /** What names the story in a question to the server: its id or else its address. */
  get storyKey(): string {
    return this.story || this.section.dataset.url || "";
  }

  get list(): HTMLElement {
    return this.one("[data-list]")!;
  }

  one<E extends HTMLElement = HTMLElement>(selector: string): E | null {
    return this.section.querySelector<E>(selector);
  }

  all<E extends HTMLElement = HTMLElement>(selector: string): E[] {
    return [...this.section.querySelectorAll<E>(selector)];
  }

  /** Gives the li of a comment that is on the page. */
  item(id: string): HTMLElement | null {
    return /^\d+$/.test(id) ? this.one(`li[data-id="${id}"]`) : null;
  }

  /** Gives the largest comment id on the page; "" when there is none. */
  newest(): string {
    return this.all("li[data-id]").reduce((max, li) => laterID(max, li.dataset.id!), "");
  }

  /** Says a sentence to those who cannot see what changed. */
  say(text: string): void {
    const status = this.one("[data-status]");
    if (status) status.textContent = text;
  }

  /** Fires a parley:* event on the element; gives false when a listener cancelled it. */
  emit(name: string, detail: object = {}): boolean {
    const event = new CustomEvent("parley:" + name, { detail, bubbles: true, composed: true, cancelable: true });
    return this.host.dispatchEvent(event);
  }

  /** Says a sentence to everybody: beside the buttons of the comment or list that it is about. */
  tell(text: string, about: Element | null): void {
    this.say(text);
    this.one("[data-told]")?.remove();
    const line = about?.querySelector(":scope>article .act") ?? about?.closest("nav,.tools,.act,.bar") ?? this.one("[data-pager]");
    const note = kit.el("span", { className: "note", "data-told": "", ariaHidden: "true" }, text);
    note.style.margin = "0 8px";
    const last = line?.querySelector(":scope>.more");
    if (last) last.before(note);
    else line?.append(note);
  }

  /** Says what went wrong, in the reader's words, and tells the page. */
  fail(problem: unknown, about: Element | null): void {
    const { message, code } = problem as Problem;
    if (code === "cancelled") return;
    this.tell(code === undefined ? "That did not work. Please try again." : message, about);
    this.emit("error", { code: code || "script" });
    if (code === undefined) reportError(problem);
  }

  /** Loads a part on need, once for this conversation. */
  use<T>(part: Part<T>): Promise<T> {
    let used = this.#used.get(part);
    if (!used) {
      used = part().then((module) => module.default(this));
      this.#used.set(part, used);
      used.catch(() => this.#used.delete(part)); // the next click tries again
    }
    return used;
  }

  /** Fetches shared HTML at least as new as everything this page knows. */
  html(path: string): Promise<{ part: DocumentFragment; headers: Headers }> {
    return kit.html(`${path}${path.includes("?") ? "&" : "?"}rev=${this.revision}`);
  }

  /** Asks who the reader is. Gives whether somebody is signed in afterwards. With `thanked` the caller thanks
   * who has registered. */
  async signIn(way: Way = "sign-in", thanked = false): Promise<boolean> {
    return this.emit("login") && signIn(this.section, way, thanked);
  }

  /** Calls the API for the signed-in reader, asking for sign-in first where it is needed. Called within a
   * click, so that a window may open. */
  async write<T>(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<T> {
    if (session.reader === undefined) await session.check();
    for (let asked = false; ; asked = true) {
      if (!session.reader && (asked || !(await this.signIn()))) throw new Problem(0, "cancelled", "");
      try {
        return await kit.call<T>(method, path, body, headers);
      } catch (problem) {
        if ((problem as Problem).status !== 401 || asked) throw problem;
        session.reader = null;
      }
    }
  }

  /** Gives the story's id; a page that nobody has written under gets one. */
  async settle(): Promise<string> {
    if (!this.story) {
      const { id } = await this.write<{ id: string }>("POST", "stories", { url: this.storyKey, title: document.title });
      this.section.dataset.story = id;
    }
    return this.story;
  }

  /** Takes what the server answered to a write: gives the comment's li. */
  take({ html, revision }: Written): HTMLElement | null {
    this.saw(revision);
    const li = kit.parse(html).querySelector<HTMLElement>("li");
    return li && place(this, li);
  }

  saw(revision: number | undefined): void {
    this.revision = Math.max(this.revision, revision ?? 0);
  }

  /** Counts a comment in (1) or out (-1), once, whether the answer to a write or the stream tells it first. */
  tally(id: string, by: number): void {
    const told = id + by;
    if (this.#tallied.has(told)) return;
    this.#tallied.add(told);
    this.total(Math.max(0, Number(this.section.dataset.comments) + by));
  }

  /** Writes how many comments the conversation has. */
  total(comments: number): void {
    this.section.dataset.comments = String(comments);
    const shown = this.one("[data-count]");
    if (shown) shown.textContent = comments ? kit.count(comments, "comment") : "No comments yet";
  }

  /** Marks a comment that has just come, for a moment. */
  flash(item: HTMLElement): void {
    item.querySelector(":scope>article")?.classList.add("flash");
  }

  /** Moves focus to a comment and the window with it. */
  focus(item: HTMLElement | null | undefined, block: ScrollLogicalPosition = "nearest"): void {
    const article = item?.querySelector<HTMLElement>("article:not([hidden])");
    article?.focus({ preventScroll: true });
    article?.scrollIntoView({ block });
  }
}
