import type { Problem } from "./kit";
import type { Room } from "./room";
import type { About } from "./types";

/** The reasons for a report, in the order and the words of the server. */
const reasons: [code: string, sentence: string][] = [
  ["abuse", "It insults or threatens somebody"],
  ["hate", "It attacks people for what they are"],
  ["spam", "It advertises or repeats itself"],
  ["false", "It states as fact what is not true"],
  ["off_topic", "It has nothing to do with the story"],
  ["private", "It reveals private matters"],
  ["illegal", "It breaks the law"],
  ["other", "Something else"],
];

/** The dialogs about one comment or reader. Each resolves when it is done or cancelled. */
export interface Dialogs {
  report(id: string): Promise<void>;
  block(author: string, name: string): Promise<void>;
  withdraw(item: HTMLElement): Promise<void>;
  /** Suggests a correction of words of the story's text; gives whether it was sent. */
  correct(about: About): Promise<boolean>;
}

/** Gives the dialogs of one conversation. */
export default function dialogs(room: Room): Dialogs {
  const { el, button } = room.kit;

  /** Shows a dialog until `act` has succeeded or the reader leaves it. Gives whether it was done. */
  const show = (title: string, content: HTMLElement[], verb: string, act: (data: FormData) => Promise<unknown>, danger = ""): Promise<boolean> =>
    new Promise((closed) => {
      const wrong = el("span", { className: "wrong", role: "alert" });
      const go = el("button", { type: "submit", className: "btn" + danger }, verb);
      const leave = button("", "Cancel");
      const form = el("form", { className: "form" }, el("h2", { id: "parley-dialog" }, title), ...content, wrong, el("div", { className: "bar" }, leave, go));
      const box = el("dialog", { className: "sheet", "aria-labelledby": "parley-dialog" }, form);
      const close = (done = false) => {
        box.close(); // gives focus back
        box.remove();
        closed(done);
      };
      box.onclose = leave.onclick = () => close();
      form.onsubmit = async (event) => {
        event.preventDefault();
        go.disabled = true;
        try {
          await act(new FormData(form));
          close(true);
        } catch (problem) {
          wrong.textContent = (problem as Problem).message;
          go.disabled = false;
        }
      };
      room.section.append(box);
      box.showModal();
    });

  return {
    async report(id) {
      const choices = reasons.map(([value, text]) => el("label", { className: "choice" }, el("input", { type: "radio", name: "reason", value, required: true }), text));
      const list = el("fieldset", {}, el("legend", { className: "vh" }, "What is wrong with it?"), ...choices);
      const note = el("label", {}, "In your own words", el("textarea", { name: "note", rows: 2, maxLength: 1000 }), el("small", {}, "Only moderators read this."));
      let reason = "";
      const sent = await show("Report this comment", [list, note], "Report", async (data) => {
        reason = String(data.get("reason"));
        await room.write("POST", `comments/${id}/reports`, { reason, note: String(data.get("note")) });
      });
      if (!sent) return;
      room.tell("Thank you. A moderator will look at it.", room.item(id));
      room.emit("report", { id, reason });
    },
    async block(author, name) {
      const text = el("p", {}, `You and ${name} will no longer see what the other writes, nor answer it, and neither follows the other any more. ${name} is not told. You can undo this in your account.`);
      const done = await show(`Block ${name}?`, [text], "Block", () => room.write("PUT", `readers/${author}/block`), " danger");
      if (!done) return;
      for (const item of room.all(`li[data-author="${author}"]`)) delete item.dataset.shown;
      await room.session.check();
      room.say(`You have blocked ${name}.`);
    },
    async withdraw(item) {
      const text = el("p", {}, "Its text is taken away and “Withdrawn by its author” stands in its place. Replies to it stay. This cannot be undone.");
      await show("Withdraw this comment?", [text], "Withdraw", async () => {
        const counted = item.dataset.state === "published";
        room.take(await room.write("DELETE", `comments/${item.dataset.id}`));
        if (counted) room.tally(item.dataset.id!, -1);
      }, " danger");
      room.focus(item);
    },
    correct({ id, ...words }) {
      const quote = el("blockquote", { className: "quoted", dir: "auto" }, el("q", {}, words.exact));
      const body = el("label", {}, "What is wrong, and what is right?", el("textarea", { name: "body", rows: 3, maxLength: 1000, required: true }));
      const source = el("label", {}, "Where can that be checked?", el("input", { name: "source", maxLength: 2048, required: true }), el("small", {}, "An address, or a book and its page."));
      const thanks = el("label", { className: "choice" }, el("input", { type: "checkbox", name: "thanks", checked: true }), "My name may be given with the thanks");
      const note = el("p", {}, el("small", {}, "It goes to the author and the editors, not into the conversation."));
      return show("Suggest a correction", [quote, body, source, thanks, note], "Send", async (data) => {
        const [text, where] = [data.get("body"), data.get("source")];
        await room.write("POST", `stories/${await room.settle()}/corrections`, { body: text, source: where, thanks: data.has("thanks"), passage: id ? { id } : words });
      });
    },
  };
}
