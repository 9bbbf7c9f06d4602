import { tellTimes } from "./clock";
import type { Room } from "./room";
import type { Me } from "./types";

/** Prepares comments that have come onto the page: links that act become buttons, times are told by their
 * distance, headings take the page's level, and the reader's marks are laid over. */
export function dress(room: Room, scope: HTMLElement): void {
  for (const link of scope.querySelectorAll<HTMLAnchorElement>(".act>a[data-act]")) upgrade(room, link);
  tellTimes(scope, room.language);
  shift(room, scope);
  for (const li of [scope, ...scope.querySelectorAll<HTMLElement>("li")]) if (li.dataset.id) mark(room, li);
}

function upgrade(room: Room, link: HTMLAnchorElement): void {
  const act = link.dataset.act!;
  const button = room.kit.el("button", { type: "button", className: link.className });
  Object.assign(button.dataset, link.dataset, { href: link.href });
  if (act === "recommend") button.ariaPressed = "false";
  if (act === "more") button.ariaExpanded = "false";
  button.append(...link.childNodes);
  link.replaceWith(button);
}

/** Moves headings to the level the page asks for (attribute heading-level; 2 is how they come). */
function shift(room: Room, scope: ParentNode): void {
  const by = Number(room.host.getAttribute("heading-level") ?? 2) - 2;
  if (!by) return;
  for (const heading of scope.querySelectorAll("h2,h3,h4")) heading.ariaLevel = String(Number(heading.tagName[1]) + by);
}

/** Lays the reader's marks over the whole conversation. */
export function lay(room: Room, me: Me): void {
  const own = new Set(me.own.map((one) => one.comment.id));
  for (const li of room.all("li[data-state=held],li[data-state=refused]"))
    if (!own.has(li.dataset.id!) && li.dataset.author !== me.reader?.id) li.remove();
  for (const li of room.all("li[data-id]")) mark(room, li);
}

function mark(room: Room, li: HTMLElement): void {
  const { reader, marks } = room.me;
  const mine = !!reader && li.dataset.author === reader.id;
  const article = li.querySelector(":scope>article");
  const recommend = article?.querySelector<HTMLButtonElement>("[data-act=recommend]");
  if (recommend) {
    recommend.ariaPressed = String(marks?.recommended.includes(li.dataset.id!) ?? false);
    recommend.disabled = mine;
  }
  article?.querySelector(".av")?.classList.toggle("me", mine);
  hush(room, li, !!li.dataset.author && !li.dataset.shown && !!marks?.hidden.includes(li.dataset.author));
}

/** Puts a placeholder over a comment of a reader this one does not want to see, or takes it away. Only muting
 * is named: who is hidden otherwise is nobody's business. */
function hush(room: Room, li: HTMLElement, quiet: boolean): void {
  const article = li.querySelector<HTMLElement>(":scope>article");
  if (!article || quiet === !!li.dataset.hush) return;
  article.hidden = quiet;
  if (!quiet) {
    delete li.dataset.hush;
    li.querySelector(":scope>.tomb")?.remove();
    return;
  }
  const { el, button } = room.kit;
  const muted = room.me.marks!.muted.includes(li.dataset.author!);
  li.dataset.hush = "1";
  article.before(
    el(
      "div",
      { className: "tomb" },
      muted ? "A comment by a reader you muted." : "This comment is hidden.",
      muted && button("once", "Show once", ""),
      muted && button("unmute", "Unmute", ""),
    ),
  );
}

/** Writes how many recommend a comment; nobody is an empty place, not a nought. */
export function writeCount(li: HTMLElement, n: number): void {
  const button = li.querySelector<HTMLElement>(":scope>article [data-act=recommend]");
  const place = button?.querySelector("[data-n]");
  if (!button || !place) return;
  button.dataset.count = String(n);
  place.textContent = n > 0 ? String(n) : "";
}
