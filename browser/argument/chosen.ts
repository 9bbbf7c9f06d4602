import type { About } from "../conversation/types";
import type { Room } from "../conversation/room";
import { describe } from "./describe";
import { held } from "./held";
import type { Matcher } from "./match";
import type { PageText } from "./text";

/** How long the words must have stood chosen before the buttons come, in ms: they would flicker while one drags. */
const settled = 200;

/** What the buttons beside chosen words need. */
export interface Choosing {
  /** The layer. */
  root: ShadowRoot;
  /** Gives the article's text as it is now. */
  text(): PageText | null;
  joined: Matcher["joined"];
  /** How many characters a passage has at most. */
  most: number;
  /** Opens the talk about a passage. */
  comment(about: About): void;
}

/** What this part gives. */
export interface Chosen {
  /** Offers, from then on, what can be done with words that the reader selects in the article. */
  offer(choosing: Choosing): void;
  describe: typeof describe;
}

/** Gives what words that the reader chooses need. */
export default function chosen(room: Room): Chosen {
  return { offer: (choosing) => offer(room, choosing), describe };
}

function offer(room: Room, { root, text, joined, most, comment }: Choosing): void {
  const { el, button, grouped } = room.kit;
  const { signal } = room;
  const bar = el("div", { className: "chosen", role: "toolbar", ariaLabel: "The chosen words", hidden: true });
  root.append(bar);
  let about: About | null = null;
  let timer = 0;
  let pressed = false;
  let thanked = false;

  const show = (...what: HTMLElement[]) => {
    bar.replaceChildren(...what);
    bar.hidden = false;
  };
  const place = (range: Range) => {
    const rects = range.getClientRects();
    const { left, bottom } = rects[rects.length - 1] ?? range.getBoundingClientRect();
    const origin = (root.host as HTMLElement).getBoundingClientRect();
    const last = document.documentElement.clientWidth - bar.offsetWidth - 8;
    Object.assign(bar.style, { top: bottom + 8 - origin.top + "px", left: Math.max(8, Math.min(left, last)) - origin.left + "px" });
  };

  const look = () => {
    const selection = getSelection();
    const now = text();
    const range = selection?.rangeCount && !selection.isCollapsed ? selection.getRangeAt(0) : null;
    const within = now && range && (now.root.contains(range.startContainer) || now.root.contains(range.endContainer));
    const words = within && held(now, range);
    const before = about;
    about = null;
    if (!words) return void (bar.hidden = !thanked);
    const n = words.end - words.start;
    if (n > most) show(el("p", {}, `A passage has at most ${grouped(most)} characters; these are ${grouped(n)}.`));
    else {
      about = describe(now.chars, words.start, words.end, joined);
      if (bar.hidden || !before) show(button("comment", "Comment on this passage", ""), button("correct", "Suggest a correction", ""));
    }
    place(range);
    if (about && !before) room.say("Words chosen. To comment on them press Control, Alt and M.");
  };
  const soon = () => {
    clearTimeout(timer);
    if (!pressed) timer = setTimeout(look, settled);
  };
  const hear = (on: EventTarget, types: string, act: (event: Event) => void) => types.split(" ").forEach((type) => on.addEventListener(type, act, { signal, capture: true }));
  hear(document, "selectionchange", soon);
  hear(document, "pointerdown", (event) => (pressed = event.target !== root.host));
  hear(document, "pointerup pointercancel", () => ((pressed = false), soon()));
  hear(document, "keydown", (event) => {
    const { code, altKey, ctrlKey, metaKey } = event as KeyboardEvent;
    if (code !== "KeyM" || !altKey || !(ctrlKey || metaKey)) return;
    look(); // it may have been pressed before the buttons came
    if (!about) return;
    event.preventDefault();
    comment(about);
  });
  hear(bar, "pointerdown", (event) => event.preventDefault()); // the words stay chosen
  hear(bar, "click", (event) => {
    const act = (event.target as HTMLElement).dataset.act;
    const words = about;
    if (!act || !words) return;
    bar.hidden = true;
    about = null;
    if (act === "comment") comment(words);
    else correct(words).catch((problem) => room.fail(problem, null));
  });
  const correct = async (words: About) => {
    if (!(await (await room.use(room.parts.dialogs)).correct(words))) return;
    show(el("p", { role: "status" }, "Thank you. The author and the editors will look at it."));
    thanked = true;
    setTimeout(() => ((thanked = false), look()), 6000);
  };
  look();
}
