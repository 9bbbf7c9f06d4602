import type { Room } from "../conversation/room";
import type { About } from "../conversation/types";
import { follow } from "./article";
import type { Chosen } from "./chosen";
import { find, matcher } from "./found";
import { Margin, type Spot } from "./margin";
import type { Place } from "./match";
import { bringRules, painter } from "./paint";
import type { PageText } from "./text";
import type { Known, Passage, Placed, Talk } from "./types";

/** The most characters of a passage (the server's MaxPassage). */
const maxPassage = 1000;
/** How long an address that names a passage or a comment waits for an article that comes late, in ms. */
const patience = 10_000;
/** How wide the window must be, and the room beside the text, for the panel to stand there, in px. */
const wide = 1100;
const least = 290;
/** How long after a new comment the passages are asked for again, in ms: comments come in swarms. */
const swarm = 300;

const choosing = (): Promise<{ default: (room: Room) => Chosen }> => import("./chosen");
const panel = (): Promise<{ default: (room: Room) => Talk }> => import("./talk");

/** Marks the passages of the story's text that readers talk about, and lets readers choose others. The text is the
 * element that the page names; it is read and painted, never changed. */
export default function passages(room: Room): void {
  const selector = room.host.getAttribute("article") || room.section.dataset.article;
  if (selector) new Passages(room, selector);
}

class Passages {
  #room: Room;
  #text: PageText | null = null;
  #words = "";
  #all: Passage[] = [];
  #placed: Placed[] = [];
  #on: Placed[] = [];
  #seen = -1; // the revision that the passages are of
  #margin: Margin;
  #paint: (ranges: Range[]) => void;
  #paintOn: (ranges: Range[]) => void;
  #close = () => {};
  #wanted = true; // the address may name what is not here yet
  #began = performance.now();
  #sought = ""; // a passage that was asked for anew

