import type { Room } from "../conversation/room";
import type { Written } from "../conversation/types";
import type { Answered, Asked, Own, Together } from "./asked";

/** The standing question of a story: answers where it stands, shows what readers think together to those who have
 * answered, and puts on each reason the answer that it came with. */
export default function question(room: Room): void {
  const box = room.one(".question");
  const form = box?.querySelector<HTMLElement>("[data-form]");
  if (!box || !form) return;
  const { kit, signal } = room;
  const { el } = kit;
  const id = box.dataset.question!;
  const details = box.querySelector("details")!;
  const plain = box.querySelector<HTMLElement>("a[data-answer]");
  let asked: Asked | null = null;
  let changing = false;
  let busy = false;
  let drawn = ""; // of which answer the picture is
  let key = "";
  let keyed = "";

  const own = (): Own | null => (room.me as { question?: Own | null }).question ?? null;

  /** Writes on the reasons what their readers had answered: only those who have answered are told. */
  const wear = () => {
    const steps = own()?.reasons ?? {};
    for (const item of room.all("li[data-reason]")) {
      const meta = item.querySelector(":scope>article .meta");
      const step = steps[item.dataset.id!];
      let worn = meta?.querySelector(".step");
      if (!step || !meta) worn?.remove();
      else {
        if (!worn) meta.append((worn = el("span", { className: "step" })));
        worn.textContent = "Answered: " + name(step);
      }
    }
  };
  const name = (step: string) => step.replaceAll("_", " ");

  const steps = (): HTMLElement => {
    const now = own()?.step;
    return el("fieldset", { className: "steps" }, el("legend", {}, asked!.text), ...asked!.steps.map((step) =>
      el("label", {}, el("input", { type: "radio", name: "step", value: step.step, required: true, checked: step.step === now }), step.name, el("small", {}, `${step.from}–${step.to} %`))));
  };

  /** Draws what the reader can do, once the question is open. */
  const draw = async () => {
    if (!details.open) return;
    asked ??= await kit.shared<Asked>(`questions/${id}?rev=${room.revision}`);
    const me = own();
    if (plain) plain.hidden = true;
    const open = asked.state === "open";
    if (open && (!me?.answered || changing || form.querySelector("textarea")?.value)) {
      if (!form.querySelector("form")) form.replaceChildren(answerForm(!!me?.answered));
      return;
    }
    const lines: (Node | string | false)[] = [];
    if (me?.answered) lines.push(el("p", {}, "You answered ", el("b", {}, name(me.step ?? "")), ". "));
    if (open) lines.push(el("p", {}, kit.button("rethink", "Change my answer"), " ", kit.button("follow-question", me?.follows ? "Following" : "Tell me how it ends", "link")));
    const kept = form.querySelector(".picture");
    form.replaceChildren(...lines.filter((line): line is Node => !!line), ...(kept ? [kept] : []));
    if (me?.answered || !open) await picture(me?.step + ":" + room.revision);
  };

  const picture = async (of: string) => {
    if (drawn === of) return;
    drawn = of;
    form.querySelector(".picture")?.remove();
    const figure = el("figure", { className: "picture" });
    try {
      const { svg, words, step, readers } = await kit.call<Together>("GET", `questions/${id}/together`);
      const caption = el("figcaption", {}, `${kit.count(readers, "reader")}: together they think it `, el("b", {}, name(step)), `, ${words}. `,
        el("a", { className: "link", href: `${kit.base()}/q/${id}` }, "The figures behind it"));
      figure.append(kit.parse(svg), caption);
    } catch (problem) {
      figure.append(el("p", { className: "note" }, (problem as Error).message));
    }
    form.append(figure);
  };

  const answerForm = (again: boolean): HTMLElement => {
    const label = again ? "What has changed?" : "Why? (you may leave it out)";
    const reason = el("textarea", { rows: 2, name: "reason" });
    const wrong = el("p", { className: "note err", role: "alert", hidden: true });
    const made = el("form", { className: "form wide" }, steps(),
      el("div", { className: "row" }, el("label", {}, label, reason), el("small", {}, "It becomes a comment. Those who have answered see your answer beside it.")),
      wrong, el("p", {}, el("button", { type: "submit", className: "btn" }, again ? "Save this answer" : "Answer"), again && " ", again && kit.button("keep-answer", "Keep my answer")));
    made.addEventListener("submit", (event) => {
      event.preventDefault();
      void send(made, reason, wrong);
    }, { signal });
    return made;
  };

  const send = async (made: HTMLFormElement, reason: HTMLTextAreaElement, wrong: HTMLElement) => {
    if (busy) return;
    busy = true;
    wrong.hidden = true;
    const step = new FormData(made).get("step");
    const body = { version: asked!.version, step, reason: reason.value.trim() };
    if (keyed !== step + body.reason) (keyed = step + body.reason), (key = crypto.randomUUID?.() ?? String(Math.random()));
    try {
      const got = await room.write<Answered>("POST", `questions/${id}/answers`, body, { "Idempotency-Key": key });
      changing = false;
      form.replaceChildren();
      if (got.comment) {
        const item = room.take(got as Written);
        if (item) (room.tally(got.comment.id, 1), room.flash(item));
      }
      await room.session.check();
      room.say("Your answer is saved.");
      await draw();
    } catch (problem) {
      const { code, message } = problem as { code?: string; message: string };
      if (code === "cancelled") return;
      if (code === "question_reworded") {
        asked = null;
        room.saw(room.revision + 1);
        const words = reason.value;
        form.replaceChildren();
        await draw();
        form.querySelector("textarea")!.value = words;
      }
      const note = form.querySelector<HTMLElement>(".err") ?? wrong;
      note.textContent = code === undefined ? "That did not work. Please try again." : message;
      note.hidden = false;
    } finally {
      busy = false;
    }
  };

  const quiet = (problem: unknown) => signal.aborted || room.fail(problem, form);
  room.acts["rethink"] = () => {
    changing = true;
    void draw().then(() => form.querySelector<HTMLElement>("input:checked")?.focus(), quiet);
  };
  room.acts["keep-answer"] = () => {
    changing = false;
    drawn = "";
    void draw().catch(quiet);
  };
  room.acts["follow-question"] = async () => {
    const me = own();
    if (!me) return;
    const { following } = await room.write<{ following: boolean }>(me.follows ? "DELETE" : "PUT", `questions/${id}/follow`);
    me.follows = following;
    room.say(following ? "You will be told how it ends." : "You will not be told.");
    await draw();
  };
  details.addEventListener("toggle", () => void draw().catch(quiet), { signal });
  room.heard.add(() => {
    wear();
    void draw().catch(quiet);
  });
  room.placed.add(wear);
  wear();
  void draw().catch(quiet);
}
