/** How often the number of new comments is spoken, in ms. */
const every = 60_000;

/** Says when the waiting comments are announced to those who cannot see the button: at most once a minute,
 * only while the conversation is on screen, and only when there are more than were told. */
export class Announcer {
  #at = -Infinity;
  #told = 0;

  /** Tells whether to speak now (ms) of `count` waiting comments. */
  due(count: number, now: number, onScreen: boolean): boolean {
    this.#told = Math.min(this.#told, count);
    if (!onScreen || count <= this.#told || now - this.#at < every) return false;
    this.#at = now;
    this.#told = count;
    return true;
  }
}
