import type { Room } from "../conversation/room";
import type { Known, Talk } from "./types";

/** Gives what opens a panel with the talk about a passage. The panel is a small conversation of its own: its comments
 * act as those below the text do, and what is written in it stands there too. */
export default function talk(main: Room): Talk {
  return (opening) => {
    const { el } = main.kit;
    const { about, into, beside } = opening;
    const life = new AbortController();
    const box = el("dialog", { className: "talk" + (beside?.left ? " left" : ""), "aria-labelledby": "parley-talk" });
    const leave = () => {
      if (life.signal.aborted) return;
      life.abort();
      box.remove();
      opening.closed();
    };
    const section = el("section", { className: "conversation" });
    box.append(section);
    into.append(box);
    section.addEventListener("click", (event) => (event.target as Element).closest(".close") && leave());
    box.oncancel = box.onclose = leave;
    // Before anything in the panel hears it: what is written stays in its draft.
    const key = (event: KeyboardEvent) => {
      const target = event.composedPath()[0] as Element;
      const inner = target.closest?.("dialog,.menu");
      if (event.key !== "Escape" || event.isComposing || (inner && inner !== box) || !(target === document.body || into.contains(target))) return;
      event.preventDefault();
      event.stopPropagation();
      leave();
    };
    addEventListener("keydown", key, { capture: true, signal: life.signal });
    if (beside) {
      box.popover = "manual";
      box.style.width = beside.width + "px";
      box.showPopover();
    } else box.showModal();
    const choose = (one: Known) => {
      opening.turned(one);
      const back = about.length > 1 && el("button", { type: "button", className: "link", onclick: () => offer() }, "Other passages here");
      void fill(main, box, section, one, opening.comment, back, life.signal);
    };
    const offer = () => {
      section.replaceChildren(
        head(main, "Passages here"),
        el("ol", { className: "others", role: "list" }, ...about.map((one) => {
          const open = el("button", { type: "button", onclick: () => choose(one) }, el("q", { dir: "auto" }, one.exact), " ", el("span", { className: "n" }, main.kit.count(one.comments ?? 0, "comment")));
          return el("li", {}, open);
        })),
      );
      section.querySelector<HTMLElement>(".others button")!.focus();
    };
    if (about.length > 1) offer();
    else choose(about[0]!);
    return leave;
  };
}

function head({ kit: { el } }: Room, title: string): HTMLElement {
  return el("header", { className: "head" }, el("h2", { id: "parley-talk", tabIndex: -1 }, title), el("button", { type: "button", className: "close", ariaLabel: "Close" }, "×"));
}

/** Fills the panel with one passage: its words, a place to write, its threads. */
async function fill(main: Room, box: HTMLElement, section: HTMLElement, about: Known, comment: string, back: HTMLElement | false, signal: AbortSignal): Promise<void> {
  const { el, button, count } = main.kit;
  const { id = "", comments = 0 } = about;
  const said = el("p", { className: "n", "data-count": "" }, comments ? count(comments, "comment") : "No comments yet");
  const top = head(main, "On this passage");
  section.replaceChildren(
    top,
    el("blockquote", { className: "quoted", dir: "auto" }, el("q", {}, about.exact)),
    el("p", { className: "facts tools" }, said, back, button("correct", "Suggest a correction", "link")),
    el("div", { "data-compose": "" }),
    el("ol", { className: "thread", role: "list", "data-list": "" }),
    el("nav", { className: "pager", "data-pager": "", hidden: true }, el("span", { "data-shown": "" })),
    el("div", { role: "status", className: "vh", "data-status": "" }),
  );
  const { story = "", url = "", closed = "" } = main.section.dataset;
  const facts = { story, url, passage: id, draft: "p" + (id || about.start), comments: String(comments), threads: String(comments), sort: "newest", closed };
  for (const name of section.getAttributeNames()) if (name.startsWith("data-")) section.removeAttribute(name);
  for (const [name, value] of Object.entries(facts)) if (value) section.dataset[name] = value;
  const sprite = main.root.querySelector("symbol")?.closest("svg");
  if (sprite) section.prepend(sprite.cloneNode(true));
  // At once: whoever writes already when the comments come must not be taken from it.
  const title = top.querySelector("h2")!;
  title.focus();

  const room = new (main.constructor as new (...all: ConstructorParameters<typeof Room>) => Room)(main.host, box, section, signal);
  room.me = main.me;
  room.passage = id ? { id, exact: about.exact } : about;
  join(main, room, signal);
  room.page.listen(room);
  room.acts.correct = async (target) => {
    if (await (await room.use(room.parts.dialogs)).correct(room.passage!)) room.tell("Thank you. The author and the editors will look at it.", target);
  };
  try {
    await room.use(room.parts.write);
    if (id) {
      const pages = await room.use(room.parts.pages);
      await pages.reload();
      for (const own of main.all(`li[data-passage="${id}"]:is([data-state=held],[data-state=refused])`)) room.page.place(room, own.cloneNode(true) as HTMLElement);
      if (comment) return await pages.open(comment);
    }
    if (!id && (section.getRootNode() as ShadowRoot).activeElement === title) section.querySelector("textarea")?.focus();
  } catch (problem) {
    if (signal.aborted) return;
    section.querySelector("nav")!.hidden = false;
    room.fail(problem, null);
  }
}

/** Keeps the panel and the conversation below the text in step: what is written in either stands in both. */
function join(main: Room, room: Room, signal: AbortSignal): void {
  const take = room.take.bind(room);
  room.take = (written) => {
    main.section.dataset.story ||= room.story;
    main.take(written);
    return take(written);
  };
  const tally = room.tally.bind(room);
  room.tally = (id, by) => (main.tally(id, by), tally(id, by));
  const hear: Parameters<typeof main.heard.add>[0] = (me) => {
    room.me = me;
    room.page.dress(room, room.section);
    room.heard.forEach((tell) => tell(me));
  };
  const echo = (item: HTMLElement) => {
    const { id = "", thread = "" } = item.dataset;
    if (room.item(id) || room.item(thread)) room.page.place(room, item.cloneNode(true) as HTMLElement);
  };
  main.heard.add(hear);
  main.placed.add(echo);
  signal.addEventListener("abort", () => (main.heard.delete(hear), main.placed.delete(echo)));
}
