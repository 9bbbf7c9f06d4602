import type { Room } from "./room";

/** How long an author may change a comment (the server's EditWindow), in ms. */
const editWindow = 5 * 60_000;

type Entry = [text: string, act: () => unknown];

/** Gives the act of opening a comment's menu; pressed again, its button closes it. The menu is a popover, over
 * everything, since a thread cuts off what leaves its box; the browser closes it on Escape and on clicks
 * elsewhere. */
export default function menu(room: Room): (button: HTMLButtonElement, item: HTMLElement) => void {
  let open: HTMLElement | null = null;
  return (button, item) => {
    if (button.popoverTargetElement === open && open?.matches(":popover-open")) return open.hidePopover();
    const list = room.kit.el("div", { className: "menu", role: "menu", popover: "auto" });
    for (const [text, act] of entries(room, item)) list.append(entry(room, item, text, () => (list.hidePopover(), act())));
    const put = () => beside(list, button);
    list.addEventListener("keydown", (event) => step(list, event));
    list.addEventListener("toggle", (event) => {
      if ((event as ToggleEvent).newState === "open") return;
      list.remove();
      removeEventListener("resize", put);
      if (button.popoverTargetElement !== list) return; // opened again before this was told
      button.ariaExpanded = "false";
      button.popoverTargetElement = null;
    });
    open = list;
    button.after(list);
    button.ariaExpanded = "true";
    button.popoverTargetElement = list; // a press on it is not one elsewhere
    button.focus(); // where the browser returns to
    list.showPopover();
    put();
    addEventListener("resize", put);
    list.querySelector("button")!.focus({ preventScroll: true });
  };
}

/** Puts the menu under its button, or above it where the window ends, aligned with its end. */
function beside(list: HTMLElement, button: HTMLElement): void {
  Object.assign(list.style, { position: "absolute", inset: "auto", margin: "0", left: "0", top: "0" }); // where it has room to be measured
  const { left, right, top, bottom } = button.getBoundingClientRect();
  const { width, height } = list.getBoundingClientRect();
  const start = getComputedStyle(button).direction === "rtl" ? left : right - width;
  const x = Math.max(8, Math.min(start, document.documentElement.clientWidth - width - 8));
  const y = bottom + height > innerHeight && top > height ? top - height : bottom;
  Object.assign(list.style, { left: x + scrollX + "px", top: y + scrollY + "px" });
}

function entry(room: Room, item: HTMLElement, textContent: string, act: () => unknown): HTMLElement {
  const onclick = async () => {
    try {
      await act();
    } catch (problem) {
      room.fail(problem, item);
    }
  };
  return room.kit.el("button", { type: "button", role: "menuitem", textContent, onclick });
}

function step(list: HTMLElement, event: KeyboardEvent): void {
  const all = [...list.querySelectorAll("button")];
  const at = all.findIndex((one) => one.matches(":focus"));
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  all.at(to % all.length)!.focus();
}

function entries(room: Room, item: HTMLElement): Entry[] {
  const { id = "", author = "", thread = "" } = item.dataset;
  const { reader, marks } = room.me;
  const article = item.querySelector(":scope>article")!;
  const name = article.querySelector("[data-reader]")!.textContent!;
  const written = Date.parse(article.querySelector("time")!.dateTime);
  const dialogs = () => room.use(room.parts.dialogs);
  const inThread = !!marks?.threads.includes(thread);
  const share: Entry = ["Copy link", () => copy(room, item, article.querySelector<HTMLAnchorElement>("[data-permalink]")!.href)];
  const followThread: Entry = [inThread ? "Unfollow this thread" : "Follow this thread", () => follow(room, item, "thread", thread, !inThread, "this thread")];
  const edit: Entry = ["Edit", async () => (await room.use(room.parts.edit))(item)];
  if (reader?.id === author) {
    const known = item.dataset.state === "published"; // to others, who could follow a link to it
    const withdraw: Entry = ["Withdraw", async () => (await dialogs()).withdraw(item)];
    return [...(known ? [share] : []), ...(Date.now() - written < editWindow ? [edit] : []), ...(known ? [followThread] : []), withdraw];
  }
  const following = !!marks?.following.includes(author);
  const muted = !!marks?.muted.includes(author);
  return [
    share,
    [`${following ? "Unfollow" : "Follow"} ${name}`, () => follow(room, item, "reader", author, !following, name)],
    followThread,
    [`${muted ? "Unmute" : "Mute"} ${name}`, () => mute(room, author, !muted, name)],
    [`Block ${name}`, async () => (await dialogs()).block(author, name)],
    ["Report this comment", async () => (await dialogs()).report(id)],
  ];
}

async function follow(room: Room, item: HTMLElement, kind: "reader" | "thread", id: string, on: boolean, name: string): Promise<void> {
  await room.write(on ? "PUT" : "DELETE", `${kind}s/${id}/follow`);
  await room.session.check();
  room.tell(on ? `You follow ${name}.` : `You no longer follow ${name}.`, item);
  room.emit("follow", { kind, on });
}

async function mute(room: Room, id: string, on: boolean, name: string): Promise<void> {
  await room.write(on ? "PUT" : "DELETE", `readers/${id}/mute`);
  await room.session.check();
  room.say(on ? `You no longer see what ${name} writes.` : `You see what ${name} writes again.`);
  room.emit("mute", { on });
}

async function copy(room: Room, item: HTMLElement, link: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(link);
    room.tell("The link is copied.", item);
  } catch {
    prompt("The address of this comment:", link); // the browser does not let the page copy
  }
  room.emit("share", { id: item.dataset.id });
}
