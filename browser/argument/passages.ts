import type { Room } from "../conversation/room";
import type { About } from "../conversation/types";
import type { Choosing } from "./chosen";
import { describe, maxPassage } from "./describe";
import { Margin, type Spot } from "./margin";
import { findAll } from "./match";
import { bringRules, painter } from "./paint";
import { PageText } from "./text";
import type { Passage, Placed, Talk } from "./types";

/** How long the page is left alone between two looks at its text, in ms. */
const pause = 300;
/** How long an address that names a passage or a comment waits for an article that comes late, in ms. */
const patience = 10_000;
/** How wide the window must be, and the room beside the text, for the panel to stand there, in px. */
const wide = 1100;
const beside = 290;

const choosing = (): Promise<{ default: (room: Room) => (choosing: Choosing) => void }> => import("./chosen");
const panel = (): Promise<{ default: (room: Room) => Talk }> => import("./talk");

/** Marks the passages of the story's text that readers talk about, and lets readers choose others. The text is the
 * element that the page names; it is read and painted, never changed. */
export default function passages(room: Room): void {
  const { section, signal, host, kit } = room;
  const selector = host.getAttribute("article") || section.dataset.article;
  if (!selector) return;
  let text: PageText | null = null;
  let all: Passage[] = [];
  let placed: Placed[] = [];
  let seen = -1; // the revision that `all` is of
  let timer = 0;
  let close = () => {};
  const began = performance.now();

  bringRules();
  const paint = painter("parley-passage", 0, signal);
  const paintOn = painter("parley-passage-on", 1, signal);
  const ranges = (some: Placed[]) => (text ? some.map(({ start, end }) => text!.range(start, end)) : []);
  let on: Placed[] = [];
  const light = (some: Placed[]) => paintOn(ranges([...on, ...some]));
  const margin = new Margin(room, (spot, mark) => press(spot, mark), light);
  const failed = (problem: unknown) => signal.aborted || room.fail(problem, null);

  const load = async () => {
    const revision = room.revision;
    if (revision === seen) return;
    const none = !room.story || (seen < 0 && section.dataset.passages === "0");
    seen = revision;
    if (!none) all = (await kit.shared<{ items: Passage[] }>(`stories/${room.story}/passages?rev=${revision}`)).items;
    look(true);
  };

  /** Reads the article as it is now and finds the passages in it. */
  const look = (again = false) => {
    timer = 0;
    const root = document.querySelector(selector);
    const before = text?.chars.join("");
    text = root && new PageText(root);
    if (!text?.blocks.length) return (text = null), (placed = []), paint([]), margin.clear();
    if (again || before !== text.chars.join("")) {
      const known = all.filter((one) => one.state !== "changed");
      placed = findAll(text.chars, known).flatMap((place, i) => (place ? { ...place, passage: known[i]! } : []));
      placed.sort((a, b) => a.start - b.start || a.end - b.end);
    }
    on = on.flatMap((one) => placed.find(({ passage }) => passage.id === one.passage.id) ?? []);
    paint(ranges(placed));
    light([]);
    margin.draw(text, placed);
    if (root !== sized) {
      if (sized) sizes.unobserve(sized);
      sizes.observe((sized = root!));
    }
    if (wanted) void arrive().catch(failed);
  };
  const soon = () => void (timer ||= setTimeout(look, pause));
  let sized: Element | null = null;
  const sizes = new ResizeObserver(soon);
  sizes.observe(document.body);
  const changes = new MutationObserver((records) => {
    const root = text?.root;
    if (!root?.isConnected || records.some(({ target }) => root.contains(target))) soon();
  });
  changes.observe(document.body, { childList: true, subtree: true, characterData: true });
  addEventListener("scroll", (event) => event.target !== document && text && (event.target as Node).contains(text.root) && soon(), { signal, capture: true, passive: true });
  document.addEventListener("pointerover", (event) => margin.hover(event.target as Node), { signal, passive: true });
  signal.addEventListener("abort", () => (sizes.disconnect(), changes.disconnect(), clearTimeout(timer), close()));

  /** Opens the talk about passages; with none chosen by id it is about words that nobody has commented on. */
  const open = async (about: (About & { comments?: number })[], mark: HTMLElement | null, comment?: string) => {
    const show = await room.use(panel);
    close();
    const rtl = getComputedStyle(text!.root).direction === "rtl";
    const { left, right } = text!.root.getBoundingClientRect();
    const free = rtl ? left : document.documentElement.clientWidth - right;
    const turned = ({ id, start, end }: About) => {
      const there = placed.find(({ passage }) => passage.id === id);
      on = there ? [there] : start === undefined ? [] : [{ start, end: end!, passage: {} as Passage }];
      light([]);
    };
    mark?.setAttribute("aria-expanded", "true");
    const leave = show({
      about,
      ...(comment && { comment }),
      into: margin.root,
      beside: innerWidth >= wide && free >= beside ? { left: rtl, width: Math.min(free >= 380 ? free - 60 : free, 460) } : null,
      turned,
      closed: () => {
        on = [];
        light([]);
        close = () => {};
        mark?.setAttribute("aria-expanded", "false");
        (mark?.isConnected ? mark : margin.of(about[0]?.id ?? ""))?.focus();
      },
    });
    close = leave;
  };

  const press = ({ at, block }: Spot, mark: HTMLElement) => {
    if (mark.ariaExpanded === "true") return close();
    const { start, end } = block;
    const about = at.length ? at.map(({ passage }) => passage) : [describe(text!.chars, start, Math.min(end, start + maxPassage))];
    open(about, mark).catch(failed);
  };

  const comment = (about: About) => {
    const there = placed.find(({ start, end }) => start === about.start && end === about.end);
    open([there?.passage ?? about], null).catch(failed);
  };
  const selected = () => {
    if (!text || getSelection()!.isCollapsed) return;
    document.removeEventListener("selectionchange", selected);
    room.use(choosing).then((offer) => offer({ root: margin.root, text: () => text, describe, most: maxPassage, comment }), failed);
  };
  document.addEventListener("selectionchange", selected, { signal });

  /** Shows the place of a passage and opens its talk. */
  const go = async (id: string, comment?: string): Promise<boolean> => {
    const there = placed.find(({ passage }) => passage.id === id);
    if (!there || !text) return false;
    await open([there.passage], margin.of(id) ?? null, comment);
    text.block(there.start)?.node.scrollIntoView({ block: "center" });
    const { top, bottom } = text.range(there.start, there.end).getBoundingClientRect();
    const least = innerHeight / 12;
    if (top < least || bottom > innerHeight / 2) scrollBy(0, top - least);
    return true;
  };

  let wanted = true;
  /** Follows an address that names a passage, or a comment about one. */
  const arrive = async () => {
    if (performance.now() - began > patience) wanted = false;
    const id = /^#parley-p=(\d+)$/.exec(location.hash)?.[1];
    const named = room.page.readHash(location.hash).open;
    if (!wanted || !(id || named) || seen < 0) return;
    if (id) return void (wanted = !(await go(id)));
    if (!room.item(named!)) await room.use(room.parts.pages).then((pages) => pages.open(named!));
    const thread = room.item(room.item(named!)?.dataset.thread ?? "");
    wanted = !!thread?.dataset.passage && !(await go(thread.dataset.passage, named));
  };
  addEventListener("hashchange", () => ((wanted = true), void arrive().catch(failed)), { signal });

  room.acts.passage = (target) => {
    const id = target.dataset.passage ?? "";
    return placed.some(({ passage }) => passage.id === id) && go(id);
  };
  room.placed.add((item) => {
    if (room.item(item.dataset.thread ?? "")?.dataset.passage && room.revision > seen) setTimeout(() => load().catch(failed), pause);
  });
  load().catch(failed);
  look();
  selected();
}
