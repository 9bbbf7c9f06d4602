import type { Drafts } from "./draft";
import type { Problem } from "./kit";
import type { Room } from "./room";
import type { Written } from "./types";

/** What a composer says under its field. */
export interface Word {
  bold: string;
  text?: string;
  acts?: HTMLElement[];
  bad?: boolean;
}

/** Where the sending of a comment stands. */
export type State = "idle" | "sending" | "offline" | "expired" | "waiting" | "refused";

/** Sends one composer's comment: once, however often it has to be tried, because every attempt carries the
 * draft's key. */
export class Sender {
  state: State = "idle";
  #tries = 0;
  #timer = 0;
  #until = 0;

  constructor(
    private room: Room,
    private parent: string,
    private drafts: Drafts,
    private done: (written: Written) => void,
    private say: (word: Word | null) => void,
    private tick: () => void,
  ) {
    const again = () => this.state === "offline" && this.send();
    addEventListener("online", again, { signal: room.signal });
    room.signal.addEventListener("abort", () => clearTimeout(this.#timer));
  }

  /** What the button says instead of "Post" while the server wants a pause; "" otherwise. */
  get pause(): string {
    const left = Math.ceil((this.#until - Date.now()) / 1000);
    return this.state !== "waiting" || left <= 0 ? "" : left > 99 ? `Post at ${this.#clock()}` : `Post in ${left} s`;
  }

  /** Whether the text must stay as it is: the server may have it already. */
  get holds(): boolean {
    return this.state === "sending" || this.state === "offline";
  }

  reset(): void {
    clearTimeout(this.#timer);
    this.state = "idle";
    this.#tries = 0;
    this.say(null);
  }

  async send(): Promise<void> {
    if (this.state === "sending") return;
    clearTimeout(this.#timer);
    const retrying = this.state === "offline";
    this.state = "sending";
    if (!retrying) this.say(null);
    try {
      const written = await this.#post();
      this.reset();
      this.done(written);
    } catch (problem) {
      this.#failed(problem as Problem);
    }
  }

  async #post(): Promise<Written> {
    const { room, drafts, parent } = this;
    const { call } = room.kit;
    if (!room.story) {
      const story = { url: room.storyKey, title: document.title };
      room.section.dataset.story = (await call<{ id: string }>("POST", "stories", story)).id;
    }
    const { passage } = room;
    const about = !parent && passage && { passage: passage.id ? { id: passage.id } : passage };
    const body = { body: drafts.text, parent: parent || null, ...about };
    return call<Written>("POST", `stories/${room.story}/comments`, body, { "Idempotency-Key": drafts.key });
  }

  #failed(problem: Problem): void {
    const { button } = this.room.kit;
    const { status, code, message, retryAfter } = problem;
    if (!("status" in problem)) this.#refuse("That did not work.", "Please try again.");
    else if (status === 0) this.#offline();
    else if (status > 501 && status < 505) this.#busy(code ? message : "The forum cannot be reached.", retryAfter);
    else if (status === 401) {
      this.state = "expired";
      this.say({ bold: "You have been signed out.", text: "Your comment is kept here.", acts: [button("enterAndPost", "Sign in and post", "btn")] });
      void this.room.session.check();
    } else if (retryAfter && status === 429) {
      this.state = "waiting";
      this.#until = Date.now() + retryAfter * 1000;
      this.say({ bold: "That is a little fast.", text: `You can post again at ${this.#clock()}.` });
      this.#count();
    } else if (code === "conversation_closed") {
      this.reset();
      this.room.section.dataset.closed = "true";
      this.room.heard.forEach((tell) => tell(this.room.me));
    } else {
      if (code === "idempotency_key_reused") this.drafts.renewKey();
      this.#refuse(message);
    }
    this.room.emit("error", { code: code || "offline" });
  }

  #refuse(bold: string, text = ""): void {
    this.state = "refused";
    this.say({ bold, text, bad: true });
  }

  #offline(): void {
    this.state = "offline";
    const acts = [this.room.kit.button("stop", "Do not post")];
    this.say(
      navigator.onLine
        ? { bold: "The forum cannot be reached.", text: "We will post this as soon as it answers.", acts }
        : { bold: "You are offline.", text: "We will post this when you are back.", acts },
    );
    this.#again(this.#wait());
  }

  /** The server has no room just now, or is being exchanged: the comment goes again by itself, not before the time
   * that the server asked for (s) and not with everybody else's. */
  #busy(bold: string, retryAfter: number): void {
    this.state = "offline";
    const ms = retryAfter ? retryAfter * 1000 * (1 + Math.random() / 2) : this.#wait();
    const text = `Your comment is kept here. We try again in ${this.room.kit.count(Math.ceil(ms / 1000), "second")}.`;
    this.say({ bold, text, acts: [this.room.kit.button("stop", "Do not post")] });
    this.#again(ms);
  }

  #wait = (): number => this.room.kit.backoff(2 + this.#tries++, Math.random());

  #again(ms: number): void {
    this.#timer = setTimeout(() => this.send(), ms);
  }

  /** Counts down until posting is allowed again. */
  #count(): void {
    this.#timer = setTimeout(() => {
      if (!this.pause) return this.reset();
      this.tick();
      this.#count();
    }, 1000);
  }

  #clock(): string {
    return new Intl.DateTimeFormat(this.room.spoken, { hour: "2-digit", minute: "2-digit" }).format(this.#until);
  }
}
