import { bytes, isNear, maxBody } from "./bytes";
import type { Room } from "./room";
import type { Sender, Word } from "./sender";

let made = 0;

/** The elements of a composer's form. */
export interface Form {
  form: HTMLFormElement;
  avatar: HTMLElement;
  invite: HTMLElement | null;
  quote: HTMLElement;
  field: HTMLElement;
  text: HTMLTextAreaElement;
  bar: HTMLElement;
  who: HTMLElement;
  count: HTMLElement;
  preview: HTMLElement;
  enter: HTMLElement;
  post: HTMLButtonElement;
  note: HTMLElement;
}

/** Builds the form of a composer, for a reply or for the story. */
export function build(room: Room, reply: boolean, placeholder: string, value: string): Form {
  const { el, button } = room.kit;
  const id = `parley-text-${++made}`;
  const label = el("label", { className: "vh", htmlFor: id }, reply ? "Your reply" : "Your comment");
  const text = el("textarea", { id, rows: 1, placeholder, value });
  const who = el("span");
  const count = el("span", { hidden: true });
  const preview = button("preview", "Preview");
  const enter = button("enter", "Sign in");
  const post = el("button", { type: "submit", className: "btn" });
  const bar = el("div", { className: "bar" }, who, count, preview, reply && button("cancel", "Cancel"), enter, post);
  const field = el("div", { className: "field" }, label, text, bar);
  const quote = el("blockquote", { className: "quoted", hidden: true, dir: "auto" }, el("q"), button("unquote", "Not about these words", "link"));
  const avatar = el("span", { className: "av me", ariaHidden: "true" });
  const note = el("p", { className: "note", id: id + "-note" });
  text.setAttribute("aria-describedby", note.id);
  const invite = reply
    ? null
    : el(
        "p",
        { className: "invite" },
        el("b", {}, "Join our commenting forum."),
        " Join thought-provoking conversations, follow other readers and see their replies. ",
        button("join", "Register", "link"),
      );
  const form = el("form", { className: "compose", part: "composer", noValidate: true }, invite, quote, avatar, field, note);
  if (!reply) form.dataset.compose = "";
  return { form, avatar, invite, quote, field, text, bar, who, count, preview, enter, post, note };
}

/** Shows a word under the field, or takes away the one that is there. A refusal is spoken at once. */
export function say(room: Room, { form, text, note }: Form, word: Word | null): void {
  form.querySelector(".notice:not([data-closed])")?.remove();
  text.ariaInvalid = word?.bad ? "true" : null;
  text.setAttribute("aria-describedby", note.id);
  if (!word) return;
  const { el } = room.kit;
  const id = text.id + "-word";
  const { bold, text: rest, acts = [], bad } = word;
  form.append(el("div", { className: bad ? "notice err" : "notice", part: "notice", id, role: bad ? "alert" : "status" }, el("b", {}, bold), !!rest && el("span", {}, rest), ...acts));
  if (bad) text.setAttribute("aria-describedby", id);
}

/** Draws a form as things stand: who is signed in, what is written, how the sending goes, whether the composer is
 * open (a closed one is one line) and whether the conversation is. `item` is the comment that is answered. */
export function draw(room: Room, parts: Form, sender: Sender, open: boolean, item?: HTMLElement): void {
  const { form, avatar, invite, quote, field, text, bar, who, count, preview, enter, post, note } = parts;
  const { kit, me, section, session } = room;
  const { reader } = me;
  const known = !!reader || session.likely;
  const closed = !!section.dataset.closed;
  const idle = closed && !text.value;
  const n = bytes(text.value);
  const to = item?.querySelector("[data-reader]")?.textContent;
  form.classList.toggle("plain", !known);
  avatar.hidden = !reader || idle;
  avatar.textContent = reader?.initials ?? "";
  if (invite) invite.hidden = known || closed;
  field.hidden = note.hidden = idle;
  const about = !item && !section.dataset.draft && room.passage;
  quote.hidden = !about;
  if (about) quote.firstChild!.textContent = about.exact;
  who.textContent = reader ? `Posting as ${reader.name}` : known ? "" : "Sign in when you post.";
  count.hidden = !isNear(n);
  count.textContent = `${kit.grouped(n)} of ${kit.grouped(maxBody)}`;
  preview.hidden = !known; // the server shows it to readers only
  enter.hidden = known;
  bar.hidden = !open && known;
  const saved = to || text.value ? "Saved on this device as you type." : "Argue with the idea, not the person.";
  note.textContent = (to ? `Replying to ${to}. ` : "") + saved;
  const sending = sender.state === "sending";
  post.textContent = sender.pause || (sending ? "Sending…" : item ? "Post reply" : "Post");
  post.disabled = closed || sending || !!sender.pause;
  text.readOnly = sender.holds;
  const said = form.querySelector("[data-closed]");
  if (closed === !!said) return;
  const words = [kit.el("b", {}, "This conversation is closed."), kit.el("span", {}, "You can still read, recommend and report.")];
  if (closed) form.append(kit.el("div", { className: "notice", part: "notice", "data-closed": "" }, ...words));
  else said?.remove();
}
