import { bringSheet } from "../argument/sheet";
import { Composer } from "./composer";
import type { Room } from "./room";
import { tools } from "./tools";

/** Puts the story's composer and the reader's tools in place. Gives the act of replying. */
export default function write(room: Room): { reply(button: HTMLElement, item: HTMLElement): void } {
  const replies = new Map<HTMLElement, Composer>();
  const slot = room.one("[data-compose]");
  const about = room.one("[data-about]"); // the page shows one passage
  if (about) room.passage = { id: about.dataset.about!, exact: about.querySelector(".quoted")?.textContent ?? "" };
  const main = slot && new Composer(room, slot);
  const tell = () => {
    if (room.passage) bringSheet(room);
    tools(room);
    main?.render();
    replies.forEach((one) => one.render());
  };
  room.heard.add(tell);
  room.placed.add((item) => item.dataset.passage && bringSheet(room));
  tell();
  for (const name of ["cancel", "discard", "keep", "stop", "unquote", "enter", "join", "enterAndPost", "preview"])
    room.acts[name] = (target) => [main, ...replies.values()].find((one) => one?.form === target.closest("form"))?.acts[name]!();
  return {
    reply(button, item) {
      const there = replies.get(item);
      if (there) return there.focus();
      const below = room.kit.el("div");
      item.querySelector(":scope>article")!.after(below);
      const composer = new Composer(room, below, item, () => {
        replies.delete(item);
        button.focus();
      });
      replies.set(item, composer);
      composer.focus();
    },
  };
}
