import { describe } from "./describe";

/** A passage as it is described: its words, some text before and after them, and where they stood (code points). */
export interface Quote {
  exact: string;
  prefix: string;
  suffix: string;
  start: number;
  end: number;
}

/** Where a passage stands. */
export interface Place {
  start: number;
  end: number;
}

/** What is needed where the text is not just as it was, or words are chosen in it. */
export interface Matcher {
  findAll: typeof findAll;
  describe: typeof describe;
}

/** Gives the matcher. */
export default function match(): Matcher {
  return { findAll, describe };
}

/** Finds passages in a text. */
export function findAll(chars: string[], quotes: Quote[]): (Place | null)[] {
  const words = chars.join("");
  return quotes.map(({ exact }) => {
    const start = words.indexOf(exact);
    return start >= 0 && words.indexOf(exact, start + 1) < 0 ? { start, end: start + exact.length } : null;
  });
}
