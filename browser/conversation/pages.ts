import { readPlace } from "./entry";
import { moreLabel, shownLabel, unseen } from "./paging";
import type { Room } from "./room";

/** How many threads one page brings (the server's PageThreads). */
const page = 25;

/** What the rest of the page can ask of the list of threads. */
export interface Pages {
  more(): Promise<void>;
  replies(link: HTMLElement, thread: HTMLElement): Promise<void>;
  sort(sort: string, link: HTMLAnchorElement): Promise<void>;
  reload(): Promise<{ event: number; revision: number }>;
  open(id: string): Promise<void>;
  arrive(): Promise<void>;
}

/** Brings threads and replies onto the page without loading it anew, and keeps the address and the history in
 * step, so that Back finds order and place again. */
export default function pages(room: Room): Pages {
  const { section, kit, signal } = room;
  let fetched = 1;
  const apart = !!section.dataset.draft; // a panel beside the text has no part in the page's history
  const one = section.dataset.passage ?? room.one("[data-about]")?.dataset.about; // only the threads about one passage
  const about = one ? "&passage=" + one : "";
  const sort = () => section.dataset.sort || "newest";

  const comments = (order: string, cursor = "") =>
    room.html(`/s/${room.story}/comments?sort=${order}${about}${cursor && "&cursor=" + encodeURIComponent(cursor)}`);

  /** Adds the threads of an answer that are not here yet; gives the first. */
  const add = (part: DocumentFragment, headers: Headers): HTMLElement | null => {
    const items = new Map([...part.children].map((li) => [(li as HTMLElement).dataset.id!, li as HTMLElement]));
    const ids = unseen([...items.keys()], (id) => room.item(id) !== null);
    for (const id of ids) room.list.append(items.get(id)!);
    for (const id of ids) {
      room.page.dress(room, items.get(id)!);
      for (const li of [items.get(id)!, ...items.get(id)!.querySelectorAll<HTMLElement>("li[data-id]")]) room.placed.forEach((heard) => heard(li));
    }
    section.dataset.next = headers.get("Parley-Next") ?? "";
    room.saw(Number(headers.get("Parley-Revision")));
    tell();
    return items.get(ids[0] ?? "") ?? null;
  };

  const tell = () => {
    const pager = room.one("[data-pager]");
    if (!pager) return;
    const reading = { next: section.dataset.next ?? "", shown: room.list.children.length, threads: Number(section.dataset.threads) };
    const link = pager.querySelector<HTMLAnchorElement>("[data-more]");
    const label = moreLabel(reading, page);
    pager.hidden = fetched === 1 && !label;
    pager.querySelector("[data-shown]")!.textContent = shownLabel(reading.shown, reading.threads);
    if (!label) link?.remove();
    else if (link) link.textContent = label;
    else pager.append(" ", kit.el("a", { className: "btn q", "data-more": "", href: `${kit.base()}/s/${room.story}?sort=${sort()}${about}&cursor=${reading.next}` }, label));
    for (const one of room.all("a[data-sort]")) {
      if (one.dataset.sort === sort()) one.setAttribute("aria-current", "true");
      else one.removeAttribute("aria-current");
    }
  };

  /** Shows the first page of an order, and as many further ones as had been shown. */
  const load = async (order: string, upTo = 1): Promise<{ event: number; revision: number }> => {
    const { part, headers } = await comments(order);
    section.dataset.sort = order;
    room.list.replaceChildren();
    fetched = 1;
    section.dataset.revision = headers.get("Parley-Revision") ?? "0"; // the reader's own up to here stand in it
    add(part, headers);
    while (fetched < upTo && section.dataset.next) await next();
    if (!apart) void room.session.check(); // the reader's own that wait belong on this page too
    return { event: Number(headers.get("Parley-Event")) || 0, revision: room.revision };
  };

  const next = async () => {
    const { part, headers } = await comments(sort(), section.dataset.next);
    fetched++;
    return add(part, headers);
  };

  /** Keeps in the history entry what Back needs. */
  let timer = 0;
  let restoring = false;
  const remember = () => {
    clearTimeout(timer);
    if (restoring || apart) return;
    const anchor = room.all("li[data-id]").find((li) => li.getBoundingClientRect().bottom > 0);
    const place = { story: room.storyKey, sort: sort(), pages: fetched, anchor: anchor?.dataset.id ?? "", offset: anchor?.getBoundingClientRect().top ?? 0 };
    history.replaceState({ ...history.state, parley: place }, "");
  };

  const restore = async () => {
    if (apart) return;
    restoring = true;
    await back().finally(() => (restoring = false));
  };
  const back = async () => {
    const place = readPlace(history.state, room.storyKey);
    const order = place?.sort || room.page.readHash(location.hash).sort || new URLSearchParams(location.search).get("sort") || "newest";
    if (order !== sort() || (place && place.pages > fetched)) await load(order, place?.pages);
    const item = place && room.item(place.anchor);
    // Threads are laid out as they come near the window, which moves them: a few frames until it stands.
    for (let frames = 0; item && frames < 8; frames++) {
      scrollBy(0, item.getBoundingClientRect().top - place.offset);
      await new Promise(requestAnimationFrame);
    }
  };

  const open = async (id: string) => {
    if (!room.item(id)) {
      const { part } = await room.html("/c/" + id);
      const thread = part.querySelector<HTMLElement>("[data-list]>li[data-id]");
      if (!thread) return;
      room.item(thread.dataset.id!)?.remove();
      room.list.prepend(thread);
      room.page.dress(room, thread);
    }
    const item = room.item(id)!;
    for (const one of room.all("li.target")) one.classList.remove("target");
    item.classList.add("target");
    const heading = item.querySelector(":scope>article :is(h3,h4)");
    if (heading && !heading.querySelector("[data-linked]")) heading.append(kit.el("span", { className: "vh", "data-linked": "" }, " Linked comment"));
    item.closest("details")?.setAttribute("open", "");
    room.focus(item, "center");
  };

  const scrolled = () => {
    clearTimeout(timer);
    timer = setTimeout(remember, 300); // browsers limit how often the history may be changed
  };
  addEventListener("scroll", scrolled, { signal, passive: true });
  room.placed.add(tell);
  addEventListener("popstate", () => void restore().catch((problem) => room.fail(problem, null)), { signal });
  addEventListener("pagehide", remember, { signal });

  return {
    async more() {
      const first = await next();
      remember();
      room.focus(first);
      room.emit("page", { shown: room.list.children.length });
    },
    async replies(link, thread) {
      const { cursor = "" } = link.dataset;
      const { part, headers } = await room.html(`/c/${thread.dataset.id}/replies${cursor && "?cursor=" + encodeURIComponent(cursor)}`);
      const all = [...part.querySelectorAll<HTMLElement>("li[data-id]")];
      const rest = headers.get("Parley-Next") ?? "";
      const behind = Number(/\d+/.exec(link.textContent ?? "")?.[0] ?? 0);
      const next = all.filter((li) => !room.item(li.dataset.id!));
      link.dataset.cursor = rest;
      link.textContent = behind > next.length ? `Show ${behind - next.length} more replies` : "Show more replies";
      if (!rest) link.remove();
      const placed = next.map((li) => room.page.place(room, li));
      room.focus(placed[0]);
    },
    async sort(order, link) {
      remember();
      await load(order);
      const own = link.pathname === location.pathname && link.origin === location.origin;
      history.pushState({ ...history.state, parley: null }, "", own ? link.href : "#parley-" + order);
      remember();
      room.say("Sorted: " + link.textContent);
      room.emit("sort", { sort: order });
    },
    reload: () => load(sort()),
    open,
    async arrive() {
      const id = room.page.readHash(location.hash).open;
      if (id) await open(id);
      else await restore();
    },
  };
}
