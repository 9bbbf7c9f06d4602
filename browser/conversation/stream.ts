import type { StreamEvent } from "./queue";

const kinds = ["comment", "edit", "remove", "recommend", "closed", "opened", "refresh", "reset", "session", "notice", "bye"];

/** How long a hidden tab keeps its stream, in ms. */
const hiddenFor = 60_000;

/** The events of one story. Of all tabs of this browser that show it, one holds the stream (the one with the
 * Web Lock) and relays what comes to the others; browsers allow few connections at once. A tab that is out of
 * sight gives the lock back. Receivers drop what they have seen by event id. */
export class Stream {
  #source: EventSource | null = null;
  #channel: BroadcastChannel | null = null;
  #release: (() => void) | null = null;
  #waiting: AbortController | null = null;
  #tries = 0;
  #retry = 0;
  #timer = 0;
  #sleep = 0;

  constructor(
    private story: string,
    private address: (after: number) => string,
    private last: () => number,
    private backoff: (tries: number, chance: number) => number,
    private signal: AbortSignal,
    private heard: (event: StreamEvent) => void,
  ) {
    const shown = () => (document.visibilityState === "visible" ? this.#wake() : this.#doze());
    document.addEventListener("visibilitychange", shown, { signal });
    // An open connection or a held lock would keep the page out of the back/forward cache.
    addEventListener("pagehide", () => this.#stop(), { signal });
    addEventListener("pageshow", (event) => event.persisted && this.#wake(), { signal });
    addEventListener("online", () => this.#source?.readyState !== EventSource.OPEN && this.reopen(), { signal });
    signal.addEventListener("abort", () => this.#stop());
    shown();
  }

  /** Says how long to wait before the next connection, as the server asked, and closes this one. */
  retryAfter(ms: number): void {
    this.#retry = ms;
    this.#lost();
  }

  /** Opens the stream anew if this tab holds it: who asks has changed, or the connection came back. */
  reopen(): void {
    if (this.#release) this.#connect();
  }

  #wake(): void {
    clearTimeout(this.#sleep);
    if (this.#waiting || this.signal.aborted) return;
    this.#listen();
    const waiting = (this.#waiting = new AbortController());
    const hold = () =>
      new Promise<void>((release) => {
        if (waiting.signal.aborted) return release();
        this.#release = release;
        this.#connect();
      });
    if (!navigator.locks) void hold();
    else navigator.locks.request("parley-stream-" + this.story, { signal: waiting.signal }, hold).catch(() => {});
  }

  #doze(): void {
    clearTimeout(this.#sleep);
    this.#sleep = setTimeout(() => this.#stop(false), hiddenFor);
  }

  /** Gives the stream to another tab. Out of sight this one still hears what the other relays. */
  #stop(deaf = true): void {
    clearTimeout(this.#sleep);
    clearTimeout(this.#timer);
    this.#waiting?.abort();
    this.#waiting = null;
    this.#source?.close();
    this.#source = null;
    this.#release?.();
    this.#release = null;
    if (!deaf) return;
    this.#channel?.close();
    this.#channel = null;
  }

  #listen(): void {
    const news = !this.#channel;
    this.#channel ??= new BroadcastChannel("parley");
    this.#channel.onmessage = ({ data }) => {
      if (data?.story !== this.story) return;
      if (data.type === "relay" && !(data.event === "reset" && data.from < this.last())) this.heard(data);
      // A tab that slept may have missed what the holder has had: the holder reads again from there.
      if (data.type === "behind" && this.#release && data.last < this.last()) this.#connect(data.last);
    };
    if (news || !this.#release) this.#channel.postMessage({ type: "behind", story: this.story, last: this.last() });
  }

  #connect(from = this.last()): void {
    clearTimeout(this.#timer);
    this.#source?.close();
    const source = new EventSource(this.address(from), { withCredentials: true });
    this.#source = source;
    source.onopen = () => (this.#tries = 0);
    source.onerror = () => this.#lost();
    let before = "";
    for (const event of kinds)
      source.addEventListener(event, (message) => {
        const { lastEventId, data } = message as MessageEvent<string>;
        const id = lastEventId === before ? "" : lastEventId; // an event without an id repeats the last one
        before = lastEventId;
        const one = { event, id, data: JSON.parse(data || "{}") };
        this.#channel?.postMessage({ type: "relay", story: this.story, from, ...one });
        // Read from far back for another tab, which has now been told; this one goes on where it was.
        if (event === "reset" && from < this.last()) this.#connect();
        else this.heard(one);
      });
  }

  #lost(): void {
    this.#source?.close();
    const wait = Math.max(this.backoff(this.#tries++, Math.random()), this.#retry * (0.5 + Math.random()));
    this.#retry = 0;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.reopen(), wait);
  }
}
