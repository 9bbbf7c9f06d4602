import { beginning, cost, ending, other, pieces, wordsOf, type Span } from "./align";
import { edits } from "./edits";
import type { Stretch } from "./ground";
import type { Query, Spot } from "./query";
import type { Text } from "./text";

/** How much of the text before and after a passage is next to it: five words. */
const near = 32;

/** How many of a quote's words at an end settle where that end is, and how many of those outside. */
const endWords = 24;
const sideWords = 8;
/** How many words on each side of an end must not all have been edited. */
const closeWords = 4;
/** How much of a quote may be edited for a place to be looked at at all. */
const editShare = 0.35;
/** How many places with something near the words are looked at. */
const mostPlaces = 16;
/** How far edits move an end for it to be looked for. */
const mostSlack = 512;

/** The end of an approximate match. */
export interface Hit {
  end: number;
  edits: number;
}

/** Gives the ends between two positions where the words of a quote stand with few enough edits, the best of each
 * neighbourhood, fewest edits first and then nearest to the hint. */
export function hits(text: Text, { words }: Query, from: number, to: number, hint: number): Hit[] {
  from = Math.max(0, from);
  to = Math.min(text.length, to);
  const m = words.length;
  if (from >= to || (text.steps -= Math.ceil(m / 32) * (to - from)) < 0) return [];
  const all: Hit[] = [];
  const found = edits(text, words, from, to, true);
  const stride = Math.max(4, Math.floor(m / 3));
  for (let low = 0; low < found.length; low += stride) {
    let best = low;
    for (let x = low; x < Math.min(found.length, low + stride); x++) if (found[x]! < found[best]!) best = x;
    if (found[best]! > Math.floor(editShare * m)) continue;
    const hit = { end: from + best + 1, edits: found[best]! };
    const last = all.at(-1);
    if (!last || hit.end - last.end >= stride) all.push(hit);
    else if (hit.edits < last.edits) all[all.length - 1] = hit;
  }
  const away = ({ end }: Hit) => Math.abs(end - m - hint);
  return all.sort((a, b) => a.edits - b.edits || away(a) - away(b)).slice(0, mostPlaces);
}

/** Where something near the words stands: their likeness is 1 less the share of edits. */
export interface Piece {
  start: number;
  end: number;
  quote: number;
  /** Where it starts or ends is in doubt. */
  unclear: boolean;
}

/** Makes a piece of an approximate match: each end is where the quote's words inside and the surroundings outside
 * together need the fewest edits, a word at a time. */
export function nearly(text: Text, q: Query, hit: Hit): Piece {
  const m = q.words.length;
  const slack = Math.min(hit.edits + 8, mostSlack); // an edit moves an end by one
  let [start, sure] = settle(text, q, hit.end - m, slack, true);
  let [end, sure2] = settle(text, q, hit.end, slack, false);
  const unclear = start >= end || !sure || !sure2;
  let quote = 1 - hit.edits / m;
  if (unclear) {
    end = hit.end;
    start = Math.max(0, Math.min(end - 1, end - m));
  } else quote = 1 - edits(text, q.words, start, end, false).at(-1)! / Math.max(m, end - start);
  return { start, end, quote, unclear };
}

/** Finds the start (or the end) of a quote near x. It is not sure when places more than a word apart do as well, or
 * too little of what is next to it was left alone. */
