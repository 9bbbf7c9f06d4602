import type { Text } from "./text";

/** How many rows of the matrix one machine word holds. */
const word = 32;

/** Counts, for each end x + 1 of a piece of the text from `from` to `to`, the fewest edits of one character that make
 * `words` of that piece, which begins anywhere when `free` is set, at `from` when not. `back` reads both from their
 * ends. G. Myers, "A fast bit-vector algorithm for approximate string matching based on dynamic programming", Journal
 * of the ACM 46(3), 1999, with its blocks (section 4), in the form of H. Hyyrö (2003). */
export function edits({ ids, alphabet }: Text, words: string, from: number, to: number, free: boolean, back = false): Int32Array {
  const m = words.length;
  const blocks = Math.ceil(m / word);
  const equals = new Int32Array(alphabet.size * blocks);
  for (let i = 0; i < m; i++) {
    const id = alphabet.get(words[back ? m - 1 - i : i]!);
    if (id !== undefined) equals[id * blocks + (i >> 5)]! |= 1 << (i & 31);
  }
  const up = new Int32Array(blocks).fill(-1);
  const down = new Int32Array(blocks);
  const last = 1 << ((m - 1) & 31);
  const out = new Int32Array(to - from);
  let sum = m;
  for (let j = 0; j < to - from; j++) {
    const row = ids[back ? to - 1 - j : from + j]! * blocks;
    let carry = free ? 0 : 1;
    for (let b = 0; b < blocks; b++) {
      const u = up[b]!;
      const d = down[b]!;
      let equal = equals[row + b]!;
      const vertical = equal | d;
      if (carry < 0) equal |= 1;
      const horizontal = (((equal & u) + u) ^ u) | equal;
      let right = d | ~(horizontal | u);
      let left = u & horizontal;
      const edge = b < blocks - 1 ? 1 << 31 : last;
      const next = right & edge ? 1 : left & edge ? -1 : 0;
      right = (right << 1) | (carry > 0 ? 1 : 0);
      left = (left << 1) | (carry < 0 ? 1 : 0);
      up[b] = left | ~(vertical | right);
      down[b] = right & vertical;
      carry = next;
    }
    out[j] = sum += carry;
  }
  return out;
}

/** Counts the fewest edits that make words of a piece that ends at x, or begins there. */
export function beside(text: Text, words: string, x: number, ends: boolean): number {
  const reach = 2 * words.length; // no cheaper piece is longer: each character more costs one edit
  const from = ends ? Math.max(0, x - reach) : x;
  const to = ends ? x : Math.min(text.length, x + reach);
  return edits(text, words, from, to, true, !ends).at(-1) ?? words.length;
}
