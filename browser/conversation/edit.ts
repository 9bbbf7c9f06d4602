import type { Problem } from "./kit";
import type { Room } from "./room";
import type { Comment, Written } from "./types";

/** Gives the act of editing one's own comment where it stands. */
export default function edit(room: Room): (item: HTMLElement) => Promise<void> {
  const { el, button } = room.kit;
  return async (item) => {
    const path = `comments/${item.dataset.id}`;
    const body = item.querySelector<HTMLElement>(":scope>article .body")!;
    if (body.hidden) return;
    const { body: text } = await room.write<Comment>("GET", path);
    const area = el("textarea", { value: text, rows: 3, ariaLabel: "Your comment" });
    const save = el("button", { type: "submit", className: "btn" }, "Save");
    const leave = button("", "Cancel");
    const wrong = el("div", { className: "notice err", role: "alert", hidden: true });
    const form = el("form", { className: "compose plain" }, el("div", { className: "field" }, area, el("div", { className: "bar" }, el("span", {}, "Changes are possible for five minutes."), leave, save)), wrong);
    const close = () => {
      form.remove();
      body.hidden = false;
      room.focus(item);
    };
    leave.onclick = close;
    form.onkeydown = (event) => {
      if (event.key === "Escape") close();
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
    };
    form.onsubmit = async (event) => {
      event.preventDefault();
      save.disabled = true;
      try {
        const written = await room.write<Written>("PATCH", path, { body: area.value });
        form.remove();
        room.focus(room.take(written));
        room.say("Your changes are saved.");
      } catch (problem) {
        wrong.textContent = (problem as Problem).message;
        wrong.hidden = !wrong.textContent;
        save.disabled = false;
      }
    };
    body.hidden = true;
    body.after(form);
    area.focus();
  };
}
