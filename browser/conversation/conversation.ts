import { listen } from "./acts";
import { keepTime, languageOf } from "./clock";
import { further } from "./further";
import { complete } from "./item";
import { drawn, foreign, idle, parse, setBase } from "./kit";
import { adopt, bring, few, fetchInto, usual, type Found } from "./load";
import { dress, lay } from "./marks";
import { readHash } from "./address";
import { Room } from "./room";
import { session } from "./session";
import { place, renew } from "./thread";
import type { Me } from "./types";

/** How far below the window the conversation is when it starts working, in px. */
const ahead = 1200;

/** Tells whether this browser keeps something unsent for a story (draft.ts keeps it). */
function drafted(story: string): boolean {
  try {
    return Object.keys(localStorage).some((name) => name.startsWith("parley:draft:" + story));
  } catch {
    return false;
  }
}

/** `<parley-conversation>`: the readers' conversation of one story. Attributes: story-id or story-url, sort,
 * lang, theme, live, lazy, heading-level, base. */
export class ParleyConversation extends HTMLElement {
  static observedAttributes = ["story-id", "story-url"];
  #life: AbortController | null = null;
  #room: Room | null = null;

  connectedCallback(): void {
    this.#life = new AbortController();
    const { signal } = this.#life;
    const begin = () => void (signal.aborted || this.#begin(signal));
    if (document.readyState !== "loading") begin();
    else document.addEventListener("DOMContentLoaded", begin, { signal }); // the children are not all here yet
  }

  disconnectedCallback(): void {
    this.#life?.abort();
    this.#room = null;
  }

  attributeChangedCallback(_: string, old: string | null): void {
    if (old === null || !this.#life || !this.isConnected) return;
    this.disconnectedCallback(); // another story
    this.shadowRoot?.replaceChildren();
    this.connectedCallback();
  }

  /** How many comments the conversation has, or null before it is here. */
  get count(): number | null {
    return this.#room ? Number(this.#room.section.dataset.comments) : null;
  }

  /** Asks the server again who is signed in. */
  refreshSession = (): Promise<void> => session.check();
  signOut = (): Promise<void> => session.signOut();

  /** Brings a comment into view, fetching its thread when it is not on the page. */
  async open(id: string): Promise<void> {
    const room = this.#room;
    if (room) await room.use(room.parts.pages).then((pages) => pages.open(id));
  }

  /** Fetches the first page again. */
  async reload(): Promise<void> {
    const room = this.#room;
    if (room) await room.use(room.parts.pages).then((pages) => pages.reload());
  }

  async #begin(signal: AbortSignal): Promise<void> {
    const own = this.getAttribute("base");
    if (own) setBase(own);
    let found = adopt(this);
    const light = found?.root === this;
    if (!light && !readHash(location.hash).open) await this.#near();
    if (signal.aborted) return;
    found ??= await this.#fetch(signal);
    if (signal.aborted) return;
    const section = found.root.querySelector<HTMLElement>("section.conversation")!;
    complete(section);
    const room = (this.#room = new Room(this, found.root, section, signal));
    section.classList.toggle("known", session.likely);
    listen(room);
    dress(room, section);
    this.#write(room);
    const { rest = [] } = found;
    room.list.style.minHeight = rest.length * usual + "px"; // what stands below is pushed out of the window at once
    await bring(room, rest.splice(0, few));
    if (!light) await drawn(); // whatever follows can wait until the window's comments can be read
    if (signal.aborted) return;
    keepTime(section, room.language, signal);
    await bring(room, rest);
    room.list.style.minHeight = "";
    if (!light) await drawn();
    if (!signal.aborted) this.#start(room, found.ssr);
  }

  #start(room: Room, ssr: boolean): void {
    const { signal, section, parts } = room;
    const live = this.getAttribute("live") !== "off";
    // Elsewhere than at home nobody is asked who reads, unless this browser has known somebody: the stream says
    // whether there is anything to ask.
    const asks = !foreign() || !live || !room.story;
    session.join({ story: () => room.storyKey, revision: () => Number(section.dataset.revision), heard: (me) => this.#hear(room, me) }, signal, asks);
    const quiet = (problem: unknown) => signal.aborted || room.fail(problem, null);
    if (live) idle(() => signal.aborted || room.use(parts.live).catch(quiet));
    further(room, quiet);
    const { open, sort } = readHash(location.hash);
    const goes = open || (sort && sort !== section.dataset.sort) || history.state?.parley?.story === room.storyKey;
    if (goes) room.use(parts.pages).then((pages) => pages.arrive()).catch(quiet);
    else if (section.dataset.target) room.focus(room.item(section.dataset.target), "center");
    addEventListener("hashchange", () => void (readHash(location.hash).open && room.use(parts.pages).then((pages) => pages.arrive())), { signal });
    room.emit("ready", { count: this.count, ssr });
  }

  /** Brings the composer: at home in quiet, elsewhere for whoever is known, has a draft or as much as moves; most
   * readers of a page never come near its conversation. */
  #write(room: Room): void {
    const { signal } = room;
    const load = () => room.use(room.parts.write).catch((problem) => signal.aborted || room.fail(problem, null));
    if (!foreign() || drafted(room.storyKey)) return idle(() => signal.aborted || load());
    room.heard.add((me) => me.reader && load());
    for (const move of ["pointermove", "pointerdown", "keydown", "focusin", "scroll"]) addEventListener(move, load, { signal, once: true, passive: true, capture: true });
  }

  #hear(room: Room, me: Me): void {
    const { reader } = room.me;
    room.me = me;
    room.section.classList.toggle("known", !!me.reader);
    lay(room, me);
    for (const { comment, html } of me.own) {
      room.section.dataset.story ||= comment.story; // the page is from before anybody had written
      const there = room.item(comment.id);
      const li = parse(html).querySelector<HTMLElement>("li");
      if (li && !there) place(room, li);
      else if (li && there!.dataset.state !== comment.state) renew(room, there!, li);
    }
    room.heard.forEach((tell) => tell(me));
    if (reader?.id !== me.reader?.id) room.emit("session", { signedIn: !!me.reader });
  }

  #fetch(signal: AbortSignal): Promise<Found> {
    const id = this.getAttribute("story-id");
    const story = id || new URL(this.getAttribute("story-url") || location.href.replace(/#.*/, ""), location.href).href;
    const query = new URLSearchParams({ story });
    const sort = readHash(location.hash).sort ?? this.getAttribute("sort");
    if (sort) query.set("sort", sort);
    query.set("lang", languageOf(this));
    return fetchInto(this, story, query, signal);
  }

  /** Waits until the conversation is near the window, unless lazy="false" or it has marks to make in an article. */
  #near(): Promise<void> {
    if (this.matches("[lazy=false],[article]")) return Promise.resolve();
    // At once where it can be: what is observed is told a frame later, and in a tab that was opened out of sight never.
    const { top, bottom } = this.getBoundingClientRect();
    if (top < innerHeight + ahead && bottom > -ahead) return Promise.resolve();
    return new Promise((near) => {
      const watch = new IntersectionObserver((seen) => {
        if (!seen.some((one) => one.isIntersecting)) return;
        watch.disconnect();
        near();
      }, { rootMargin: ahead + "px" });
      watch.observe(this);
    });
  }
}
