/** White space as Unicode has it (property White_Space); the engine's own \s takes U+FEFF in and leaves U+0085 out. */
const white = "\\t-\\r \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const runs = new RegExp(`[${white}]+|[^${white}]+`, "g");
const spaces = new RegExp(`^[${white}]`);

/** A text normalised as passages are described in it: Unicode NFC, each run of white space one space, none at the
 * ends. For each of its code points it says which units of the text as it was it stands for. */
export interface Folded {
  chars: string[];
  from: number[];
  to: number[];
}

/** Normalises a text. What joins into one character when it is normalised stands for all that it came from. */
export function fold(raw: string): Folded {
  const chars: string[] = [];
  const from: number[] = [];
  const to: number[] = [];
  const add = (piece: string, start: number, end: number) => {
    const whole = piece.length !== end - start;
    for (const char of piece) {
      chars.push(char);
      from.push(start);
      to.push(whole ? end : start + char.length);
      if (!whole) start += char.length;
    }
  };
  for (const { 0: run, index } of raw.matchAll(runs)) {
    const end = index + run.length;
    if (spaces.test(run)) {
      if (chars.length && end < raw.length) add(" ", index, index + 1), (to[to.length - 1] = end);
    } else if (run.normalize() === run) add(run, index, end);
    else for (const [piece, at] of clusters(run)) add(piece.normalize(), index + at, index + at + piece.length);
  }
  return { chars, from, to };
}

/** Tells whether a character hangs on the one before it: then it goes before a mark that goes last. */
const hangs = (char: string): boolean => ("\u0345" + char).normalize("NFD")[0] !== "\u0345";

/** Parts a word where normalising its parts gives what normalising the whole gives. */
function clusters(word: string): [piece: string, at: number][] {
  const out: [string, number][] = [];
  let piece = "";
  let at = 0;
  for (const char of word) {
    if (piece && !hangs(char) && (piece + char).normalize() === piece.normalize() + char.normalize()) {
      out.push([piece, at]);
      at += piece.length;
      piece = "";
    }
    piece += char;
  }
  return [...out, [piece, at]];
}
