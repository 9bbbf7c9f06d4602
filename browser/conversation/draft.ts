import type { About } from "./types";

/** What is kept of an unsent comment. The key goes with the request, so that the same comment sent twice is
 * there once; another text is another comment and gets another key. */
export interface Draft {
  text: string;
  key: string;
  at: number;
  about?: About | null;
}

/** The part of localStorage that drafts need. */
export interface Shelf {
  getItem(name: string): string | null;
  setItem(name: string, value: string): void;
  removeItem(name: string): void;
}

/** Gives the name under which a draft is kept; parent "" is the story's own composer. */
export const draftName = (story: string, parent: string): string => `parley:draft:${story}:${parent || "root"}`;

/** One composer's draft. A shelf that throws (full, or forbidden by the browser) costs the draft after a
 * reload, nothing else. */
export class Drafts {
  #draft: Draft;
  #name: string;

  constructor(private shelf: Shelf | null, name: string, private newKey: () => string, private now: () => number) {
    this.#name = name;
    this.#draft = this.#read() ?? { text: "", key: newKey(), at: now() };
  }

  /** What the text is about, when that is a passage. */
  get about(): About | null {
    return this.#draft.about ?? null;
  }

  get text(): string {
    return this.#draft.text;
  }

  /** The Idempotency-Key for the text as it stands. */
  get key(): string {
    return this.#draft.key;
  }

  /** Keeps text and what it is about. The key changes with them and only with them. */
  write(text: string, about: About | null = this.about): void {
    if (text === this.#draft.text && about?.exact === this.about?.exact) return;
    this.#draft = { text, key: this.newKey(), at: this.now(), about };
    this.#store();
  }

  /** Takes another key for the same text: the server has seen the old one with another text. */
  renewKey(): void {
    this.#draft = { ...this.#draft, key: this.newKey() };
    this.#store();
  }

  /** Forgets the text: it was published or thrown away. */
  clear(): void {
    this.write("");
  }

  /** Goes on under another name, taking the text along: the story has got its id. */
  rename(name: string): void {
    if (name === this.#name) return;
    this.#guard(() => this.shelf?.removeItem(this.#name));
    this.#name = name;
    this.#store();
  }

  #store(): void {
    this.#guard(() => {
      if (this.#draft.text.trim() === "") this.shelf?.removeItem(this.#name);
      else this.shelf?.setItem(this.#name, JSON.stringify(this.#draft));
    });
  }

  #read(): Draft | null {
    return this.#guard(() => {
      const kept: unknown = JSON.parse(this.shelf?.getItem(this.#name) ?? "null");
      if (typeof kept !== "object" || kept === null) return null;
      const { text, key, at, about } = kept as Partial<Draft>;
      if (typeof text !== "string" || typeof key !== "string" || !key) return null;
      return { text, key, at: Number(at) || 0, about: typeof about?.exact === "string" ? about : null };
    }) ?? null;
  }

  #guard<T>(act: () => T): T | undefined {
    try {
      return act();
    } catch {
      return undefined;
    }
  }
}
