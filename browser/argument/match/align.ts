/** A piece of a text. */
export interface Span {
  start: number;
  end: number;
}

/** Characters of scripts that write no spaces: each stands for itself. */
const spaceless = /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]/;

/** Gives the words of a piece of text: what stands between spaces. */
export function wordsOf(text: string, from: number, to: number): Span[] {
  const out: Span[] = [];
  for (let x = from; x < to; ) {
    if (text[x] === " ") {
      x++;
      continue;
    }
    let end = x + 1;
    while (end < to && text[end] !== " " && !spaceless.test(text[end - 1]!) && !spaceless.test(text[end]!)) end++;
    out.push({ start: x, end });
    x = end;
  }
  return out;
}

/** Gives the words themselves. */
export const pieces = (text: string, from = 0, to = text.length): string[] => wordsOf(text, from, to).map((one) => text.slice(one.start, one.end));

/** What it costs to make another word of one, or to add or remove one; a misspelt word costs a third. */
export const other = 3;

export function cost(a: string, b: string): number {
  if (a === b) return 0;
  const [m, n] = [a.length, b.length];
  const [least, most] = m < n ? [m, n] : [n, m];
  if (most < 3 || 3 * least < 2 * most) return other;
  let head = 0;
  let tail = 0;
  while (head < least && a.charCodeAt(head) === b.charCodeAt(head)) head++;
  while (tail < least - head && a.charCodeAt(m - 1 - tail) === b.charCodeAt(n - 1 - tail)) tail++;
  const kept = head + tail;
  return kept && 3 * kept >= 2 * most - 2 && most - kept <= 2 ? 1 : other;
}

/** Gives, for each j, what it costs to make `words` of those of `to` that end before word j, beginning anywhere. */
export function ending(words: string[], to: string[]): Int32Array {
  let row = new Int32Array(to.length + 1);
  let above = new Int32Array(to.length + 1);
  for (const [i, word] of words.entries()) {
    [row, above] = [above, row];
    row[0] = (i + 1) * other;
    for (let j = 0; j < to.length; j++) {
      const changed = above[j]! + cost(word, to[j]!);
      row[j + 1] = Math.min(changed, above[j + 1]! + other, row[j]! + other);
    }
  }
  return row;
}

/** The same for words that begin with word j, ending anywhere. */
export const beginning = (words: string[], to: string[]): Int32Array => ending(words.toReversed(), to.toReversed()).reverse();
