import { listen } from "./acts";
import { keepTime, languageOf } from "./clock";
import { further } from "./further";
import { parse, setBase } from "./kit";
import { adopt, fetchInto, type Found } from "./load";
import { dress, lay } from "./marks";
import { readHash, readPlace } from "./address";
import { Room } from "./room";
import { session } from "./session";
import { place, renew } from "./thread";
import type { Me } from "./types";

/** How far below the window the conversation is when it starts working, in px. */
const ahead = 1200;

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
    if (!light && !readHash(location.hash).open) await this.#near(signal);
    if (signal.aborted) return;
    found ??= await this.#fetch(signal);
    if (signal.aborted) return;
    const section = found.root.querySelector<HTMLElement>("section.conversation")!;
    this.#start((this.#room = new Room(this, found.root, section, signal)), found.ssr);
  }

  #start(room: Room, ssr: boolean): void {
    const { signal, section, parts } = room;
    section.classList.toggle("known", session.likely);
    listen(room);
    dress(room, section);
    keepTime(section, room.language, signal);
    session.join({ story: () => room.storyKey, revision: () => Number(section.dataset.revision), heard: (me) => this.#hear(room, me) }, signal);
    const quiet = (problem: unknown) => signal.aborted || room.fail(problem, null);
    room.use(parts.write).catch(quiet);
    if (this.getAttribute("live") !== "off") room.use(parts.live).catch(quiet);
    further(room, quiet);
    const { open, sort } = readHash(location.hash);
    const goes = open || (sort && sort !== section.dataset.sort) || readPlace(history.state, room.storyKey);
    if (goes) room.use(parts.pages).then((pages) => pages.arrive()).catch(quiet);
    else if (section.dataset.target) room.focus(room.item(section.dataset.target), "center");
    addEventListener("hashchange", () => void (readHash(location.hash).open && room.use(parts.pages).then((pages) => pages.arrive())), { signal });
    room.emit("ready", { count: this.count, ssr });
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
  #near(signal: AbortSignal): Promise<void> {
    if (this.matches("[lazy=false],[article]")) return Promise.resolve();
    // A tab that was opened out of sight is not drawn, so nothing is observed there.
    if (document.hidden && this.getBoundingClientRect().top < innerHeight + ahead) return Promise.resolve();
    return new Promise((near) => {
      const watch = new IntersectionObserver((seen) => {
        if (!seen.some((one) => one.isIntersecting)) return;
        watch.disconnect();
        near();
      }, { rootMargin: ahead + "px" });
      watch.observe(this);
      signal.addEventListener("abort", () => (watch.disconnect(), near()));
    });
  }
}
