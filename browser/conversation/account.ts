import type { Kit, Problem } from "./kit";
import type { session as Session } from "./session";
import type { Way } from "./signin";

type Field = [name: string, label: string, type: string, autocomplete: string, hint?: string];

const email: Field = ["email", "E-mail", "email", "username"];
const ways: Record<Way, { title: string; verb: string; other: string; path: string; fields: Field[] }> = {
  register: {
    title: "Join our commenting forum",
    verb: "Register",
    other: "I have an account already",
    path: "readers",
    fields: [
      [...email, "Only we see it. A mail will ask you to confirm it."] as unknown as Field,
      ["name", "Name", "text", "nickname", "Shown with your comments."],
      ["password", "Password", "password", "new-password", "At least 15 characters. Three or four words do well."],
    ],
  },
  "sign-in": {
    title: "Sign in",
    verb: "Sign in",
    other: "Register instead",
    path: "session",
    fields: [email, ["password", "Password", "password", "current-password"]],
  },
};

/** Shows the dialog in which a reader registers or signs in, on the forum's own origin, and, unless the caller
 * thanks (`thanked`), the thanks for registering. Gives whether somebody is signed in when it has closed. */
export default function account({ el, call, thanks }: Kit, session: typeof Session, near: HTMLElement, first: Way, thanked: boolean): Promise<boolean> {
  return new Promise((closed) => {
    const box = el("dialog", { className: "sheet", "aria-labelledby": "parley-account" });
    const close = (done = false) => {
      box.close(); // gives focus back
      box.remove();
      closed(done);
    };
    box.onclose = () => close(!!session.reader);
    const thank = () => {
      const [title, text] = thanks(session.reader!.name);
      const go = el("button", { type: "button", className: "btn", onclick: () => close(true) }, "Go on");
      box.replaceChildren(el("div", { className: "form" }, el("h2", { id: "parley-account" }, title), el("p", {}, text), el("div", { className: "bar" }, go)));
      go.focus();
    };
    const show = (way: Way, address = "") => {
      const { title, verb, other, path, fields } = ways[way];
      const go = el("button", { type: "submit", className: "btn" }, verb);
      const leave = el("button", { type: "button", className: "btn q", onclick: () => close() }, "Cancel");
      const swap = el("button", { type: "button", className: "link", onclick: () => show(way === "register" ? "sign-in" : "register", rows[0]!.input.value) }, other);
      const rows = fields.map(([name, label, type, autocomplete, hint]) => {
        const input = el("input", { name, type, autocomplete, required: true, value: name === "email" ? address : "" });
        const wrong = el("span", { className: "wrong", role: "alert" });
        return { input, wrong, label: el("label", {}, label, input, wrong, !!hint && el("small", {}, hint)) };
      });
      const form = el("form", { className: "form" }, el("h2", { id: "parley-account" }, title), ...rows.map((row) => row.label), el("div", { className: "bar" }, leave, go), swap);
      form.onsubmit = async (event) => {
        event.preventDefault();
        go.disabled = true;
        for (const { input, wrong } of rows) wrong.textContent = input.ariaInvalid = "";
        try {
          await call("POST", path, Object.fromEntries(new FormData(form)));
          await session.changed();
          if (way === "register" && session.reader && !thanked) thank();
          else close(!!session.reader);
        } catch (problem) {
          const { message, field } = problem as Problem;
          const row = rows.find(({ input }) => input.name === field) ?? rows.at(-1)!;
          row.wrong.textContent = message;
          row.input.ariaInvalid = "true";
          row.input.focus();
          go.disabled = false;
        }
      };
      box.replaceChildren(form);
      rows[0]!.input.focus();
    };
    near.append(box);
    show(first);
    box.showModal();
  });
}
