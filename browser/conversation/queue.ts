/** An event of the stream: its kind, its id ("" when it has none) and its data. */
export interface StreamEvent {
  event: string;
  id: string;
  data: EventData;
}

/** What the data of events may hold. */
export interface EventData {
  id?: string;
  thread?: string;
  parent?: string | null;
  author?: string | null;
  state?: string;
  counts?: Record<string, number>;
  revision?: number;
  comments?: number;
  retry?: number;
  /** The stream is that of a reader who is signed in. */
  known?: boolean;
}

/** What the page shows, asked at the time of each event. */
export interface Page {
  /** The state of a comment on the page; "" when it is not there. */
  state(id: string): string;
  /** Whether a comment could be put in place: a new thread, or a reply in a thread that is shown. */
  takes(id: string, thread: string, parent: string): boolean;
  hides(author: string): boolean;
  own(author: string): boolean;
  /** Orders ids: below 0 when a is earlier than b. */
  compare(a: string, b: string): number;
}

/** What is to be done about an event. `fresh`: the number behind the button has changed. */
export type Effect =
  | { do: "fresh" | "own" | "reset" | "session" | "known" | "closed" | "opened" }
  | { do: "edit" | "published"; id: string }
  | { do: "remove"; id: string; state: string }
  | { do: "counts"; counts: Record<string, number> }
  | { do: "total"; comments: number }
  | { do: "more"; id: string; by: number }
  | { do: "bye"; retry: number };

/** Receives the events of one story and holds the new comments back until the reader asks for them. It drops
 * what it has seen (by event id) and what the page already shows (by comment id). */
export class Queue {
  #last: number;
  #fresh = new Map<string, string>(); // comment → thread
  #newest: string;
  #after = "";
  /** The page has missed more than the stream can tell; only loading it again helps. */
  stale = false;
  revision: number;

  /** `last` is the last event the page was built from, `newest` the largest comment id it knows. */
  constructor(private page: Page, last: number, revision: number, newest: string) {
    this.#last = last;
    this.revision = revision;
    this.#newest = newest;
  }

  /** The id of the last event received. */
  get last(): number {
    return this.#last;
  }

  /** How many new comments wait. */
  get count(): number {
    return this.#fresh.size;
  }

  /** Takes one event and says what it asks for. */
  take({ event, id, data }: StreamEvent): Effect[] {
    const n = Number(id);
    if (id !== "" && n <= this.#last) return [];
    if (id !== "" && Number.isFinite(n)) this.#last = n;
    this.revision = Math.max(this.revision, data.revision ?? 0);
    const effects = this.#effects(event, data);
    if (data.comments !== undefined) effects.push({ do: "total", comments: data.comments });
    return effects;
  }

  #effects(event: string, data: EventData): Effect[] {
    const id = data.id ?? "";
    switch (event) {
      case "comment":
        return this.#comment(id, data);
      case "edit":
        return this.page.state(id) ? [{ do: "edit", id }] : [];
      case "remove":
        return this.#remove(id, data.state ?? "");
      case "recommend":
        return [{ do: "counts", counts: data.counts ?? {} }];
      case "reset":
        this.#fresh.clear();
        this.stale = true;
        return [{ do: "reset" }];
      case "bye":
        return [{ do: "bye", retry: data.retry ?? 1_000 }];
      case "session":
        if (data.known) return [{ do: "known" }];
      // falls through
      case "notice": // what is unread is the reader's own, like everything else of the session
        return [{ do: "session" }];
      case "closed":
      case "opened":
        return [{ do: event }];
    }
    return [];
  }

  #comment(id: string, data: EventData): Effect[] {
    const author = data.author ?? "";
    const before = this.#newest;
    this.#know(id);
    const state = this.page.state(id);
    if (state === "published" || this.#fresh.has(id)) return [];
    const more: Effect = { do: "more", id, by: 1 };
    if (state) return [more, { do: "published", id }]; // the reader's own that waited
    if (this.page.own(author)) return [more, { do: "own" }];
    const thread = data.thread ?? id;
    if (this.stale || this.page.hides(author)) return [more];
    if (!this.#fresh.has(thread) && !this.page.takes(id, thread, data.parent ?? "")) return [more];
    if (this.page.compare(id, before) > 0 && !this.#after) this.#after = before || "0";
    this.#fresh.set(id, thread);
    return [more, { do: "fresh" }];
  }

  #remove(id: string, state: string): Effect[] {
    const less: Effect = { do: "more", id, by: -1 };
    if (this.#fresh.delete(id)) return [less, { do: "fresh" }];
    switch (this.page.state(id)) {
      case "":
        return [less];
      case "published":
        return [less, { do: "remove", id, state }];
      case "held":
      case "refused":
        return [{ do: "remove", id, state }];
    }
    return []; // this page has been told otherwise
  }

  /** Forgets a comment that has come another way, such as the answer to posting it. */
  drop(id: string): boolean {
    this.#know(id);
    return this.#fresh.delete(id);
  }

  #know(id: string): void {
    if (this.page.compare(id, this.#newest) > 0) this.#newest = id;
  }

  /** Hands over what waits: `after` is the id after which `/new` brings them ("" when it would bring none of
   * them), `late` those that became visible long after they were written and are older than that. */
  release(): { after: string; late: string[]; ids: Set<string> } {
    const ids = new Set(this.#fresh.keys());
    const after = this.#after;
    const late = [...ids].filter((id) => !after || this.page.compare(id, after) <= 0);
    this.#fresh.clear();
    this.#after = "";
    return { after: late.length === ids.size ? "" : after, late, ids };
  }

  /** The page was loaded again and holds everything up to its own event and revision. */
  reloaded(last: number, revision: number): void {
    this.#last = Math.max(this.#last, last);
    this.revision = Math.max(this.revision, revision);
    this.#fresh.clear();
    this.#after = "";
    this.stale = false;
  }
}
