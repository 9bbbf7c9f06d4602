import { bytes, maxBody } from "./bytes";
import { keptUnder, newKey, shelf } from "./device";
import { Drafts, draftName } from "./draft";
import { build, draw, say, type Form } from "./form";
import type { Room } from "./room";
import { Sender } from "./sender";
import type { Written } from "./types";

/** How long after the last keystroke a draft is kept, in ms. */
const keepAfter = 400;

/** What the preview part shows within a form. */
export interface Preview {
  show(body: string): Promise<void>;
  hide(): void;
}

/** The form in which a comment or a reply is written. It can be used before anybody is signed in; the text
 * waits through signing in, refusal, lost connections and reloads. */
export class Composer {
  #room: Room;
  #parts: Form;
  #drafts: Drafts;
  #sender: Sender;
  #parent: string;
  #timer = 0;
  #open: boolean;
  #preview: Preview | null = null;

  /** Takes the place of `slot`. With `item` it writes replies to that comment; `left` is called when it has
   * gone. */
  constructor(room: Room, slot: HTMLElement, private item?: HTMLElement, private left?: () => void) {
    this.#room = room;
    this.#parent = item?.dataset.id ?? "";
    const kept = (name: string) => new Drafts(shelf(), name, newKey, Date.now);
    this.#drafts = kept(this.#name);
    if (!item) this.#takeUp(kept);
    const first = room.section.dataset.comments === "0" ? "Be the first to write" : "Join the conversation";
    this.#parts = build(room, !!item, item ? "" : first, this.#drafts.text);
    const { form } = this.#parts;
    const word = (one: Parameters<typeof say>[2]) => (say(room, this.#parts, one), this.render());
    this.#sender = new Sender(room, this.#parent, this.#drafts, (written) => this.#posted(written), word, () => this.render());
    this.#open = !!item || this.#drafts.text !== "";
    slot.replaceWith(form);
    for (const type of ["input", "submit", "keydown", "focusin"]) form.addEventListener(type, this);
    addEventListener("pagehide", () => this.#keep(), { signal: room.signal });
    this.render();
  }

  /** Where the draft is kept: a panel beside the story's text has its own. */
  get #name(): string {
    const { storyKey, section } = this.#room;
    return draftName(storyKey, this.#parent || section.dataset.draft || "");
  }

  /** What was written about a passage and never sent comes back in the story's own composer. */
  #takeUp(kept: (name: string) => Drafts): void {
    const room = this.#room;
    const left = !room.section.dataset.draft && !this.#drafts.text && keptUnder(draftName(room.storyKey, "p"));
    if (left) (this.#drafts = kept(left)).rename(this.#name);
    room.passage ??= this.#drafts.about;
  }

  get form(): HTMLFormElement {
    return this.#parts.form;
  }

  get #value(): string {
    return this.#parts.text.value;
  }

  handleEvent(event: Event): void {
    const { type } = event;
    if (type === "submit") {
      event.preventDefault();
      void this.post();
    } else if (type === "keydown") this.#key(event as KeyboardEvent);
    else if (event.target === this.#parts.text) {
      if (type === "input") this.#typed();
      if (!this.#open) this.#begun();
      this.#open = true;
      this.render();
    }
  }

  /** Whoever begins to write will want to post: who that is, is asked now, not within that click. */
  #begun(): void {
    this.#room.emit("compose");
    if (this.#room.session.reader === undefined) void this.#room.session.check();
  }

  #typed(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#keep(), keepAfter);
    if (this.#sender.state === "refused" || this.#sender.state === "idle") this.#sender.reset();
    this.#preview?.hide();
  }

  #key(event: KeyboardEvent): void {
    if (event.isComposing) return;
    const posts = event.key === "Enter" && (event.ctrlKey || event.metaKey);
    if (posts) void this.post();
    else if (event.key === "Escape") this.cancel();
    if (posts || event.key === "Escape") event.preventDefault();
  }

  focus(): void {
    this.#parts.text.focus();
  }

  /** Brings what is shown in line with who is signed in, what is written and whether the conversation is open. */
  render(): void {
    draw(this.#room, this.#parts, this.#sender, this.#open, this.item);
  }

  /** Posts what is written; asks for sign-in first, after which one more click posts it. */
  async post(): Promise<void> {
    const { kit, session } = this.#room;
    if (!this.#value.trim()) return this.focus();
    if (this.#parts.post.disabled) return;
    this.#keep();
    const over = bytes(this.#value) - maxBody;
    if (over > 0) return say(this.#room, this.#parts, { bold: "This comment is too long.", text: `Please take out ${kit.count(over, "character")}.`, bad: true });
    if (session.reader === undefined) await session.check();
    if (session.reader === null) return this.#enter("sign-in");
    if (this.#room.emit("submit", { parent: this.#parent || null })) await this.#send();
  }

  #send(): Promise<void> {
    const sent = this.#sender.send();
    this.render();
    return sent;
  }

  /** What the buttons in the form do, by their data-act. */
  readonly acts: Record<string, () => unknown> = {
    enter: () => this.#enter("sign-in"),
    join: () => this.#enter("register"),
    enterAndPost: async () => (await this.#room.signIn()) && this.#send(),
    cancel: () => this.cancel(),
    unquote: () => {
      this.#unquote();
      this.#keep();
      this.render();
      this.focus();
    },
    discard: () => this.#discard(),
    keep: () => (this.#sender.reset(), this.focus()),
    stop: () => (this.#sender.reset(), this.focus()),
    preview: async () => {
      this.#preview ??= (await this.#room.use(this.#room.parts.preview))(this.form, this.#parts.bar);
      await this.#preview.show(this.#value);
    },
  };

  async #enter(way: "register" | "sign-in"): Promise<void> {
    if (!(await this.#room.signIn(way, true))) return this.focus();
    const { reader } = this.#room.session;
    const waits = this.#value.trim() ? "Your comment is kept: post it when you are ready." : "";
    if (reader && !reader.confirmed) {
      const [bold, text] = this.#room.kit.thanks(reader.name);
      say(this.#room, this.#parts, { bold, text: `${text} ${waits}` });
    } else if (waits) say(this.#room, this.#parts, { bold: "You are signed in.", text: waits });
    this.render();
    if (waits) this.#parts.post.focus();
    else this.focus();
  }

  /** Leaves the form; asks first when text would be lost. */
  cancel(): void {
    if (!this.#value.trim()) return this.close();
    const { button } = this.#room.kit;
    const acts = [button("discard", "Throw it away"), button("keep", "Keep writing")];
    say(this.#room, this.#parts, { bold: "Throw this text away?", acts });
    acts[1]!.focus();
  }

  #discard(): void {
    this.#parts.text.value = "";
    this.#unquote();
    this.close();
  }

  /** Closes the form; a text stays in its draft. */
  close(): void {
    this.#sender.reset();
    this.#preview?.hide();
    this.#keep();
    this.#open = false;
    this.render();
    if (!this.item) return this.#parts.text.blur();
    this.form.remove();
    this.left?.();
  }

  /** The next text is about the story again; a panel stays with its passage. */
  #unquote(): void {
    const { section } = this.#room;
    if (!this.item && !section.dataset.draft) this.#room.passage = null;
  }

  #keep(): void {
    clearTimeout(this.#timer);
    this.#drafts.write(this.#value, this.item ? null : this.#room.passage);
  }

  #posted(written: Written): void {
    const room = this.#room;
    const { comment } = written;
    const text = this.#parts.text;
    text.value = "";
    this.#drafts.clear();
    this.#drafts.rename(this.#name);
    this.#unquote();
    this.close();
    const item = room.take(written);
    if (comment.state === "published") room.tally(comment.id, 1);
    room.say(comment.state === "published" ? "Your comment is published." : "Your comment waits to be published. Only you can see it.");
    if (item) room.flash(item);
    room.focus(item);
    room.emit("posted", { id: comment.id, parent: comment.parent, status: comment.state });
  }
}