  constructor(room: Room, selector: string) {
    const { signal } = room;
    this.#room = room;
    bringRules();
    this.#paint = painter("parley-passage", 0, signal);
    this.#paintOn = painter("parley-passage-on", 1, signal);
    this.#margin = new Margin(room, (spot, mark) => this.#press(spot, mark), (near) => this.#light(near));
    signal.addEventListener("abort", () => this.#close());
    document.addEventListener("pointerover", (event) => this.#margin.hover(event.target as Node), { signal, passive: true });
    addEventListener("hashchange", () => ((this.#wanted = true), this.#try(this.#arrive())), { signal });
    room.acts.passage = (target) => this.#has(target.dataset.passage) && this.#go(target.dataset.passage!);
    room.placed.add((item) => {
      const about = room.item(item.dataset.thread ?? "")?.dataset.passage;
      if (about && room.revision > this.#seen) setTimeout(() => this.#try(this.#load()), swarm);
    });
    follow(selector, signal, (text) => this.#try(this.#read(text)))();
    this.#try(this.#load());
    this.#await(signal);
  }

  #try(work: Promise<unknown>): void {
    work.catch((problem) => this.#room.signal.aborted || this.#room.fail(problem, null));
  }

  /** Waits for words to be selected; what is needed then comes only then. */
  #await(signal: AbortSignal): void {
    const selected = () => {
      if (!this.#text || getSelection()!.isCollapsed) return;
      document.removeEventListener("selectionchange", selected);
      this.#try(this.#choose());
    };
    document.addEventListener("selectionchange", selected, { signal });
    selected();
  }

  #choosing = () => Promise.all([this.#room.use(choosing), this.#room.use(matcher)]);

  async #choose(): Promise<void> {
    const [{ offer }, { joined }] = await this.#choosing();
    offer({ root: this.#margin.root, text: () => this.#text, joined, most: maxPassage, comment: (about) => this.#comment(about) });
  }

  async #load(): Promise<void> {
    const { story, revision, section, kit } = this.#room;
    if (revision === this.#seen) return;
    const none = !story || (this.#seen === -1 && section.dataset.passages === "0");
    this.#seen = revision;
    if (!none) this.#all = (await kit.shared<{ items: Passage[] }>(`stories/${story}/passages?rev=${revision}`)).items;
    this.#words = "";
    await this.#read(this.#text);
  }

  /** Takes the article as it is now and finds the passages in it. */
  async #read(text: PageText | null): Promise<void> {
    this.#text = text;
    if (!text) {
      this.#words = "";
      this.#placed = [];
      this.#paint([]);
      return this.#margin.clear();
    }
    const words = text.slice(0, text.chars.length);
    if (words !== this.#words) {
      const placed = await find(this.#room, text, this.#all);
      if (this.#text !== text || this.#room.signal.aborted) return; // it has changed meanwhile
      this.#words = words;
      this.#placed = placed;
      // A passage that was new has got its id meanwhile.
      this.#on = this.#on.flatMap(({ start, end, passage: { id } }) => placed.find((one) => (id ? one.passage.id === id : one.start === start && one.end === end)) ?? []);
    }
    this.#paint(this.#ranges(this.#placed));
    this.#light([]);
    this.#margin.draw(text, this.#placed);
    await this.#arrive();
  }

  #has = (id: string | undefined): boolean => this.#placed.some(({ passage }) => passage.id === id);
  #ranges = (some: Place[]): Range[] => (this.#text ? some.map(({ start, end }) => this.#text!.range(start, end)) : []);
  #light = (near: Placed[]): void => this.#paintOn(this.#ranges([...this.#on, ...near]));

  /** Opens the talk about passages, or about words that nobody has commented on. */
  async #open(about: Known[], mark: HTMLElement | undefined, comment = ""): Promise<void> {
    const show = await this.#room.use(panel);
    this.#close();
    mark?.setAttribute("aria-expanded", "true");
    this.#close = show({
      about,
      comment,
      into: this.#margin.root,
      beside: this.#beside(),
      turned: ({ id, exact, start = 0, end = 0 }) => {
        const there = this.#placed.find(({ passage }) => passage.id === id);
        this.#on = there ? [there] : this.#text!.slice(start, end) === exact ? [{ start, end, passage: {} as Passage }] : [];
        this.#light([]);
      },
      closed: () => {
        const [at] = this.#on;
        this.#close = () => {};
        this.#on = [];
        this.#light([]);
        mark?.setAttribute("aria-expanded", "false");
        (mark?.isConnected ? mark : at && this.#margin.at(at.start))?.focus();
      },
    });
  }

  /** Says where beside the text there is room for the panel, if there is. */
  #beside(): { left: boolean; width: number } | null {
    const { root } = this.#text!;
    const left = getComputedStyle(root).direction === "rtl";
    const box = root.getBoundingClientRect();
    const free = left ? box.left : document.documentElement.clientWidth - box.right;
    return innerWidth >= wide && free >= least ? { left, width: Math.min(free >= 380 ? free - 60 : free, 460) } : null;
  }

  #press({ at, block }: Spot, mark: HTMLElement): void {
    if (mark.ariaExpanded === "true") return this.#close();
    const { start, end } = block;
    const fresh = async () => {
      const [{ describe }, { joined }] = await this.#choosing();
      await this.#open([describe(this.#text!.chars, start, Math.min(end, start + maxPassage), joined)], mark);
    };
    this.#try(at.length ? this.#open(at.map(({ passage }) => passage), mark) : fresh());
  }

  #comment(about: About): void {
    const there = this.#placed.find(({ start, end }) => start === about.start && end === about.end);
    this.#try(this.#open([there?.passage ?? about], undefined));
  }

  /** Shows the place of a passage and opens its talk, at a comment if one is named. */
  async #go(id: string, comment?: string): Promise<void> {
    const there = this.#placed.find(({ passage }) => passage.id === id)!;
    const text = this.#text!;
    await this.#open([there.passage], this.#margin.at(there.start), comment);
    text.block(there.start)!.node.scrollIntoView({ block: "center" });
    const { top, bottom } = text.range(there.start, there.end).getBoundingClientRect();
    const highest = innerHeight / 12; // a sheet covers the lower half
    if (top < highest || bottom > innerHeight / 2) scrollBy(0, top - highest);
  }

  /** Follows an address that names a passage, or a comment about one. */
  async #arrive(): Promise<void> {
    const room = this.#room;
    if (performance.now() - this.#began > patience) this.#wanted &&= this.#seen >= 0 && !!this.#text;
    if (!this.#wanted || !this.#text || this.#seen < 0) return;
    const comment = room.page.readHash(location.hash).open;
    let id = /^#parley-p=(\d+)$/.exec(location.hash)?.[1];
    if (comment) {
      if (!room.item(comment)) await (await room.use(room.parts.pages)).open(comment);
      id = room.item(room.item(comment)?.dataset.thread ?? "")?.dataset.passage;
    }
    if (!id || !this.#wanted) return;
    this.#wanted = false;
    if (this.#has(id)) await this.#go(id, comment);
    else {
      this.#wanted = performance.now() - this.#began < patience;
      if (!this.#wanted || this.#sought === id || this.#all.some((one) => one.id === id)) return;
      this.#sought = id; // the page is older than the passage
      this.#seen = -2;
      await this.#load();
    }
  }
}
