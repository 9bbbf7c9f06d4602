import type { Near } from "../near";
import type { Span } from "./align";
import { around, before, mostlyWorn, nowhere, type Known, type Stretch } from "./ground";
import { apart, better, exactly, Fit, fewKnown, fit, near, weigh, type Query, type Spot } from "./query";
import type { Hit } from "./settle";
import { leastPiece, type Text } from "./text";

/** What a place with edited words must have. */
const leastScore = 0.62;
const wornScore = 0.75; // where sentences are like one another
const leastQuote = 0.6;
/** The likeness of a side in which at most a word is another. */
const alikeSide = 0.9;
/** The share of its words that a passage must have kept where sentences are like one another. */
const leastKept = 0.78;
/** How far the ground on each side may be for the passage to be looked for between the two only: a paragraph. */
const reach = 400;
/** By how much a place must score more than the next one. */
const margin = 0.1;
/** By how much a place with the very words must score more than any with words near them; the second when its
 * surroundings stand there unchanged. */
const clearMargin = 0.35;
const wholeMargin = 0.15;
/** From where on words that stand nowhere else are the passage even in other surroundings. */
const longPassage = 120;
/** From where on words without surroundings may be cut at both ends by whoever described them. */
const longQuote = 12;
/** How often words may stand in a text to be told apart, and how many of those places are compared. */
const mostExact = 1 << 12;
const mostWeighed = 16;
/** By how much pieces of ground may reach too far. */
const slip = 12;
/** By how much a position may be off that was counted with line ends, since the ground next to it. */
const drift = 3;

const { min, max, abs } = Math;

/** A passage that is looked for on ground that is known. */
export class Search {
  private ground: Stretch[];
  #end: number;
  #known: boolean;
  #left: Stretch;
  #right: Stretch;
  #between: Span[] | undefined;
  #all: Spot[] | undefined;

