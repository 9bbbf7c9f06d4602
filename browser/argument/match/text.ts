import { joined } from "../letters";

/** How long a piece must at least be that stands in the old text and in the new: shorter ones are everywhere. */
export const leastPiece = 16;
/** How many places of one such beginning are looked at. */
const mostSeeds = 256;
/** How long a piece is that stands in a text twice by chance only seldom: four words. */
const turn = 24;
/** How much of a piece must not be of such turns for it to be told from any other. */
const enough = 16;
/** The share of pieces of a length that may stand in a text twice for one of that length to be taken for the only one. */
const rare = 0.002;
/** More than any language's longest word: what is longer was written to be in the way. */
const longestWord = 128;

const rare_ = /[\ud800-\uf8ff]/;
const numbers = new Map<string, string>();

/** Writes characters with one unit each, so that positions in the string are code points: those beyond the first
 * plane get numbers among the units that mean nothing. */
export function encode(text: string): string {
  if (!rare_.test(text)) return text;
  let out = "";
  for (const char of text) {
    if (rare_.test(char)) {
      if (!numbers.has(char)) numbers.set(char, String.fromCharCode(0xe000 + (numbers.size % 0x1900)));
      out += numbers.get(char);
    } else out += char;
  }
  return out;
}

/** A text in which passages are looked for, and what it says more than once. Positions are code points. */
export class Text {
  readonly words: string;
  /** Each character by its number in the alphabet. */
  readonly ids: Uint16Array;
  readonly alphabet = new Map<string, number>();
  /** What may still be spent on looking for words that are nearly those: machine words compared, half a second. */
  steps = 1 << 27;
  #cuts: Uint8Array; // where a word is cut
  #seeds: Map<string, number[]> | undefined;
  #common: Int32Array | undefined;
  #shares = new Map<number, number>();

  constructor(text: string) {
    this.words = encode(text);
    this.ids = new Uint16Array(this.words.length);
    this.#cuts = new Uint8Array(this.words.length);
    const numbered = new Uint16Array(0x10000); // its number and one more, 0 = none yet
    for (let x = 0; x < this.words.length; x++) {
      const code = this.words.charCodeAt(x);
      const char = this.words[x]!;
      if (!numbered[code]) {
        this.alphabet.set(char, this.alphabet.size);
        numbered[code] = this.alphabet.size;
      }
      this.ids[x] = numbered[code]! - 1;
      this.#cuts[x] = +joined(this.words[x - 1], char);
    }
  }

  get length(): number {
    return this.words.length;
  }

  /** Tells whether no word is cut at a position. */
  boundary(x: number): boolean {
    return !this.#cuts[x];
  }

  /** Moves a position to the edge of the word it is in, a step at a time. */
  wordEdge(x: number, step: number): number {
    x = Math.max(0, Math.min(x, this.length));
    for (let n = 0; n < longestWord && x > 0 && x < this.length && this.words[x - 1] !== " " && this.words[x] !== " "; n++) x += step;
    return x;
  }

  /** Calls `act` with every piece of n characters that begins with a word. */
  #each(n: number, act: (piece: string, x: number) => void): void {
    for (let x = 0; x + n <= this.length; x++) if (this.words[x] !== " " && this.boundary(x)) act(this.words.slice(x, x + n), x);
  }

  /** Gives the places of every piece of `leastPiece` characters that begins with a word. */
  seeds(): Map<string, number[]> {
    if (this.#seeds) return this.#seeds;
    const places = (this.#seeds = new Map<string, number[]>());
    this.#each(leastPiece, (piece, x) => {
      const all = places.get(piece);
      if (!all) places.set(piece, [x]);
      else if (all.length < mostSeeds) all.push(x);
    });
    return places;
  }

  /** Gives the share of pieces of about n characters that stand in the text more than once. */
  #again(n: number): number {
    let length = 8;
    for (let i = 1; i < 80 && (8 + 2 * (i % 4)) * 2 ** (i >> 2) <= n; i++) length = (8 + 2 * (i % 4)) * 2 ** (i >> 2);
    const known = this.#shares.get(length);
    if (known !== undefined) return known;
    const times = this.#times(length);
    let all = 0;
    let again = 0;
    for (const n of times.values()) {
      all += n;
      if (n > 1) again += n;
    }
    const share = all ? again / all : 0;
    this.#shares.set(length, share);
    return share;
  }

  #times(n: number): Map<string, number> {
    const times = new Map<string, number>();
    this.#each(n, (piece) => times.set(piece, (times.get(piece) ?? 0) + 1));
    return times;
  }

  /** Gives for each position how many characters before it are of a turn that stands in the text more than once. */
  #turns(): Int32Array {
    if (this.#common) return this.#common;
    const sums = (this.#common = new Int32Array(this.length + 1));
    const times = this.#times(turn);
    this.#each(turn, (piece, x) => {
      if (times.get(piece)! > 1) sums.fill(1, x + 1, x + turn + 1);
    });
    for (let x = 0; x < this.length; x++) sums[x + 1]! += sums[x]!;
    return sums;
  }

  /** Counts the characters from start to end that are of common turns, and all of them. */
  #within(start: number, end: number): [common: number, all: number] {
    start = Math.max(0, start);
    end = Math.max(start, Math.min(this.length, end));
    const sums = this.#turns();
    return [sums[end]! - sums[start]!, end - start];
  }

  /** Tells whether the piece from start to end says something that stands nowhere else. */
  novel(start: number, end: number): boolean {
    const [common, all] = this.#within(start, end);
    if (all < turn + enough) return this.#again(all) <= rare;
    return all - common >= enough || this.#again((all * 3) >> 2) <= rare;
  }

  /** Gives the share of the piece from start to end that is of common turns. */
  worn(start: number, end: number): number {
    const [common, all] = this.#within(start, end);
    return all ? common / all : 0;
  }
}
