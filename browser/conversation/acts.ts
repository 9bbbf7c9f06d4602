import { dress, writeCount } from "./marks";
import type { Room } from "./room";

/** Elements that act though they are ordinary links without a script, and the act they stand for. */
const plain = { "[data-more]": "page", "[data-more-replies]": "replies", "a[data-sort]": "sort", "[data-fresh]": "fresh", "a.to": "to", "a.start": "start" };

/** Answers every click in the conversation. What no act answers stays an ordinary click. */
export function listen(room: Room): void {
  const { acts, parts } = room;
  const selector = ["[data-act]", ...Object.keys(plain)].join();
  const click = (event: Event) => {
    const { metaKey, ctrlKey, shiftKey } = event as MouseEvent;
    const target = (event.target as Element).closest<HTMLElement>(selector);
    if (!target || metaKey || ctrlKey || shiftKey) return;
    const act = acts[target.dataset.act ?? Object.entries(plain).find(([one]) => target.matches(one))![1]];
    const item = target.closest<HTMLElement>("li[data-id]");
    const done = act?.(target, item!, event) ?? false;
    if (done === false) return;
    event.preventDefault();
    Promise.resolve(done).catch((problem) => room.fail(problem, item ?? target));
  };
  room.root.addEventListener("click", click, { signal: room.signal });

  acts.more = (target, item) => room.use(parts.menu).then((menu) => menu(target as HTMLButtonElement, item));
  acts.page = () => room.use(parts.pages).then((pages) => pages.more());
  acts.replies = (target, item) => room.use(parts.pages).then((pages) => pages.replies(target, item));
  acts.sort = (target) => room.use(parts.pages).then((pages) => pages.sort(target.dataset.sort!, target as HTMLAnchorElement));
  acts.start = () => room.use(parts.write).then(() => room.one("[data-compose] textarea")?.focus());
  acts.reply = (target, item) => room.use(parts.write).then((write) => write.reply(target, item));
  acts.once = (_, item) => {
    item.dataset.shown = "1";
    dress(room, item);
    room.focus(item);
  };
  acts.unmute = async (_, item) => {
    await room.write("DELETE", `readers/${item.dataset.author}/mute`);
    await room.session.check();
    room.focus(item);
  };
  acts.recommend = (target, item) => recommend(room, target as HTMLButtonElement, item);
  acts.to = (target) => {
    const item = room.item(/\/c\/(\d+)$/.exec((target as HTMLAnchorElement).href)?.[1] ?? "");
    if (!item) return false;
    room.focus(item);
    return true;
  };
}

/** Recommends a comment or takes that back: shown at once, then corrected by what the server says. */
async function recommend(room: Room, button: HTMLButtonElement, item: HTMLElement): Promise<void> {
  const { id = "" } = item.dataset;
  const before = { on: button.ariaPressed === "true", n: Number(button.dataset.count) || 0 };
  const show = (on: boolean, n: number) => {
    const marks = room.me.marks;
    if (marks) marks.recommended = marks.recommended.filter((one) => one !== id).concat(on ? id : []);
    button.ariaPressed = String(on);
    writeCount(item, n);
  };
  if (room.session.reader) show(!before.on, before.n + (before.on ? -1 : 1));
  try {
    const answer = await room.write<{ recommendations: number; recommended: boolean; revision: number }>(
      before.on ? "DELETE" : "PUT",
      `comments/${id}/recommendation`,
    );
    room.saw(answer.revision);
    show(answer.recommended, answer.recommendations);
    room.emit("recommend", { id, on: answer.recommended });
  } catch (problem) {
    show(before.on, before.n);
    throw problem;
  }
}
