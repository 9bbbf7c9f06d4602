import type { Folded } from "../fold";
import { joined } from "../letters";
import type { Quote } from "../match";
import type { Near } from "../near";
import { encode, type Text } from "./text";

/** How much of the text before and after a passage is next to it: five words. */
export const near = 32;
/** How much of it counts: a long paragraph. */
const mostContext = 512;
/** The likeness from which a side counts as standing there. Any two texts of a language share four in ten. */
const leastSide = 0.6;
/** How many characters of surroundings count as something: two words. */
export const fewKnown = 12;

/** The text on one side of a passage. The space between the two is not part of it. */
export interface Side {
  before: boolean;
  /** "" when nothing is known. */
  words: string;
  /** What is next to the passage. */
  near: string;
  /** What is next to the passage, with the space if that was kept, and all of it so. */
  beside: string;
  text: string;
}

/** A passage made ready to be looked for. */
export interface Query {
  words: string;
  prefix: Side;
  suffix: Side;
  /** Where it stood, -1 when not known. */
  hint: number;
  /** Whether it begins or ends within a word. */
  mid: [start: boolean, end: boolean];
}

/** White space that is more than one space, or another than that. */
const odd = /  |[\t-\r\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

/** Characters that normalising may change. */
const compound = /[\u0300-\u1fff\u2100-\uffff]/;

/** Normalises a piece of a text, keeping a space at either end: a piece that ends in one ends at a word. */
function tidy(raw: string, fold: (raw: string) => Folded): string {
  if (!odd.test(raw) && (!compound.test(raw) || raw.normalize() === raw)) return encode(raw);
  const words = fold(`|${raw}|`).chars.slice(1, -1).join("");
  return encode(words);
}

/** Prepares a passage. */
export function query({ exact, prefix, suffix, start, end }: Quote, fold: (raw: string) => Folded): Query {
  const all = tidy(exact, fold);
  const words = all.trim();
  const before = tidy(prefix.slice(-4 * mostContext), fold);
  const after = tidy(suffix.slice(0, 4 * mostContext), fold);
  const lead = all.length - all.trimStart().length;
  const trail = all.length - all.trimEnd().length;
  return {
    words,
    prefix: side(before, true),
    suffix: side(after, false),
    hint: end > start && start >= 0 ? start + lead : -1,
    mid: [joined((before + all.slice(0, lead)).at(-1), words[0]), joined(words.at(-1), (all.slice(all.length - trail) + after)[0])],
  };
}

function side(folded: string, before: boolean): Side {
  const words = before ? folded.replace(/ $/, "").slice(-mostContext) : folded.replace(/^ /, "").slice(0, mostContext);
  const next = before ? words.slice(-near) : words.slice(0, near);
  const spaced = words && (before ? folded.endsWith(" ") : folded.startsWith(" ")) ? " " : "";
  const all = (some: string) => (before ? some + spaced : spaced + some);
  return { before, words, near: next, beside: all(next), text: all(words) };
}

/** Where a passage may be, and how well it fits there. */
export interface Spot {
  start: number;
  end: number;
  /** The words themselves stand there. */
  exact: boolean;
  /** Likeness of the words: 1 less the share of edits. */
  quote: number;
  /** Likeness of the sides, -1 = not known. */
  left: number;
  right: number;
  /** Characters of both sides that stand there without a break, when exact. */
  run: number;
  /** Where it starts or ends is in doubt. */
  unclear: boolean;
  /** Half of it is what the words say and half what stands around them. */
  score: number;
}

/** Gives the position from which a side is read at x: past the space. */
function edge({ words }: Text, { before }: Side, x: number): number {
  return before ? x - +(words[x - 1] === " ") : x + +(words[x] === " ");
}

/** Counts how many characters of a side stand at x without a break. */
export function run(text: Text, side: Side, x: number): number {
  const at = edge(text, side, x);
  const { words } = side;
  if (side.before ? at >= words.length && text.words.startsWith(words, at - words.length) : text.words.startsWith(words, at)) return words.length;
  let n = 0;
  if (side.before) while (n < words.length && n < at && words[words.length - 1 - n] === text.words[at - 1 - n]) n++;
  else while (n < words.length && words[n] === text.words[at + n]) n++;
  return n;
}

/** Gives how much of a side stands at x, 0 to 1: what is near tells places apart when what is farther was edited,
 * and the other way round. */
function likeness(text: Text, near: () => Near, side: Side, x: number): number {
  const { words, before } = side;
  if (!words) return -1;
  if (run(text, side, x) === words.length) return 1;
  const at = edge(text, side, x);
  const one = (some: string) => 1 - near().beside(text, some, at, before) / some.length;
  return words === side.near ? one(words) : (one(side.near) + one(words)) / 2;
}

/** Compares the sides with what stands around a spot and gives it its score. */
export function weigh(text: Text, near: () => Near, q: Query, spot: Spot): Spot {
  if (fit(q, spot) === Fit.whole) {
    spot.score = spot.left = spot.right = 1; // as nearly all are
    return spot;
  }
  spot.left = likeness(text, near, q.prefix, spot.start);
  spot.right = likeness(text, near, q.suffix, spot.end);
  const known = [spot.left, spot.right].filter((one) => one >= 0);
  const around = known.length ? known.reduce((sum, one) => sum + one) / known.length : spot.quote;
  spot.score = (spot.quote + around) / 2;
  return spot;
}

/** Makes a spot where the very words stand. */
export function exactly(text: Text, q: Query, start: number): Spot {
  const end = start + q.words.length;
  return { start, end, exact: true, quote: 1, left: 0, right: 0, run: run(text, q.prefix, start) + run(text, q.suffix, end), unclear: false, score: 0 };
}

/** How the surroundings of a spot speak for it. */
export const enum Fit {
  strange, // something is known of them, and neither side stands there
  bare, // nothing is known
  half, // one side stands there
  both, // both do, with edits
  whole, // all that is known stands there, and that is something
}

export function fit(q: Query, spot: Spot): Fit {
  const known = q.prefix.words.length + q.suffix.words.length;
  if (!known) return Fit.bare;
  if (spot.exact && known >= fewKnown && spot.run === known) return Fit.whole;
  const [a, b] = [spot.left, spot.right];
  return Math.max(a, b) < leastSide ? Fit.strange : Math.min(a, b) >= leastSide ? Fit.both : Fit.half;
}

/** Orders spots, the one that fits best first. */
export const better = (a: Spot, b: Spot): number => b.score - a.score || a.start - b.start;

/** Tells whether a spot cuts no word that the quote did not cut: words that are part of longer ones are others. */
export const apart = (text: Text, { mid }: Query, start: number, end: number): boolean => (mid[0] || text.boundary(start)) && (mid[1] || text.boundary(end));
