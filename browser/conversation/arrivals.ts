import { Announcer } from "./announcer";
import type { Effect, Queue } from "./queue";
import type { Room } from "./room";

const gone: Record<string, string> = { withdrawn: "Withdrawn by its author.", removed: "Removed by a moderator." };

/** Does what the stream's events ask for. Text never moves under a reader: arrivals wait behind a button,
 * edits of comments in view behind a word beside the date, and what is removed leaves its height. */
export function arrivals(room: Room, queue: Queue): (effect: Effect) => void {
  const { kit, section, acts } = room;
  const announcer = new Announcer();
  const onScreen = watch(room);

  const fresh = () => {
    const button = room.one("[data-fresh]");
    if (!button) return;
    const n = queue.count;
    const text = queue.stale ? "Show new comments" : `Show ${kit.count(n, "new comment")}`;
    button.hidden = !n && !queue.stale;
    button.replaceChildren(kit.el("i", { ariaHidden: "true" }), text);
    if (announcer.due(n, Date.now(), onScreen())) room.say(kit.count(n, "new comment"));
    room.emit("new", { count: n });
  };
  setInterval(() => announcer.due(queue.count, Date.now(), onScreen()) && room.say(kit.count(queue.count, "new comment")), 15_000);

  /** Brings what waits onto the page and gives the first of it focus. */
  acts.fresh = async () => {
    const { stale } = queue;
    const { after, late, ids } = queue.release();
    fresh();
    if (stale) return reload(room, queue);
    const placed: HTMLElement[] = [];
    const take = (part: DocumentFragment) => {
      for (const li of part.querySelectorAll<HTMLElement>("li[data-id]")) {
        const item = room.item(li.dataset.id!) ? null : room.page.place(room, li);
        if (item) placed.push(item);
      }
    };
    if (after) {
      const { part, headers } = await room.html(`/s/${room.story}/new?after=${after}`);
      if (headers.get("Parley-More") === "1") return reload(room, queue);
      take(part);
    }
    for (const id of late) take((await room.html(`/c/${id}/item`)).part);
    for (const item of placed) if (ids.has(item.dataset.id!)) room.flash(item);
    placed.sort((a, b) => (a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1));
    room.focus(placed[0]);
  };
  acts["show-edit"] = (_, item) => change(room, item);

  return (effect) => {
    switch (effect.do) {
      case "fresh":
      case "reset":
        return fresh();
      case "own":
      case "session":
        return void room.session.check();
      case "known": // the stream is somebody's: who that is may be known already
        return void (room.session.reader || room.session.check());
      case "total":
        return room.total(effect.comments);
      case "more":
        return room.tally(effect.id, effect.by);
      case "counts":
        for (const [id, n] of Object.entries(effect.counts)) {
          const item = room.item(id);
          if (item) room.page.writeCount(item, n);
        }
        return;
      case "edit":
        return edited(room, room.item(effect.id)!);
      case "published":
        return quietly(room, room.item(effect.id)!);
      case "remove":
        return remove(room, room.item(effect.id)!, effect.state);
      case "closed":
      case "opened":
        if (effect.do === "closed") section.dataset.closed = "true";
        else delete section.dataset.closed;
        return room.heard.forEach((tell) => tell(room.me));
    }
  };
}

async function reload(room: Room, queue: Queue): Promise<void> {
  const { event, revision } = await (await room.use(room.parts.pages)).reload();
  queue.reloaded(event, revision);
  room.one("[data-fresh]")!.hidden = true;
  room.focus(room.list.querySelector<HTMLElement>("li"));
}

/** Follows whether the conversation is on screen. */
function watch(room: Room): () => boolean {
  let seen = false;
  const observer = new IntersectionObserver((entries) => {
    seen = entries.at(-1)!.isIntersecting;
    if (seen && room.section.dataset.seen !== "1") room.emit("visible");
    if (seen) room.section.dataset.seen = "1";
  });
  observer.observe(room.section);
  room.signal.addEventListener("abort", () => observer.disconnect());
  return () => seen && document.visibilityState === "visible";
}

/** Tells whether a comment can be seen now. */
function inView(item: HTMLElement): boolean {
  const { top, bottom } = item.querySelector("article")!.getBoundingClientRect();
  return bottom > 0 && top < innerHeight && document.visibilityState === "visible";
}

async function change(room: Room, item: HTMLElement): Promise<void> {
  const li = (await room.html(`/c/${item.dataset.id}/item`)).part.querySelector<HTMLElement>("li");
  if (!li) return;
  const { bottom } = item.getBoundingClientRect();
  room.page.renew(room, item, li);
  // What is above the window must not push what is in it. Browsers that keep the place themselves are left to it.
  if (bottom <= 0 && !CSS.supports("overflow-anchor", "auto")) scrollBy(0, item.getBoundingClientRect().bottom - bottom);
}

/** Changes a comment out of view at once; in view it waits for the reader's word. */
function edited(room: Room, item: HTMLElement): void {
  if (inView(item)) offer(room, item);
  else quietly(room, item);
}

/** Changes a comment without a word; what could not be fetched is offered. */
function quietly(room: Room, item: HTMLElement): void {
  change(room, item).catch(() => offer(room, item));
}

function offer(room: Room, item: HTMLElement): void {
  const meta = item.querySelector(":scope>article .meta");
  if (!meta || meta.querySelector("[data-act=show-edit]")) return;
  meta.append(room.kit.el("span", {}, room.kit.button("show-edit", "edited, show", "linked")));
}

/** Takes a comment's text away at once and keeps its height, so that nothing below it moves. */
function remove(room: Room, item: HTMLElement, state: string): void {
  const { el } = room.kit;
  const article = item.querySelector<HTMLElement>(":scope>article")!;
  const { height } = article.getBoundingClientRect();
  const li = el("li", {}, el("article", { className: "c gone", part: "comment", tabIndex: -1 }, el("div", { className: "tomb" }, gone[state] ?? "No longer here.")));
  li.dataset.state = state;
  room.page.renew(room, item, li);
  const left = item.querySelector<HTMLElement>(":scope>article")!;
  left.style.minHeight = height + "px";
}
