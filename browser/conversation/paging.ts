/** How far a list of threads has been read. It counts threads, never comments. */
export interface Reading {
  /** Where the next page begins; "" when nothing follows. */
  next: string;
  shown: number;
  threads: number;
}

/** Says what is shown: "25 of 118 threads", "1 thread". Empty when there is none. */
export function shownLabel(shown: number, threads: number): string {
  const total = Math.max(shown, threads);
  if (total === 0) return "";
  const noun = total === 1 ? "thread" : "threads";
  return shown < total ? `${shown} of ${total} ${noun}` : `${total} ${noun}`;
}

/** Says what the link to the next page brings: "Show 25 more threads". Empty when nothing follows. */
export function moreLabel(reading: Reading, page: number): string {
  if (!reading.next) return "";
  const left = Math.max(1, reading.threads - reading.shown);
  const n = Math.min(page, left);
  return `Show ${n} more ${n === 1 ? "thread" : "threads"}`;
}

/** Gives those of `ids` that are not on the page, each once, in their order. A page fetched while others
 * write may repeat what the page before it held. */
export function unseen(ids: string[], has: (id: string) => boolean): string[] {
  return [...new Set(ids)].filter((id) => !has(id));
}
