import { joined } from "../letters";
import type { Query } from "./query";
import { leastPiece, type Text } from "./text";

/** A piece of the text as it was when passages were described, put together from what they tell of it, and how far it
 * stands from there now: character for character the same. */
export interface Stretch {
  from: number;
  to: number;
  shift: number;
}

/** How many places in the new text are looked at in all: only texts that say the same again and again have so many. */
const mostLooks = 1 << 20;
/** How many pieces are put in order, the longest: the work grows with the square. */
const mostPieces = 1000;
/** By how many characters one order must explain more than another for it to be believed. */
const clearly = 48;
/** By how much a text grows or shrinks by small edits. */
const little = 40;
/** From where on a piece of common turns that moved by itself is believed. */
const longPiece = 200;
/** What it costs to believe that a piece was moved to before the one it followed. */
const moveToll = 64;
/** The share of a piece made of common turns from which on it is taken for one of many like it. */
export const mostlyWorn = 0.4;

/** The ground before all that is known, and after it. */
export const before: Stretch = { from: -1, to: 0, shift: 0 };
export const nowhere = 2 ** 40;
const after: Stretch = { from: nowhere, to: nowhere, shift: nowhere };

const { min, max, abs } = Math;
const size = ({ from, to }: Stretch): number => to - from;
const inOrder = (a: Stretch, b: Stretch): number => a.from - b.from || a.to - b.to;

/** Tells how much two pieces share of the old text, and of the new. */
const shared = (a: Stretch, b: Stretch): [old: number, now: number] => [
  min(a.to, b.to) - max(a.from, b.from),
  min(a.to + a.shift, b.to + b.shift) - max(a.from + a.shift, b.from + b.shift),
];

/** Tells whether two pieces cannot both be: they move the same old words to two places, or two pieces of old words to
 * one place. */
const clash = (a: Stretch, b: Stretch): boolean => a.shift !== b.shift && 2 * max(...shared(a, b)) > min(size(a), size(b));

/** What it costs, in characters, to believe that the text between two pieces grew or shrank by so much. */
const toll = (by: number): number => (by ? 6 * (32 - Math.clz32(abs(by))) : 0);

/** The old text as far as passages tell of it. */
interface Island {
  from: number;
  words: string;
}

/** Puts together what passages tell of the old text, in its order. What contradicts that before it tells nothing. */
function mosaic(all: Query[]): Island[] {
  const tiles = all.filter((q) => q.hint >= 0).map(({ hint, prefix, words, suffix }) => ({ from: hint - prefix.text.length, words: prefix.text + words + suffix.text }));
  const out: Island[] = [];
  for (const tile of tiles.sort((a, b) => a.from - b.from)) {
    const last = out.at(-1);
    const at = last ? tile.from - last.from : 0;
    const both = last ? min(last.words.length - at, tile.words.length) : 0;
    if (!last || both <= 0) out.push({ ...tile });
    else if (last.words.startsWith(tile.words.slice(0, both), at)) last.words += tile.words.slice(both);
  }
  return out;
}

/** Gives the pieces of the old text that stand in the new one, each as long as it is alike, anywhere. */
function standing(text: Text, old: Island[]): Stretch[] {
  const seeds = text.seeds();
  const reached = new Map<number, number>(); // by shift: the end of the last piece
  const out: Stretch[] = [];
  let looks = 0;
  for (const { from: begin, words } of old)
    for (let i = 0; i + leastPiece <= words.length; i++) {
      if (words[i] === " " || (i > 0 && joined(words[i - 1], words[i]))) continue;
      for (const x of seeds.get(words.slice(i, i + leastPiece)) ?? []) {
        if (++looks > mostLooks) return out;
        const shift = x - i - begin;
        if ((reached.get(shift) ?? -1) >= begin + i + leastPiece) continue;
        let [from, to] = [i, i + leastPiece];
        while (from > 0 && x - i + from > 0 && words[from - 1] === text.words[x - i + from - 1]) from--;
        while (to < words.length && words[to] === text.words[x - i + to]) to++;
        reached.set(shift, begin + to);
        out.push({ from: begin + from, to: begin + to, shift });
      }
    }
  return out;
}