function settle(text: Text, q: Query, x: number, slack: number, start: boolean): [x: number, sure: boolean] {
  const first = (all: string[], n: number, last: boolean) => (last ? all.slice(-n) : all.slice(0, n));
  const { words: beside } = start ? q.prefix : q.suffix;
  const spans = pieces(q.words);
  const inside = first(spans, endWords, !start);
  const outside = first(pieces(beside), sideWords, start);
  const reach = inside.reduce((sum, one) => sum + one.length + 1, 0) * 1.5;
  const from = Math.floor(x - slack - (start ? 2 * near : reach));
  const to = Math.floor(x + slack + (start ? reach : 2 * near));
  const around = wordsOf(text.words, text.wordEdge(from, -1), text.wordEdge(to, 1));
  const words = around.map((one) => text.words.slice(one.start, one.end));

  // What it costs that the end is before each of these words, for what is inside and for what is outside.
  const inner = (n: number) => (start ? beginning : ending)(first(inside, n, !start), words);
  const outer = (n: number) => (start ? ending : beginning)(first(outside, n, start), words);
  const out = outer(sideWords);
  const sums = inner(endWords).map((sum, j) => sum + out[j]!);
  const least = Math.min(...sums);
  const [low, high] = [sums.indexOf(least), sums.lastIndexOf(least)];
  const j = start ? high : low; // what came in at an end is not the quote's: the innermost counts
  const at = around[start ? j : j - 1];
  if (!at) return [x, false];

  const [inCost, outCost] = [inner(closeWords)[j]!, outer(closeWords)[j]!];
  const [mostIn, mostOut] = [inside, outside].map((all) => Math.min(closeWords, all.length) * other) as [number, number];
  const close = inner(1)[j] === 0 && 4 * inCost <= mostIn;
  const apart = (mostOut > 0 && 4 * outCost <= mostOut) || 5 * (inCost + outCost) <= 2 * (mostIn + mostOut);
  const sure = 2 * inCost <= mostIn && (close || (high - low <= 1 && apart));
  return [trim(text, q, at, start ? spans[0]! : spans.at(-1)!, start), sure];
}

/** Gives where in a word the quote starts or ends, when its own first or last word is the end or the beginning of
 * that word. */
function trim(text: Text, { mid }: Query, at: Span, own: string, start: boolean): number {
  const word = text.words.slice(at.start, at.end);
  const x = start ? at.end - own.length : at.start + own.length;
  const part = own.length < word.length && (start ? word.endsWith(own) : word.startsWith(own));
  return part && (mid[start ? 0 : 1] || text.boundary(x)) ? x : start ? at.start : at.end;
}

/** How many words are compared one with another. */
const mostWords = 500;

/** Gives the share of the quote's words that stand in a piece, in order; a misspelt one counts for two thirds. */
export function kept(text: Text, q: Query, { start, end, quote }: Piece): number {
  const [was, now] = [pieces(q.words), pieces(text.words, start, end)];
  if (Math.min(was.length, now.length) > mostWords) return quote;
  return 1 - ending(was, now)[now.length]! / (other * Math.max(was.length, now.length));
}

/** The likeness of a side in which at most a letter is another, and of one in which at most two words of five are. */
const verySide = 0.96;
const nearSide = 0.7;
/** By how much pieces of ground may reach too far. */
const slip = 12;

/** Tells whether each end of a spot is the quote's own first or last word, perhaps misspelt, or stands in the very
 * surroundings, or where the ground next to it has it. */
export function ended(text: Text, q: Query, spot: Spot, ground: Stretch[]): boolean {
  const [was, now] = [pieces(q.words), pieces(text.words, spot.start, spot.end)];
  const [first, last] = [q.hint, q.hint + q.words.length];
  const near = (side: number) => side < 0 || side >= nearSide;
  const start = spot.left >= verySide || (near(spot.left) && cost(was[0]!, now[0]!) < other);
  const end = spot.right >= verySide || (near(spot.right) && cost(was.at(-1)!, now.at(-1)!) < other);
  const has = (at: number, now: number, shift: number) => Math.abs(now - at - shift) <= slip;
  return (
    (start || ground.some(({ from, to, shift }) => from <= first + slip && to >= first - 2 && has(first, spot.start, shift))) &&
    (end || ground.some(({ from, to, shift }) => from <= last + 2 && to >= last - slip && has(last, spot.end, shift)))
  );
}

/** Gives the share of the shorter piece that both cover. */
export const overlap = (a: Span, b: Span): number =>
  Math.max(0, Math.min(a.end, b.end) - Math.max(a.start, b.start)) / Math.max(1, Math.min(a.end - a.start, b.end - b.start));

/** Orders places, best first, without those that only are a worse reading of a better one. */
export function distinct<S extends Span & { score: number }>(all: S[]): S[] {
  const out: S[] = [];
  for (const spot of all.sort((a, b) => b.score - a.score || a.start - b.start)) if (!out.some((one) => overlap(spot, one) > 0.5)) out.push(spot);
  return out;
}
