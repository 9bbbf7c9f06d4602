import { dress } from "./marks";
import { endFor, indexAmong, owner } from "./place";
import type { Room } from "./room";

const idOf = (li: Element): string => (li as HTMLElement).dataset.id ?? "";

/** Gives the id of the comment under which a comment belongs, "" for a new thread, null for no place here. */
export function ownerOf(room: Room, id: string, thread: string, parent: string): string | null {
  if (!parent) return "";
  const shown = (one: string) => {
    const li = room.item(one);
    return li ? { parent: li.dataset.parent ?? "", level: Number(li.dataset.level) || 1 } : undefined;
  };
  const partial = (one: string) => !!room.item(one)?.querySelector("[data-more-replies]");
  return owner({ id, parent, thread }, shown, partial);
}

/** Puts one rendered comment in its place, or over the one that is there. Gives the li that is on the page, or
 * null when it has no place there. */
export function place(room: Room, li: HTMLElement): HTMLElement | null {
  const { id = "", thread = "", parent = "" } = li.dataset;
  const there = room.item(id);
  if (there) return renew(room, there, li);
  const under = ownerOf(room, id, thread, parent);
  if (under === null) return null;
  if (under === "") {
    const end = endFor(room.section.dataset.sort ?? "", !!room.one("[data-more]"));
    room.list[end === "end" ? "append" : "prepend"](li);
    room.section.dataset.threads = String(Number(room.section.dataset.threads) + 1);
    room.one("[data-empty]")?.remove();
    room.one(".filter")?.removeAttribute("hidden");
  } else {
    const above = room.item(under)!;
    const list = repliesOf(room, above);
    li.dataset.level = String(Math.min(3, Number(above.dataset.level) + 1));
    const siblings = [...list.children].filter(idOf);
    list.insertBefore(li, siblings[indexAmong(siblings.map(idOf), id)] ?? null);
    list.closest("details")!.open = true;
    countReplies(room.item(thread)!);
  }
  return settled(room, li);
}

/** Replaces what a li says of its own comment; the replies under it stay where they are. */
export function renew(room: Room, li: HTMLElement, by: HTMLElement): HTMLElement {
  const own = (one: HTMLElement) => one.querySelector<HTMLElement>(":scope>article")!;
  const focused = own(li).contains((li.getRootNode() as Document).activeElement);
  li.querySelector(":scope>.tomb")?.remove();
  own(li).replaceWith(own(by));
  li.dataset.state = by.dataset.state ?? "";
  li.dataset.author = by.dataset.author ?? "";
  delete li.dataset.hush;
  settled(room, li);
  if (focused) room.focus(li);
  return li;
}

function settled(room: Room, li: HTMLElement): HTMLElement {
  dress(room, li);
  room.placed.forEach((tell) => tell(li));
  return li;
}

/** Gives the list that takes replies to the comment in li; makes it when there is none yet. */
function repliesOf(room: Room, li: HTMLElement): HTMLElement {
  const there = li.querySelector<HTMLElement>(":scope>ol,:scope>details>ol");
  if (there) return there;
  const { el } = room.kit;
  const first = li.dataset.level === "1";
  const list = el("ol", { role: "list", className: first ? "" : "sub" });
  const summary = () => el("summary", {}, el("i", { ariaHidden: "true" }), el("span", { "data-reply-count": "" }));
  li.append(first ? el("details", { className: "replies", open: true, "data-replies": "" }, summary(), list) : list);
  return list;
}

/** Writes how many replies a thread has; those behind "Show more replies" count too. */
export function countReplies(thread: HTMLElement): void {
  const shown = thread.querySelectorAll("li[data-state=published],li[data-state=held]").length;
  const behind = Number(/\d+/.exec(thread.querySelector("[data-more-replies]")?.textContent ?? "")?.[0] ?? 0);
  const text = thread.querySelector("[data-reply-count]");
  const n = shown + behind;
  if (text) text.textContent = n ? `${n} ${n === 1 ? "reply" : "replies"}` : "Replies";
}