/** What piece b explains beyond a when it comes next in the old text, tolls paid; -Infinity when it does not. */
function gain(a: Stretch, b: Stretch): number {
  if (b.from <= a.from || b.to <= a.to) return -Infinity;
  let twice = max(0, a.to - b.from);
  let extra = 0;
  const over = a.to + a.shift - b.from - b.shift;
  if (over > 0) {
    if (b.from + b.shift > a.from + a.shift && b.to + b.shift > a.to + a.shift) twice = max(twice, over);
    else extra = moveToll;
  }
  return size(b) - twice - extra - toll(b.shift - a.shift);
}

/** Pieces in the order of the old text, and the choices among them that explain most of it. */
class Order {
  all: Stretch[];
  #upTo: number[] = []; // for each piece: what the best choice that ends with it explains
  #on: number[] = []; // and what may follow it
  #next: number[] = []; // the piece that follows it in that choice, or -1
  #best = 0;

  constructor(private text: Text, pieces: Stretch[]) {
    this.all = pieces.slice(0, mostPieces).sort(inOrder);
    const n = this.all.length;
    this.all.forEach((s, i) => {
      this.#upTo[i] = size(s) - toll(s.shift);
      for (let j = 0; j < i; j++) this.#upTo[i] = max(this.#upTo[i]!, this.#upTo[j]! + gain(this.all[j]!, s));
    });
    for (let i = n - 1; i >= 0; i--) {
      this.#next[i] = -1;
      this.#on[i] = 0;
      for (let j = i + 1; j < n; j++) {
        const more = this.#on[j]! + gain(this.all[i]!, this.all[j]!);
        if (more > this.#on[i]!) [this.#on[i], this.#next[i]] = [more, j];
      }
      this.#best = max(this.#best, this.#upTo[i]! + this.#on[i]!);
    }
  }

  /** Gives the best choice of pieces, without what another choice that explains nearly as much would have elsewhere. */
  chain(): Stretch[] {
    const taken: Stretch[] = [];
    let at = this.all.findIndex((s, i) => this.#upTo[i] === size(s) - toll(s.shift) && this.#upTo[i]! + this.#on[i]! === this.#best);
    for (; at >= 0; at = this.#next[at]!) taken.push(this.all[at]!);
    const chosen = taken.filter((s) => !taken.some((o) => size(o) > size(s) && clash(o, s)));
    return chosen.flatMap((s, i) => {
      const [a, b] = [chosen[i - 1] ?? before, chosen[i + 1] ?? after];
      return this.#worth(a, s, b) && !this.inhabited(a, s, b) ? this.#certain(s, chosen) : [];
    });
  }

  /** Gives what is left of s, one of the chosen, without that which nearly as good choices have elsewhere. */
  #certain(s: Stretch, chosen: Stretch[]): Stretch[] {
    const out: Stretch[] = [];
    let from = s.from;
    for (const [k, r] of this.all.entries()) {
      if (r.shift === s.shift || this.#upTo[k]! + this.#on[k]! <= this.#best - clearly) continue;
      const [old, now] = shared(r, s);
      if (max(old, now) <= 0 || chosen.some((c) => c !== s && size(c) > size(r) && clash(c, r))) continue;
      if (2 * now > size(s)) return [];
      if (old > 0 && r.to > from) {
        if (r.from > from) out.push({ from, to: r.from, shift: s.shift });
        from = r.to;
      }
    }
    if (from < s.to) out.push({ from, to: s.to, shift: s.shift });
    return out;
  }

  /** Tells whether to believe in s between its neighbours: it moved as they did, or explains clearly more than to
   * leave it out. */
  #worth(a: Stretch, s: Stretch, b: Stretch): boolean {
    const near = min(abs(s.shift - a.shift), abs(s.shift - b.shift));
    if (!near) return true;
    const [start, end] = [s.from + s.shift, s.to + s.shift];
    if (near > little && (!this.text.novel(start, end) || (size(s) < longPiece && this.text.worn(start, end) > mostlyWorn))) return false;
    const saved = b.from === nowhere ? 0 : toll(b.shift - a.shift) - toll(b.shift - s.shift);
    return size(s) - toll(s.shift - a.shift) + saved >= clearly;
  }

  /** Tells whether a good part of s also stands about where it stood, going by its neighbours: then it was edited
   * there, and s is a copy elsewhere. */
  inhabited(a: Stretch, s: Stretch, b: Stretch): boolean {
    const end = b.from === nowhere;
    const moved = s.from + s.shift < a.to + a.shift || (!end && s.to + s.shift > b.from + b.shift);
    const room = moved ? 0 : size(s); // what a copy leaves more in the text than moving does
    const beside = ({ shift }: Stretch) => min(abs(shift - a.shift), abs(shift - b.shift)) <= little;
    if ((!end && 2 * (b.shift - a.shift) <= 2 * room - size(s)) || beside(s)) return false;
    let sum = 0;
    let reached = s.from;
    for (const o of this.all)
      if (beside(o) && o.from + o.shift >= a.to + a.shift - little && (end || o.to + o.shift <= b.from + b.shift + little)) {
        sum += max(0, min(s.to, o.to) - max(reached, o.from));
        reached = max(reached, o.to);
      }
    return 2 * sum > size(s);
  }
}

/** Gives the ground that begins before start and that which ends after end, the nearest of each. */
export function around(ground: Stretch[], start: number, end: number): [left: Stretch, right: Stretch] {
  let [left, right] = [before, after];
  for (const s of ground) {
    if (s.from < start) left = s;
    if (s.to > end && right === after) right = s;
  }
  return [left, right];
}

/** What is known of the old text. */
export interface Known {
  ground: Stretch[];
  /** Tells whether most pieces of a passage stood in it more than once. */
  repeated(q: Query): boolean;
}

/** Puts together what passages tell of the old text. */
export function know(text: Text, all: Query[]): Known {
  const old = mosaic(all);
  const times = new Map<string, number>();
  for (const { words } of old)
    for (let i = 0; i + leastPiece <= words.length; i++) {
      const piece = words.slice(i, i + leastPiece);
      if (words[i] !== " " && !(i > 0 && joined(words[i - 1], words[i]))) times.set(piece, (times.get(piece) ?? 0) + 1);
    }
  const repeated = ({ prefix, words, suffix }: Query) => {
    const whole = prefix.beside + words + suffix.beside;
    let sum = 0; // those that stood there twice, less those that stood there once
    for (let i = 0; i + leastPiece <= whole.length; i++) {
      const n = times.get(whole.slice(i, i + leastPiece));
      if (n) sum += n > 1 ? 1 : -1;
    }
    return sum > 0;
  };
  return { ground: ground(text, old), repeated };
}

/** Finds the pieces of the old text in the new one: first those that stand in the same order as they stood, then pieces
 * that were moved elsewhere, longest first. What two of them claim is nobody's. */
function ground(text: Text, old: Island[]): Stretch[] {
  const pieces = standing(text, old).sort((a, b) => size(b) - size(a));
  const order = new Order(text, pieces);
  const out = order.chain();
  for (const s of pieces) {
    const met = out.some((o) => clash(o, s) || (o.shift === s.shift && o.from < s.to && s.from < o.to));
    if (size(s) < clearly || met || !text.novel(s.from + s.shift, s.to + s.shift)) continue;
    if (!order.inhabited(...bothSides(around(out, s.from + 1, s.to - 1), s))) out.push({ ...s }), out.sort(inOrder);
  }
  return trimmed(out);
}

const bothSides = ([a, b]: [Stretch, Stretch], s: Stretch): [Stretch, Stretch, Stretch] => [a, s, b];

function trimmed(all: Stretch[]): Stretch[] {
  const ground = all.map((s) => ({ ...s }));
  ground.forEach((second, i) => {
    for (let j = 0; j < i; j++) {
      let [a, b] = [ground[j]!, second];
      if (a.shift === b.shift) continue;
      const old = a.to - b.from;
      if (old > 0) (a.to -= old), (b.from += old);
      if (a.from + a.shift > b.from + b.shift) [a, b] = [b, a];
      const now = a.to + a.shift - b.from - b.shift;
      if (now > 0) (a.to -= now), (b.from += now);
    }
  });
  return ground.filter((s) => size(s) > 0);
}
