/** The shortest and longest wait before a lost stream is opened again, in ms. */
const first = 1_000;
const longest = 60_000;

/** Gives how long to wait (ms) before attempt number `tries` (0 = the first). The wait doubles up to a minute;
 * `chance` in [0, 1) spreads it over its upper half, so that readers who lost one server do not all come
 * back in the same instant. */
export function backoff(tries: number, chance: number): number {
  const wait = Math.min(longest, first * 2 ** Math.min(tries, 16));
  return Math.round(wait / 2 + (wait / 2) * chance);
}