  constructor(private text: Text, private near: () => Near, private q: Query, private known: Known) {
    this.ground = known.ground;
    this.#known = q.hint >= 0;
    this.#end = q.hint + q.words.length;
    [this.#left, this.#right] = around(this.ground, q.hint, this.#end);
  }

  /** Gives where the passage is, null when that cannot be told: first its very words, where the ground moved them, else
   * where their surroundings are; then words near them. */
  find(): Spot | null {
    const { text, q } = this;
    if (!q.words || !text.length) return null;
    const moved = this.#moved();
    if (moved) return moved;
    const found = this.#fuzzy() ?? (this.#exact.length ? this.#alone() : this.#anywhere());
    return text.steps < 0 ? null : found; // not all that may be it was looked at
  }

  /** The text after the ground before the passage, up to other ground, and that before the ground after it. */
  get #rooms(): Span[] {
    if (this.#between || !this.#known) return (this.#between ??= []);
    const { hint } = this.q;
    const { length } = this.text;
    const after = { start: min(this.#left.to, hint) + this.#left.shift, end: length };
    const before = { start: 0, end: this.#right.from === nowhere ? length : max(this.#right.from, this.#end) + this.#right.shift };
    for (const { from, to, shift } of this.ground)
      // Those parts of the ground that are not of the passage.
      for (const [first, last] of [[from, min(to, hint)], [max(from, this.#end), to]] as const) {
        if (first >= last) continue;
        const [start, end] = [first + shift, last + shift];
        if (start >= after.start - slip && end > after.start + slip) after.end = min(after.end, start);
        if (end <= before.end + slip && start < before.end - slip) before.start = max(before.start, end);
      }
    const rooms: Span[] = (this.#between = []);
    for (const room of [after, before]) {
      const [start, end] = [max(0, room.start - 1), min(length, room.end + 1)];
      if (start < end && !(rooms[0]?.start === start && rooms[0].end === end)) rooms.push({ start, end });
    }
    return rooms;
  }

  #inside({ start, end }: Spot): boolean {
    return this.ground.length > 0 && this.#rooms.some((room) => start >= room.start && end <= room.end);
  }

  #outside(spot: Spot): boolean {
    return this.#known && this.ground.length > 0 && !this.#inside(spot);
  }

  /** Tells whether the ground is so close on both sides that no other such passage finds room between. */
  #held(spot: Spot): boolean {
    const [room, more] = this.#rooms;
    if (!room || more || this.#left === before || this.#right.from === nowhere) return false;
    return this.#inside(spot) && room.end - room.start - (spot.end - spot.start) < max(this.q.words.length, near);
  }

  /** Tells whether a spot and what is around it is not one of many like it. */
  #plain({ start, end }: Spot): boolean {
    return this.text.novel(start - near, end + near) && this.text.worn(start - near, end + near) <= mostlyWorn;
  }

  /** Tells whether a spot contradicts the ground: old text that was not the passage stands in it now, or some that was
   * stands elsewhere. */
  #denied({ start, end }: Spot): boolean {
    if (!this.#known) return false;
    const { hint } = this.q;
    return this.ground.some(({ from, to, shift }) => {
      const [first, last] = [max(from, hint), min(to, this.#end)];
      if (last - first > slip && (first + shift < start - slip || last + shift > end + slip)) return true;
      // What was before the passage, and what after it, is not to be in it.
      return min(min(to, hint) + shift, end) - max(from + shift, start) > slip || min(to + shift, end) - max(max(from, this.#end) + shift, start) > slip;
    });
  }

  #stands(start: number): Spot | null {
    const { text, q } = this;
    const end = start + q.words.length;
    const there = start >= 0 && end <= text.length && text.words.startsWith(q.words, start) && apart(text, q, start, end);
    return there ? weigh(text, this.near, q, exactly(text, q, start)) : null;
  }

  /** Gives the place where the words stand that the ground has moved there, or, a few characters off, the only one in
   * the very surroundings. */
  #movedBy(s: Stretch): Spot | null {
    const x = this.q.hint + s.shift;
    const spot = this.#stands(x);
    if (spot || s === before) return spot;
    const about = this.#exact.filter((one) => abs(one.start - x) <= drift && fit(this.q, one) === Fit.whole);
    return about.length === 1 ? this.#stands(about[0]!.start) : null;
  }

  /** Finds the very words where the ground next to them, or in them, has moved to. Where pieces of ground have moved
   * differently and the words stand where each would have them, one of them came new, or one was removed. */
  #moved(): Spot | null {
    if (!this.#known) return null;
    const { q } = this;
    const one = this.#movedBy(this.#left);
    const two = one && this.#right.shift === this.#left.shift ? one : this.#movedBy(this.#right);
    let spot = one ?? two;
    if (one && two && one.start !== two.start) return null;
    for (const s of this.ground)
      if (2 * (min(s.to, this.#end) - max(s.from, q.hint)) > q.words.length && (!spot || spot.start !== q.hint + s.shift)) {
        const under = this.#movedBy(s);
        if (under && spot && under.start !== spot.start) return null;
        spot ??= under;
      }
    if (!spot || this.#denied(spot)) return null;
    const fits = fit(q, spot);
    if ((one && two) || this.#plain(spot)) return fits > Fit.strange || q.words.length >= fewKnown ? spot : null;
    // A copy may have come in next to it, or it went and left one.
    const growth = this.#right.from === nowhere ? 0 : abs(this.#right.shift - this.#left.shift);
    return fits === Fit.whole && 2 * growth < spot.end - spot.start + spot.run ? spot : null;
  }

  /** The places where the very words stand. */
  get #exact(): Spot[] {
    if (this.#all) return this.#all;
    const { text, q } = this;
    const all: Spot[] = [];
    const within: Spot[] = [];
    for (let at = text.words.indexOf(q.words); at >= 0 && all.length + within.length <= mostExact; at = text.words.indexOf(q.words, at + 1))
      (apart(text, q, at, at + q.words.length) ? all : within).push(exactly(text, q, at));
    const bare = !all.length && !q.prefix.words && !q.suffix.words && q.words.length >= longQuote;
    return (this.#all = bare ? within : all);
  }

  /** Gives those of exact places around which most stands unchanged, the best first. */
  #foremost(all: Spot[]): Spot[] {
    const few = all.length > mostWeighed ? all.toSorted((a, b) => b.run - a.run).slice(0, mostWeighed) : [...all];
    return few.map((spot) => weigh(this.text, this.near, this.q, spot)).sort(better);
  }

  /** Finds the very words by what stands around them. */
  #alone(): Spot | null {
    const { text, q } = this;
    if (this.#exact.length > mostExact) return null;
    const all = this.#exact.filter((spot) => !this.#denied(spot));
    const [best, next] = this.#foremost(all);
    if (!best || (next && best.score - next.score < margin)) return null;
    if (this.#known && this.known.repeated(q) && !this.#held(best)) return null;
    const m = q.words.length;
    const only = all.length === 1;
    const single = text.novel(best.start, best.end);
    const around = this.#plain(best);
    const inside = this.#known && this.#inside(best);
    const speaks = {
      [Fit.whole]: around || !this.#known || (inside && only),
      [Fit.both]: around,
      [Fit.half]: only && single,
      [Fit.bare]: only && (!this.#outside(best) || (single && m >= 2 * near)),
      [Fit.strange]: only && single && ((inside && m >= near) || m >= longPassage),
    };
    return speaks[fit(q, best)] && !this.#rivalled(best) ? best : null;
  }

  /** Tells whether something stands elsewhere that may be the passage, edited, while the spot may be a copy of what it
   * was: a pull quote, say. */
  #rivalled(spot: Spot): boolean {
    const { text, q } = this;
    const whole = q.prefix.text + q.words + q.suffix.text;
    const from = spot.start - q.prefix.text.length;
    const seeds = text.seeds();
    let echoes = false;
    for (let i = 0; i + leastPiece <= whole.length && !echoes; i++) echoes = !!seeds.get(whole.slice(i, i + leastPiece))?.some((x) => abs(x - from - i) > leastPiece);
    if (!echoes) return false;
    const by = fit(q, spot) === Fit.whole ? wholeMargin : clearMargin;
    return this.near().hits(text, q, 0, text.length, spot.start).some((hit) => {
      if (2 * abs(hit.end - spot.end) <= q.words.length) return false;
      const rival = this.#weighed(hit);
      return rival.score > spot.score - by && rival.quote > leastQuote && !this.#denied(rival);
    });
  }

  #weighed(hit: Hit): Spot {
    const { text, near, q } = this;
    return weigh(text, near, q, { ...near().nearly(text, q, hit), exact: false, left: 0, right: 0, run: 0, score: 0 });
  }

  /** Makes spots of approximate matches between two positions, without those that contradict the ground, as far as
   * they may matter beside the best: by their score, and by likenesses of at least `quote`. */
  #near(from: number, to: number, hint: number, quote: number): Spot[] {
    const { text, near, q } = this;
    const out: Spot[] = [];
    let best = 0;
    for (const hit of near().hits(text, q, from, to, hint)) {
      const most = 1 - hit.edits / q.words.length;
      if (most < quote && (most + 1) / 2 < best - margin) break; // the rest is less like it
      const spot = this.#weighed(hit);
      if (this.#denied(spot)) continue;
      out.push(spot);
      best = max(best, spot.score);
    }
    return out;
  }

  /** Finds the edited words in the room between the pieces of ground that they stood between. */
  #fuzzy(): Spot | null {
    const { text, q } = this;
    const rooms = this.#rooms.filter(({ start, end }) => end - start <= q.words.length + 2 * reach);
    const [best, next] = this.near().distinct(rooms.flatMap(({ start, end }) => this.#near(start, end, q.hint + this.#left.shift, 1)));
    if (!best || (next && best.score - next.score < margin) || best.unclear || best.quote < leastQuote || best.score < 0.5) return null;
    const held = this.#held(best);
    if (!held) {
      const open = this.#right.from === nowhere || this.#left === before;
      if (fit(q, best) === Fit.strange && (open || q.words.length < near)) return null;
      // It may have been moved to where its very words stand.
      if (this.#foremost(this.#exact).some((spot) => spot.score > best.score - margin && !this.near().overlap(best, spot) && !this.#denied(spot))) return null;
    }
    if (this.#plain(best)) return best;
    // Where sentences are like one another the ground must hold it, and enough of it have been kept.
    const under = this.ground.reduce((sum, s) => sum + max(0, min(s.to, this.#end) - max(s.from, q.hint)), 0);
    if (!held && under < min(leastPiece, q.words.length >> 1) && min(best.left, best.right) < alikeSide) return null;
    return best.score >= wornScore && this.near().kept(text, q, best) >= leastKept && this.near().ended(text, q, best, this.ground) ? best : null;
  }

  /** Finds the edited words in all of the text. */
  #anywhere(): Spot | null {
    const { text, q } = this;
    const [best, next] = this.near().distinct(this.#near(0, text.length, max(0, q.hint), leastQuote));
    if (!best || this.#outside(best) || best.unclear || best.score < leastScore || best.quote < leastQuote) return null;
    if (next && (best.score - next.score < margin || next.quote >= leastQuote)) return null;
    return this.#plain(best) ? best : null;
  }
}
