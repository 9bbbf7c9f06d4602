import type { Preview } from "./composer";
import type { Room } from "./room";

/** Gives what shows a form's text as it will look, above the form's line of buttons. */
export default function preview(room: Room): (form: HTMLElement, bar: HTMLElement) => Preview {
  const { el, parse, call } = room.kit;
  return (_, bar) => {
    const box = el("div", { className: "body", dir: "auto", role: "region", ariaLabel: "Preview", hidden: true });
    bar.before(box);
    return {
      async show(body) {
        if (!body.trim()) return;
        const { html } = await call<{ html: string }>("POST", "comments/preview", { body });
        box.replaceChildren(parse(html));
        box.hidden = false;
      },
      hide() {
        box.hidden = true;
      },
    };
  };
}
