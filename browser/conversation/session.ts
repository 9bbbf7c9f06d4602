import { base, call, el, foreign } from "./kit";
import { nobody, type Me, type Reader } from "./types";

/** Who wants to hear who is signed in. With a story, the marks and own comments in it come along. */
export interface Listener {
  /** The story's id or address. */
  story?: () => string;
  /** The revision the listener's page shows. */
  revision?: () => number;
  heard(me: Me): void;
}

/** Where this browser keeps the id of the reader it last knew. */
const kept = "parley:reader";

/** How old an answer may be when the reader comes back to the tab, in ms. */
const stale = 30_000;

/** The one session all elements of the page share. Whoever changes it says so to the other tabs. */
class Session {
  /** undefined until the server has answered once. */
  reader: Reader | null | undefined;
  #listeners = new Set<Listener>();
  #running: Promise<void> | null = null;
  #again = false;
  #at = 0;
  #channel: BroadcastChannel | null = null;
  #bridge: Promise<(word: string) => void> | null = null;

  /** Adds a listener until signal aborts. Soon it hears what is true; with `asks` false only where this browser
   * has known of somebody. */
  join(listener: Listener, signal: AbortSignal, asks = true): void {
    if (signal.aborted) return;
    if (!this.#channel) this.#start();
    this.#listeners.add(listener);
    signal.addEventListener("abort", () => this.#listeners.delete(listener));
    if (asks || this.likely) void this.check();
  }

  /** Whether somebody is signed in; until the server has answered, whether this browser last knew of somebody. */
  get likely(): boolean {
    try {
      return this.reader === undefined ? !!localStorage.getItem(kept) : !!this.reader;
    } catch {
      return false;
    }
  }

  /** Asks the server who this is and tells every listener. Calls while a question is on its way are answered
   * by one further question, since the first may have been asked too early. */
  check(): Promise<void> {
    if (this.#running) this.#again = true;
    else
      this.#running = (async () => {
        await null; // listeners that join in the same turn share one question
        do {
          this.#again = false;
          await this.#ask().catch(() => {}); // unreachable: what is known stays; asked again on return
        } while (this.#again);
        this.#running = null;
      })();
    return this.#running;
  }

  /** The session of this browser has changed: asks, and tells the other tabs. */
  changed(): Promise<void> {
    this.#tell();
    return this.check();
  }

  #tell(): void {
    this.#channel?.postMessage({ type: "session" });
    if (foreign()) this.#say("session");
  }

  /** Plain forms change the session without a script: whoever is first to see another reader than this browser
   * last knew tells the others. */
  #noticed(reader: Reader | null): void {
    const now = reader?.id ?? "";
    try {
      if ((localStorage.getItem(kept) ?? "") === now) return;
      if (now) localStorage.setItem(kept, now);
      else localStorage.removeItem(kept);
      this.#tell();
    } catch {
      // the browser keeps nothing: then only the scripts' own changes are told
    }
  }

  async signOut(): Promise<void> {
    await call("DELETE", "session");
    await this.changed();
  }

  async #ask(): Promise<void> {
    const stories = new Map<string, Listener[]>();
    for (const one of this.#listeners) {
      const story = one.story?.() ?? "";
      stories.set(story, [...(stories.get(story) ?? []), one]);
    }
    const plain = stories.get("");
    if (plain && stories.size > 1) stories.delete("");
    let first = true;
    for (const [story, listeners] of stories) {
      const rev = Math.min(...listeners.map((one) => one.revision?.() ?? 0));
      const me = await call<Me>("GET", "me" + (story && `?story=${encodeURIComponent(story)}&rev=${rev}`));
      const heard = { ...nobody, ...me };
      this.reader = heard.reader;
      this.#noticed(heard.reader);
      this.#at = Date.now();
      for (const one of first && story && plain ? [...plain, ...listeners] : listeners) tell(one, heard);
      first = false;
    }
  }

  #start(): void {
    this.#listen();
    const back = () => void (Date.now() - this.#at > stale && document.visibilityState === "visible" && this.check());
    document.addEventListener("visibilitychange", back);
    addEventListener("online", back);
    // An open channel would keep the page out of the back/forward cache.
    addEventListener("pagehide", () => this.#channel?.close());
    addEventListener("pageshow", (event) => {
      if (!event.persisted) return;
      this.#listen();
      void this.check();
    });
    // A reader signs in elsewhere only by leaving this page for another: until then there is nothing to hear.
    if (foreign()) for (const away of ["blur", "visibilitychange"]) addEventListener(away, () => this.#say("hello"), { once: true });
  }

  #listen(): void {
    this.#channel = new BroadcastChannel("parley");
    this.#channel.onmessage = (event) => event.data?.type === "session" && this.check();
  }

  /** Says a word to the frame on the forum's origin through which tabs of other origins hear of each other; the
   * first word loads it. */
  #say(word: string): void {
    this.#bridge ??= new Promise((here) => {
      const { origin } = new URL(base());
      const frame = el("iframe", { src: base() + "/bridge", title: "Parley", tabIndex: -1, ariaHidden: "true" });
      frame.style.display = "none";
      frame.onload = () => here((parley) => frame.contentWindow?.postMessage({ parley }, origin));
      addEventListener("message", (event) => {
        if (event.origin === origin && event.source === frame.contentWindow && event.data?.parley === "session") void this.check();
      });
      document.body.append(frame);
    });
    void this.#bridge.then((say) => say(word));
  }
}

/** One listener's mistake must not keep the others from hearing. */
function tell(listener: Listener, me: Me): void {
  try {
    listener.heard(me);
  } catch (mistake) {
    reportError(mistake);
  }
}

export const session = new Session();
